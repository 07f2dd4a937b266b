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
        let item = keychain::Item::vault(&vault.id());
        let slot = self.protecting_slot(protection, &vault.id())?;
        let other = match slot.secret.kind() {
            SlotKind::Passphrase => SlotKind::Keychain,
            _ => SlotKind::Passphrase,
        };
        vault.replace_slots(&slot, self.inner.clock.now())?;
        vault.remove_slots(other)?;
        if other == SlotKind::Keychain {
            // The slot is gone from both copies of the header: what is left in the keychain opens nothing.
            let _ = self.inner.keychain.remove(&item);
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
