//! What a copy of the database is worth, and what outlives an account.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use rusqlite::Connection;
use serde_json::json;
use server::keys::{Keys, KeysError};
use server::store::Store;
use tempfile::TempDir;
use wire::client::SigningIn;
use wire::server::ServerSecret;
use wire::{Id, Password, Purpose, Stretching};

use crate::world::{Database, PASSWORD, START, World};

const HANA: &str = "hana.marker@example.com";

fn sqlite() -> World {
    World::on(Database::Sqlite).unwrap()
}

/// Every byte of the database's files.
fn bytes(world: &World) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in fs::read_dir(world.running.dir.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_str().unwrap().starts_with("accounts.db") {
            all.extend(fs::read(path).unwrap());
        }
    }
    all
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

fn rows(world: &World) -> Connection {
    Connection::open(world.database_file()).unwrap()
}

/// Whether a guess is right, told by a copied record and a secret.
fn cracks(secret: &ServerSecret, credential: &Id, record: &[u8], guess: &str) -> bool {
    let password = Password::new(guess).unwrap();
    let (client, ke1) = SigningIn::start(&password).unwrap();
    let (_, ke2) = secret.begin(Some(record), credential, &ke1, Purpose::Login).unwrap();
    client.finish(&password, &ke2, Stretching::V1, Purpose::Login).is_ok()
}

#[test]
fn a_stolen_database_cracks_no_password_without_the_secret_and_does_with_it() {
    let world = sqlite();
    world.register(HANA, "password of the day");
    let (credential, record): ([u8; 16], Vec<u8>) = rows(&world)
        .query_row("SELECT cred_id, record FROM credential", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    let credential = Id::from_bytes(credential);
    let dictionary = ["123456789012345", "correct horse battery", "password of the day"];
    let thief = ServerSecret::random();
    assert!(dictionary.iter().all(|guess| !cracks(&thief, &credential, &record, guess)));
    let (_, ours) = world.running.service.accounts.keys().newest();
    let right: Vec<_> = dictionary.iter().filter(|guess| cracks(ours, &credential, &record, guess)).collect();
    assert_eq!(right, [&"password of the day"], "the attack itself does not work");
}

#[test]
fn nothing_of_a_person_stands_in_the_database_in_the_clear() {
    let world = sqlite();
    world.register(HANA, PASSWORD);
    let session = world.sign_in(HANA, PASSWORD).unwrap();
    world.as_session("PATCH", "/v1/account/profile", &session, &json!({"display_name": "印の花子"}));
    let asked = json!({"purpose": "reset_password", "email": HANA, "locale": "en"});
    world.say("POST", "/v1/email-challenges", &[("x-forwarded-for", "198.51.100.123")], &asked);
    world.prove(HANA, PASSWORD, Purpose::Export, &json!({})).unwrap();
    let bytes = bytes(&world);
    for word in [HANA, "hana.marker", "印の花子", "書斎の端末", PASSWORD, "198.51.100.123", "127.0.0.1"]
    {
        assert!(!holds(&bytes, word.as_bytes()), "{word}");
    }
    for token in [session.access.text(), session.refresh.text()] {
        assert!(!holds(&bytes, token.as_bytes()));
    }
    // The scan sees what is there.
    assert!(holds(&bytes, b"2026-11") && holds(&bytes, &session.access.hash().0));
}

#[test]
fn a_deleted_account_leaves_nothing_that_it_could_be_told_by() {
    let world = sqlite();
    world.register(HANA, PASSWORD);
    world.sign_in(HANA, PASSWORD).unwrap();
    world.code("reset_password", HANA);
    world.sign_in(HANA, "a guess that is not right").unwrap_err();
    world.pass(2);
    let (id, idx, credential): (Vec<u8>, Vec<u8>, Vec<u8>) = rows(&world)
        .query_row("SELECT a.id, a.email_idx, c.cred_id FROM account a JOIN credential c", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .unwrap();
    assert!([&id, &idx, &credential].iter().all(|marker| holds(&bytes(&world), marker)));
    let ticket = world.proof_ticket(HANA, PASSWORD, Purpose::DeleteAccount);
    assert_eq!(world.send("DELETE", "/v1/account", &[("x-ticket", &ticket)], b"").status, 200);
    let left = bytes(&world);
    for marker in [&id, &idx, &credential] {
        assert!(!holds(&left, marker), "found after the deletion");
    }
    assert!(!holds(&left, HANA.as_bytes()));
}

#[test]
fn addresses_in_the_log_are_unreadable_after_thirty_days_in_yesterdays_backup_too() {
    let world = sqlite();
    world.register(HANA, PASSWORD);
    world.sign_in(HANA, PASSWORD).unwrap();
    assert!(addresses_of_the_first_day(&world) > 2);
    world.pass(30 * 86_400);
    world.running.service.accounts.retire().unwrap();
    assert!(addresses_of_the_first_day(&world) > 2, "gone before its time");

    let [backup, copied] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    Store::copy_sqlite(&world.database_file(), &backup.path().join("accounts.db")).unwrap();
    fs::copy(world.database_file(), copied.path().join("accounts.db")).unwrap();
    world.pass(86_400);
    world.running.service.accounts.retire().unwrap();
    assert_eq!(addresses_of_the_first_day(&world), 0);
    let connection = rows(&world);
    let count = |sql: &str| connection.query_row(sql, [START / 86_400], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM day_key WHERE day = ?1"), 0);
    assert_eq!(count("SELECT count(*) FROM security_event WHERE day = ?1"), 0);

    // What tells of parts of the network is not in it either, though it is in the database.
    let backed_up = Connection::open(backup.path().join("accounts.db")).unwrap();
    for table in ["day_key", "login", "throttle"] {
        let count = |connection: &Connection| {
            connection
                .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0))
                .unwrap()
        };
        assert_eq!(count(&backed_up), 0, "{table}");
    }
    assert!(
        backed_up.query_row("SELECT count(*) FROM account", [], |row| row.get::<_, i64>(0)).unwrap() == 1
    );
    drop(backed_up);
    // Who has the backup and the key file goes back to the last day on which the log could be read.
    let thief = |dir: TempDir| {
        fs::copy(world.running.dir.path().join("keys.json"), dir.path().join("keys.json")).unwrap();
        let store = Store::sqlite(&dir.path().join("accounts.db")).unwrap();
        let thief = World::with(dir, store, None);
        thief.pass(30 * 86_400 + 60);
        addresses_of_the_first_day(&thief)
    };
    assert_eq!(thief(backup), 0, "the backup opens the log");
    assert!(thief(copied) > 2, "a copy with the keys of days does, or nothing was looked for");
}

/// How many events of the first day an account's owner sees with the address that they came from.
fn addresses_of_the_first_day(world: &World) -> usize {
    let ticket = world.proof_ticket(HANA, PASSWORD, Purpose::Export);
    let export = world.send("POST", "/v1/account/export", &[("x-ticket", &ticket)], b"").json();
    let events = export["security_events"].as_array().unwrap();
    let of_then = |event: &&serde_json::Value| {
        event["at"].as_str().unwrap().starts_with("2026-11-27") && event["ip"] == "127.0.0.1"
    };
    events.iter().filter(of_then).count()
}

#[test]
fn the_database_is_for_the_service_alone() {
    let world = sqlite();
    world.register(HANA, PASSWORD);
    let files = fs::read_dir(world.running.dir.path()).unwrap().map(|entry| entry.unwrap());
    let modes: Vec<u32> = files.map(|file| file.metadata().unwrap().permissions().mode() & 0o777).collect();
    assert!(modes.len() > 2 && modes.iter().all(|mode| *mode == 0o600), "{modes:?}");
}

#[test]
fn what_has_expired_goes() {
    let world = sqlite();
    world.register(HANA, PASSWORD);
    world.code("reset_password", HANA);
    world.sign_in(HANA, "a guess that is not right").unwrap_err();
    world.pass(2);
    world.proof_ticket(HANA, PASSWORD, Purpose::Export);
    world.sign_in(HANA, PASSWORD).unwrap();
    world.pass(181 * 86_400);
    world.running.service.accounts.retire().unwrap();
    let connection = rows(&world);
    for table in
        ["login", "challenge", "ticket", "throttle", "session", "security_event", "day_key", "outbox"]
    {
        let sql = format!("SELECT count(*) FROM {table}");
        assert_eq!(connection.query_row(&sql, [], |row| row.get::<_, i64>(0)).unwrap(), 0, "{table}");
    }
    assert_eq!(
        connection.query_row("SELECT count(*) FROM account", [], |row| row.get::<_, i64>(0)).unwrap(),
        1
    );
}

#[test]
fn a_key_file_that_others_may_read_or_that_is_damaged_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keys.json");
    let first = Keys::at(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let again = Keys::at(&path).unwrap();
    assert_eq!(first.receipt_key(), again.receipt_key());
    assert_eq!(first.newest().1.key(), again.newest().1.key());
    for mode in [0o640, 0o604, 0o660] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        assert!(matches!(Keys::at(&path), Err(KeysError::Exposed)), "{mode:o}");
    }
    let text = fs::read_to_string(&path).unwrap();
    for damaged in [
        String::new(),
        text.replace("\"version\": 1", "\"version\": 2"),
        text.replacen('A', "!", 1),
        text[..90].to_owned(),
    ] {
        fs::write(&path, &damaged).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(matches!(Keys::at(&path), Err(KeysError::Damaged)));
        assert_eq!(fs::read_to_string(&path).unwrap(), damaged);
    }
}
