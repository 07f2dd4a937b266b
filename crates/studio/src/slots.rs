//! Changing the ways into the open vault.

use crypto::SlotKind;
use serde::Deserialize;

use crate::open::Protection;
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
        let _gate = lock(&self.inner.gate);
        let vault = self.vault()?;
        let by_keychain = matches!(protection, Protection::Keychain);
        let has_slot = vault.slots().iter().any(|slot| slot.kind == SlotKind::Keychain);
        if by_keychain && has_slot && self.keychain_secret(&vault).is_ok() {
            // There is one record a vault: another key would make the one that holds now unreachable.
            return Ok(());
        }
        let slot = self.protecting_slot(protection, &vault.id())?;
        let other = if by_keychain { SlotKind::Passphrase } else { SlotKind::Keychain };
        let record = keychain::Item::vault(&vault.id());
        if let Err(error) = vault.replace_slots(&slot, self.inner.clock.now()) {
            if by_keychain {
                // No slot goes with the new record; if it stays, it opens nothing.
                let _ = self.inner.keychain.remove(&record);
            }
            return Err(error.into());
        }
        vault.remove_slots(other)?;
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
        let _gate = lock(&self.inner.gate);
        let vault = self.vault()?;
        vault.remove_slots(way.into())?;
        if way == Way::Keychain {
            // Its slot is gone from both copies of the header: what may be left of the record opens nothing.
            let _ = self.inner.keychain.remove(&keychain::Item::vault(&vault.id()));
        }
        self.tell_status();
        Ok(())
    }

    /// Whether the computer's keychain answers.
    ///
    /// # Errors
    /// [`Code::KeychainUnavailable`].
    pub fn keychain_name(&self) -> Result<String, Failure> {
        self.inner.keychain.backend().ok_or_else(|| Code::KeychainUnavailable.into())
    }
}
