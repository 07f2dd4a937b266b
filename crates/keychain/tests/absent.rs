//! No store, and a store that goes away and comes back.

use std::time::{Duration, Instant};

use keychain::{Keychain, KeychainError};

use crate::inside::{bytes, envs, inside, item, key, without_a_bus};
use testkit::keyring::{Keyring, KeyringSession};

/// Far from the thirty seconds that a time-out takes, even on a busy machine.
const SOON: Duration = Duration::from_secs(5);

fn nothing_is_available(keychain: &Keychain) {
    let start = Instant::now();
    assert_eq!(keychain.backend(), None);
    assert_eq!(keychain.store(&item(), &key(1)).unwrap_err(), KeychainError::Unavailable);
    assert_eq!(keychain.load(&item()).unwrap_err(), KeychainError::Unavailable);
    assert_eq!(keychain.remove(&item()).unwrap_err(), KeychainError::Unavailable);
    assert!(start.elapsed() < SOON);
}

#[test]
fn without_a_bus_the_keychain_is_unavailable_at_once() {
    without_a_bus(|| nothing_is_available(&Keychain::start()));
}

#[test]
fn a_bus_without_a_secret_service_is_unavailable_at_once() {
    inside(KeyringSession::without_keyring, || nothing_is_available(&Keychain::start()));
}

#[test]
fn a_service_that_appears_dies_and_returns_is_used_again() {
    inside(KeyringSession::without_keyring, || {
        let keychain = Keychain::start();
        nothing_is_available(&keychain);
        let service = Keyring::start(&envs());
        assert_eq!(keychain.backend().as_deref(), Some("gnome-keyring"));
        keychain.store(&item(), &key(4)).unwrap();
        drop(service);
        nothing_is_available(&keychain);
        let _service = Keyring::start(&envs());
        assert_eq!(bytes(keychain.load(&item()).unwrap()), [4]);
        assert_eq!(keychain.backend().as_deref(), Some("gnome-keyring"));
    });
}
