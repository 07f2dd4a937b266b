//! The account in the shipped program: its password is typed in the window for typing, and is then nowhere.

use journeys::service::Running as Service;
use journeys::tap::{Tap, is_in_the_closed_list};
use journeys::window::wait::{until, until_or};
use journeys::window::{Display, Hands, Home};
use studio::{AgeAnswer, CodeFor, Studio, Unlock, WithCode};

use crate::apart::{places_of, sees_it_go};
use crate::sealed::{PASSPHRASE, TITLE, make_vault, sees, shipped, studio, unlocks};

const EMAIL: &str = "hana@example.com";
pub(crate) const PASSWORD: &str = "nine herons beneath a copper bridge";
/// The window for typing.
pub(crate) const ENTRY: &str = "Enter the account’s password";

pub(crate) fn opened(home: &Home) -> Studio {
    let studio = studio(home);
    studio.unlock(Unlock::Passphrase { passphrase: PASSPHRASE.to_owned() }).unwrap();
    studio
}

/// An account at the service that the vault knows; nobody is signed in.
pub(crate) fn has_account(home: &Home, service: &Service, address: &str) {
    let studio = opened(home);
    studio.set_service(Some(address)).unwrap();
    studio.answer_age(&AgeAnswer { country: "JP".to_owned(), year: 1990, month: 4 }).unwrap();
    studio.ask_code(&WithCode { purpose: CodeFor::Register, email: EMAIL.to_owned() }).unwrap();
    studio.give_code(&service.code_for(EMAIL)).unwrap();
    studio.set_password(PASSWORD.to_owned(), false).unwrap();
    studio.sign_out().unwrap();
    studio.lock();
}

/// Opens the vault and asks to sign in; gives the window for typing.
pub(crate) fn unlocks_and_is_to_sign_in(display: &Display) -> Hands<'_> {
    let hands = Hands::on_window(display, TITLE);
    sees(&hands, "the lock screen", 11_000..18_000);
    unlocks(display, &hands);
    sees(&hands, "the empty gallery", 1_000..10_000);
    hands.press("ctrl+k");
    hands.write("Sign in");
    hands.press("Return");
    hands.write(EMAIL);
    hands.press("Return");
    Hands::on_window(display, ENTRY)
}

#[test]
fn the_accounts_password_is_typed_apart_and_then_in_no_process() {
    let (display, home, service) = (Display::start(), Home::new("en_US.UTF-8"), Service::start());
    let tap = Tap::before(service.socket());
    make_vault(&home);
    has_account(&home, &service, &format!("http://{}", tap.address));
    let before = tap.requests().len();

    let mut app = shipped(&mut home.command(crate::SHIPPED, &display), &home);
    let entry = unlocks_and_is_to_sign_in(&display);
    entry.write(PASSWORD);
    until("the typed password", || (!places_of(&app, PASSWORD).is_empty()).then_some(()));
    entry.press("Return");
    sees_it_go(&display, &app, ENTRY);
    let left = || places_of(&app, PASSWORD);
    until_or(|| left().is_empty().then_some(()), || format!("nothing to be left of {:?}", left()));

    let hands = Hands::on_window(&display, TITLE);
    hands.closes_it();
    assert!(app.end().success());
    let studio = opened(&home);
    assert!(studio.account().unwrap().signed_in, "the session is kept");
    assert_eq!(studio.account_record().unwrap().email, EMAIL);
    // Every byte that the window's program sent is in the closed list, and in the ledger.
    let (lines, requests) = (studio.ledger(&studio::LedgerRequest::default()).unwrap().lines, tap.requests());
    assert!(requests.len() > before + 2);
    assert_eq!(lines.len(), requests.len());
    for (request, line) in requests.iter().zip(lines.iter().rev()) {
        is_in_the_closed_list(request);
        assert_eq!(line.sent, request.body.len() as u64, "{}", request.path);
        assert!(!request.raw_contains(PASSWORD) && !request.raw_contains(PASSPHRASE), "{}", request.path);
    }
    studio.lock();
}
