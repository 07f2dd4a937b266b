//! Messages are read strictly: what is not in the contract is refused.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wire::messages::{
    AccountView, ChallengeRequest, CodeRequest, EmailChange, EmailUndo, LoginFinish, LoginStart, Problem,
    ProfileChange, RefreshRequest, RegistrationFinish, RegistrationStart, SessionLabel, TicketAnswer,
};
use wire::{DisplayName, Id, RefreshToken, Ticket};

fn b64(bytes: usize) -> String {
    "A".repeat((bytes * 4).div_ceil(3))
}

/// Whether it is read; then it must come out as it went in.
fn reads<T: DeserializeOwned + serde::Serialize>(value: &Value) -> bool {
    match serde_json::from_value::<T>(value.clone()) {
        Ok(read) => {
            assert_eq!(serde_json::to_value(read).unwrap(), *value);
            true
        }
        Err(_) => false,
    }
}

/// A message is read as it is, and no longer when any field is missing, unknown or of another type.
fn is_strict<T: DeserializeOwned + serde::Serialize>(good: &Value, optional: &[&str]) {
    assert!(reads::<T>(good), "{good}");
    let with = |name: &str, value: Value| {
        let mut other = good.clone();
        other.as_object_mut().unwrap().insert(name.to_owned(), value);
        other
    };
    assert!(!reads::<T>(&with("prompt", json!("a lighthouse"))));
    for name in good.as_object().unwrap().keys() {
        assert!(!reads::<T>(&with(name, json!([1]))), "{name}");
        let mut without = good.clone();
        without.as_object_mut().unwrap().remove(name);
        assert_eq!(reads::<T>(&without), optional.contains(&name.as_str()), "{name}");
    }
}

#[test]
fn every_request_is_strict() {
    let ticket = Ticket::random().text().to_string();
    let refresh = RefreshToken::random().text().to_string();
    let id = Id::random().to_string();
    is_strict::<ChallengeRequest>(
        &json!({"purpose": "register", "email": "a@b.example", "locale": "ja"}),
        &[],
    );
    is_strict::<CodeRequest>(&json!({"code": "7KQ0M1XZ"}), &[]);
    is_strict::<RegistrationStart>(&json!({"ticket": ticket, "request": b64(32)}), &[]);
    is_strict::<RegistrationFinish>(
        &json!({"ticket": ticket, "upload": b64(192),
                "new": {"age_min_attested": 16, "notice_version": "2026-11", "locale": "en"}}),
        &["new"],
    );
    is_strict::<LoginStart>(
        &json!({"email": "a@b.example", "ke1": b64(96), "purpose": "export", "device": b64(48)}),
        &["device"],
    );
    is_strict::<LoginFinish>(
        &json!({"login_id": id, "ke3": b64(64), "device_label": "Linux desktop", "platform": "linux"}),
        &["device_label", "platform"],
    );
    is_strict::<RefreshRequest>(&json!({"refresh": refresh}), &[]);
    is_strict::<SessionLabel>(&json!({"device_label": "仕事用"}), &[]);
    is_strict::<EmailChange>(&json!({"ticket": ticket, "address_ticket": ticket}), &[]);
    is_strict::<EmailUndo>(&json!({"ticket": ticket}), &[]);
    is_strict::<ProfileChange>(
        &json!({"display_name": "花", "locale": "ja", "notice_version": "2026-11"}),
        &["display_name", "locale", "notice_version"],
    );
}

#[test]
fn every_answer_is_strict() {
    is_strict::<TicketAnswer>(
        &json!({"ticket": Ticket::random().text().to_string(), "expires_in": 600}),
        &[],
    );
    is_strict::<AccountView>(
        &json!({"email": "a@b.example", "display_name": "花", "locale": "ja", "created_day": "2026-11-27",
                "age_min_attested": 16, "notice_version": "1"}),
        &["display_name"],
    );
    is_strict::<Problem>(
        &json!({"type": "too_many", "title": "Too many tries", "retry_after": 3}),
        &["retry_after"],
    );
}

#[test]
fn a_name_that_is_taken_away_is_told_from_one_that_stays() {
    let change = |text: &str| serde_json::from_str::<ProfileChange>(text).unwrap().display_name;
    assert!(change("{}").is_none());
    assert!(matches!(change(r#"{"display_name":null}"#), Some(None)));
    assert!(change(r#"{"display_name":"花"}"#) == Some(Some(DisplayName::new("花").unwrap())));
}

#[test]
fn bytes_of_another_length_and_ages_of_nobody_are_refused() {
    let ticket = Ticket::random().text().to_string();
    for length in [0, 31, 33, 64] {
        assert!(!reads::<RegistrationStart>(&json!({"ticket": ticket, "request": b64(length)})));
    }
    for age in [0, 12, 22, 255] {
        let new = json!({"age_min_attested": age, "notice_version": "1", "locale": "en"});
        assert!(!reads::<RegistrationFinish>(&json!({"ticket": ticket, "upload": b64(192), "new": new})));
    }
}

#[test]
fn nothing_about_a_person_prints() {
    let request: ChallengeRequest =
        serde_json::from_value(json!({"purpose": "register", "email": "hana@b.example", "locale": "ja"}))
            .unwrap();
    let ticket = Ticket::random();
    let shown = format!("{request:?} {ticket:?} {:?}", wire::Password::new("a secret").unwrap());
    assert!(
        !shown.contains("hana") && !shown.contains("secret") && !shown.contains(&ticket.text()[6..]),
        "{shown}"
    );
}
