//! Ways in, waiting after wrong tries, locking by itself and softly, new keys, older copies.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use model::SystemClock;
use serde_json::{Value, json};
use studio::{Code, JobKind};
use testkit::clock::FakeClock;
use testkit::samples;

use crate::app::{App, PASSPHRASE};

fn filled(place: &Path) -> (App, Value) {
    let pictures = place.join("outputs");
    samples::write_to(&pictures, &samples::all(&samples::Options { edge: 48 })[..4]).unwrap();
    let (app, sheet) = App::with_vault(&place.join("data"));
    app.import(&pictures);
    (app, sheet)
}

fn by_passphrase(passphrase: &str) -> Value {
    json!({ "with": { "by": "passphrase", "passphrase": passphrase } })
}

/// Waits for what happens on another thread.
pub fn until(what: &str, happened: impl Fn() -> bool) {
    let start = Instant::now();
    while !happened() {
        assert!(start.elapsed() < Duration::from_secs(20), "{what} did not happen");
        std::thread::yield_now();
    }
}

#[test]
fn wrong_passphrases_are_counted_and_then_cost_waiting() {
    let place = tempfile::tempdir().unwrap();
    let (app, _) = App::with_vault(place.path());
    app.ask("vault_lock", Value::Null);
    for _ in 0..5 {
        assert_eq!(app.refused("vault_unlock", by_passphrase("wrong")), Code::WrongSecret);
    }
    // The right one is not looked at either, and that does not count.
    assert_eq!(app.refused("vault_unlock", by_passphrase(PASSPHRASE)), Code::TooManyAttempts);
    let status = app.ask("status", Value::Null);
    assert!(status["wait_ms"].as_i64().unwrap() > 0, "{status}");
    assert_eq!(status["failed_attempts"]["count"], 5);
    // Another run of the program remembers.
    let again = App::start(place.path());
    assert_eq!(again.refused("vault_unlock", by_passphrase(PASSPHRASE)), Code::TooManyAttempts);
    until("the waiting's end", || again.ask("status", Value::Null)["wait_ms"] == 0);
    let status = again.ask("vault_unlock", by_passphrase(PASSPHRASE));
    assert_eq!(status["failed_attempts"]["count"], 5, "who opens it is told");
    again.ask("vault_lock", Value::Null);
    assert_eq!(again.ask("status", Value::Null)["failed_attempts"], Value::Null);
}

#[test]
fn who_changes_the_ways_in_long_after_opening_shows_a_secret_once_more() {
    let place = tempfile::tempdir().unwrap();
    let clock = FakeClock::default();
    let app = App::with_clock(place.path(), Duration::from_secs(3600), Arc::new(clock.clone()));
    let protection = json!({ "protection": { "by": "passphrase", "passphrase": PASSPHRASE } });
    let sheet = app.ask("vault_create", protection.clone());
    let changes = [
        ("recovery_new", Value::Null),
        ("slot_remove", json!({ "kind": "recovery" })),
        ("protection_change", protection),
        ("recovery_copy", Value::Null),
        ("recovery_save", Value::Null),
    ];
    let minutes = |n: i64| clock.advance_ms(n * 60_000);
    let proven = || app.ask("vault_proven", Value::Null)["done"] == true;
    assert!(proven(), "it was opened just now");
    minutes(6);
    assert!(!proven(), "a change that begins now needs a secret");
    minutes(10);
    for back in [0, -60] {
        minutes(back);
        for (command, request) in &changes {
            assert_eq!(app.refused(command, request.clone()), Code::ProofNeeded, "{command}");
        }
    }
    assert_eq!(app.refused("vault_prove", by_passphrase("wrong")), Code::WrongSecret);
    assert!(!proven());
    app.ask("vault_prove", by_passphrase(PASSPHRASE));
    assert!(proven());
    let told = app.ask("status", Value::Null);
    assert_eq!(told["failed_attempts"]["count"], 1, "who proves it is told of those who could not");
    minutes(16);
    let by_recovery = json!({ "with": { "by": "recovery", "code": sheet["code"] } });
    for _ in 0..5 {
        assert_eq!(app.refused("vault_prove", by_passphrase("wrong")), Code::WrongSecret);
    }
    assert_eq!(
        app.refused("vault_prove", by_recovery.clone()),
        Code::TooManyAttempts,
        "guessing costs waiting"
    );
    minutes(2);
    app.ask("vault_prove", by_recovery);
    app.ask("slot_remove", json!({ "kind": "passphrase" }));
    minutes(16);
    // Where no passphrase opens the vault, what is typed for one is looked at by nobody.
    assert_eq!(app.refused("key_replace", json!({ "passphrase": "x" })), Code::ProofNeeded);
}

#[test]
fn an_idle_vault_locks_by_itself_and_one_that_is_used_does_not() {
    let place = tempfile::tempdir().unwrap();
    drop(App::with_vault(place.path()));
    let app = App::with_minute(place.path(), Duration::from_millis(40));
    app.ask("settings_edit", json!({ "lock_after_minutes": 5 }));
    app.ask("vault_unlock", by_passphrase(PASSPHRASE));
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(600) {
        app.ask("vault_touch", Value::Null);
        std::thread::yield_now();
    }
    assert_eq!(app.ask("status", Value::Null)["vault"], "open");
    until("the lock", || app.ask("status", Value::Null)["vault"] == "locked");
    assert!(start.elapsed() >= Duration::from_millis(800));
    assert_eq!(app.refused("vault_touch", Value::Null), Code::Locked);
    app.ask("vault_unlock", by_passphrase(PASSPHRASE));
    app.ask("settings_edit", json!({ "lock_after_minutes": 0 }));
    assert_eq!(app.ask("status", Value::Null)["lock_after_minutes"], 0);
}

#[test]
fn a_soft_lock_lets_the_import_finish_and_shows_nothing_of_it() {
    let place = tempfile::tempdir().unwrap();
    let (app, _) = App::with_vault(&place.path().join("data"));
    let pictures = place.path().join("secret folder");
    samples::write_to(&pictures, samples::all(&samples::Options { edge: 256 })).unwrap();
    app.lay(&[&pictures]);
    let offer = app.ask("import_pick", json!({ "what": "folders" }));
    app.hold(true);
    let started = app.ask("import_start", json!({ "offers": [offer["id"]], "label": offer["label"] }));
    assert!(started["job"].is_number());
    app.studio.lock_softly();
    let status = app.ask("status", Value::Null);
    assert_eq!((&status["vault"], &status["resting"]), (&json!("locked"), &json!(true)));
    assert_eq!(app.refused("gallery_query", json!({})), Code::Locked);
    for job in app.studio.jobs() {
        assert!(job.label.is_empty() && job.report.is_none() && job.kind == JobKind::Import);
    }
    app.hold(false);
    until("the end of the import", || app.ask("status", Value::Null)["resting"] == false);
    assert!(app.studio.jobs().is_empty());
    app.ask("vault_unlock", by_passphrase(PASSPHRASE));
    let all = samples::all(&samples::Options { edge: 256 }).len();
    assert_eq!(app.hits(json!({})).len(), all);
}

#[test]
fn a_soft_lock_is_opened_by_the_secret_alone_and_the_work_goes_on() {
    let place = tempfile::tempdir().unwrap();
    let (app, _) = App::with_vault(&place.path().join("data"));
    let pictures = place.path().join("outputs");
    samples::write_to(&pictures, samples::all(&samples::Options { edge: 256 })).unwrap();
    app.lay(&[&pictures]);
    let offer = app.ask("import_pick", json!({ "what": "folders" }));
    app.hold(true);
    let started = app.ask("import_start", json!({ "offers": [offer["id"]], "label": "x" }));
    app.studio.lock_softly();
    assert_eq!(app.refused("vault_unlock", by_passphrase("wrong")), Code::WrongSecret);
    app.ask("vault_unlock", by_passphrase(PASSPHRASE));
    assert_eq!(app.ask("status", Value::Null)["vault"], "open");
    assert!(app.studio.jobs().iter().any(|job| job.is_running()), "the import goes on");
    app.hold(false);
    app.report(&started);
    let all = samples::all(&samples::Options { edge: 256 }).len();
    assert_eq!(app.hits(json!({})).len(), all);
    // A lock that is meant waits for nothing.
    app.ask("vault_lock", Value::Null);
    assert_eq!(app.ask("status", Value::Null)["resting"], false);
}

#[test]
fn replacing_the_key_needs_the_passphrase_and_gives_a_new_recovery_key() {
    let place = tempfile::tempdir().unwrap();
    let (app, old) = filled(place.path());
    let kept = app.everything();
    // Who would refuse is not even asked, for a passphrase that is not right.
    app.refuse(true);
    assert_eq!(app.refused("key_replace", json!({ "passphrase": null })), Code::WrongSecret);
    assert_eq!(app.refused("key_replace", json!({ "passphrase": "wrong" })), Code::WrongSecret);
    assert_eq!(app.refused("key_replace", json!({ "passphrase": PASSPHRASE })), Code::Cancelled);
    app.refuse(false);
    let replaced = app.ask("key_replace", json!({ "passphrase": PASSPHRASE }));
    app.report(&replaced);
    assert_eq!(app.everything(), kept);
    app.ask("vault_lock", Value::Null);
    let by = |code: &Value| json!({ "with": { "by": "recovery", "code": code } });
    assert_eq!(app.refused("vault_unlock", by(&old["code"])), Code::WrongSecret);
    app.ask("vault_unlock", by(&replaced["recovery"]["code"]));
    app.ask("vault_lock", Value::Null);
    app.ask("vault_unlock", by_passphrase(PASSPHRASE));
    assert_eq!(app.everything(), kept);
}

#[test]
fn erasing_leads_to_a_new_key_of_the_catalogue() {
    let place = tempfile::tempdir().unwrap();
    let (app, _) = filled(place.path());
    let folder = app.ask("status", Value::Null)["folder"].as_str().unwrap().to_owned();
    let header = || fs::read(Path::new(&folder).join("vault.keys")).unwrap();
    let before = header();
    let first = app.hits(json!({}))[0];
    app.report(&app.ask("items_erase", json!({ "seqs": [first] })));
    until("the renewal", || {
        app.studio.jobs().iter().any(|job| job.kind == JobKind::Renew && !job.is_running())
    });
    assert!(header() != before);
    assert_eq!(app.hits(json!({})).len(), 3);
    let seconds = app.ask("vault_renew", Value::Null);
    app.report(&seconds);
    assert_eq!(app.hits(json!({})).len(), 3);
}

#[test]
fn ways_in_are_listed_and_removed_but_never_the_last() {
    let place = tempfile::tempdir().unwrap();
    let (app, _) = App::with_vault(place.path());
    let kinds = |status: &Value| -> Vec<String> {
        let slots = status["slots"].as_array().unwrap();
        slots.iter().map(|slot| slot["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds(&app.ask("status", Value::Null)), ["passphrase", "recovery"]);
    app.refuse(true);
    assert_eq!(app.refused("slot_remove", json!({ "kind": "recovery" })), Code::Cancelled);
    assert_eq!(app.refused("recovery_new", Value::Null), Code::Cancelled);
    app.refuse(false);
    assert_eq!(kinds(&app.ask("slot_remove", json!({ "kind": "recovery" }))), ["passphrase"]);
    assert_eq!(app.refused("slot_remove", json!({ "kind": "passphrase" })), Code::LastSlot);
    app.ask("recovery_new", Value::Null);
    assert_eq!(kinds(&app.ask("slot_remove", json!({ "kind": "passphrase" }))), ["recovery"]);
}

#[test]
fn space_that_was_not_given_back_before_a_lock_is_given_back_after_the_next_opening() {
    let place = tempfile::tempdir().unwrap();
    let (app, _) = filled(place.path());
    app.ask("vault_lock", Value::Null);
    let folder = app.ask("status", Value::Null)["folder"].as_str().unwrap().to_owned();
    let images = Path::new(&folder).join("images.db");
    // As it is when the catalogue has been written anew and the lock came then.
    let container = rusqlite::Connection::open(&images).unwrap();
    container
        .execute_batch("CREATE TABLE erased (sealed BLOB); INSERT INTO erased VALUES (zeroblob(9000000)); DROP TABLE erased;")
        .unwrap();
    drop(container);
    let before = fs::metadata(&images).unwrap().len();
    assert!(before > 9_000_000);
    app.ask("vault_unlock", by_passphrase(PASSPHRASE));
    until("the giving back", || fs::metadata(&images).unwrap().len() < before - 8_000_000);
    until("the job's end", || {
        let jobs = app.ask("jobs", Value::Null);
        jobs.to_string().contains("done")
    });
}

#[test]
fn a_passphrase_that_costs_less_than_it_should_is_made_dearer_when_it_opens_the_vault_and_never_cheaper() {
    let place = tempfile::tempdir().unwrap();
    let (app, sheet) = App::with_vault(place.path());
    app.ask("vault_lock", Value::Null);
    let status = app.ask("status", Value::Null);
    let header = Path::new(status["folder"].as_str().unwrap()).join("vault.keys");
    let cost = || {
        let text = fs::read_to_string(&header).unwrap();
        let number = |name: &str| -> u32 {
            let rest = text.split(&format!("\"{name}\":")).nth(1).unwrap();
            rest.split(',').next().unwrap().trim().parse().unwrap()
        };
        (number("m_kib"), number("t"))
    };
    let at = |m_kib, t| {
        let cost = crypto::PassphraseParams::new(m_kib, t, 1).unwrap();
        let minute = Duration::from_secs(60);
        App::with_cost(place.path(), minute, Arc::new(SystemClock), cost)
    };
    let open = |app: &App, with: Value| {
        let status = app.ask("vault_unlock", with);
        app.ask("vault_lock", Value::Null);
        status
    };
    assert_eq!(cost(), (8192, 1));
    let dear = at(16384, 3);
    // A recovery key knows nothing of the passphrase.
    open(&dear, json!({ "with": { "by": "recovery", "code": sheet["code"] } }));
    assert_eq!(cost(), (8192, 1));
    let opened = open(&dear, by_passphrase(PASSPHRASE));
    assert_eq!(cost(), (16384, 3));
    assert_eq!(opened["older_keys"], false);
    let made = |status: &Value| {
        let ways = status["slots"].as_array().unwrap().clone();
        ways.into_iter().find(|way| way["kind"] == "passphrase").unwrap()["created_at"].clone()
    };
    assert_eq!(made(&opened), made(&status), "it is the same passphrase");
    // Less memory is not better, however many passes there are.
    for cheap in [at(8192, 1), at(8192, 60)] {
        open(&cheap, by_passphrase(PASSPHRASE));
        assert_eq!(cost(), (16384, 3));
    }
    open(&dear, by_passphrase(PASSPHRASE));
    assert_eq!(dear.refused("vault_unlock", by_passphrase("wrong")), Code::WrongSecret);
}

#[test]
fn an_answer_that_comes_after_a_lock_is_about_nothing_that_is_open_now() {
    let place = tempfile::tempdir().unwrap();
    let (app, sheet) = App::with_vault(&place.path().join("data"));
    let unlock = json!({ "with": { "by": "passphrase", "passphrase": PASSPHRASE } });
    std::thread::scope(|scope| {
        let asked = app.keep_waiting();
        let late = scope.spawn(|| app.refused("recovery_new", Value::Null));
        asked.recv().unwrap();
        app.ask("vault_lock", Value::Null);
        app.ask("vault_unlock", unlock.clone());
        app.answer();
        assert_eq!(late.join().unwrap(), Code::Locked);
    });
    app.ask("vault_lock", Value::Null);
    app.ask("vault_unlock", json!({ "with": { "by": "recovery", "code": sheet["code"] } }));
}
