//! The keys of the catalogue: random, wrapped under the vault's key, so that the catalogue can be written anew under
//! another one without any secret of a person.
//!
//! Usually there is one. While the catalogue is being written anew there are two, the older first: whichever of them
//! opens the file tells how far the work had come. A header of version 1 has none; its catalogue's key is derived.
//!
//! Wrapped by AES-256-GCM with a random nonce under HKDF-SHA256(salt = vault id, key = vault key, info =
//! `zimg/catalogue-wrap/v2`); associated data: `zimg/catalogue-key/v2` | vault id, 16 bytes | number, u32 big-endian.

use model::VaultId;

use super::{Header, SlotError};
use crate::keys::{Secret, SubKey, VaultKey};
use crate::slots::{WRAPPED, open_key, seal_key};

/// Most keys that a header holds at a time.
pub(super) const MAX_KEYS: usize = 2;

/// One key of the catalogue, not readable without the vault's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WrappedKey {
    pub number: u32,
    pub nonce: [u8; 12],
    pub wrapped: [u8; WRAPPED],
}

impl WrappedKey {
    fn wrap(vault: &VaultId, key: &VaultKey, number: u32, plain: &Secret<32>) -> Self {
        let nonce = crate::random();
        let under = key.catalogue_wrap_key(vault);
        let wrapped = seal_key(under.as_bytes(), nonce, &aad(vault, number), plain.bytes());
        Self { number, nonce, wrapped }
    }

    fn unwrap(&self, vault: &VaultId, key: &VaultKey) -> Result<Secret<32>, SlotError> {
        let under = key.catalogue_wrap_key(vault);
        open_key(under.as_bytes(), self.nonce, &aad(vault, self.number), &self.wrapped)
            .ok_or(SlotError::Tampered)
    }
}

fn aad(vault: &VaultId, number: u32) -> Vec<u8> {
    [&b"zimg/catalogue-key/v2"[..], vault.as_bytes(), &number.to_be_bytes()].concat()
}

/// A key of the catalogue and its number: 0 is the derived one of version 1, later ones count up.
#[derive(Debug)]
pub struct CatalogueKey {
    /// Which it is.
    pub number: u32,
    /// The raw key of `catalogue.db`.
    pub key: SubKey,
}

impl Header {
    /// The keys that may open the catalogue, older first; two while it is being written anew.
    ///
    /// # Errors
    /// [`SlotError::Tampered`] when the key is not this header's.
    pub fn catalogue_keys(&self, key: &VaultKey) -> Result<Vec<CatalogueKey>, SlotError> {
        self.verify(key)?;
        if self.catalogue.is_empty() {
            return Ok(vec![CatalogueKey { number: 0, key: key.catalogue_key(&self.vault) }]);
        }
        let open = |wrapped: &WrappedKey| {
            let key = SubKey::from_secret(wrapped.unwrap(&self.vault, key)?);
            Ok(CatalogueKey { number: wrapped.number, key })
        };
        self.catalogue.iter().map(open).collect()
    }

    /// Draws the key under which the catalogue is to be written anew, beside the one that holds now; gives its number.
    /// One that was drawn before and not used is replaced.
    ///
    /// # Errors
    /// [`SlotError::Tampered`] when the key is not this header's.
    pub fn draw_catalogue_key(&mut self, key: &VaultKey) -> Result<u32, SlotError> {
        let mut held = self.catalogue_keys(key)?;
        held.truncate(1);
        let mut keys: Vec<WrappedKey> = held
            .iter()
            .map(|held| WrappedKey::wrap(&self.vault, key, held.number, held.key.secret()))
            .collect();
        let number = held.first().map_or(0, |held| held.number).saturating_add(1);
        keys.push(WrappedKey::wrap(&self.vault, key, number, &Secret::random()));
        self.catalogue = keys;
        Ok(number)
    }

    /// Forgets every key of the catalogue but this one.
    ///
    /// # Errors
    /// [`SlotError::NoSuchSlot`] when there is no such key.
    pub fn keep_catalogue_key(&mut self, number: u32) -> Result<(), SlotError> {
        if !self.catalogue.iter().any(|wrapped| wrapped.number == number) {
            return Err(SlotError::NoSuchSlot);
        }
        self.catalogue.retain(|wrapped| wrapped.number == number);
        Ok(())
    }

    /// Wraps the keys of `from` for this header, whose vault's key is another.
    pub(super) fn take_catalogue_keys(
        &mut self,
        from: &Self,
        (old, new): (&VaultKey, &VaultKey),
    ) -> Result<(), SlotError> {
        let keys = from.catalogue_keys(old)?;
        let wrap = |held: &CatalogueKey| WrappedKey::wrap(&self.vault, new, held.number, held.key.secret());
        self.catalogue = keys.iter().map(wrap).collect();
        Ok(())
    }

    /// The first key of a new vault.
    pub(super) fn first_catalogue_key(vault: &VaultId, key: &VaultKey) -> Vec<WrappedKey> {
        vec![WrappedKey::wrap(vault, key, 1, &Secret::random())]
    }
}
