//! SHA-256, for naming bytes by what they are.
//!
//! **Invariant:** digests only; authentication is done with the keys of this crate, never with a bare hash.

use ring::digest::{Context, Digest, SHA256};

/// SHA-256 of bytes that are all at hand (FIPS 180-4).
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    to_array(&ring::digest::digest(&SHA256, bytes))
}

/// SHA-256 of bytes that come in pieces.
#[derive(Clone)]
pub struct Sha256Hasher(Context);

impl Sha256Hasher {
    /// Starts with no bytes.
    pub fn new() -> Self {
        Self(Context::new(&SHA256))
    }

    /// Adds the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all bytes added.
    pub fn finish(self) -> [u8; 32] {
        to_array(&self.0.finish())
    }
}

impl Default for Sha256Hasher {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Sha256Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sha256Hasher(…)")
    }
}

fn to_array(digest: &Digest) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest.as_ref());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_fips_180_whole_or_in_pieces() {
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex::encode(sha256(b"abc")), known);
        let mut pieces = Sha256Hasher::new();
        pieces.update(b"a");
        pieces.update(b"bc");
        assert_eq!(hex::encode(pieces.finish()), known);
    }
}
