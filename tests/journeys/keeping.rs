//! Backups, damage, room, destruction and several vaults, by the command table.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use studio::Code;
use testkit::clock::FakeClock;
use testkit::samples;

use crate::app::{App, PASSPHRASE};
use crate::keys::until;

fn filled(place: &Path) -> App {
    let pictures = place.join("outputs");
    samples::write_to(&pictures, &samples::all(&samples::Options { edge: 48 })[..4]).unwrap();
    let (app, _) = App::with_vault(&place.join("data"));
    app.import(&pictures);
    app
}

fn protection() -> Value {
    json!({ "by": "passphrase", "passphrase": PASSPHRASE })
}

fn unlock(app: &App) -> Value {
    app.ask("vault_unlock", json!({ "with": protection() }))
}

fn folder(app: &App) -> PathBuf {
    PathBuf::from(app.ask("status", Value::Null)["folder"].as_str().unwrap())
}

/// The vaults in the order of their keys: key, whether it is in use, label.
fn vaults(app: &App) -> Vec<(String, bool, Option<String>)> {
    let list = app.ask("vaults", Value::Null);
    let mut vaults: Vec<_> = list["vaults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| {
            let label = v["label"].as_str().map(str::to_owned);
            (v["key"].as_str().unwrap().to_owned(), v["current"].as_bool().unwrap(), label)
        })
        .collect();
    vaults.sort();
    vaults
}

#[test]
fn a_backup_taken_while_the_vault_is_used_becomes_a_second_vault_that_can_be_chosen() {
    let place = tempfile::tempdir().unwrap();
    let app = filled(place.path());
    let before = (app.everything(), app.originals());
    let file = place.path().join("backup.zip");
    app.lay(&[&file]);
    let report = app.report(&app.ask("backup_start", Value::Null));
    assert_eq!((&report["kind"], &report["items"]), (&json!("backup"), &json!(4)));
    let closed = app.ask("backup_start", Value::Null);
    assert!(closed["job"].is_null(), "the dialog was closed");

    app.ask("items_erase", json!({ "seqs": [app.hits(json!({}))[0]] }));
    app.ask("vault_lock", Value::Null);
    app.lay(&[&file]);
    assert_eq!(app.report(&app.ask("backup_verify", Value::Null))["items"], 4);
    app.lay(&[&file]);
    let restored = app.report(&app.ask("backup_restore", Value::Null));
    let key = restored["vault"].as_str().unwrap();
    assert_eq!(vaults(&app).len(), 2);
    assert_eq!(vaults(&app).iter().filter(|(_, current, _)| *current).count(), 1);
    app.ask("vaults_switch", json!({ "vault": key }));
    assert_eq!(unlock(&app)["vault"], "open");
    assert_eq!(folder(&app).file_name().unwrap().to_str().unwrap(), key);
    assert!((app.everything(), app.originals()) == before);
    let check = app.report(&app.ask("vault_check", Value::Null));
    assert_eq!((&check["items"], &check["catalogue_whole"]), (&json!(4), &json!(true)));
}

#[test]
fn when_everything_was_read_back_is_shown_and_a_damaged_item_is_named() {
    let place = tempfile::tempdir().unwrap();
    let app = filled(place.path());
    let status = app.ask("status", Value::Null);
    assert!(status["checked_at"].is_null() && status["check_due"] == false, "a new vault is not due");
    let quick = app.report(&app.ask("vault_check_quick", Value::Null));
    assert_eq!((&quick["quick"], &quick["items"]), (&json!(true), &json!(0)));
    assert!(app.ask("status", Value::Null)["checked_at"].is_null(), "a quick check does not count");
    app.report(&app.ask("vault_check", Value::Null));
    assert!(app.ask("status", Value::Null)["checked_at"].is_number());
    assert!(!app.studio.is_check_due().unwrap());

    let connection = rusqlite::Connection::open(folder(&app).join("images.db")).unwrap();
    connection.execute("UPDATE chunk SET sealed = zeroblob(length(sealed)) WHERE seq = 1", []).unwrap();
    drop(connection);
    let report = app.report(&app.ask("vault_check", Value::Null));
    assert_eq!(report["damaged"], json!([1]), "{report}");
    assert_eq!((&report["catalogue_whole"], &report["images_whole"]), (&json!(true), &json!(true)));
    // Of the open vault, without being asked for a secret.
    let saved = place.path().join("saved.zip");
    app.lay(&[&saved]);
    let report = app.report(&app.ask("vault_salvage", json!({ "with": null })));
    assert_eq!((&report["items"], &report["pictures"]), (&json!(4), &json!(3)));
    assert_eq!((&report["losses"][0]["part"], &report["losses"][0]["seq"]), (&json!("picture"), &json!(1)));
}

/// Rows in the container of the pictures that SQLite needs minutes to check.
fn slow_to_check(folder: &Path) {
    rusqlite::Connection::open(folder.join("images.db"))
        .unwrap()
        .execute_batch(
            "PRAGMA ignore_check_constraints = ON;
             CREATE TABLE slow (n INTEGER CHECK (length(hex(zeroblob(n))) >= 0));
             WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 100000)
             INSERT INTO slow SELECT 1000000 FROM up;",
        )
        .unwrap();
}

#[test]
fn neither_a_stop_nor_a_lock_waits_until_sqlite_has_read_all_pictures() {
    let place = tempfile::tempdir().unwrap();
    let app = filled(place.path());
    slow_to_check(&folder(&app));
    let begun = std::time::Instant::now();
    let started = app.ask("vault_check_quick", Value::Null);
    // The catalogue is done, SQLite is at the pictures.
    until("it is at the second file", || checks(&app).iter().any(|job| job["done"] == 1));
    assert_eq!(checks(&app)[0]["total"], 2);
    app.ask("job_cancel", json!({ "job": started["job"] }));
    let id = serde_json::from_value(started["job"].clone()).unwrap();
    assert_eq!(app.studio.wait_for_job(id).unwrap().state, studio::JobState::Cancelled);
    let stopped = checks(&app);
    assert_eq!(stopped[0]["report"]["images_whole"], true, "{stopped:?}");

    for check in ["vault_check_quick", "vault_check"] {
        app.ask(check, Value::Null);
        app.ask("vault_lock", Value::Null);
        assert_eq!(app.ask("status", Value::Null)["vault"], "locked");
        unlock(&app);
        assert!(app.ask("status", Value::Null)["checked_at"].is_null(), "half a check does not count");
    }
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
}

const DAY: i64 = 24 * 60 * 60 * 1000;

/// A vault of four pictures that nobody locks by idleness, where a minute takes 20 ms.
fn on_a_clock(place: &Path) -> (App, FakeClock) {
    let pictures = place.join("outputs");
    samples::write_to(&pictures, &samples::all(&samples::Options { edge: 48 })[..4]).unwrap();
    let clock = FakeClock::default();
    let app = App::with_clock(&place.join("data"), Duration::from_millis(20), Arc::new(clock.clone()));
    app.ask("settings_edit", json!({ "lock_after_minutes": 0 }));
    app.ask("vault_create", json!({ "protection": protection() }));
    app.import(&pictures);
    (app, clock)
}

fn checks(app: &App) -> Vec<Value> {
    app.ask("jobs", Value::Null)
        .as_array()
        .unwrap()
        .iter()
        .filter(|job| job["kind"] == "check")
        .cloned()
        .collect()
}

#[test]
fn after_a_month_a_quiet_vault_is_checked_by_itself_and_what_it_found_is_told() {
    let place = tempfile::tempdir().unwrap();
    let (app, clock) = on_a_clock(place.path());
    assert!(checks(&app).is_empty(), "a new vault is not due");
    clock.advance_ms(31 * DAY);
    assert_eq!(app.ask("status", Value::Null)["check_due"], true);
    // Any edit makes the program look again; otherwise it does so each hour.
    app.ask("settings_edit", json!({ "cell": 200 }));
    until("the check is done", || checks(&app).iter().any(|job| job["state"] == "done"));
    let done = checks(&app);
    assert_eq!(done.len(), 1);
    assert_eq!((&done[0]["by_itself"], &done[0]["report"]["items"]), (&json!(true), &json!(4)));
    let status = app.ask("status", Value::Null);
    assert_eq!((&status["check_due"], &status["checked_whole"]), (&json!(false), &json!(true)));
    let told = app.told_of_jobs();
    let told: Vec<_> = told.iter().filter(|job| job["by_itself"] == true).collect();
    assert!(told.first().is_some_and(|job| job["state"] == "running"), "its begin is announced");
    assert!(told.last().is_some_and(|job| job["report"]["damaged"] == json!([])), "and its end");

    // A month later a picture is hurt.
    let connection = rusqlite::Connection::open(folder(&app).join("images.db")).unwrap();
    connection.execute("UPDATE chunk SET sealed = zeroblob(length(sealed)) WHERE seq = 1", []).unwrap();
    drop(connection);
    clock.advance_ms(31 * DAY);
    app.ask("vault_lock", Value::Null);
    unlock(&app);
    until("the check is done", || checks(&app).iter().any(|job| job["state"] == "done"));
    assert_eq!(checks(&app)[0]["report"]["damaged"], json!([1]), "{:?}", checks(&app));
    assert_eq!(app.ask("status", Value::Null)["checked_whole"], false);
}

#[test]
fn a_check_that_is_due_waits_for_work_and_is_not_begun_where_it_is_turned_off() {
    let place = tempfile::tempdir().unwrap();
    let (app, clock) = on_a_clock(place.path());
    app.ask("settings_edit", json!({ "check_monthly": false }));
    clock.advance_ms(31 * DAY);
    app.ask("vault_lock", Value::Null);
    unlock(&app);
    app.report(&app.ask("vault_check_quick", Value::Null));
    assert!(checks(&app).iter().all(|job| job["by_itself"] == false), "it is turned off");
    assert_eq!(app.ask("status", Value::Null)["check_due"], true, "the settings say so all the same");
    app.ask("settings_edit", json!({ "check_monthly": true }));
    until("the check is done", || {
        checks(&app).iter().any(|job| job["by_itself"] == true && job["state"] == "done")
    });
}

#[test]
fn a_lock_by_idleness_does_not_wait_for_a_check_that_nobody_asked_for() {
    let place = tempfile::tempdir().unwrap();
    let (app, clock) = on_a_clock(place.path());
    app.hold(true);
    clock.advance_ms(31 * DAY);
    app.ask("settings_edit", json!({ "cell": 200 }));
    until("the check is at work", || app.stands());
    std::thread::scope(|scope| {
        scope.spawn(|| app.studio.lock_softly());
        until("it is to stop", || checks(&app).iter().any(|job| job["stopping"] == true));
        app.hold(false);
    });
    let status = app.ask("status", Value::Null);
    assert_eq!((&status["vault"], &status["resting"]), (&json!("locked"), &json!(false)));
    unlock(&app);
    assert_eq!(app.ask("status", Value::Null)["check_due"], true, "half a check does not count");
}

#[test]
fn a_vault_that_does_not_open_any_more_is_salvaged_with_its_secret_and_not_without() {
    let place = tempfile::tempdir().unwrap();
    let app = filled(place.path());
    let folder = folder(&app);
    app.ask("vault_lock", Value::Null);
    fs::remove_file(folder.join("images.db")).unwrap();
    assert_eq!(app.refused("vault_unlock", json!({ "with": protection() })), Code::ImagesMissing);
    let saved = place.path().join("saved.zip");
    for (with, code) in [
        (Value::Null, Code::Locked),
        (json!({ "by": "passphrase", "passphrase": "wrong" }), Code::WrongSecret),
        (json!({ "by": "recovery", "code": "ZV1-" }), Code::RecoveryMalformed),
    ] {
        app.lay(&[&saved]);
        assert_eq!(app.refused("vault_salvage", json!({ "with": with })), code);
        assert!(!saved.exists());
    }
    app.lay(&[&saved]);
    let report = app.report(&app.ask("vault_salvage", json!({ "with": protection() })));
    assert_eq!((&report["items"], &report["images"]), (&json!(4), &json!("images_missing")));
    assert!(saved.exists() && !folder.join("images.db").exists());
    // The window behind the lock shows the same numbers, and no name.
    let jobs = app.ask("jobs", Value::Null);
    let shown = &jobs.as_array().unwrap().last().unwrap()["report"];
    assert_eq!((&shown["items"], &shown["pictures"]), (&json!(4), &json!(0)), "{jobs}");
    assert_eq!((&shown["file_name"], &shown["losses"][0]["id"]), (&json!(""), &Value::Null));
    assert!(!jobs.to_string().contains("saved.zip"), "{jobs}");
}

#[test]
fn a_vault_that_can_not_be_made_leaves_the_one_in_use_open() {
    let place = tempfile::tempdir().unwrap();
    let app = filled(place.path());
    let weak = json!({ "protection": { "by": "passphrase", "passphrase": "short" }, "label": "x" });
    assert_eq!(app.refused("vaults_create", weak), Code::PassphraseWeak);
    assert_eq!(app.hits(json!({})).len(), 4, "it is open as before");
    assert_eq!(vaults(&app).len(), 1);
}

#[test]
fn another_vault_is_made_named_switched_to_and_hidden() {
    let place = tempfile::tempdir().unwrap();
    let app = filled(place.path());
    app.ask("vaults_label", json!({ "label": " 夜の仕事\n" }));
    let first = vaults(&app)[0].0.clone();
    app.ask("vaults_create", json!({ "protection": protection(), "label": "試し" }));
    assert!(app.hits(json!({})).is_empty(), "the new one is open and empty");
    let both = vaults(&app);
    assert_eq!(both.len(), 2);
    for (key, current, label) in &both {
        assert_eq!(*current, *key != first);
        assert_eq!(label.as_deref(), Some(if *key == first { "夜の仕事" } else { "試し" }));
    }
    for wrong in ["", "..", "../data", "/etc", "nothing"] {
        assert_eq!(app.refused("vaults_switch", json!({ "vault": wrong })), Code::NoSuchVault);
    }
    let status = app.ask("vaults_switch", json!({ "vault": first }));
    assert_eq!(status["vault"], "locked");
    assert_eq!(app.refused("vaults_label", json!({ "label": "x" })), Code::Locked);
    unlock(&app);
    assert_eq!(app.hits(json!({})).len(), 4);

    let hidden = app.ask("vaults_hide_labels", json!({ "hide": true }));
    assert_eq!(hidden["hide_labels"], true);
    let settings = fs::read_to_string(place.path().join("data/settings.json")).unwrap();
    assert!(!settings.contains("夜の仕事") && !settings.contains("試し"), "{settings}");
    // The window's own settings do not bring them back, and a new start uses the same vault.
    app.ask("settings_edit", json!({ "cell": 200 }));
    app.ask("vault_lock", Value::Null);
    assert!(vaults(&app).iter().all(|(_, _, label)| label.is_none()));
    drop(app);
    let app = App::start(&place.path().join("data"));
    assert!(vaults(&app).iter().any(|(key, current, _)| *key == first && *current));
    unlock(&app);
    assert_eq!(vaults(&app).iter().find(|v| v.0 == first).unwrap().2.as_deref(), Some("夜の仕事"));
}

#[test]
fn a_vault_is_destroyed_when_the_person_agrees_and_the_other_one_stays() {
    let place = tempfile::tempdir().unwrap();
    let app = filled(place.path());
    let first = vaults(&app)[0].0.clone();
    app.ask("vaults_create", json!({ "protection": protection(), "label": "" }));
    let doomed = folder(&app);
    app.refuse(true);
    assert_eq!(app.refused("vault_destroy", Value::Null), Code::Cancelled);
    assert_eq!(app.ask("status", Value::Null)["vault"], "open", "nothing has happened");
    app.refuse(false);
    let gone = app.ask("vault_destroy", Value::Null);
    assert_eq!((&gone["folder_removed"], &gone["left"]), (&json!(true), &json!([])));
    assert_eq!(gone["recovery_key_existed"], true);
    assert!(!doomed.exists());
    assert_eq!(vaults(&app), [(first, true, None)]);
    unlock(&app);
    assert_eq!(app.hits(json!({})).len(), 4);
    app.ask("vault_destroy", Value::Null);
    assert_eq!(app.ask("status", Value::Null)["vault"], "none");
    assert_eq!(app.refused("vault_destroy", Value::Null), Code::NoVault);
}

#[test]
fn the_room_that_erased_items_leave_is_given_back() {
    let place = tempfile::tempdir().unwrap();
    let app = filled(place.path());
    // Both are measured after the same work: what a vault begins with is smaller than what any work leaves of it.
    app.report(&app.ask("vault_compact", Value::Null));
    let before = app.ask("vault_space", Value::Null);
    let seqs = app.hits(json!({}));
    app.report(&app.ask("items_erase", json!({ "seqs": seqs })));
    let report = app.report(&app.ask("vault_compact", Value::Null));
    let after = app.ask("vault_space", Value::Null);
    assert_eq!((&after["free"], &after["used"]), (&json!(0), &report["bytes"]));
    assert!(after["used"].as_u64() < before["used"].as_u64(), "{before} {after}");
}

#[test]
fn a_vault_in_a_folder_that_is_copied_to_servers_is_told_of() {
    let place = tempfile::tempdir().unwrap();
    let (app, _) = App::with_vault(&place.path().join("data"));
    assert!(app.ask("status", Value::Null)["synced_by"].is_null());
    let (app, _) = App::with_vault(&place.path().join("OneDrive/data"));
    assert_eq!(app.ask("status", Value::Null)["synced_by"], "one_drive");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(place.path().join("OneDrive/data"), place.path().join("link")).unwrap();
        let linked = App::start(&place.path().join("link"));
        assert_eq!(linked.ask("status", Value::Null)["synced_by"], "one_drive", "a link hides nothing");
    }
}
