//! The header of a vault: who it is, which slots open it, and the catalogue's key. `vault.keys`, format versions 1 and 2.
//!
//! Text, so that a person can read what protects the vault; see [`text`] for its form. Its last line is a MAC over
//! every byte before it, under a key derived from the vault's: slots can't be added, swapped or weakened by anybody
//! who can't open the vault.
//!
//! **Invariant:** what was read is never signed again without its own MAC having been verified first, and a header
//! without a slot that this program knows is never made.

mod catalogue;
mod text;

use model::{Timestamp, VaultId};
use ring::hmac;
use serde_json::value::RawValue;

use crate::keys::VaultKey;
use crate::params::KdfError;
use crate::slots::{
    Draw, Guard, MAX_BACKEND, Place, Slot, SlotFailure, SlotId, SlotKind, SlotOptions, SlotSecret,
};
pub use catalogue::CatalogueKey;
use catalogue::WrappedKey;

pub(crate) const MAX_BYTES: usize = 64 * 1024;
pub(crate) const MAX_SLOTS: usize = 16;

/// Why bytes are not a header that this program can use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// Not a header, or a damaged one.
    #[error("the vault's key file is damaged")]
    Malformed,
    /// Of a later format. It must be left as it is.
    #[error("the vault was made by a newer version")]
    Newer,
    /// Over 64 KiB, or over 16 slots.
    #[error("the vault's key file is too large")]
    TooLarge,
    /// A passphrase slot asks for less or more work than is allowed.
    #[error("the vault's key file asks for an impossible amount of work")]
    UnsafeParams,
}

/// Why a slot can't be changed, or the header not be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SlotError {
    /// The header was changed by somebody without the vault's key, or the key is another vault's.
    #[error("the vault's key file was tampered with")]
    Tampered,
    /// It would leave no way to open the vault.
    #[error("this is the last way to open the vault")]
    LastSlot,
    /// There is no such slot.
    #[error("there is no such way to open the vault")]
    NoSuchSlot,
    /// There are 16 slots already, or the file would be over 64 KiB, or the backend's name over 64 bytes.
    #[error("the vault has too many ways to open it")]
    TooMany,
    /// The passphrase gave no key.
    #[error(transparent)]
    Kdf(#[from] KdfError),
}

/// Why a vault did not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnlockError {
    /// The vault has no slot of that kind.
    #[error("the vault can't be opened this way")]
    NoSuchSlot,
    /// The secret is not the right one.
    #[error("the secret is wrong")]
    WrongSecret,
    /// The secret is right, but its slot is damaged or from another vault.
    #[error("the slot is damaged")]
    DamagedSlot,
    /// The slot opened, but something in the header was changed by somebody without the vault's key.
    #[error("the vault's key file was tampered with")]
    HeaderTampered,
    /// The passphrase gave no key.
    #[error(transparent)]
    Kdf(#[from] KdfError),
}

#[derive(Debug, Clone)]
enum Entry {
    Known(Slot),
    /// A kind that a later version made: kept as it is, and not used.
    Unknown(Box<RawValue>),
}

/// Bytes and the MAC that was found over them.
#[derive(Debug, Clone)]
struct Signed {
    bytes: Vec<u8>,
    mac: [u8; 32],
}

/// A vault's header.
#[derive(Debug, Clone)]
pub struct Header {
    vault: VaultId,
    created: Timestamp,
    epoch: u32,
    /// Older first; none in version 1.
    catalogue: Vec<WrappedKey>,
    entries: Vec<Entry>,
    /// As it was read or made; the proof that a key belongs to it.
    origin: Signed,
}

impl Header {
    /// The header of a new vault, without slots yet.
    pub fn create(vault: VaultId, created: Timestamp, key: &VaultKey) -> Self {
        let catalogue = Self::first_catalogue_key(&vault, key);
        let origin = Signed { bytes: Vec::new(), mac: [0; 32] };
        Self { vault, created, epoch: 1, catalogue, entries: Vec::new(), origin }.signed(key)
    }

    /// The header of the same vault in its next epoch, under a new key, without slots yet. The catalogue's keys are the
    /// same: who knew the old key knows them, until the catalogue has been written anew.
    ///
    /// # Errors
    /// [`SlotError::Tampered`] when `old` is not this header's key.
    pub fn next_epoch(&self, old: &VaultKey, new: &VaultKey) -> Result<Self, SlotError> {
        let mut next = Self { epoch: self.epoch.saturating_add(1), entries: Vec::new(), ..self.clone() };
        next.take_catalogue_keys(self, (old, new))?;
        Ok(next.signed(new))
    }

    fn signed(mut self, key: &VaultKey) -> Self {
        self.origin.bytes = text::render(&self);
        self.origin.mac = mac(&self.vault, key, &self.origin.bytes);
        self
    }

    /// Reads `vault.keys`. Nothing is proven yet: that is for [`Header::unlock`].
    ///
    /// # Errors
    /// See [`HeaderError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, HeaderError> {
        text::parse(bytes)
    }

    /// The bytes of `vault.keys`, signed.
    ///
    /// # Errors
    /// [`SlotError::Tampered`] when the key is not that of the header as it was read, [`SlotError::LastSlot`] when
    /// there is no slot, [`SlotError::TooMany`] when the file would be over 64 KiB.
    pub fn to_bytes(&self, key: &VaultKey) -> Result<Vec<u8>, SlotError> {
        self.verify(key)?;
        if self.slots().next().is_none() {
            return Err(SlotError::LastSlot);
        }
        let mut bytes = text::render(self);
        let mac = mac(&self.vault, key, &bytes);
        bytes.extend(text::mac_line(&mac).bytes());
        if bytes.len() > MAX_BYTES { Err(SlotError::TooMany) } else { Ok(bytes) }
    }

    /// Opens the vault with a secret, trying every slot of its kind.
    ///
    /// # Errors
    /// See [`UnlockError`].
    pub fn unlock(&self, secret: &SlotSecret) -> Result<VaultKey, UnlockError> {
        let mut failure = UnlockError::NoSuchSlot;
        for slot in self.slots().filter(|slot| slot.kind() == secret.kind()) {
            match slot.unwrap_key(self.place(), secret) {
                Ok(key) => return self.verify(&key).map(|()| key).map_err(|_| UnlockError::HeaderTampered),
                Err(SlotFailure::Kdf(error)) => failure = UnlockError::Kdf(error),
                Err(SlotFailure::Damaged) => failure = UnlockError::DamagedSlot,
                Err(SlotFailure::Wrong) if failure == UnlockError::NoSuchSlot => {
                    failure = UnlockError::WrongSecret
                }
                Err(SlotFailure::Wrong) => {}
            }
        }
        Err(failure)
    }

    /// Adds a way to open the vault and gives its id.
    ///
    /// # Errors
    /// See [`SlotError`].
    pub fn add_slot(
        &mut self,
        key: &VaultKey,
        secret: &SlotSecret,
        options: &SlotOptions,
        now: Timestamp,
    ) -> Result<SlotId, SlotError> {
        self.add_drawn(key, secret, options, now, Draw::random())
    }

    fn add_drawn(
        &mut self,
        key: &VaultKey,
        secret: &SlotSecret,
        options: &SlotOptions,
        now: Timestamp,
        draw: Draw,
    ) -> Result<SlotId, SlotError> {
        self.verify(key)?;
        if self.entries.len() >= MAX_SLOTS || options.backend.len() > MAX_BACKEND {
            return Err(SlotError::TooMany);
        }
        let slot = Slot::wrap(self.place(), key, secret, options, now, draw)?;
        let id = slot.id();
        self.entries.push(Entry::Known(slot));
        Ok(id)
    }

    /// Takes a slot away; the vault is safe from its secret once the header has been written over all its copies.
    ///
    /// # Errors
    /// [`SlotError::NoSuchSlot`]; [`SlotError::LastSlot`] when no other would be left.
    pub fn remove_slot(&mut self, id: SlotId) -> Result<(), SlotError> {
        if self.slot(id).is_none() {
            return Err(SlotError::NoSuchSlot);
        }
        if self.slots().count() == 1 {
            return Err(SlotError::LastSlot);
        }
        self.entries.retain(|entry| !matches!(entry, Entry::Known(slot) if slot.id() == id));
        Ok(())
    }

    /// Notes that the recovery code was written down.
    ///
    /// # Errors
    /// [`SlotError::NoSuchSlot`] when there is no recovery slot.
    pub fn confirm_recovery(&mut self) -> Result<(), SlotError> {
        let mut found = Err(SlotError::NoSuchSlot);
        for entry in &mut self.entries {
            if let Entry::Known(Slot { guard: Guard::Recovery { confirmed, .. }, .. }) = entry {
                *confirmed = true;
                found = Ok(());
            }
        }
        found
    }

    /// The vault's id.
    pub fn vault_id(&self) -> VaultId {
        self.vault
    }

    /// When the vault was made.
    pub fn created(&self) -> Timestamp {
        self.created
    }

    /// How often the vault's key was changed, from 1. The catalogue keeps the same number.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// The slots of the kinds known to this program, oldest first.
    pub fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Known(slot) => Some(slot),
            Entry::Unknown(_) => None,
        })
    }

    /// The slots of one kind.
    pub fn slots_of(&self, kind: SlotKind) -> impl Iterator<Item = &Slot> {
        self.slots().filter(move |slot| slot.kind() == kind)
    }

    /// One slot.
    pub fn slot(&self, id: SlotId) -> Option<&Slot> {
        self.slots().find(|slot| slot.id() == id)
    }

    fn place(&self) -> Place<'_> {
        Place { vault: &self.vault, epoch: self.epoch }
    }

    /// Proves that this header is as it was written by somebody who has the vault's key.
    ///
    /// # Errors
    /// [`SlotError::Tampered`] when it was changed, or the key is another vault's.
    pub fn verify(&self, key: &VaultKey) -> Result<(), SlotError> {
        hmac::verify(&mac_key(&self.vault, key), &self.origin.bytes, &self.origin.mac)
            .map_err(|_| SlotError::Tampered)
    }
}

fn mac_key(vault: &VaultId, key: &VaultKey) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, key.header_key(vault).as_bytes())
}

fn mac(vault: &VaultId, key: &VaultKey, bytes: &[u8]) -> [u8; 32] {
    hmac::sign(&mac_key(vault, key), bytes).as_ref().first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
#[path = "header/header_tests.rs"]
mod tests;
