//! Randomness from the operating system.
//!
//! **Invariant:** there is no other source, and no seed that a caller could give.

use model::{BlobId, VaultId};
use ring::rand::{SecureRandom, SystemRandom};

/// `N` random bytes.
///
/// # Panics
/// When the operating system has no randomness: nothing that this crate makes would be safe then.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    fill(&mut bytes);
    bytes
}

/// Fills a buffer where it stands, so that no copy is left behind.
///
/// # Panics
/// As [`random`].
pub fn fill(bytes: &mut [u8]) {
    if SystemRandom::new().fill(bytes).is_err() {
        panic!("the operating system gives no random bytes");
    }
}

/// A new vault's id.
pub fn new_vault_id() -> VaultId {
    VaultId::from_bytes(random())
}

/// A new blob's id. It tells nothing, not even when it was made.
pub fn new_blob_id() -> BlobId {
    BlobId::from_bytes(random())
}
