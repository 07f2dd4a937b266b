//! A vault that the computer's keychain opens, and a keychain that is killed, locked, emptied and swapped under it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crypto::{Kek, RecoveryKey, SlotOptions, SlotSecret};
use model::{Clock, SystemClock};
use serde_json::{Value, json};
use studio::Code;
use testkit::inside::inside;
use testkit::keyring::{Keyring, KeyringSession, lock_here};
use testkit::samples;
use vault::{Folder, NewSlot, Vault};

use crate::app::{App, PASSPHRASE};

fn keyring() -> Keyring {
    Keyring::start(&std::env::vars().collect::<Vec<_>>())
}

fn by_keychain() -> Value {
    json!({ "with": { "by": "keychain" } })
}

fn by_recovery(sheet: &Value) -> Value {
    json!({ "with": { "by": "recovery", "code": sheet["code"] } })
}

/// An application with a vault that the keychain opens, and its recovery sheet.
fn made(place: &Path) -> (App, Value) {
    let app = App::start(&place.join("data"));
    let sheet = app.ask("vault_create", json!({ "protection": { "by": "keychain" } }));
    (app, sheet)
}

/// What the desktop's own tool says to the vault's record.
fn tool(app: &App, act: &str, secret: Option<&str>) {
    let folder = app.ask("status", Value::Null)["folder"].as_str().unwrap().to_owned();
    let account = format!("vault:{}", Path::new(&folder).file_name().unwrap().to_str().unwrap());
    let mut tool = Command::new("secret-tool");
    tool.arg(act);
    if act == "store" {
        tool.args(["--label=planted", "kind", "planted"]);
    }
    let mut tool = tool
        .args(["service", "ai.z-image.desktop", "username", &account])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    tool.stdin.take().unwrap().write_all(secret.unwrap_or_default().as_bytes()).unwrap();
    assert!(tool.wait().unwrap().success());
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

#[test]
fn every_answer_of_the_keychain_has_a_code_of_its_own_and_the_recovery_key_is_a_way_out() {
    inside(KeyringSession::without_keyring, || {
        let place = tempfile::tempdir().unwrap();
        let keys = keyring();
        let (app, sheet) = made(place.path());
        app.ask("vault_lock", Value::Null);
        app.ask("vault_unlock", by_keychain());
        app.ask("vault_lock", Value::Null);
        lock_here();
        assert_eq!(app.refused("vault_unlock", by_keychain()), Code::KeychainLocked);
        drop(keys);
        assert_eq!(app.refused("vault_unlock", by_keychain()), Code::KeychainUnavailable);
        app.ask("vault_unlock", by_recovery(&sheet));
        app.ask("vault_lock", Value::Null);
        // It comes back, and nothing was lost.
        let _keys = keyring();
        app.ask("vault_unlock", by_keychain());
        app.ask("vault_lock", Value::Null);
        tool(&app, "store", Some("something else"));
        // Beside it lies the right one: each is tried.
        app.ask("vault_unlock", by_keychain());
        app.ask("vault_lock", Value::Null);
        tool(&app, "clear", None);
        tool(&app, "store", Some("something else"));
        assert_eq!(app.refused("vault_unlock", by_keychain()), Code::KeychainGarbage);
        tool(&app, "clear", None);
        assert_eq!(app.refused("vault_unlock", by_keychain()), Code::KeychainMissing);
        let status = app.ask("status", Value::Null);
        let store = json!("gnome-keyring");
        assert_eq!((&status["keychain"], &status["keychain_here"]), (&store, &store));
    });
}

#[test]
fn a_key_that_is_gone_from_the_keychain_is_made_anew_after_the_recovery_key() {
    inside(KeyringSession::without_keyring, || {
        let place = tempfile::tempdir().unwrap();
        let _keys = keyring();
        let (app, sheet) = made(place.path());
        tool(&app, "clear", None);
        app.ask("vault_lock", Value::Null);
        app.ask("vault_unlock", by_recovery(&sheet));
        let status = app.ask("protection_change", json!({ "protection": { "by": "keychain" } }));
        assert_eq!(status["slots"].as_array().unwrap().len(), 2, "the dead slot is gone: {status}");
        app.ask("vault_lock", Value::Null);
        app.ask("vault_unlock", by_keychain());
    });
}

#[test]
fn a_vault_whose_key_another_secret_store_has_names_it_and_takes_a_key_in_this_one() {
    inside(KeyringSession::without_keyring, || {
        let place = tempfile::tempdir().unwrap();
        let _keys = keyring();
        // As another desktop made it: its key never came into this store.
        let (id, recovery) = (crypto::new_vault_id(), RecoveryKey::random());
        let code = recovery.to_text(&id);
        let options = SlotOptions { backend: "kwallet".to_owned(), ..SlotOptions::default() };
        let slots = [
            NewSlot { secret: SlotSecret::Keychain(Kek::random()), options },
            NewSlot { secret: SlotSecret::Recovery(recovery), options: SlotOptions::default() },
        ];
        let folder = Folder::new(&place.path().join("data/vaults").join(id.to_string()));
        drop(Vault::create(&folder, id, &slots, SystemClock.now()).unwrap());

        let app = App::start(&place.path().join("data"));
        assert_eq!(app.ask("status", Value::Null)["keychain"], "kwallet");
        assert_eq!(app.refused("vault_unlock", by_keychain()), Code::KeychainMissing);
        let status = app.ask("status", Value::Null);
        assert_eq!(
            (&status["keychain"], &status["keychain_here"]),
            (&json!("kwallet"), &json!("gnome-keyring"))
        );
        app.ask("vault_unlock", by_recovery(&json!({ "code": code.as_str() })));
        let status = app.ask("protection_change", json!({ "protection": { "by": "keychain" } }));
        assert_eq!(status["keychain"], "gnome-keyring");
        app.ask("vault_lock", Value::Null);
        app.ask("vault_unlock", by_keychain());
    });
}

#[test]
fn turning_the_passphrase_on_takes_the_key_out_of_the_keychain_and_both_headers() {
    inside(KeyringSession::without_keyring, || {
        let place = tempfile::tempdir().unwrap();
        let _keys = keyring();
        let (app, _) = made(place.path());
        let protection = json!({ "protection": { "by": "passphrase", "passphrase": PASSPHRASE } });
        let status = app.ask("protection_change", protection);
        let folder = Path::new(status["folder"].as_str().unwrap()).to_owned();
        for name in ["vault.keys", "vault.keys.bak"] {
            assert!(!fs::read_to_string(folder.join(name)).unwrap().contains("os-keyring"), "{name}");
        }
        app.ask("vault_lock", Value::Null);
        assert_eq!(app.refused("vault_unlock", by_keychain()), Code::KeychainMissing);
        // Replacing the key needs the passphrase now.
        app.ask("vault_unlock", json!({ "with": { "by": "passphrase", "passphrase": PASSPHRASE } }));
        assert_eq!(app.refused("key_replace", json!({ "passphrase": null })), Code::WrongSecret);
    });
}

#[test]
fn replacing_the_key_of_a_vault_of_the_keychain_needs_nothing_typed() {
    inside(KeyringSession::without_keyring, || {
        let place = tempfile::tempdir().unwrap();
        let _keys = keyring();
        let (app, old) = made(place.path());
        let replaced = app.ask("key_replace", json!({ "passphrase": null }));
        app.report(&replaced);
        app.ask("vault_lock", Value::Null);
        assert_eq!(app.refused("vault_unlock", by_recovery(&old)), Code::WrongSecret);
        app.ask("vault_unlock", by_keychain());
    });
}

/// What the keychain keeps of the app's vault.
fn record(app: &App) -> Vec<u8> {
    let folder = app.ask("status", Value::Null)["folder"].as_str().unwrap().to_owned();
    let account = format!("vault:{}", Path::new(&folder).file_name().unwrap().to_str().unwrap());
    let mut tool = Command::new("secret-tool");
    let found =
        tool.args(["lookup", "service", "ai.z-image.desktop", "username", &account]).output().unwrap();
    assert!(found.status.success() && !found.stdout.is_empty());
    found.stdout
}

#[test]
fn a_replaced_key_has_a_fresh_secret_in_the_keychain_and_the_old_one_holds_until_then() {
    inside(KeyringSession::without_keyring, || {
        let place = tempfile::tempdir().unwrap();
        let _keys = keyring();
        let (app, _) = made(place.path());
        let before = record(&app);
        let folder = Path::new(app.ask("status", Value::Null)["folder"].as_str().unwrap()).to_owned();
        let old_header = fs::read(folder.join("vault.keys")).unwrap();
        // The new header can't be written: everything is as it was.
        fs::create_dir(folder.join("vault.keys.new")).unwrap();
        app.refused("key_replace", json!({ "passphrase": null }));
        assert_eq!(record(&app), before);
        fs::remove_dir(folder.join("vault.keys.new")).unwrap();
        app.ask("vault_lock", Value::Null);
        app.ask("vault_unlock", by_keychain());

        let replaced = app.ask("key_replace", json!({ "passphrase": null }));
        app.report(&replaced);
        assert_ne!(record(&app), before);
        app.ask("vault_lock", Value::Null);
        app.ask("vault_unlock", by_keychain());
        app.ask("vault_lock", Value::Null);
        // What the keychain has now opens nothing of before.
        for name in ["vault.keys", "vault.keys.bak"] {
            fs::write(folder.join(name), &old_header).unwrap();
        }
        assert_eq!(app.refused("vault_unlock", by_keychain()), Code::WrongSecret);
    });
}

/// A vault of four pictures that the keychain opens, locked, and its folder.
fn filled_and_locked(place: &Path) -> (App, PathBuf) {
    let (app, _) = made(place);
    let pictures = place.join("outputs");
    samples::write_to(&pictures, &samples::all(&samples::Options { edge: 48 })[..4]).unwrap();
    app.import(&pictures);
    app.ask("vault_lock", Value::Null);
    let folder = PathBuf::from(app.ask("status", Value::Null)["folder"].as_str().unwrap());
    (app, folder)
}

#[test]
fn an_older_copy_in_the_vaults_place_is_told_until_the_person_accepts_it() {
    inside(KeyringSession::without_keyring, || {
        let place = tempfile::tempdir().unwrap();
        let _keys = keyring();
        let (app, folder) = filled_and_locked(place.path());
        let old = place.path().join("backup");
        copy(&folder, &old);
        assert_eq!(app.ask("vault_unlock", by_keychain())["older_copy"], false);
        app.ask("items_discard", json!({ "seqs": [app.hits(json!({}))[0]] }));
        app.ask("vault_lock", Value::Null);
        assert_eq!(app.ask("vault_unlock", by_keychain())["older_copy"], false);
        app.ask("vault_lock", Value::Null);

        copy(&old, &folder);
        let again = App::start(&place.path().join("data"));
        assert_eq!(again.ask("vault_unlock", by_keychain())["older_copy"], true);
        assert_eq!(again.hits(json!({})).len(), 4, "it can be looked at all the same");
        again.ask("vault_lock", Value::Null);
        assert_eq!(
            again.ask("vault_unlock", by_keychain())["older_copy"],
            true,
            "it is told until it is accepted"
        );
        assert_eq!(again.ask("older_copy_accept", Value::Null)["older_copy"], false);
        again.ask("vault_lock", Value::Null);
        assert_eq!(again.ask("vault_unlock", by_keychain())["older_copy"], false);
    });
}

#[test]
fn a_copy_that_is_used_on_purpose_and_its_vault_are_not_called_older_in_turns() {
    inside(KeyringSession::without_keyring, || {
        let place = tempfile::tempdir().unwrap();
        let _keys = keyring();
        let (app, folder) = filled_and_locked(place.path());
        let beside = folder.with_file_name("beside");
        copy(&folder, &beside);
        let key = |folder: &Path| json!({ "vault": folder.file_name().unwrap().to_str().unwrap() });
        let change = || {
            app.ask("items_discard", json!({ "seqs": [app.hits(json!({}))[0]] }));
            app.ask("vault_lock", Value::Null);
        };
        app.ask("vault_unlock", by_keychain());
        change();

        app.ask("vaults_switch", key(&beside));
        assert_eq!(app.ask("vault_unlock", by_keychain())["older_copy"], true, "it is one");
        assert_eq!(app.ask("older_copy_accept", Value::Null)["older_copy"], false);
        change();
        for folder in [&folder, &beside, &folder, &beside] {
            app.ask("vaults_switch", key(folder));
            assert_eq!(app.ask("vault_unlock", by_keychain())["older_copy"], false, "{folder:?}");
            app.ask("vault_lock", Value::Null);
        }

        // A thief who puts the copy in the vault's place is told of, although it was accepted where it lay.
        let kept = place.path().join("kept");
        copy(&folder, &kept);
        copy(&beside, &folder);
        app.ask("vaults_switch", key(&folder));
        assert_eq!(app.ask("vault_unlock", by_keychain())["older_copy"], true);
        app.ask("vault_lock", Value::Null);
        copy(&kept, &folder);
        assert_eq!(app.ask("vault_unlock", by_keychain())["older_copy"], false);
        change();
        // So is the vault as it was, wherever it lies now.
        copy(&kept, &folder.with_file_name("moved"));
        app.ask("vaults_switch", json!({ "vault": "moved" }));
        assert_eq!(app.ask("vault_unlock", by_keychain())["older_copy"], true);
    });
}

#[test]
fn who_destroys_a_vault_hears_what_became_of_its_key_in_the_keychain() {
    inside(KeyringSession::without_keyring, || {
        let place = tempfile::tempdir().unwrap();
        let keys = keyring();
        let destroyed = |app: &App| app.ask("vault_destroy", Value::Null)["keychain"].clone();
        let another = |app: &App, protection: Value| {
            app.ask("vaults_create", json!({ "protection": protection, "label": "" }));
        };
        let by_keychain_now = json!({ "by": "keychain" });
        let by_passphrase_now = json!({ "by": "passphrase", "passphrase": PASSPHRASE });

        let (app, folder) = filled_and_locked(place.path());
        copy(&folder, &folder.with_file_name("beside"));
        assert_eq!(destroyed(&app), "shared", "the copy opens with it");
        app.ask("vaults_switch", json!({ "vault": "beside" }));
        app.ask("vault_unlock", by_keychain());
        assert_eq!(destroyed(&app), "removed");

        another(&app, by_keychain_now.clone());
        lock_here();
        assert_eq!(destroyed(&app), "left", "a locked keychain gives nothing away");

        drop(keys);
        let keys = keyring();
        another(&app, by_keychain_now);
        drop(keys);
        assert_eq!(destroyed(&app), "left", "one that does not run still has it in its file");

        another(&app, by_passphrase_now);
        assert_eq!(destroyed(&app), "removed", "there was none");
    });
}

/// Far shorter than the time a keychain has to answer.
const SOON: Duration = Duration::from_secs(15);

/// The keychain stands still as if it asked the person something, or goes on.
fn signal(name: &str, keys: &Keyring) {
    assert!(Command::new("kill").args([name, &keys.pid().to_string()]).status().unwrap().success());
}

#[test]
fn while_the_keychain_asks_another_way_in_is_open_and_a_lock_is_kept() {
    inside(KeyringSession::without_keyring, || {
        let place = tempfile::tempdir().unwrap();
        let keys = keyring();
        let (app, sheet) = made(place.path());
        app.ask("vault_lock", Value::Null);
        signal("-STOP", &keys);
        thread::scope(|scope| {
            let (begun, begins) = mpsc::channel();
            let app = &app;
            let waiting = scope.spawn(move || {
                begun.send(()).unwrap();
                app.refused("vault_unlock", by_keychain())
            });
            begins.recv().unwrap();
            let start = Instant::now();
            // The keychain does one thing after the other: once this has waited in vain, it is asked for the key.
            let _ = app.studio.keychain_name();
            app.ask("vault_unlock", by_recovery(&sheet));
            assert_eq!(app.ask("status", Value::Null)["vault"], "open");
            app.studio.lock();
            assert!(start.elapsed() < SOON && !waiting.is_finished(), "nobody waited for the keychain");
            signal("-CONT", &keys);
            assert_eq!(waiting.join().unwrap(), Code::Locked, "its answer came too late");
        });
        assert_eq!(app.ask("status", Value::Null)["vault"], "locked");
        app.ask("vault_unlock", by_keychain());
    });
}

#[test]
fn a_lock_does_not_wait_for_a_key_on_its_way_into_the_keychain() {
    inside(KeyringSession::without_keyring, || {
        let place = tempfile::tempdir().unwrap();
        let keys = keyring();
        let (app, sheet) = App::with_vault(&place.path().join("data"));
        assert_eq!(app.ask("status", Value::Null)["keychain"], "gnome-keyring");
        let protection = json!({ "by": "keychain" });
        let changes = [
            ("protection_change", json!({ "protection": protection })),
            ("vaults_create", json!({ "protection": protection, "label": "" })),
        ];
        for (command, request) in changes {
            signal("-STOP", &keys);
            thread::scope(|scope| {
                let (begun, begins) = mpsc::channel();
                let app = &app;
                let waiting = scope.spawn(move || {
                    begun.send(()).unwrap();
                    api::call(&app.studio, command, request)
                });
                begins.recv().unwrap();
                let start = Instant::now();
                let _ = app.studio.keychain_name();
                app.studio.lock();
                // The keys are gone: another program opens it.
                let other = App::start(&place.path().join("data"));
                other.ask("vault_unlock", by_recovery(&sheet));
                other.ask("vault_lock", Value::Null);
                assert!(start.elapsed() < SOON && !waiting.is_finished(), "{command}: nobody waited");
                signal("-CONT", &keys);
                match waiting.join().unwrap() {
                    // A new vault is opened: its recovery key is shown only now.
                    Ok(_) => assert_eq!(command, "vaults_create"),
                    Err(failure) => assert_eq!((failure.code, command), (Code::Locked, "protection_change")),
                }
            });
            if command == "protection_change" {
                let status = app.ask("vault_unlock", by_recovery(&sheet));
                assert_eq!((&status["by_passphrase"], &status["by_keychain"]), (&json!(true), &json!(false)));
            }
        }
    });
}
