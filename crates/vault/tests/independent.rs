//! The formats as somebody without this program reads them: `reader.py` follows docs/FORMATS.md with Python's own
//! libraries and opens what the vault wrote, and every released vault, by each kind of slot.

#![allow(clippy::print_stdout, reason = "a test says where it can show nothing")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crypto::{Kek, RecoveryKey, SlotSecret};
use model::ItemEdit;
use serde_json::{Value, json};
use vault::Vault;

use crate::{Home, NOW, add, item, picture, secret, slot};

/// Debian's, whose packages hold the modules that the reader needs.
const PYTHON: &str = "/usr/bin/python3";
const PASSPHRASE: &str = "lantern drifts past the ridge";

/// Whether the reader's language is here. On a machine that must run every test, a missing one fails.
fn python_is_here() -> bool {
    let modules = ["-c", "import argon2.low_level, cryptography, sqlite3"];
    let here = Command::new(PYTHON).args(modules).output().is_ok_and(|output| output.status.success());
    assert!(here || std::env::var_os("ZIMAGE_REQUIRE_ALL").is_none(), "python3 and its modules are missing");
    if !here {
        println!("SKIPPED: python3 with argon2 and cryptography is not here.");
    }
    here
}

fn reader(folder: &Path, secret: &Value) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reader.py");
    let mut python = Command::new(PYTHON);
    python.arg("-B").arg(script).arg(folder);
    python.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = python.spawn().unwrap();
    child.stdin.take().unwrap().write_all(secret.to_string().as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn read(folder: &Path, secret: &Value) -> Value {
    let output = reader(folder, secret);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn every_kind_of_slot_and_everything_behind_it_is_read_by_the_published_format_alone() {
    if !python_is_here() {
        return;
    }
    let home = Home::new();
    let id = crypto::new_vault_id();
    let kek = Kek::random();
    let kept = json!({ "kek": base64(kek.as_bytes()) });
    let recovery = RecoveryKey::random();
    let printed = json!({ "recovery": recovery.to_text(&id).as_str() });
    let slots = [slot(secret()), slot(SlotSecret::Recovery(recovery)), slot(SlotSecret::Keychain(kek))];
    let vault = Vault::create(&home.folder(), id, &slots, NOW).unwrap().0;
    let first = add(&vault, 1, "無数の灯籠が静かな湖に浮かぶ夜");
    let edit = ItemEdit { title: Some("題名".to_owned()), ..ItemEdit::default() };
    vault.edit(&[(first, edit)]).unwrap();
    let second = add(&vault, 2, "a fennec fox in the snow 🦊");
    vault.discard(&[second], NOW).unwrap();
    drop(vault);

    let expected = json!([
        {
            "id": hex::encode(first.as_bytes()), "sha256": hex::encode(item(1, "").sha256.0),
            "bytes": picture(1).len(), "thumbnail": 5, "file_name": "海の写真 1.png", "title": "題名",
            "prompt": "無数の灯籠が静かな湖に浮かぶ夜", "tags": ["夜"], "discarded": false,
        },
        {
            "id": hex::encode(second.as_bytes()), "sha256": hex::encode(item(2, "").sha256.0),
            "bytes": picture(2).len(), "thumbnail": 5, "file_name": "海の写真 2.png", "title": "",
            "prompt": "a fennec fox in the snow 🦊", "tags": ["夜"], "discarded": true,
        },
    ]);
    let full_width: String = PASSPHRASE.chars().map(widened).collect();
    for (kind, secret) in [
        ("passphrase", json!({ "passphrase": PASSPHRASE })),
        ("passphrase", json!({ "passphrase": full_width })),
        ("recovery", printed),
        ("os-keyring", kept),
    ] {
        let found = read(home.folder().root(), &secret);
        assert_eq!((found["slot"].as_str(), &found["items"]), (Some(kind), &expected));
        assert_eq!(found["vault"], hex::encode(id.as_bytes()));
    }
}

#[test]
fn released_vaults_are_read_by_the_published_format_alone_and_changed_ones_are_not() {
    if !python_is_here() {
        return;
    }
    let secret = json!({ "passphrase": PASSPHRASE });
    for version in ["v1", "v2"] {
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(version);
        let found = read(&fixture, &secret);
        assert_eq!(found["items"].as_array().unwrap().len(), 3);
        assert!(!reader(&fixture, &json!({ "passphrase": "another one" })).status.success());

        // The negative control: the reader does verify what it reads.
        for name in ["vault.keys", "catalogue.db", "images.db"] {
            let hurt = tempfile::tempdir().unwrap();
            for file in ["vault.keys", "catalogue.db", "images.db"] {
                fs::copy(fixture.join(file), hurt.path().join(file)).unwrap();
            }
            let changed = hurt.path().join(name);
            let mut bytes = fs::read(&changed).unwrap();
            let at = sealed_byte(&changed, &bytes);
            bytes[at] ^= 1;
            fs::write(&changed, bytes).unwrap();
            assert!(!reader(hurt.path(), &secret).status.success(), "{version} {name}");
        }
    }
}

/// Where to change a file: something that is authenticated lies there. In `images.db` there is empty space as well.
fn sealed_byte(file: &Path, bytes: &[u8]) -> usize {
    if file.file_name().is_none_or(|name| name != "images.db") {
        return bytes.len() / 2;
    }
    let images = rusqlite::Connection::open(file).unwrap();
    // The newest one has never been moved to another page, where its former place would still hold it.
    let newest = "SELECT sealed FROM chunk ORDER BY seq DESC LIMIT 1";
    let sealed: Vec<u8> = images.query_row(newest, [], |row| row.get(0)).unwrap();
    bytes.windows(64).position(|window| window == &sealed[..64]).unwrap()
}

/// The same letter as a Japanese keyboard's full width gives it.
fn widened(letter: char) -> char {
    match letter {
        ' ' => '\u{3000}',
        '!'..='~' => char::from_u32(u32::from(letter) + 0xfee0).unwrap(),
        other => other,
    }
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
