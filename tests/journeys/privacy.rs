//! The privacy centre through the command table: what is stored, what has left, and the notice.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use journeys::service::Running;
use model::Timestamp;
use serde_json::{Value, json};
use studio::Code;
use testkit::clock::FakeClock;
use testkit::inside::inside;
use testkit::keyring::KeyringSession;
use testkit::samples;

use crate::account::{self, app_with, ledger, register};
use crate::app::{App, PASSPHRASE};

const DAY: i64 = 86_400_000;

fn length(path: &Path) -> u64 {
    std::fs::metadata(path).unwrap().len()
}

#[test]
fn what_is_said_to_be_stored_is_what_the_files_hold() {
    inside(KeyringSession::without_keyring, || {
        let (place, service) = (tempfile::tempdir().unwrap(), Running::start());
        let app = app_with(place.path(), &service);
        let pictures = place.path().join("outputs");
        let samples = samples::all(&samples::Options { edge: 48 });
        samples::write_to(&pictures, &samples[..5]).unwrap();
        app.import(&pictures);
        let seqs = app.hits(json!({}));
        app.ask("items_discard", json!({ "seqs": [seqs[0]] }));
        register(&app, &service, true);

        let stored = app.ask("stored", Value::Null);
        let size =
            |kind: &str| (stored[kind]["count"].as_u64().unwrap(), stored[kind]["bytes"].as_u64().unwrap());
        let files = std::fs::read_dir(&pictures).unwrap().map(|file| length(&file.unwrap().path()));
        let (library, trash) = (size("pictures"), size("trash"));
        assert_eq!((library.0, trash.0), (4, 1));
        assert_eq!(library.1 + trash.1, files.sum::<u64>());
        assert_eq!(stored["ledger"]["count"], ledger(&app).len());
        assert_eq!(stored["session"], "vault");
        let data = place.path().join("data");
        assert_eq!(stored["settings_bytes"], length(&data.join("settings.json")));
        let vault = std::fs::read_dir(data.join("vaults")).unwrap().next().unwrap().unwrap().path();
        let files = std::fs::read_dir(vault).unwrap().map(|file| length(&file.unwrap().path()));
        assert_eq!(stored["vault_bytes"], files.sum::<u64>());

        app.ask("account_sign_out", Value::Null);
        assert_eq!(app.ask("stored", Value::Null)["session"], Value::Null);
    });
}

#[test]
fn a_ledger_that_was_cleared_says_so_and_goes_on() {
    inside(KeyringSession::without_keyring, || {
        let (place, service) = (tempfile::tempdir().unwrap(), Running::start());
        let app = app_with(place.path(), &service);
        register(&app, &service, true);
        let before = ledger(&app);
        assert!(before.len() > 5);
        let file = place.path().join("ledger.json");
        app.lay(&[&file]);
        assert_eq!(app.ask("ledger_save", Value::Null)["done"], true);
        let saved: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        assert_eq!(saved["ledger"].as_array().unwrap(), &before);
        assert_eq!(saved["cleared_before"], Value::Null);

        app.refuse(true);
        assert_eq!(app.refused("ledger_clear", json!({ "before": null })), Code::Cancelled);
        app.refuse(false);
        app.ask("ledger_clear", json!({ "before": null }));
        let view = app.ask("ledger", json!({ "before": null }));
        assert_eq!(
            (view["lines"].as_array().unwrap().len(), view["origins"].as_array().unwrap().len()),
            (0, 0)
        );
        assert!(view["cleared"].as_i64().unwrap() > before[0]["at"].as_i64().unwrap());
        app.ask("account_record", Value::Null);
        assert_eq!(ledger(&app).len(), 2, "the record and the devices");
        account::again(&app);
        let later = app.ask("ledger", json!({ "before": null }));
        assert_eq!(later["cleared"], view["cleared"]);
        assert_eq!(later["lines"].as_array().unwrap().len(), 2);
    });
}

#[test]
fn lines_go_when_they_have_been_kept_for_as_long_as_was_chosen() {
    inside(KeyringSession::without_keyring, || {
        let (place, service) = (tempfile::tempdir().unwrap(), Running::start());
        let clock = FakeClock::default();
        let start = 1_795_737_600_000;
        clock.set(Timestamp::from_millis(start));
        let app =
            App::with_clock(&place.path().join("data"), Duration::from_secs(60), Arc::new(clock.clone()));
        app.ask("vault_create", json!({ "protection": { "by": "passphrase", "passphrase": PASSPHRASE } }));
        app.ask("settings_edit", json!({ "lock_after_minutes": 0, "check_monthly": false }));
        app.ask("account_service", json!({ "address": service.address }));
        app.ask("account_meet", Value::Null);
        let unlocked_at = |days: i64| {
            app.ask("vault_lock", Value::Null);
            clock.set(Timestamp::from_millis(start + days * DAY + 1));
            app.ask("vault_unlock", json!({ "with": { "by": "passphrase", "passphrase": PASSPHRASE } }));
            ledger(&app).len()
        };
        assert_eq!(unlocked_at(400), 1, "without a choice they stay");
        app.ask("account_meet", Value::Null);
        assert_eq!(app.refused("ledger_keep", json!({ "days": 0 })), Code::BadRequest);
        app.refuse(true);
        assert_eq!(app.refused("ledger_keep", json!({ "days": 30 })), Code::Cancelled);
        assert_eq!(ledger(&app).len(), 2);
        app.refuse(false);
        app.ask("ledger_keep", json!({ "days": 30 }));
        assert_eq!(ledger(&app).len(), 1, "it holds at once");
        assert_eq!(app.ask("ledger", json!({ "before": null }))["keep_days"], 30);
        assert_eq!(unlocked_at(429), 1);
        assert_eq!(unlocked_at(431), 0);
        // A clock that was set back takes nothing out.
        app.ask("account_meet", Value::Null);
        assert_eq!(unlocked_at(0), 1);
    });
}

#[test]
fn the_notice_is_there_while_the_vault_is_locked_and_is_the_one_that_the_service_names() {
    inside(KeyringSession::without_keyring, || {
        let (place, service) = (tempfile::tempdir().unwrap(), Running::start());
        let app = app_with(place.path(), &service);
        app.ask("account_age", account::grown_up());
        account::by_mail(&app, &service, "register", account::EMAIL);
        let named = app.ask("account", Value::Null)["notice"].clone();
        app.ask("vault_lock", Value::Null);
        let notices = app.ask("notices", Value::Null);
        assert_eq!(notices[0]["version"], named);
        assert_eq!(notices[0]["clauses"].as_array().unwrap().len(), 11);
        let copy = place.path().join("notice.html");
        app.lay(&[&copy]);
        assert_eq!(app.ask("notice_save", json!({ "version": named }))["done"], true);
        assert!(std::fs::read_to_string(&copy).unwrap().contains("11. Contact"));
        assert_eq!(app.refused("notice_save", json!({ "version": "1999-01" })), Code::Nothing);
    });
}

#[test]
fn a_letter_is_drafted_in_the_persons_language_and_its_answer_is_awaited() {
    let place = tempfile::tempdir().unwrap();
    let clock = FakeClock::default();
    clock.set(Timestamp::from_millis(1_795_737_600_000));
    let app = App::with_clock(&place.path().join("data"), Duration::from_secs(60), Arc::new(clock.clone()));
    app.ask("vault_create", json!({ "protection": { "by": "passphrase", "passphrase": PASSPHRASE } }));
    let letter = |right: &str, details: &str, authority: Value| json!({ "right": right, "email": account::EMAIL, "details": details, "authority": authority, "zone": 540 });
    let access = letter("access", "braces {due} stay", Value::Null);
    let drafted = app.ask("rights_letter", access.clone());
    assert_eq!(drafted["to"], "support@z-image.ai");
    let body = drafted["body"].as_str().unwrap();
    for part in ["Article 15", account::EMAIL, "2026-11-27", "2026-12-27", "braces {due} stay"] {
        assert!(body.contains(part), "{part} in {body}");
    }
    assert_eq!(app.ask("rights", Value::Null), json!([]), "a draft is no request");
    app.ask("settings_edit", json!({ "language": "ja" }));
    let erasure = letter("erasure", "", Value::Null);
    // At eleven in the evening of the 26th in London it is the 27th in Japan.
    clock.set(Timestamp::from_millis(1_795_737_600_000 - 3_600_000));
    assert!(app.ask("rights_letter", access.clone())["body"].as_str().unwrap().contains("2026-11-27"));
    clock.set(Timestamp::from_millis(1_795_737_600_000));
    app.ask("account_service", json!({ "address": "http://127.0.0.1:9" }));
    assert_eq!(app.ask("rights_letter", access.clone())["to"], "", "whoever runs another service is asked");
    app.ask("account_service", json!({ "address": null }));
    let japanese = app.ask("rights_letter", erasure.clone());
    let body = japanese["body"].as_str().unwrap();
    assert!(body.contains("第17条") && !body.contains("{details}") && !body.contains("補足"), "{body}");

    let log = app.ask("rights_copy", access.clone());
    assert!(app.copied().starts_with("support@z-image.ai"));
    assert_eq!(log[0]["due"].as_i64().unwrap() - log[0]["at"].as_i64().unwrap(), 30 * DAY);
    assert_eq!(app.ask("rights_copy", access).as_array().unwrap().len(), 1, "copied twice, asked once");
    clock.set(Timestamp::from_millis(1_795_737_600_000 + DAY));
    assert_eq!(app.ask("rights_copy", erasure).as_array().unwrap().len(), 2);

    assert_eq!(app.refused("rights_letter", letter("complaint", "x", Value::Null)), Code::BadRequest);
    let to_japan = letter("complaint", "x", json!(["JP", ""]));
    let complaint = app.ask("rights_letter", to_japan.clone());
    assert!(complaint["body"].as_str().unwrap().contains("個人情報保護委員会"));
    assert_eq!(complaint["to"], "", "it takes no mails");
    assert_eq!(app.ask("rights_copy", to_japan)[0]["due"], Value::Null);
    assert_eq!(
        app.refused("rights_letter", letter("access", &"あ".repeat(4001), Value::Null)),
        Code::TooLong
    );

    let at = app.ask("rights", Value::Null)[2]["at"].clone();
    assert_eq!(app.ask("rights_answered", json!({ "at": at }))[2]["answered"], true);
    app.ask("vault_lock", Value::Null);
    app.ask("vault_unlock", json!({ "with": { "by": "passphrase", "passphrase": PASSPHRASE } }));
    assert_eq!(app.ask("rights", Value::Null)[2]["answered"], true);
    assert_eq!(app.ask("rights_forget", json!({ "at": at })).as_array().unwrap().len(), 2);
}

#[test]
fn what_is_done_with_data_is_told_in_clauses_that_the_notice_has() {
    let place = tempfile::tempdir().unwrap();
    let app = App::start(&place.path().join("data"));
    let rows = app.ask("processing", Value::Null);
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), model::Processing::ALL.len());
    let notices = app.ask("notices", Value::Null);
    let clauses = notices[0]["clauses"].as_array().unwrap();
    for row in rows {
        for clause in row["clauses"].as_array().unwrap() {
            assert!(clauses.iter().any(|one| one["number"] == *clause), "{row}");
        }
        // Three is the one about legal bases: whatever is done has one.
        assert!(row["clauses"].as_array().unwrap().contains(&json!(3)), "{row}");
    }
    // How long the log for security is kept, as the notice says it too.
    let security = rows.iter().find(|row| row["processing"] == "security").unwrap();
    assert_eq!(security["kept"], json!({ "until": "days", "days": 30 }));
    let retention = clauses.iter().find(|clause| clause["id"] == "retention").unwrap().to_string();
    assert!(retention.contains("30 days after the day it was written"), "{retention}");
}
