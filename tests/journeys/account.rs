//! The account through the command table, with the real service over real HTTP.

use std::path::Path;
use std::thread;

use journeys::service::Running;
use journeys::tap::{Tap, is_in_the_closed_list};
use serde_json::{Value, json};
use studio::{Code, Failure};
use testkit::inside::inside;
use testkit::keyring::{Keyring, KeyringSession};
use testkit::markers;

use crate::app::{App, PASSPHRASE};
use crate::residue;

pub const EMAIL: &str = "hana@example.com";
pub const PASSWORD: &str = "夜明けの灯台と青い鳥 and a lantern";
pub const OTHER_PASSWORD: &str = "a lantern drifts beyond the seventh ridge";

/// An application with an open vault that knows this service.
pub fn app_with(place: &Path, service: &Running) -> App {
    let (app, _) = App::with_vault(&place.join("data"));
    app.ask("account_service", json!({ "address": service.address }));
    app
}

pub fn grown_up() -> Value {
    json!({ "country": "JP", "year": 1990, "month": 4 })
}

/// Asks for a code and gives it.
pub fn by_mail(app: &App, service: &Running, purpose: &str, email: &str) {
    let state = app.ask("account_code", json!({ "purpose": purpose, "email": email }));
    assert_eq!(state["code"]["email"], email);
    let code = service.code_for(email);
    let state = app.ask("account_verify", json!({ "typed": format!(" {} ", code.to_lowercase()) }));
    assert_eq!(state["checked"], purpose);
}

/// Makes an account as the screens do; signed in afterwards.
pub fn register(app: &App, service: &Running, keep: bool) {
    app.ask("account_age", grown_up());
    by_mail(app, service, "register", EMAIL);
    let state = app.ask("account_password", json!({ "password": PASSWORD, "keep": keep }));
    assert_eq!(state["signed_in"], true, "{state}");
}

pub fn sign_in(app: &App, password: &str, keep: bool) -> Value {
    app.ask("account_sign_in", json!({ "email": EMAIL, "password": password, "keep": keep }))
}

pub fn again(app: &App) {
    app.ask("vault_lock", Value::Null);
    app.ask("vault_unlock", json!({ "with": { "by": "passphrase", "passphrase": PASSPHRASE } }));
}

pub fn ledger(app: &App) -> Vec<Value> {
    app.ask("ledger", json!({ "before": null }))["lines"].as_array().unwrap().clone()
}

#[test]
fn the_life_of_an_account_from_its_age_screen_to_its_receipt() {
    inside(KeyringSession::without_keyring, || {
        let (place, service) = (tempfile::tempdir().unwrap(), Running::start());
        let tap = Tap::before(service.socket());
        let (app, _) = App::with_vault(&place.path().join("data"));
        // A vault with something in it: nothing of that may leave.
        let pictures = place.path().join("outside");
        std::fs::create_dir_all(&pictures).unwrap();
        let words = markers::Marker::random("prompt");
        std::fs::write(pictures.join("a.png"), residue::with_parameters(words.text())).unwrap();
        app.import(&pictures);
        app.ask("account_service", json!({ "address": format!("http://{}", tap.address) }));
        assert_eq!(app.ask("account", Value::Null)["service"]["fingerprint"], Value::Null);
        let early = app.refused("account_code", json!({ "purpose": "register", "email": EMAIL }));
        assert_eq!(early, Code::AgeNeeded);
        register(&app, &service, true);
        let record = app.ask("account_record", Value::Null);
        assert_eq!((record["email"].as_str(), record["age"].as_u64()), (Some(EMAIL), Some(16)));
        assert_eq!(record["devices"].as_array().unwrap().len(), 1);

        let record = app.ask("account_profile", json!({ "display_name": " 佐藤 花 ", "locale": "en" }));
        assert_eq!(
            (record["display_name"].as_str(), record["locale"].as_str()),
            (Some("佐藤 花"), Some("en"))
        );
        assert_eq!(app.ask("account_profile", json!({ "display_name": "" }))["display_name"], Value::Null);
        let device = record["devices"][0]["id"].clone();
        let record = app.ask("account_device_name", json!({ "device": device, "label": "仕事部屋" }));
        assert_eq!(record["devices"][0]["label"], "仕事部屋");

        // Another password: whoever has the session alone can't.
        let wrong = json!({ "purpose": "change_password", "password": OTHER_PASSWORD });
        assert_eq!(app.refused("account_prove", wrong), Code::PasswordWrong);
        let set = json!({ "password": OTHER_PASSWORD, "keep": true });
        assert_eq!(app.refused("account_password", set.clone()), Code::StepOver);
        patiently(&app, "account_prove", &json!({ "purpose": "change_password", "password": PASSWORD }))
            .unwrap();
        assert_eq!(
            app.refused("account_password", json!({ "password": "short", "keep": true })),
            Code::PasswordWeak
        );
        assert_eq!(app.ask("account_password", set)["signed_in"], true);

        // Another address, and back by the line of the mail.
        app.ask("account_prove", json!({ "purpose": "change_email", "password": OTHER_PASSWORD }));
        by_mail(&app, &service, "change_email", "other@example.com");
        app.ask("account_email_move", Value::Null);
        assert_eq!(app.ask("account_record", Value::Null)["email"], "other@example.com");
        app.ask("account_email_undo", json!({ "line": format!(" {}\n", service.undo_line()) }));

        // Lost, and set anew by mail.
        by_mail(&app, &service, "reset_password", EMAIL);
        assert_eq!(
            app.ask("account_password", json!({ "password": PASSWORD, "keep": true }))["signed_in"],
            true
        );

        // Everything that the service has, where the person wants it.
        let target = place.path().join("account.json");
        app.ask("account_prove", json!({ "purpose": "export", "password": PASSWORD }));
        app.lay(&[&target]);
        assert_eq!(app.ask("account_save", Value::Null)["done"], true);
        let saved: Value = serde_json::from_slice(&std::fs::read(&target).unwrap()).unwrap();
        assert_eq!(saved["account"]["email"], EMAIL);

        // The end, after a question of the system's own.
        app.ask("account_prove", json!({ "purpose": "delete_account", "password": PASSWORD }));
        app.refuse(true);
        assert_eq!(app.refused("account_delete", Value::Null), Code::Cancelled);
        app.refuse(false);
        let receipt = app.ask("account_delete", Value::Null);
        assert_eq!(receipt["genuine"], true, "{receipt}");
        let file = place.path().join("receipt.json");
        app.lay(&[&file]);
        assert_eq!(app.ask("account_receipt_save", Value::Null)["done"], true);
        assert!(std::fs::read_to_string(&file).unwrap().contains(receipt["id"].as_str().unwrap()));
        assert_eq!(app.ask("account", Value::Null)["signed_in"], false);
        let gone = json!({ "email": EMAIL, "password": PASSWORD, "keep": false });
        assert_eq!(app.refused("account_sign_in", gone), Code::AccountRefused);
        // Every request stands in the ledger, answered, and so it stays.
        let lines = ledger(&app);
        assert!(lines.len() > 40, "{}", lines.len());
        for line in &lines {
            assert_eq!(line["outcome"], "answered", "{line}");
            assert_eq!(line["origin"], format!("http://{}", tap.address));
        }
        // Every byte that left is in the closed list, and stands in the ledger.
        let requests = tap.requests();
        assert_eq!(requests.len(), lines.len());
        for (request, line) in requests.iter().zip(lines.iter().rev()) {
            is_in_the_closed_list(request);
            assert_eq!(line["sent"], request.body.len(), "{}", request.path);
            for secret in [PASSWORD, OTHER_PASSWORD, "lantern", "灯台", PASSPHRASE, words.text()] {
                assert!(!request.raw_contains(secret), "{}", request.path);
            }
        }
        again(&app);
        assert_eq!(ledger(&app), lines);
    });
}

/// The service wants a pause after a wrong try; a person waits as the screen says.
pub fn patiently(app: &App, command: &str, request: &Value) -> Result<Value, Failure> {
    loop {
        match api::call(&app.studio, command, request.clone()) {
            Err(failure) if failure.code == Code::TooManyRequests => {
                while app.ask("account", Value::Null)["wait_ms"] != 0 {
                    thread::yield_now();
                }
            }
            answer => return answer,
        }
    }
}

#[test]
fn who_stays_signed_in_is_after_a_lock_and_who_does_not_is_not() {
    inside(KeyringSession::without_keyring, || {
        let (place, service) = (tempfile::tempdir().unwrap(), Running::start());
        let app = app_with(place.path(), &service);
        register(&app, &service, true);
        assert_eq!(app.ask("account", Value::Null)["kept"], "vault", "there is no keychain here");
        again(&app);
        assert_eq!(app.ask("account_record", Value::Null)["email"], EMAIL);
        again(&app);
        assert_eq!(app.ask("account_record", Value::Null)["email"], EMAIL, "the tokens went on");
        app.ask("account_sign_out", Value::Null);
        sign_in(&app, PASSWORD, false);
        assert_eq!(app.ask("account", Value::Null)["kept"], Value::Null);
        again(&app);
        assert_eq!(app.ask("account", Value::Null)["signed_in"], false);
        assert_eq!(app.refused("account_record", Value::Null), Code::SignedOut);
        // With a keychain it lies there, and under the vault's own name.
        let keys = Keyring::start(&std::env::vars().collect::<Vec<_>>());
        assert_eq!(sign_in(&app, PASSWORD, true)["kept"], "keychain");
        again(&app);
        assert_eq!(app.ask("account_record", Value::Null)["email"], EMAIL);
        // Its end signs nobody out before the vault is opened again, and then nobody is signed in.
        drop(keys);
        assert_eq!(app.ask("account_record", Value::Null)["email"], EMAIL);
        again(&app);
        assert_eq!(app.ask("account", Value::Null)["signed_in"], false);
        assert_eq!(app.hits(json!({})), Vec::<u32>::new(), "the gallery needs none of it");
    });
}

#[test]
fn who_is_too_young_gets_no_account_in_this_run_and_nothing_was_sent_or_kept() {
    inside(KeyringSession::without_keyring, || {
        let (place, service) = (tempfile::tempdir().unwrap(), Running::start());
        let app = app_with(place.path(), &service);
        let child = json!({ "country": "JP", "year": 2015, "month": 4 });
        assert_eq!(app.ask("account_age", child)["age"], "too_young");
        assert_eq!(app.ask("account_age", grown_up())["age"], "too_young", "another date changes nothing");
        again(&app);
        assert_eq!(app.ask("account_age", grown_up())["age"], "too_young", "a lock changes nothing");
        for (command, request) in [
            ("account_meet", Value::Null),
            ("account_code", json!({ "purpose": "register", "email": EMAIL })),
            ("account_sign_in", json!({ "email": EMAIL, "password": PASSWORD, "keep": true })),
            ("account_password", json!({ "password": PASSWORD, "keep": true })),
        ] {
            assert_eq!(app.refused(command, request), Code::TooYoung, "{command}");
        }
        assert_eq!(ledger(&app), Vec::<Value>::new());
        // The next run begins anew.
        app.ask("vault_lock", Value::Null);
        drop(app);
        let app = App::start(&place.path().join("data"));
        app.ask("vault_unlock", json!({ "with": { "by": "passphrase", "passphrase": PASSPHRASE } }));
        assert_eq!(app.ask("account", Value::Null)["age"], "unknown");
    });
}

#[test]
fn nothing_of_the_account_is_on_the_disk_in_the_clear() {
    inside(KeyringSession::without_keyring, || {
        let (place, service) = (tempfile::tempdir().unwrap(), Running::start());
        let app = app_with(place.path(), &service);
        let marker = markers::Marker::random("address");
        register(&app, &service, true);
        app.ask("account_profile", json!({ "display_name": marker.text() }));
        assert_eq!(app.ask("account_record", Value::Null)["display_name"], marker.text());
        let data = place.path().join("data");
        let clear = |what: &str| files_with(&data, what.as_bytes());
        for what in [EMAIL, "lantern", "zis_r_", "zis_a_", service.address.trim_start_matches("http://")] {
            assert_eq!(clear(what), 0, "{what}");
        }
        assert_eq!(markers::scan(&[&data, service.dir.path()], &[marker]), []);
        app.ask("vault_lock", Value::Null);
        assert_eq!(clear(EMAIL), 0);
    });
}

/// How many files below a folder hold these bytes.
fn files_with(folder: &Path, needle: &[u8]) -> usize {
    let mut found = 0;
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found += files_with(&path, needle);
        } else if let Ok(bytes) = std::fs::read(&path) {
            found += usize::from(memchr::memmem::find(&bytes, needle).is_some());
        }
    }
    found
}
