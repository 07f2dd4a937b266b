//! A locked keyring: refused, unanswered, answered late; and a service that hangs.

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use keychain::{Item, Keychain, KeychainError, Standing};
use zbus::blocking::fdo::{DBusProxy, MonitoringProxy};
use zbus::blocking::{Connection, MessageIterator};

use crate::inside::{bytes, envs, inside, item, key};
use crate::screen::Screen;
use testkit::keyring::{Keyring, KeyringSession, lock};

/// What gnome-keyring asks to show its password window.
const PROMPTER: &str = "org.gnome.keyring.SystemPrompter";

const LIMIT: Duration = Duration::from_secs(1);

fn bus() -> Connection {
    Connection::session().unwrap()
}

/// Everything that is said on the bus from now on.
fn overhear() -> MessageIterator {
    let listener = bus();
    MonitoringProxy::new(&listener).unwrap().become_monitor(&[], 0).unwrap();
    MessageIterator::from(listener)
}

/// A prompter that hears the question and shows it to nobody.
fn mute_prompter() -> Connection {
    let prompter = bus();
    prompter.request_name(PROMPTER).unwrap();
    prompter
}

/// Asks until the thread is free again. Each question answers at once, so this only waits for the thread.
fn until_it_answers<T>(ask: impl Fn() -> Result<T, KeychainError>) -> Result<T, KeychainError> {
    let start = Instant::now();
    loop {
        match ask() {
            Err(KeychainError::Unanswered) if start.elapsed() < Duration::from_secs(60) => {
                thread::yield_now()
            }
            answer => return answer,
        }
    }
}

fn signal(name: &str, service: &Keyring) {
    assert!(Command::new("kill").args([name, &service.pid().to_string()]).status().unwrap().success());
}

#[test]
fn a_locked_keyring_that_cannot_ask_is_locked_and_nothing_is_lost() {
    inside(KeyringSession::start, || {
        let keychain = Keychain::start();
        keychain.store(&item(), &key(1)).unwrap();
        lock(&bus());
        assert_eq!(keychain.load(&item()).unwrap_err(), KeychainError::Locked);
        assert_eq!(keychain.store(&item(), &key(2)).unwrap_err(), KeychainError::Locked);
        assert_eq!(keychain.remove(&item()).unwrap_err(), KeychainError::Locked);
        assert_eq!(keychain.backend().as_deref(), Some("gnome-keyring"));
    });
}

#[test]
fn an_item_that_a_locked_keyring_does_not_list_is_not_called_missing() {
    inside(KeyringSession::start, || {
        let keychain = Keychain::start();
        lock(&bus());
        assert_eq!(keychain.load(&item()).unwrap_err(), KeychainError::Locked);
        assert_eq!(keychain.store(&item(), &key(2)).unwrap_err(), KeychainError::Locked);
    });
}

#[test]
fn a_question_nobody_answers_is_unanswered_within_the_limit_and_later_calls_do_not_wait() {
    inside(KeyringSession::start, || {
        Keychain::start().store(&item(), &key(1)).unwrap();
        let keychain = Keychain::with_time_limit(LIMIT);
        assert!(keychain.backend().is_some());
        let prompter = mute_prompter();
        lock(&bus());
        let start = Instant::now();
        assert_eq!(keychain.load(&item()).unwrap_err(), KeychainError::Unanswered);
        assert!((LIMIT..LIMIT * 10).contains(&start.elapsed()));

        let start = Instant::now();
        assert_eq!(keychain.load(&item()).unwrap_err(), KeychainError::Unanswered);
        assert_eq!(keychain.clone().store(&item(), &key(2)).unwrap_err(), KeychainError::Unanswered);
        assert_eq!(keychain.remove(&item()).unwrap_err(), KeychainError::Unanswered);
        assert_eq!(keychain.backend().as_deref(), Some("gnome-keyring"));
        assert!(start.elapsed() < LIMIT);

        // The window is closed: the thread comes back, and says what it then finds.
        drop(prompter);
        assert_eq!(until_it_answers(|| keychain.load(&item())).unwrap_err(), KeychainError::Locked);
    });
}

#[test]
fn a_password_window_that_nobody_answers_freezes_nobody() {
    inside(KeyringSession::start, || {
        Keychain::start().store(&item(), &key(1)).unwrap();
        let keychain = Keychain::with_time_limit(LIMIT);
        let screen = Screen::start();
        let window = screen.password_window();
        lock(&bus());
        assert_eq!(keychain.load(&item()).unwrap_err(), KeychainError::Unanswered);
        assert_eq!(keychain.load(&item()).unwrap_err(), KeychainError::Unanswered);
        drop(window);
        assert_eq!(until_it_answers(|| keychain.load(&item())).unwrap_err(), KeychainError::Locked);
    });
}

#[test]
fn a_service_that_hangs_freezes_nobody_and_late_writes_do_not_count() {
    inside(KeyringSession::without_keyring, || {
        let service = Keyring::start(&envs());
        Keychain::start().store(&item(), &key(1)).unwrap();
        let keychain = Keychain::with_time_limit(LIMIT);
        assert!(keychain.backend().is_some());
        signal("-STOP", &service);
        let start = Instant::now();
        assert_eq!(keychain.store(&item(), &key(2)).unwrap_err(), KeychainError::Unanswered);
        assert!((LIMIT..LIMIT * 10).contains(&start.elapsed()));
        assert_eq!(keychain.backend().as_deref(), Some("gnome-keyring"));
        signal("-CONT", &service);
        assert_eq!(bytes(until_it_answers(|| keychain.load(&item())).unwrap()), [1]);
    });
}

#[test]
fn a_service_that_dies_in_the_middle_of_a_call_is_asked_again_when_another_has_come() {
    inside(KeyringSession::without_keyring, || {
        let first = Keyring::start(&envs());
        let keychain = Keychain::with_time_limit(Duration::from_secs(60));
        keychain.store(&item(), &key(1)).unwrap();
        signal("-STOP", &first);
        thread::scope(|scope| {
            // It waits in line for the name, as one that the desktop starts anew would come at once.
            let second = scope.spawn(|| Keyring::start(&envs()));
            let dbus = DBusProxy::new(&bus()).unwrap();
            let secrets = || "org.freedesktop.secrets".try_into().unwrap();
            let start = Instant::now();
            while dbus.list_queued_owners(secrets()).map_or(0, |owners| owners.len()) < 2 {
                assert!(start.elapsed() < Duration::from_secs(60), "the second never came");
                thread::yield_now();
            }
            let mut traffic = overhear();
            let answer = scope.spawn(|| keychain.load(&item()));
            // The call has to lie with the first.
            traffic.find(|message| {
                message.as_ref().unwrap().header().member().is_some_and(|m| m == "OpenSession")
            });
            drop(first);
            assert_eq!(bytes(answer.join().unwrap().unwrap()), [1]);
            drop(second.join().unwrap());
        });
    });
}

#[test]
fn callers_on_many_threads_each_get_an_answer() {
    inside(KeyringSession::start, || {
        let keychain = Keychain::start();
        keychain.store(&item(), &key(1)).unwrap();
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| assert_eq!(bytes(keychain.load(&item()).unwrap()), [1]));
            }
        });
    });
}

#[test]
fn a_note_never_asks_the_person_anything() {
    inside(KeyringSession::start, || {
        let keychain = Keychain::with_time_limit(Duration::from_secs(30));
        let anchor = Item::anchor(&model::VaultId::from_bytes([6; 16]));
        let at = |generation| Standing { line: String::new(), place: "here".to_owned(), generation };
        keychain.note(&anchor, &at(3)).unwrap();
        // Were anything asked, nobody would answer.
        let _prompter = mute_prompter();
        lock(&bus());
        assert_eq!(keychain.noted(&anchor), Err(KeychainError::Locked));
        assert_eq!(keychain.note(&anchor, &at(4)), Err(KeychainError::Locked));
    });
}
