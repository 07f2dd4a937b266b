//! What `tauri.conf.json` and the capabilities promise.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

pub(crate) const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
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
    let labels: Vec<_> = windows.iter().map(|window| &window["label"]).collect();
    assert_eq!(labels, ["main", "entry"]);
    for window in windows {
        is_closed(window);
    }
}

fn is_closed(window: &Value) {
    assert_eq!(window["create"], false, "it is made without what only the program can say");
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
fn each_window_has_a_capability_and_it_is_exactly_this() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/capabilities");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["entry.json", "main.json"]);
    let is = |file: &str, wanted: Value| {
        let mut capability = read(&format!("src-tauri/capabilities/{file}"));
        capability.as_object_mut().unwrap().remove("description");
        assert_eq!(capability, wanted);
    };
    let main = ["allow-call", "allow-entry-cancel", "core:event:allow-listen", "core:event:allow-unlisten"];
    is("main.json", json!({ "identifier": "main", "windows": ["main"], "permissions": main }));
    let enter = ["allow-call", "allow-entry-asked", "allow-entry-answer", "allow-entry-cancel"];
    is("entry.json", json!({ "identifier": "enter", "windows": ["entry"], "permissions": enter }));
    assert_eq!(read("tauri.conf.json")["app"]["security"]["capabilities"], json!(["main", "enter"]));
}

/// What Cargo resolves for the shipped program, a line a package: its name, version and features.
fn packages_of_the_shipped_program() -> Vec<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    cargo.args(["tree", "--locked", "--package", "z-image-desktop", "--edges", "normal"]);
    let tree = cargo.args(["--prefix", "none", "--format", "{p} features:{f}"]).output().unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    String::from_utf8(tree.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// Developer tools are in where the feature is or where `debug_assertions` are; a release has neither.
#[test]
fn no_feature_puts_developer_tools_into_a_release() {
    let packages = packages_of_the_shipped_program();
    for name in ["tauri", "tauri-runtime", "tauri-runtime-wry", "wry", "webkit2gtk"] {
        let start = format!("{name} v");
        let package = packages.iter().find(|package| package.starts_with(&start));
        assert!(package.is_some() || !cfg!(target_os = "linux"), "{name} is not in the program");
    }
    let features = |package: &String| package.split("features:").nth(1).unwrap_or_default().to_owned();
    for package in &packages {
        let on = features(package);
        let mut on = on.trim_end_matches(" (*)").split(',');
        assert!(!on.any(|feature| feature.contains("devtools") || feature == "isolation"), "{package}");
    }
    // The shipped page is the one that is built in, not that of a development server.
    let own = packages.iter().find(|package| package.starts_with("z-image-desktop v")).unwrap();
    assert!(features(own).contains("custom-protocol"), "{own}");
    // Nothing in the manifest puts the checks of a debug build into a release.
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    assert!(!manifest.contains("debug-assertions = true"));
}
