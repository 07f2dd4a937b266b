//! A passphrase that was made on a slower computer, or when less was thought enough, gets what it costs today.
//!
//! **Invariant:** a slot is never made cheaper, and until the new one is durable the old one opens the vault.

use std::time::Duration;

use crypto::{PassphraseParams, SlotKind, SlotOptions, SlotSecret};
use vault::{NewSlot, Vault};
use zeroize::Zeroizing;

use crate::Studio;

/// A try that took less than this is far from the second that it should take: half of what is accepted for a new one.
const TOO_QUICK: Duration = Duration::from_millis(350);

impl Studio {
    /// Called when this passphrase has just opened the vault, which took so long. The vault is not in anybody's reach yet,
    /// so that no lock has to wait for the work. Where the disk refuses, the next opening tries again.
    pub(crate) fn strengthen(&self, vault: &Vault, secret: &SlotSecret, taken: Duration) {
        let SlotSecret::Passphrase(passphrase) = secret else { return };
        let ways = vault.slots();
        let mut ours = ways.iter().filter(|slot| slot.kind == SlotKind::Passphrase);
        // Of two it is not known which one was typed, and what an older header has is not to be made to last.
        let (Some(slot), None) = (ours.next(), ours.next()) else { return };
        if !self.inner.config.renews || vault.has_older_keys() {
            return;
        }
        let Some((held, wanted)) = slot.passphrase.zip(self.wanted(taken)) else { return };
        if wanted.are_stronger_than(held) {
            let secret = SlotSecret::Passphrase(Zeroizing::new(passphrase.to_string()));
            let options = SlotOptions { passphrase: wanted, ..SlotOptions::default() };
            // It is the same passphrase, which is as old as it was.
            let _ = vault.replace_slots(&NewSlot { secret, options }, slot.created_at);
        }
    }

    /// What a passphrase should cost here. Measuring takes some seconds: only where a try was over too soon.
    fn wanted(&self, taken: Duration) -> Option<PassphraseParams> {
        self.inner.config.passphrase.or_else(|| (taken < TOO_QUICK).then(crypto::calibrate))
    }
}
