//! The keys themselves: random bytes that are wiped when they go.
//!
//! **Invariant:** a key lives in one place that is not swapped out nor dumped where the system allows, so that moving it
//! leaves no copy; it prints as `…`.

use std::fmt;

use memory::Guarded;
use model::VaultId;
use ring::hkdf::{HKDF_SHA256, Salt};
use zeroize::Zeroize;

use crate::random;

/// `N` secret bytes, wiped on drop.
pub(crate) struct Secret<const N: usize>(Guarded<N>);

impl<const N: usize> Secret<N> {
    pub(crate) fn zero() -> Self {
        Self(Guarded::zero())
    }

    pub(crate) fn random() -> Self {
        let mut secret = Self::zero();
        random::fill(secret.bytes_mut());
        secret
    }

    pub(crate) fn from_bytes(mut bytes: [u8; N]) -> Self {
        let mut secret = Self::zero();
        secret.bytes_mut().copy_from_slice(&bytes);
        bytes.zeroize();
        secret
    }

    pub(crate) fn bytes(&self) -> &[u8; N] {
        self.0.bytes()
    }

    pub(crate) fn bytes_mut(&mut self) -> &mut [u8; N] {
        self.0.bytes_mut()
    }
}

impl<const N: usize> fmt::Debug for Secret<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// HKDF-SHA256 (RFC 5869) to 32 bytes.
pub(crate) fn derive(salt: &[u8], secret: &[u8], info: &[u8]) -> Secret<32> {
    let mut out = Secret::zero();
    let prk = Salt::new(HKDF_SHA256, salt).extract(secret);
    let filled = prk.expand(&[info], HKDF_SHA256).and_then(|okm| okm.fill(out.bytes_mut()));
    if filled.is_err() {
        unreachable!("32 bytes are within the limit of HKDF");
    }
    out
}

/// The key of one vault in one epoch. Everything in the vault hangs on it; it is never written but wrapped in slots.
#[derive(Debug)]
pub struct VaultKey(Secret<32>);

impl VaultKey {
    /// A new key.
    pub fn random() -> Self {
        Self(Secret::random())
    }

    pub(crate) fn from_secret(secret: Secret<32>) -> Self {
        Self(secret)
    }

    /// The 32 bytes. Don't copy them into something that isn't wiped.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.bytes()
    }

    /// The raw key of `catalogue.db` in a vault of version 1: HKDF-SHA256, salt = the vault's id, info = `zimg/catalogue/v1`.
    pub fn catalogue_key(&self, vault: &VaultId) -> SubKey {
        SubKey(derive(vault.as_bytes(), self.as_bytes(), b"zimg/catalogue/v1"))
    }

    /// The key that wraps the catalogue's: likewise with info = `zimg/catalogue-wrap/v2`.
    pub fn catalogue_wrap_key(&self, vault: &VaultId) -> SubKey {
        SubKey(derive(vault.as_bytes(), self.as_bytes(), b"zimg/catalogue-wrap/v2"))
    }

    /// The key of the header's MAC: likewise with info = `zimg/header/v1`.
    pub fn header_key(&self, vault: &VaultId) -> SubKey {
        SubKey(derive(vault.as_bytes(), self.as_bytes(), b"zimg/header/v1"))
    }
}

/// A key derived from the vault's key for one purpose.
#[derive(Debug)]
pub struct SubKey(Secret<32>);

impl SubKey {
    pub(crate) fn from_secret(secret: Secret<32>) -> Self {
        Self(secret)
    }

    pub(crate) fn secret(&self) -> &Secret<32> {
        &self.0
    }

    /// The same key in a locked page of its own.
    pub fn duplicate(&self) -> Self {
        let mut copy = Secret::zero();
        copy.bytes_mut().copy_from_slice(self.0.bytes());
        Self(copy)
    }

    /// The 32 bytes. Don't copy them into something that isn't wiped.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.bytes()
    }
}

/// A key that wraps the vault's key in one slot ("key-encryption key").
#[derive(Debug)]
pub struct Kek(Secret<32>);

impl Kek {
    /// A new key.
    pub fn random() -> Self {
        Self(Secret::random())
    }

    /// Takes the bytes that a keyring kept.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Secret::from_bytes(bytes))
    }

    pub(crate) fn from_secret(secret: Secret<32>) -> Self {
        Self(secret)
    }

    /// The bytes for a keyring to keep.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hkdf_gives_the_first_vector_of_rfc_5869() {
        let salt = hex::decode("000102030405060708090a0b0c").unwrap();
        let info = hex::decode("f0f1f2f3f4f5f6f7f8f9").unwrap();
        let okm = derive(&salt, &[0x0b; 22], &info);
        assert_eq!(
            hex::encode(okm.bytes()),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
        );
    }

    #[test]
    fn subkeys_differ_by_purpose_and_by_vault() {
        let key = VaultKey::from_secret(Secret::from_bytes([7; 32]));
        let (a, b) = (VaultId::from_bytes([1; 16]), VaultId::from_bytes([2; 16]));
        assert_ne!(key.catalogue_key(&a).as_bytes(), key.header_key(&a).as_bytes());
        assert_ne!(key.catalogue_key(&a).as_bytes(), key.catalogue_key(&b).as_bytes());
        assert_eq!(key.catalogue_key(&a).as_bytes(), key.catalogue_key(&a).as_bytes());
    }

    #[test]
    fn no_secret_prints_its_content() {
        let secret = Secret::from_bytes([0xab; 32]);
        assert_eq!(format!("{secret:?}"), "…");
        assert_eq!(format!("{:?}", VaultKey::from_secret(secret)), "VaultKey(…)");
        assert_eq!(format!("{:?}", Kek::from_bytes([0xab; 32])), "Kek(…)");
        let id = VaultId::from_bytes([1; 16]);
        assert_eq!(format!("{:?}", VaultKey::random().header_key(&id)), "SubKey(…)");
    }
}
