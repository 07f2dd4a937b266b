//! What the tests share: a record and its keys.

use std::env;

use crypto::Kek;
use keychain::Item;
use model::VaultId;

pub use testkit::inside::{inside, without_a_bus};

/// The environment of the session that this process is in.
pub fn envs() -> Vec<(String, String)> {
    env::vars().collect()
}

pub fn item() -> Item {
    Item::vault(&VaultId::from_bytes([5; 16]))
}

/// The name under which the store lists [`item`].
pub const ACCOUNT: &str = "vault:05050505-0505-0505-0505-050505050505";

pub fn key(byte: u8) -> Kek {
    Kek::from_bytes([byte; 32])
}

/// The keys as bytes, in order.
pub fn bytes(keys: Vec<Kek>) -> Vec<u8> {
    let mut bytes: Vec<u8> = keys.iter().map(|key| key.as_bytes()[0]).collect();
    bytes.sort_unstable();
    bytes
}
