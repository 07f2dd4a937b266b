//! What `tauri.conf.json` and the capabilities promise.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src vault: http://vault.localhost https://vault.localhost; font-src 'self'; \
    connect-src ipc: http://ipc.localhost https://ipc.localhost; object-src 'none'; base-uri 'none'; \
    form-action 'none'; frame-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
    trusted-types svelte-trusted-html";

fn read(path: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn the_content_security_policy_is_exactly_this() {
    assert_eq!(read("tauri.conf.json")["app"]["security"]["csp"], CSP);
}

#[test]
fn the_page_gets_no_network_no_storage_and_no_tools() {
    let config = read("tauri.conf.json");
    let app = &config["app"];
    assert_eq!(app["withGlobalTauri"], false);
    let security = &app["security"];
    assert_eq!(security["freezePrototype"], true);
    assert_eq!(security["dangerousDisableAssetCspModification"], false);
    assert_eq!(security["assetProtocol"], json!({ "enable": false }));
    let windows = app["windows"].as_array().unwrap();
    assert_eq!(windows.len(), 1);
    let window = &windows[0];
    assert_eq!(window["incognito"], true);
    assert_eq!(window["generalAutofillEnabled"], false);
    assert_eq!(window["devtools"], false);
    assert_eq!(window["useHttpsScheme"], true);
    assert_eq!(window["proxyUrl"], "http://127.0.0.1:9");
    let webview2 = window["additionalBrowserArgs"].as_str().unwrap();
    for argument in [
        "--disable-features=msWebOOUI,msPdfOOUI,msSmartScreenProtection",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-domain-reliability",
        "--no-pings",
    ] {
        assert!(webview2.contains(argument), "{argument}");
    }
}

#[test]
fn there_is_one_capability_with_one_command_and_the_hearing_of_events() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/capabilities");
    let files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(files, ["main.json"]);
    let capability = read("src-tauri/capabilities/main.json");
    assert_eq!(capability["windows"], json!(["main"]));
    assert_eq!(capability.get("webviews"), None);
    assert_eq!(capability.get("remote"), None);
    let permissions = json!(["allow-call", "core:event:allow-listen", "core:event:allow-unlisten"]);
    assert_eq!(capability["permissions"], permissions);
    assert_eq!(read("tauri.conf.json")["app"]["security"]["capabilities"], json!(["main"]));
}

#[test]
fn no_feature_puts_developer_tools_into_a_release() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    assert!(!manifest.contains("\"devtools\""));
}
