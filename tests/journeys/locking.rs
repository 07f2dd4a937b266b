//! What a lock does not wait for, what it stops, and what comes too late for it.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use studio::{Code, JobKind};
use testkit::clock::FakeClock;
use testkit::samples;

use crate::app::{App, PASSPHRASE};
use crate::keys::until;

fn by_passphrase(passphrase: &str) -> Value {
    json!({ "with": { "by": "passphrase", "passphrase": passphrase } })
}

fn filled(place: &Path) -> (App, Value) {
    let pictures = place.join("outputs");
    samples::write_to(&pictures, &samples::all(&samples::Options { edge: 48 })[..4]).unwrap();
    let (app, sheet) = App::with_vault(&place.join("data"));
    app.import(&pictures);
    (app, sheet)
}

fn state(app: &App) -> Value {
    app.ask("status", Value::Null)["vault"].clone()
}

/// Salvage of the locked vault, standing still at its first step.
fn salvaging(app: &App, place: &Path) -> Value {
    app.hold(true);
    app.lay(&[&place.join("saved.zip")]);
    let started = app.ask("vault_salvage", by_passphrase(PASSPHRASE));
    until("the salvage is at work", || app.stands());
    started
}

fn salvages(app: &App) -> bool {
    app.studio.jobs().iter().any(|job| job.kind == JobKind::Salvage && job.is_running())
}

#[test]
fn a_lock_that_is_meant_stops_the_salvage_behind_the_lock() {
    let place = tempfile::tempdir().unwrap();
    let (app, _) = filled(place.path());
    app.ask("vault_lock", Value::Null);
    salvaging(&app, place.path());
    assert_eq!(app.refused("vault_unlock", by_passphrase(PASSPHRASE)), Code::VaultInUse, "it has the vault");
    thread::scope(|scope| {
        scope.spawn(|| app.studio.lock());
        until("it is to stop", || app.studio.jobs().iter().any(|job| job.stopping));
        app.hold(false);
    });
    assert!(!salvages(&app), "the lock came back when the keys were gone");
    assert!(!place.path().join("saved.zip").exists());
    app.ask("vault_unlock", by_passphrase(PASSPHRASE));
}

#[test]
fn a_soft_lock_lets_a_salvage_go_on_for_ten_minutes_and_no_longer() {
    let place = tempfile::tempdir().unwrap();
    let (app, _) = filled(place.path());
    app.ask("vault_lock", Value::Null);
    let started = salvaging(&app, place.path());
    app.studio.lock_softly();
    assert!(app.studio.jobs().iter().all(|job| !job.stopping));
    app.hold(false);
    assert_eq!(app.report(&started)["items"], 4);
    drop(app);

    let app = App::with_minute(&place.path().join("data"), Duration::from_millis(5));
    salvaging(&app, place.path());
    app.studio.lock_softly();
    until("its time is over", || app.studio.jobs().iter().any(|job| job.stopping));
    app.hold(false);
}

#[test]
fn work_that_needs_no_key_keeps_none_through_a_soft_lock() {
    let place = tempfile::tempdir().unwrap();
    let (app, _) = filled(place.path());
    let file = place.path().join("backup.zip");
    app.lay(&[&file]);
    app.report(&app.ask("backup_start", Value::Null));
    app.hold(true);
    app.lay(&[&file]);
    let started = app.ask("backup_verify", Value::Null);
    until("it is at work", || app.stands());
    app.studio.lock_softly();
    let status = app.ask("status", Value::Null);
    assert_eq!((&status["vault"], &status["resting"]), (&json!("locked"), &json!(false)));
    let jobs = app.studio.jobs();
    assert_eq!(jobs.len(), 1, "what has ended is forgotten");
    assert!(jobs[0].is_running() && jobs[0].label.is_empty() && !jobs[0].stopping);
    // The keys are gone: another program can open the vault.
    let other = App::start(&place.path().join("data"));
    other.ask("vault_unlock", by_passphrase(PASSPHRASE));
    app.hold(false);
    let id = serde_json::from_value(started["job"].clone()).unwrap();
    assert_eq!(app.studio.wait_for_job(id).unwrap().state, studio::JobState::Done);
}

#[test]
fn a_question_that_stands_open_keeps_no_vault_open() {
    let place = tempfile::tempdir().unwrap();
    let (app, _) = filled(place.path());
    for (command, request) in [
        ("key_replace", json!({ "passphrase": PASSPHRASE })),
        ("protection_change", json!({ "protection": { "by": "passphrase", "passphrase": PASSPHRASE } })),
        ("slot_remove", json!({ "kind": "recovery" })),
        ("recovery_new", Value::Null),
    ] {
        let asked = app.keep_waiting();
        thread::scope(|scope| {
            let waiting = scope.spawn(|| app.refused(command, request));
            asked.recv().unwrap();
            app.studio.lock();
            // Another program opens it at once: nothing of this one has it.
            let other = App::start(&place.path().join("data"));
            other.ask("vault_unlock", by_passphrase(PASSPHRASE));
            other.ask("vault_lock", Value::Null);
            app.answer();
            assert_eq!(waiting.join().unwrap(), Code::Locked, "{command}");
        });
        app.ask("vault_unlock", by_passphrase(PASSPHRASE));
    }
    assert_eq!(app.ask("status", Value::Null)["slots"].as_array().unwrap().len(), 2, "nothing was done");
}

#[test]
fn a_salvage_that_was_asked_for_before_a_lock_does_not_begin_after_it() {
    let place = tempfile::tempdir().unwrap();
    let (app, _) = filled(place.path());
    app.ask("vault_lock", Value::Null);
    let asked = app.keep_waiting();
    app.lay(&[&place.path().join("saved.zip")]);
    thread::scope(|scope| {
        let waiting = scope.spawn(|| app.refused("vault_salvage", by_passphrase(PASSPHRASE)));
        asked.recv().unwrap();
        app.studio.lock();
        app.answer();
        assert_eq!(waiting.join().unwrap(), Code::Locked);
    });
    assert!(app.studio.jobs().is_empty() && !place.path().join("saved.zip").exists());
}

#[test]
fn many_tries_at_once_are_no_more_tries_than_one_after_the_other() {
    let place = tempfile::tempdir().unwrap();
    let (app, _) = App::with_vault(&place.path().join("data"));
    app.ask("vault_lock", Value::Null);
    let codes: Vec<Code> = thread::scope(|scope| {
        let tries: Vec<_> = (0..16)
            .map(|n| {
                app.lay(&[&place.path().join(format!("{n}.zip"))]);
                scope.spawn(|| app.refused("vault_salvage", by_passphrase("wrong")))
            })
            .collect();
        tries.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let looked_at = codes.iter().filter(|code| **code != Code::TooManyAttempts).count();
    assert_eq!(looked_at, 5, "{codes:?}");
}

#[test]
fn idleness_goes_on_while_the_computer_sleeps_and_a_clock_set_back_does_not_stop_it() {
    let place = tempfile::tempdir().unwrap();
    let clock = FakeClock::default();
    let minute = Duration::from_secs(60);
    let app = App::with_clock(&place.path().join("data"), minute, Arc::new(clock.clone()));
    let protection = json!({ "protection": { "by": "passphrase", "passphrase": PASSPHRASE } });
    app.ask("vault_create", protection);
    clock.advance_ms(9 * 60_000);
    app.ask("vault_touch", Value::Null);
    // Asleep for hours: what the person does first finds it locked, whoever looks first.
    clock.advance_ms(3 * 60 * 60_000);
    assert_eq!(app.refused("vault_touch", Value::Null), Code::Locked);
    assert_eq!(state(&app), "locked");
    // The watch sees it as well.
    app.ask("vault_unlock", by_passphrase(PASSPHRASE));
    clock.advance_ms(3 * 60 * 60_000);
    until("the lock", || state(&app) == "locked");
    drop(app);

    let app = App::with_clock(&place.path().join("data"), Duration::from_millis(10), Arc::new(clock.clone()));
    app.ask("vault_unlock", by_passphrase(PASSPHRASE));
    clock.advance_ms(-24 * 60 * 60_000);
    until("the lock", || state(&app) == "locked");
}

#[test]
fn a_vault_is_opened_again_right_after_a_lock_while_pictures_are_being_shown() {
    let place = tempfile::tempdir().unwrap();
    let (app, _) = filled(place.path());
    let seq = app.hits(json!({}))[0];
    let (stop, stopped) = mpsc::channel::<()>();
    thread::scope(|scope| {
        let app = &app;
        scope.spawn(move || {
            while stopped.try_recv() == Err(mpsc::TryRecvError::Empty) {
                let _ = app.studio.picture(seq, studio::PictureKind::Full);
            }
        });
        for _ in 0..20 {
            app.ask("vault_lock", Value::Null);
            app.ask("vault_unlock", by_passphrase(PASSPHRASE));
        }
        drop(stop);
    });
}

#[test]
fn whoever_locks_at_the_same_time_comes_back_when_the_files_are_closed() {
    let place = tempfile::tempdir().unwrap();
    let (app, _) = filled(place.path());
    let status = app.ask("status", Value::Null);
    let log = Path::new(status["folder"].as_str().unwrap()).join("catalogue.db-wal");
    let is_closed = || std::fs::metadata(&log).map_or(true, |log| log.len() == 0);
    for _ in 0..30 {
        let seq = app.hits(json!({}))[0];
        app.ask("items_edit", json!({ "edits": [{ "seq": seq, "edit": { "rating": 3 } }] }));
        assert!(!is_closed());
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    app.studio.lock();
                    assert!(is_closed(), "the program would have ended too early");
                });
            }
        });
        app.ask("vault_unlock", by_passphrase(PASSPHRASE));
    }
}
