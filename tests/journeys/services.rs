//! The account beside services that are slow, others, or not there at all.

use std::io::Read as _;
use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use journeys::service::Running;
use journeys::tap::Tap;
use serde_json::{Value, json};
use studio::Code;
use testkit::inside::inside;
use testkit::keyring::KeyringSession;

use crate::account::{EMAIL, PASSWORD, again, app_with, ledger, register, sign_in};
use crate::app::{App, PASSPHRASE};
use crate::residue;

#[test]
fn a_lock_ends_a_request_at_once_and_its_line_says_that_nobody_knows() {
    let place = tempfile::tempdir().unwrap();
    let (app, _) = App::with_vault(&place.path().join("data"));
    // Somebody who takes the request and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", silent.local_addr().unwrap());
    app.ask("account_service", json!({ "address": address }));
    thread::scope(|scope| {
        let (took, taken) = mpsc::channel();
        let asking = scope.spawn(|| app.refused("account_meet", Value::Null));
        scope.spawn(move || {
            let (mut stream, _) = silent.accept().unwrap();
            let mut first = [0; 1];
            stream.read_exact(&mut first).unwrap();
            took.send(()).unwrap();
            // Until the other end is gone.
            let _ = stream.read_to_end(&mut Vec::new());
        });
        taken.recv().unwrap();
        let begun = Instant::now();
        app.ask("vault_lock", Value::Null);
        assert_eq!(asking.join().unwrap(), Code::Locked);
        assert!(begun.elapsed() < Duration::from_secs(10), "it waited for the answer");
    });
    again(&app);
    let lines = ledger(&app);
    assert_eq!(lines.len(), 1);
    assert!(["open", "cancelled"].contains(&lines[0]["outcome"].as_str().unwrap()), "{}", lines[0]);
}

#[test]
fn nothing_that_began_with_one_service_goes_on_with_another() {
    let place = tempfile::tempdir().unwrap();
    let (app, _) = App::with_vault(&place.path().join("data"));
    let slow = TcpListener::bind("127.0.0.1:0").unwrap();
    app.ask("account_service", json!({ "address": format!("http://{}", slow.local_addr().unwrap()) }));
    let other = Running::start();
    thread::scope(|scope| {
        let (took, taken) = mpsc::channel();
        let asking = scope
            .spawn(|| app.refused("account_code", json!({ "purpose": "reset_password", "email": EMAIL })));
        scope.spawn(move || {
            let (mut stream, _) = slow.accept().unwrap();
            let mut first = [0; 1];
            stream.read_exact(&mut first).unwrap();
            took.send(()).unwrap();
            let _ = stream.read_to_end(&mut Vec::new());
        });
        taken.recv().unwrap();
        app.ask("account_service", json!({ "address": other.address }));
        assert_eq!(asking.join().unwrap(), Code::Cancelled);
    });
    let state = app.ask("account", Value::Null);
    assert_eq!((&state["code"], &state["service"]["fingerprint"]), (&Value::Null, &Value::Null), "{state}");
    assert_eq!(app.refused("account_verify", json!({ "typed": "7KQ0-M1XZ" })), Code::StepOver);
    app.ask("account_meet", Value::Null);
}

#[test]
fn a_deletion_that_does_not_reach_the_service_leaves_everything_and_is_done_the_next_time() {
    inside(KeyringSession::without_keyring, || {
        let (place, service) = (tempfile::tempdir().unwrap(), Running::start());
        let tap = Tap::before(service.socket());
        let (app, _) = App::with_vault(&place.path().join("data"));
        app.ask("account_service", json!({ "address": format!("http://{}", tap.address) }));
        register(&app, &service, true);
        app.ask("account_prove", json!({ "purpose": "delete_account", "password": PASSWORD }));
        let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        tap.lead_to(nobody);
        assert_eq!(app.refused("account_delete", Value::Null), Code::ServiceUnreachable);
        let state = app.ask("account", Value::Null);
        assert_eq!(
            (&state["signed_in"], &state["proved"]),
            (&json!(true), &json!("delete_account")),
            "{state}"
        );
        tap.lead_to(service.socket());
        assert_eq!(app.ask("account_record", Value::Null)["email"], EMAIL, "the account is as it was");
        assert_eq!(app.ask("account_delete", Value::Null)["genuine"], true);
        assert_eq!(app.ask("account", Value::Null)["signed_in"], false);
    });
}

#[test]
fn many_devices_are_listed_and_one_that_signs_in_again_is_one_device() {
    inside(KeyringSession::without_keyring, || {
        let (place, service) = (tempfile::tempdir().unwrap(), Running::start());
        let app = app_with(place.path(), &service);
        register(&app, &service, true);
        let long = "端".repeat(64);
        for _ in 0..2 {
            sign_in(&app, PASSWORD, false);
            let record = app.ask("account_record", Value::Null);
            assert_eq!(record["devices"].as_array().unwrap().len(), 1, "the session before is ended");
        }
        // More than four kilobytes of them, each with a name of the greatest length.
        for n in 1..16 {
            app.ask("vault_lock", Value::Null);
            app.ask("vault_unlock", json!({ "with": { "by": "passphrase", "passphrase": PASSPHRASE } }));
            sign_in(&app, PASSWORD, false);
            let record = app.ask("account_record", Value::Null);
            assert_eq!(record["devices"].as_array().unwrap().len(), n + 1);
            let device = record["devices"][0]["id"].clone();
            app.ask("account_device_name", json!({ "device": device, "label": long }));
        }
        let gone = app.ask("account_record", Value::Null)["devices"][9]["id"].clone();
        assert_eq!(
            app.ask("account_device_end", json!({ "device": gone }))["devices"].as_array().unwrap().len(),
            15
        );
        let named = json!({ "device": gone, "label": "x" });
        assert_eq!(app.refused("account_device_name", named), Code::NoSuchDevice);
        assert_eq!(app.ask("account", Value::Null)["signed_in"], true);
        assert_eq!(
            app.ask("account_device_end", json!({ "device": null }))["devices"].as_array().unwrap().len(),
            1
        );
    });
}

#[test]
fn without_a_service_everything_else_works_and_the_account_says_so() {
    let place = tempfile::tempdir().unwrap();
    let (app, _) = App::with_vault(&place.path().join("data"));
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (address, refused) in [
        ("account.example", Code::AddressMalformed),
        ("http://account.example.com", Code::AddressPlain),
        ("https://169.254.169.254", Code::AddressForbidden),
        ("https://user@account.example", Code::AddressMalformed),
    ] {
        assert_eq!(app.refused("account_service", json!({ "address": address })), refused, "{address}");
    }
    app.refuse(true);
    let unasked = json!({ "address": format!("http://{nobody}") });
    assert_eq!(app.refused("account_service", unasked), Code::Cancelled, "a question of the system's own");
    app.refuse(false);
    assert_eq!(app.ask("account", Value::Null)["service"]["hosted"], true, "nothing was changed");
    app.ask("account_service", json!({ "address": format!("http://{nobody}") }));
    assert_eq!(app.refused("account_meet", Value::Null), Code::ServiceUnreachable);
    assert_eq!(ledger(&app)[0]["outcome"], "failed");
    let pictures = place.path().join("outside");
    std::fs::create_dir_all(&pictures).unwrap();
    std::fs::write(
        pictures.join("a.png"),
        residue::with_parameters("灯籠\nSteps: 9, Sampler: Euler, CFG scale: 1, Seed: 7, Size: 64x64"),
    )
    .unwrap();
    app.import(&pictures);
    assert_eq!(app.hits(json!({ "text": "灯籠" })).len(), 1);
}

#[test]
fn another_service_at_the_same_address_gets_nothing() {
    inside(KeyringSession::without_keyring, || {
        let (place, service, thief) = (tempfile::tempdir().unwrap(), Running::start(), Running::start());
        let app = app_with(place.path(), &service);
        let met = app.ask("account_meet", Value::Null);
        assert_eq!(met["service"]["fingerprint"].as_str().unwrap().len(), 35);
        // The same vault finds another key where it knew one: as if the address led elsewhere now.
        let way = Tap::before(thief.socket());
        app.ask("account_service", json!({ "address": format!("http://{}", way.address) }));
        app.ask("account_meet", Value::Null);
        way.lead_to(service.socket());
        assert_eq!(app.refused("account_meet", Value::Null), Code::AnotherService);
        let secret = json!({ "email": EMAIL, "password": PASSWORD, "keep": false });
        assert_eq!(
            app.refused("account_sign_in", secret),
            Code::AccountRefused,
            "there is no such account there"
        );
    });
}
