//! The ways into a vault: adding, replacing and removing key slots while it is open.
//!
//! **Invariant:** a slot counts only once the header with it is on the disk, and a removed one is gone from the
//! header's copy as well.

use std::sync::atomic::Ordering;

use crypto::{
    Header, HeaderError, PassphraseParams, SlotError, SlotId, SlotKind, SlotOptions, SlotSecret, UnlockError,
    VaultKey,
};
use model::Timestamp;
use rusqlite::Connection;

use crate::error::{Part, VaultError};
use crate::vault::Vault;
use crate::ways;

/// A way in that is to be made.
pub struct NewSlot {
    /// The secret that will open it.
    pub secret: SlotSecret,
    /// Cost of a passphrase, name of a keychain.
    pub options: SlotOptions,
}

/// A way in, as it can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotView {
    /// Its id.
    pub id: SlotId,
    /// Its kind.
    pub kind: SlotKind,
    /// When it was made.
    pub created_at: Timestamp,
    /// Only a recovery slot: whether the person has confirmed that the key is written down.
    pub confirmed: Option<bool>,
    /// Only a keychain slot: the secret store that has the key.
    pub backend: Option<String>,
    /// Only a passphrase slot: its cost.
    pub passphrase: Option<PassphraseParams>,
}

pub(crate) fn views(header: &Header) -> Vec<SlotView> {
    let view = |slot: &crypto::Slot| SlotView {
        id: slot.id(),
        kind: slot.kind(),
        created_at: slot.created(),
        confirmed: slot.confirmed(),
        backend: slot.backend().map(str::to_owned),
        passphrase: slot.passphrase_params(),
    };
    header.slots().map(view).collect()
}

impl Vault {
    /// The ways that open this vault.
    pub fn slots(&self) -> Vec<SlotView> {
        views(&self.keys().header)
    }

    /// Adds a way in.
    ///
    /// # Errors
    /// When the header can't be written; then nothing has changed.
    pub fn add_slot(&self, slot: &NewSlot, now: Timestamp) -> Result<SlotId, VaultError> {
        self.change_header(|header, key| Ok(header.add_slot(key, &slot.secret, &slot.options, now)?))
    }

    /// Replaces every slot of the kind by a new one, in one write.
    ///
    /// # Errors
    /// As [`Vault::add_slot`].
    pub fn replace_slots(&self, slot: &NewSlot, now: Timestamp) -> Result<SlotId, VaultError> {
        self.replace_kinds(slot, &[slot.secret.kind()], now)
    }

    /// Puts a new slot in the place of every slot of these kinds, in one write.
    ///
    /// # Errors
    /// As [`Vault::add_slot`].
    pub fn replace_kinds(
        &self,
        slot: &NewSlot,
        kinds: &[SlotKind],
        now: Timestamp,
    ) -> Result<SlotId, VaultError> {
        self.change_header(|header, key| {
            let old: Vec<SlotId> =
                header.slots().filter(|slot| kinds.contains(&slot.kind())).map(crypto::Slot::id).collect();
            let id = header.add_slot(key, &slot.secret, &slot.options, now)?;
            old.into_iter().try_for_each(|id| header.remove_slot(id))?;
            Ok(id)
        })
    }

    /// Takes every slot of a kind away; none there is no error.
    ///
    /// # Errors
    /// [`VaultError::LastSlot`] when nothing else would open the vault.
    pub fn remove_slots(&self, kind: SlotKind) -> Result<(), VaultError> {
        self.change_header(|header, _| {
            let old: Vec<SlotId> = header.slots_of(kind).map(crypto::Slot::id).collect();
            Ok(old.into_iter().try_for_each(|id| header.remove_slot(id))?)
        })
    }

    /// Notes that the person has the recovery key.
    ///
    /// # Errors
    /// [`VaultError::NoSuchSlot`] without a recovery slot.
    pub fn confirm_recovery(&self) -> Result<(), VaultError> {
        self.change_header(|header, _| Ok(header.confirm_recovery()?))
    }

    /// Changes the header on the disk and then in memory: both or neither.
    pub(crate) fn change_header<T>(
        &self,
        change: impl FnOnce(&mut Header, &VaultKey) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        // Before the keys: whoever copies holds the file of the catalogue and then asks for them.
        let writer = self.catalogue.writer();
        let mut keys = self.keys();
        let mut next = keys.header.clone();
        let value = change(&mut next, &keys.key)?;
        self.put_header(&writer, &keys.header, &next, &next.to_bytes(&keys.key)?)?;
        keys.header = next;
        Ok(value)
    }

    /// Writes a header in the place of another. What the catalogue expects follows, unless the one that lies there was put
    /// there by somebody: that is told until the person says that it is right.
    pub(crate) fn put_header(
        &self,
        writer: &Connection,
        old: &Header,
        new: &Header,
        bytes: &[u8],
    ) -> Result<(), VaultError> {
        let same = ways::same(old, new);
        let follows = !same && (!self.has_older_keys() || old.epoch() != new.epoch());
        if !same {
            // A copy of the vault from before is an older one.
            self.touch(writer)?;
        }
        if follows {
            ways::expect(writer, &[old, new])?;
        }
        self.folder.write_header(bytes)?;
        if follows {
            self.older_keys.store(false, Ordering::Relaxed);
            // Where the disk refuses it both are expected until the next opening.
            let _ = ways::expect(writer, &[new]);
        }
        Ok(())
    }
}

impl From<HeaderError> for VaultError {
    fn from(error: HeaderError) -> Self {
        match error {
            HeaderError::Newer => Self::Newer,
            HeaderError::Malformed | HeaderError::TooLarge | HeaderError::UnsafeParams => {
                Self::Damaged(Part::Header)
            }
        }
    }
}

impl From<UnlockError> for VaultError {
    fn from(error: UnlockError) -> Self {
        match error {
            UnlockError::NoSuchSlot => Self::NoSuchSlot,
            UnlockError::WrongSecret | UnlockError::Kdf(crypto::KdfError::TooLong) => Self::WrongSecret,
            UnlockError::DamagedSlot => Self::Damaged(Part::Header),
            UnlockError::HeaderTampered => Self::Tampered,
            UnlockError::Kdf(crypto::KdfError::OutOfMemory) => Self::Io(std::io::ErrorKind::OutOfMemory),
        }
    }
}

impl From<SlotError> for VaultError {
    fn from(error: SlotError) -> Self {
        match error {
            SlotError::Tampered => Self::Tampered,
            SlotError::LastSlot => Self::LastSlot,
            SlotError::NoSuchSlot => Self::NoSuchSlot,
            SlotError::TooMany => Self::Internal(0),
            SlotError::Kdf(error) => UnlockError::Kdf(error).into(),
        }
    }
}
