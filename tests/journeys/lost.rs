//! Answers of the account service that are lost on their way: what was asked for is done there, and the person is not left with
//! an error about it.

use journeys::service::Running;
use journeys::tap::Tap;
use serde_json::{Value, json};
use studio::Code;
use testkit::inside::inside;
use testkit::keyring::KeyringSession;

use crate::account::{EMAIL, OTHER_PASSWORD, PASSWORD, by_mail, grown_up, patiently, register};
use crate::app::App;

const SETS: &str = "POST /v1/opaque/registration/finish";
const SIGNS_IN: &str = "POST /v1/opaque/login/start";
const MOVES: &str = "POST /v1/account/email ";
const DELETES: &str = "DELETE /v1/account ";
const OTHER: &str = "other@example.com";

/// An application whose way to the service loses answers.
fn on_a_bad_line(work: impl Fn(&App, &Running, &Tap)) {
    let (place, service) = (tempfile::tempdir().unwrap(), Running::start());
    let tap = Tap::before(service.socket());
    let (app, _) = App::with_vault(&place.path().join("data"));
    app.ask("account_service", json!({ "address": format!("http://{}", tap.address) }));
    work(&app, &service, &tap);
    assert!(tap.has_lost_all(), "an answer that was to be lost was not");
}

fn prove(app: &App, purpose: &str, password: &str) {
    app.ask("account_prove", json!({ "purpose": purpose, "password": password }));
}

fn standing(app: &App, part: &str) -> Value {
    app.ask("account", Value::Null)[part].clone()
}

#[test]
fn a_password_whose_answer_was_lost_is_set_and_signs_in() {
    inside(KeyringSession::without_keyring, || {
        on_a_bad_line(|app, service, tap| {
            tap.loses(SETS);
            register(app, service, false);
            prove(app, "change_password", PASSWORD);
            tap.loses(SETS);
            let set = json!({ "password": OTHER_PASSWORD, "keep": false });
            assert_eq!(app.ask("account_password", set)["signed_in"], true);
            prove(app, "export", OTHER_PASSWORD);
        });
    });
}

#[test]
fn who_can_not_be_told_whether_the_password_is_set_is_told_at_the_next_try() {
    inside(KeyringSession::without_keyring, || {
        on_a_bad_line(|app, service, tap| {
            app.ask("account_age", grown_up());
            by_mail(app, service, "register", EMAIL);
            tap.loses(SETS);
            tap.loses(SIGNS_IN);
            let set = json!({ "password": PASSWORD, "keep": false });
            assert_eq!(app.refused("account_password", set.clone()), Code::ServiceUnanswered);
            assert_eq!(
                (standing(app, "signed_in"), standing(app, "checked")),
                (json!(false), json!("register"))
            );
            // The sign-in whose answer was lost is a try without an end, after which the service wants a pause.
            assert_eq!(patiently(app, "account_password", &set).unwrap()["signed_in"], true);
            assert_eq!(standing(app, "checked"), Value::Null);
        });
    });
}

#[test]
fn a_password_other_than_the_one_whose_answer_was_lost_is_not_taken_for_it() {
    inside(KeyringSession::without_keyring, || {
        on_a_bad_line(|app, service, tap| {
            app.ask("account_age", grown_up());
            by_mail(app, service, "register", EMAIL);
            tap.loses(SETS);
            tap.loses(SIGNS_IN);
            let set = |password: &str| json!({ "password": password, "keep": false });
            assert_eq!(app.refused("account_password", set(PASSWORD)), Code::ServiceUnanswered);
            let other = patiently(app, "account_password", &set(OTHER_PASSWORD));
            assert_eq!(other.unwrap_err().code, Code::StepOver);
            assert_eq!(standing(app, "signed_in"), false);
        });
    });
}

#[test]
fn a_move_whose_answer_was_lost_is_done() {
    inside(KeyringSession::without_keyring, || {
        on_a_bad_line(|app, service, tap| {
            register(app, service, false);
            prove(app, "change_email", PASSWORD);
            by_mail(app, service, "change_email", OTHER);
            tap.loses(MOVES);
            app.ask("account_email_move", Value::Null);
            assert_eq!(app.ask("account_record", Value::Null)["email"], OTHER);
        });
    });
}

#[test]
fn a_deletion_whose_answer_was_lost_gives_its_receipt_all_the_same() {
    inside(KeyringSession::without_keyring, || {
        on_a_bad_line(|app, service, tap| {
            register(app, service, true);
            prove(app, "delete_account", PASSWORD);
            tap.loses(DELETES);
            assert_eq!(app.ask("account_delete", Value::Null)["genuine"], true);
            assert_eq!((standing(app, "signed_in"), standing(app, "kept")), (json!(false), Value::Null));

            register(app, service, true);
            prove(app, "delete_account", PASSWORD);
            tap.loses(DELETES);
            tap.loses(DELETES);
            assert_eq!(app.refused("account_delete", Value::Null), Code::ServiceUnanswered);
            assert_eq!(standing(app, "proved"), "delete_account");
            assert_eq!(app.ask("account_delete", Value::Null)["genuine"], true);
            assert_eq!(standing(app, "signed_in"), false);
        });
    });
}

#[test]
fn who_deletes_another_account_by_mail_stays_signed_in() {
    inside(KeyringSession::without_keyring, || {
        on_a_bad_line(|app, service, _| {
            app.ask("account_age", grown_up());
            by_mail(app, service, "register", OTHER);
            app.ask("account_password", json!({ "password": OTHER_PASSWORD, "keep": false }));
            app.ask("account_sign_out", Value::Null);
            register(app, service, true);
            by_mail(app, service, "delete_account", OTHER);
            assert_eq!(app.ask("account_delete", Value::Null)["genuine"], true);
            assert_eq!((standing(app, "signed_in"), standing(app, "kept")), (json!(true), json!("vault")));
            assert_eq!(app.ask("account_record", Value::Null)["email"], EMAIL);
        });
    });
}
