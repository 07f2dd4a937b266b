//! Lives of accounts from their owner's side, with the real service over real HTTP.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod clocks;
#[cfg(target_os = "linux")]
mod kept;
mod middle;
mod world;

use account::{Account, AccountError, Keeping, Known, Standing};
use journeys::tap;
use serde_json::Value;
use wire::messages::{Age, Locale, MailPurpose, NewAccount, ProfileChange};
use wire::{DeviceLabel, DisplayName, Email, NoticeVersion, Password, Purpose, ServerKey};
use world::{Place, World};

const WORDS: &str = "夜明けの灯台と青い鳥 and a lantern";

fn hana() -> Email {
    Email::new("hana@example.com").unwrap()
}

fn password() -> Password {
    Password::new(WORDS).unwrap()
}

fn new_account() -> Option<NewAccount> {
    Some(NewAccount {
        age_min_attested: Age::try_from(16).unwrap(),
        notice_version: NoticeVersion::new("2026-11").unwrap(),
        locale: Locale::Ja,
    })
}

/// Makes an account as the screens do.
async fn register(world: &World, account: &Account) {
    let challenge = account.ask_code(MailPurpose::Register, &hana(), Locale::Ja).await.unwrap();
    let code = world.code_for("hana@example.com");
    let ticket = account.give_code(&challenge.challenge_id, &code).await.unwrap();
    account.set_password(&ticket, &password(), new_account()).await.unwrap();
}

async fn sign_in(account: &Account) -> Result<(), AccountError> {
    let label = DeviceLabel::new("Linux desktop").ok();
    account.sign_in(&hana(), &password(), label, Keeping::Memory).await.map(drop)
}

#[test]
fn everything_that_leaves_in_the_life_of_an_account_is_in_the_closed_list() {
    let world = World::new();
    let tap = world.tap();
    let account = world.account(Place::Tap(&tap), Known::NotYet);
    world.block_on(async {
        account.service().await.unwrap();
        register(&world, &account).await;
        assert_eq!(account.standing(), Standing::SignedOut, "a registration is no session");
        sign_in(&account).await.unwrap();
        assert_eq!(account.view().await.unwrap().email, hana());
        let change = ProfileChange {
            display_name: Some(DisplayName::new("佐藤 花").ok()),
            locale: Some(Locale::En),
            notice_version: NoticeVersion::new("2027-01").ok(),
        };
        assert!(account.change_profile(&change).await.unwrap().display_name.is_some());
        let devices = account.devices().await.unwrap();
        account.name_device(&devices[0].id, DeviceLabel::new("仕事部屋").unwrap()).await.unwrap();
        account.end_other_devices().await.unwrap();
        world.pass(1000);
        // Another password.
        let proof = account.ticket_for(Purpose::ChangePassword, &hana(), &password()).await.unwrap();
        account.set_password(&proof, &password(), None).await.unwrap();
        assert_eq!(account.view().await.err(), Some(AccountError::SignedOut));
        sign_in(&account).await.unwrap();
        // A lost one.
        let challenge = account.ask_code(MailPurpose::ResetPassword, &hana(), Locale::En).await.unwrap();
        let code = world.code_for("hana@example.com");
        let reset = account.give_code(&challenge.challenge_id, &code).await.unwrap();
        account.set_password(&reset, &password(), None).await.unwrap();
        sign_in(&account).await.unwrap();
        // Another address and back.
        let proof = account.ticket_for(Purpose::ChangeEmail, &hana(), &password()).await.unwrap();
        let other = Email::new("other@example.com").unwrap();
        let challenge = account.ask_code(MailPurpose::ChangeEmail, &other, Locale::En).await.unwrap();
        let code = world.code_for("other@example.com");
        let address = account.give_code(&challenge.challenge_id, &code).await.unwrap();
        account.change_email(&proof, &other, &address).await.unwrap();
        account.undo_email(&world.undo()).await.unwrap();
        sign_in(&account).await.unwrap();
        // Everything, and the end.
        let ticket = account.ticket_for(Purpose::Export, &hana(), &password()).await.unwrap();
        let rows: Value = serde_json::from_slice(&account.export(&ticket).await.unwrap()).unwrap();
        assert_eq!(rows["account"]["email"], "hana@example.com");
        account.sign_out().await.unwrap();
        let ticket = account.ticket_for(Purpose::DeleteAccount, &hana(), &password()).await.unwrap();
        assert!(account.delete(&ticket).await.unwrap().genuine);
        assert_eq!(sign_in(&account).await, Err(AccountError::Refused));
    });
    let requests = tap.requests();
    assert!(requests.len() > 40, "{}", requests.len());
    for request in &requests {
        tap::is_in_the_closed_list(request);
        for secret in [WORDS, "lantern", "夜明け"] {
            assert!(!request.raw_contains(secret), "the password left in {}", request.path);
        }
    }
    // The ledger tells of each, and of nothing else.
    let lines = world.lines();
    assert_eq!(lines.len(), requests.len());
    for (line, request) in lines.iter().zip(&requests) {
        assert_eq!(line.bytes, request.body.len() as u64, "{}", request.path);
        let mut named: Vec<&str> =
            line.fields.iter().copied().filter(|name| !["session"].contains(name)).collect();
        if request.ticket_header {
            named.retain(|name| *name != "ticket");
        }
        let mut sent = request.fields();
        named.sort_unstable();
        sent.sort_unstable();
        assert_eq!(named, sent, "{}", request.path);
        assert!(!named.contains(&"?"), "{}", request.path);
    }
}

#[test]
fn a_wrong_password_and_no_account_are_one_refusal() {
    let world = World::new();
    let account = world.account(Place::Direct, Known::NotYet);
    world.block_on(async {
        register(&world, &account).await;
        let wrong = Password::new("not the password at all").unwrap();
        let nobody = Email::new("nobody@example.com").unwrap();
        let attempts = [(hana(), wrong), (nobody, password())];
        for (email, password) in attempts {
            let refused = account.sign_in(&email, &password, None, Keeping::Memory).await;
            assert_eq!(refused, Err(AccountError::Refused));
        }
        let again = account.sign_in(&hana(), &password(), None, Keeping::Memory).await;
        assert_eq!(again, Err(AccountError::TooMany(1)));
        assert_eq!(account.standing(), Standing::SignedOut);
    });
}

#[test]
fn a_session_that_ended_elsewhere_shows_at_the_next_contact_and_offline_it_goes_on() {
    let world = World::new();
    let [here, there] = [(); 2].map(|()| world.account(Place::Direct, Known::NotYet));
    world.block_on(async {
        register(&world, &here).await;
        sign_in(&here).await.unwrap();
        sign_in(&there).await.unwrap();
        // What another device changes shows.
        let change =
            ProfileChange { display_name: Some(DisplayName::new("花").ok()), ..ProfileChange::default() };
        there.change_profile(&change).await.unwrap();
        assert_eq!(here.view().await.unwrap().display_name, DisplayName::new("花").ok());
        there.end_other_devices().await.unwrap();
        assert_eq!(here.view().await.err(), Some(AccountError::SignedOut));
        assert_eq!(here.standing(), Standing::SignedOut);
        world.stop();
        assert_eq!(there.view().await.err(), Some(AccountError::Offline));
        assert_eq!(there.standing(), Standing::SignedIn, "being offline signs nobody out");
        // Here at once, whether the service hears of it or not.
        assert_eq!(there.sign_out().await, Err(AccountError::Offline));
        assert_eq!(there.standing(), Standing::SignedOut);
    });
}

#[test]
fn another_service_in_the_place_of_the_known_one_gets_nothing() {
    let (world, thief) = (World::new(), World::new());
    let account = world.account(Place::Direct, Known::NotYet);
    let known = world.block_on(async {
        register(&world, &account).await;
        account.server_key().unwrap()
    });
    assert_eq!(known.fingerprint(), world.server_key().fingerprint());
    // The thief has an account of this name, with the same password even.
    let own = thief.account(Place::Direct, Known::NotYet);
    thief.block_on(register(&thief, &own));
    let deceived = thief.account(Place::Direct, Known::By(known));
    thief.block_on(async {
        assert_eq!(deceived.service().await.err(), Some(AccountError::AnotherService));
        assert_eq!(sign_in(&deceived).await, Err(AccountError::AnotherService));
        let challenge = deceived.ask_code(MailPurpose::ResetPassword, &hana(), Locale::En).await.unwrap();
        let ticket =
            deceived.give_code(&challenge.challenge_id, &thief.code_for("hana@example.com")).await.unwrap();
        let refused = deceived.set_password(&ticket, &password(), None).await;
        assert_eq!(refused, Err(AccountError::AnotherService));
    });
    let strange = world.account(Place::Direct, Known::By(ServerKey::from_bytes([1; 32])));
    assert_eq!(world.block_on(strange.service()).err(), Some(AccountError::AnotherService));
}
