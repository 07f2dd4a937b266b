//! Changing the ways into the open vault.

use std::sync::Arc;

use crypto::SlotKind;
use model::VaultId;
use serde::Deserialize;
use vault::Vault;

use crate::open::{Protection, fitting};
use crate::state::lock;
use crate::{Code, Confirm, Failure, Studio};

/// A way into the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// The computer's keychain.
    Keychain,
    /// The passphrase.
    Passphrase,
    /// The recovery key.
    Recovery,
}

impl From<Way> for SlotKind {
    fn from(way: Way) -> Self {
        match way {
            Way::Keychain => Self::Keychain,
            Way::Passphrase => Self::Passphrase,
            Way::Recovery => Self::Recovery,
        }
    }
}

impl Studio {
    /// Changes what protects the vault. A passphrase replaces the keychain (otherwise locking would be decoration);
    /// the keychain replaces the passphrase; a new passphrase replaces the old.
    ///
    /// # Errors
    /// See [`Code`]; then everything is as it was.
    pub fn change_protection(&self, protection: Protection) -> Result<(), Failure> {
        self.proven()?;
        self.confirmed(Confirm::ChangeProtection)?;
        let _alone = lock(&self.inner.changing);
        let by_keychain = matches!(protection, Protection::Keychain);
        let (id, has_slot) = {
            let vault = self.vault()?;
            (vault.id(), vault.slots().iter().any(|slot| slot.kind == SlotKind::Keychain))
        };
        // The vault is not held while the keychain is asked: a lock may come meanwhile.
        if by_keychain && has_slot {
            let keys = self.keychain_keys(&id).unwrap_or_default();
            if fitting(&*self.vault_of(&id)?, &keys).is_ok() {
                // There is one record a vault: another key would make the one that holds now unreachable.
                return Ok(());
            }
        }
        let slot = self.protecting_slot(protection, &id)?;
        let replaced = self.vault_of(&id).and_then(|vault| {
            // In one write: a disk that is full in the middle must not leave the old way in beside the new.
            let everyday = [SlotKind::Passphrase, SlotKind::Keychain];
            Ok(vault.replace_kinds(&slot, &everyday, self.inner.clock.now())?)
        });
        // With a passphrase the keychain's slot is gone from both copies of the header; where the change failed no slot
        // goes with a new record. What may be left of it opens nothing.
        if replaced.is_err() == by_keychain {
            self.forget_record(&id);
        }
        replaced?;
        self.tell_status();
        Ok(())
    }

    /// Takes every way in of this kind away, never the last.
    ///
    /// # Errors
    /// [`Code::LastSlot`]; [`Code::Cancelled`] when the person refused.
    pub fn remove_slots(&self, way: Way) -> Result<(), Failure> {
        self.proven()?;
        self.confirmed(Confirm::RemoveSlot)?;
        let _alone = lock(&self.inner.changing);
        let id = {
            let vault = self.vault()?;
            vault.remove_slots(way.into())?;
            vault.id()
        };
        if way == Way::Keychain {
            // Its slot is gone from both copies of the header: what may be left of the record opens nothing.
            self.forget_record(&id);
        }
        self.tell_status();
        Ok(())
    }

    /// Takes the vault's key out of the keychain, unless a copy of the vault beside this one is opened by it too.
    fn forget_record(&self, id: &VaultId) {
        if self.copies(id) < 2 {
            let _ = self.inner.keychain.remove(&keychain::Item::vault(id));
        }
    }

    /// How many of the vaults on this computer have this id: a restored backup is a copy.
    pub(crate) fn copies(&self, id: &VaultId) -> usize {
        let all = vault::vaults_in(&self.inner.config.data);
        all.iter().filter(|other| Vault::inspect(other).is_ok_and(|info| info.id == *id)).count()
    }

    /// The open vault, if it is still this one.
    pub(crate) fn vault_of(&self, id: &VaultId) -> Result<Arc<Vault>, Failure> {
        let vault = self.vault()?;
        if vault.id() == *id { Ok(vault) } else { Err(Code::Locked.into()) }
    }

    /// Whether the computer's keychain answers.
    ///
    /// # Errors
    /// [`Code::KeychainUnavailable`].
    pub fn keychain_name(&self) -> Result<String, Failure> {
        self.inner.keychain.backend().ok_or_else(|| Code::KeychainUnavailable.into())
    }
}
