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
        self.vault()?;
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
        let other = if by_keychain { SlotKind::Passphrase } else { SlotKind::Keychain };
        let record = keychain::Item::vault(&id);
        let replaced =
            self.vault_of(&id).and_then(|vault| Ok(vault.replace_slots(&slot, self.inner.clock.now())?));
        if let Err(error) = replaced {
            if by_keychain {
                // No slot goes with the new record; if it stays, it opens nothing.
                let _ = self.inner.keychain.remove(&record);
            }
            return Err(error);
        }
        self.vault_of(&id)?.remove_slots(other)?;
        if !by_keychain {
            // Its slot is gone from both copies of the header: what may be left of the record opens nothing.
            let _ = self.inner.keychain.remove(&record);
        }
        self.tell_status();
        Ok(())
    }

    /// Takes every way in of this kind away, never the last.
    ///
    /// # Errors
    /// [`Code::LastSlot`]; [`Code::Cancelled`] when the person refused.
    pub fn remove_slots(&self, way: Way) -> Result<(), Failure> {
        self.vault()?;
        self.confirmed(Confirm::RemoveSlot)?;
        let _alone = lock(&self.inner.changing);
        let id = {
            let vault = self.vault()?;
            vault.remove_slots(way.into())?;
            vault.id()
        };
        if way == Way::Keychain {
            // Its slot is gone from both copies of the header: what may be left of the record opens nothing.
            let _ = self.inner.keychain.remove(&keychain::Item::vault(&id));
        }
        self.tell_status();
        Ok(())
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
