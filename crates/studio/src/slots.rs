//! Changing the ways into the open vault.

use crypto::SlotKind;

use crate::open::Protection;
use crate::state::lock;
use crate::{Code, Failure, Studio};

impl Studio {
    /// Changes what protects the vault. A passphrase replaces the keychain (otherwise locking would be decoration);
    /// the keychain replaces the passphrase; a new passphrase replaces the old.
    ///
    /// # Errors
    /// See [`Code`]; then everything is as it was.
    pub fn change_protection(&self, protection: Protection) -> Result<(), Failure> {
        let _gate = lock(&self.inner.gate);
        let vault = self.vault()?;
        let by_keychain = matches!(protection, Protection::Keychain);
        if by_keychain && vault.slots().iter().any(|slot| slot.kind == SlotKind::Keychain) {
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

    /// Whether the computer's keychain answers.
    ///
    /// # Errors
    /// [`Code::KeychainUnavailable`].
    pub fn keychain_name(&self) -> Result<String, Failure> {
        self.inner.keychain.backend().ok_or_else(|| Code::KeychainUnavailable.into())
    }
}
