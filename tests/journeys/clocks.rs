//! A computer whose clock is wrong, or is set while the program runs.

use std::sync::Arc;
use std::time::Duration;

use model::Timestamp;
use serde_json::{Value, json};
use testkit::clock::FakeClock;
use testkit::samples;

use crate::app::{App, PASSPHRASE};

/// An empty battery, today, the last hours that have a date, and back again.
const TIMES: [i64; 5] = [0, 1_795_496_400_000, 253_402_200_000_000, 86_400_000, 1_795_496_400_001];

#[test]
fn a_clock_that_jumps_by_centuries_costs_no_picture_and_no_work() {
    let place = tempfile::tempdir().unwrap();
    let clock = FakeClock::default();
    let app = App::with_clock(&place.path().join("data"), Duration::from_secs(60), Arc::new(clock.clone()));
    let protection = json!({ "protection": { "by": "passphrase", "passphrase": PASSPHRASE } });
    app.ask("vault_create", protection);
    // Where the clock is set forward the vault would lock by itself.
    app.ask("settings_edit", json!({ "lock_after_minutes": 0, "check_monthly": false }));
    let samples = samples::all(&samples::Options { edge: 48 });
    for (n, time) in TIMES.into_iter().enumerate() {
        clock.set(Timestamp::from_millis(time));
        app.ask("vault_lock", Value::Null);
        app.ask("vault_unlock", json!({ "with": { "by": "passphrase", "passphrase": PASSPHRASE } }));
        let pictures = place.path().join(format!("outputs {n}"));
        samples::write_to(&pictures, &samples[n * 3..n * 3 + 3]).unwrap();
        assert_eq!(app.import(&pictures)["added"], 3, "at {time}");
        let seqs = app.hits(json!({}));
        app.ask("items_edit", json!({ "edits": [{ "seq": seqs[0], "edit": { "title": "時計" } }] }));
        app.ask("items_discard", json!({ "seqs": [seqs[0]] }));
        app.ask("items_restore", json!({ "seqs": [seqs[0]] }));
        assert_eq!(app.hits(json!({})).len(), n * 3 + 3, "at {time}");
    }
    let archive = place.path().join("everything.zip");
    app.lay(&[&archive]);
    assert_eq!(app.report(&app.ask("export_start", json!({ "seqs": null })))["items"], TIMES.len() * 3);
    clock.set(Timestamp::from_millis(TIMES[1]));
    let (other, _) = App::with_vault(&place.path().join("second"));
    other.lay(&[&archive]);
    assert_eq!(other.report(&other.ask("archive_import", Value::Null))["added"], TIMES.len() * 3);
    assert!(other.everything() == app.everything(), "the archive gives another vault");
}
