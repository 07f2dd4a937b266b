//! What is written, read back and removed.

use std::io::Write;
use std::process::{Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crypto::Kek;
use keychain::{Item, Keychain, KeychainError, Standing};
use model::VaultId;

use crate::inside::{ACCOUNT, bytes, inside, item, key};
use testkit::keyring::KeyringSession;

const KEEPS: &str = "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI=";

/// Writes a secret past the crate, with attributes of its own besides the crate's.
fn plant(secret: &str, extra: &[&str]) {
    let mut tool = Command::new("secret-tool")
        .args(["store", "--label=planted", "service", "ai.z-image.desktop", "username", ACCOUNT])
        .args(extra)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    tool.stdin.take().unwrap().write_all(secret.as_bytes()).unwrap();
    assert!(tool.wait().unwrap().success());
}

/// Reads the secret past the crate.
fn look() -> Vec<u8> {
    let arguments = ["lookup", "service", "ai.z-image.desktop", "username", ACCOUNT];
    Command::new("secret-tool").args(arguments).output().unwrap().stdout
}

fn record(fields: &str) -> String {
    STANDARD.encode(format!(r#"{{"v":1,{fields}}}"#))
}

#[test]
fn a_key_is_stored_loaded_replaced_and_removed() {
    inside(KeyringSession::start, || {
        let keychain = Keychain::start();
        assert_eq!(keychain.backend().as_deref(), Some("gnome-keyring"));
        let other = Item::vault(&VaultId::from_bytes([6; 16]));
        keychain.store(&item(), &key(1)).unwrap();
        keychain.store(&other, &key(9)).unwrap();
        assert_eq!(bytes(keychain.load(&item()).unwrap()), [1]);
        keychain.store(&item(), &key(2)).unwrap();
        assert_eq!(bytes(Keychain::start().load(&item()).unwrap()), [2]);
        keychain.remove(&item()).unwrap();
        assert_eq!(keychain.load(&item()).unwrap_err(), KeychainError::Missing);
        assert_eq!(bytes(keychain.load(&other).unwrap()), [9]);
    });
}

#[test]
fn every_byte_of_a_random_key_comes_back() {
    inside(KeyringSession::start, || {
        let (keychain, key) = (Keychain::start(), Kek::random());
        keychain.store(&item(), &key).unwrap();
        assert_eq!(keychain.load(&item()).unwrap()[0].as_bytes(), key.as_bytes());
    });
}

#[test]
fn the_secret_is_one_line_of_base64() {
    inside(KeyringSession::start, || {
        Keychain::start().store(&item(), &key(0x42)).unwrap();
        let secret = look();
        assert!(secret.len() < 300);
        assert!(secret.iter().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(b)));
        assert_eq!(STANDARD.decode(&secret).unwrap(), format!(r#"{{"v":1,"kek":"{KEEPS}"}}"#).as_bytes());
    });
}

#[test]
fn a_missing_item_is_missing_and_removing_it_is_fine() {
    inside(KeyringSession::start, || {
        let keychain = Keychain::start();
        assert_eq!(keychain.load(&item()).unwrap_err(), KeychainError::Missing);
        keychain.remove(&item()).unwrap();
    });
}

#[test]
fn a_secret_that_is_no_record_is_garbage_until_a_key_replaces_it() {
    inside(KeyringSession::start, || {
        let keychain = Keychain::start();
        for garbage in ["not ours", "AAAA", &record(r#""kek":"AAAA""#), &"A".repeat(8000)] {
            plant(garbage, &[]);
            assert_eq!(keychain.load(&item()).unwrap_err(), KeychainError::Garbage);
        }
        keychain.store(&item(), &key(3)).unwrap();
        assert_eq!(bytes(keychain.load(&item()).unwrap()), [3]);
    });
}

#[test]
fn fields_of_a_later_version_are_kept_when_the_key_is_replaced() {
    inside(KeyringSession::start, || {
        plant(&record(&format!(r#""gen":7,"kek":"{KEEPS}","consent_head":"ab\"c""#)), &[]);
        Keychain::start().store(&item(), &key(0)).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&STANDARD.decode(look()).unwrap()).unwrap();
        assert_eq!(json["gen"], 7);
        assert_eq!(json["consent_head"], "ab\"c");
        assert_ne!(json["kek"], KEEPS);
    });
}

#[test]
fn every_duplicate_is_returned_and_storing_leaves_one() {
    inside(KeyringSession::start, || {
        let keychain = Keychain::start();
        keychain.store(&item(), &key(1)).unwrap();
        plant(&record(&format!(r#""kek":"{KEEPS}""#)), &["copy", "1"]);
        plant("not ours", &["copy", "2"]);
        assert_eq!(bytes(keychain.load(&item()).unwrap()), [1, 0x42]);
        keychain.store(&item(), &key(7)).unwrap();
        assert_eq!(bytes(keychain.load(&item()).unwrap()), [7]);
        plant(&record(&format!(r#""kek":"{KEEPS}""#)), &["copy", "1"]);
        plant("not ours", &["copy", "2"]);
        keychain.remove(&item()).unwrap();
        assert_eq!(keychain.load(&item()).unwrap_err(), KeychainError::Missing);
        assert!(look().is_empty());
    });
}

#[test]
fn a_vaults_generation_is_noted_never_lowered_and_forgotten_beside_its_key() {
    let at = |generation| Standing { line: String::new(), place: "here".to_owned(), generation };
    inside(KeyringSession::start, || {
        let keychain = Keychain::start();
        let anchor = Item::anchor(&VaultId::from_bytes([6; 16]));
        assert_eq!(keychain.noted(&anchor), Ok(None));
        keychain.store(&item(), &key(1)).unwrap();
        keychain.note(&anchor, &at(7)).unwrap();
        keychain.note(&anchor, &at(41)).unwrap();
        keychain.note(&anchor, &at(9)).unwrap();
        let noted = Keychain::start().noted(&anchor).unwrap().unwrap();
        assert_eq!((noted.ahead_of(&at(40)), noted.ahead_of(&at(41))), (Some(41), None));
        assert_eq!(bytes(keychain.load(&item()).unwrap()), [1]);
        keychain.remove(&anchor).unwrap();
        assert_eq!(keychain.noted(&anchor), Ok(None));
    });
}

#[test]
fn a_second_key_lies_beside_the_first_until_one_of_them_is_kept() {
    inside(KeyringSession::start, || {
        let keychain = Keychain::start();
        keychain.store(&item(), &key(1)).unwrap();
        keychain.store_beside(&item(), &key(2)).unwrap();
        assert_eq!(bytes(Keychain::start().load(&item()).unwrap()), [1, 2]);
        keychain.store_beside(&item(), &key(3)).unwrap();
        assert_eq!(bytes(keychain.load(&item()).unwrap()), [1, 3], "of an earlier try nothing stays");
        keychain.store(&item(), &key(3)).unwrap();
        assert_eq!(bytes(keychain.load(&item()).unwrap()), [3]);
    });
}

#[test]
fn bytes_of_ones_own_are_kept_replaced_and_removed_beside_the_keys_of_vaults() {
    inside(KeyringSession::start, || {
        let (keychain, session) = (Keychain::start(), Item::session(&VaultId::from_bytes([7; 16])));
        assert_eq!(keychain.kept(&session).unwrap_err(), KeychainError::Missing);
        keychain.store(&item(), &key(1)).unwrap();
        keychain.keep(&session, b"{\"v\":1}").unwrap();
        keychain.keep(&session, "{\"v\":1,\"日本\":true}\n".as_bytes()).unwrap();
        let kept = keychain.kept(&session).unwrap();
        assert_eq!(kept.len(), 1, "what was there before is there yet");
        assert_eq!(kept[0].as_slice(), "{\"v\":1,\"日本\":true}\n".as_bytes());
        keychain.remove(&session).unwrap();
        assert_eq!(keychain.kept(&session).unwrap_err(), KeychainError::Missing);
        assert_eq!(bytes(keychain.load(&item()).unwrap()), [1]);
    });
}
