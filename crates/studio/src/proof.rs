//! Who changes the ways into an open vault shows once more that it is theirs: somebody else may sit at the open window.
//!
//! What opened the vault a moment ago counts; after that a passphrase or recovery key is typed again. A keychain is asked
//! without the person, since it would open the vault for whoever sits there anyway.

use std::sync::PoisonError;
use std::time::Duration;

use crypto::SlotKind;

use crate::lock::Activity;
use crate::open::fitting;
use crate::state::lock;
use crate::{Code, FailedAttempts, Failure, Studio, Unlock};

/// So long an answer counts when a change is about to begin.
const FRESH: Duration = Duration::from_secs(5 * 60);
/// And so long for a change that was begun: time to think of a new passphrase.
const LASTS: Duration = Duration::from_secs(15 * 60);

impl Studio {
    /// Whether the ways in may be changed from here without asking the person again.
    ///
    /// # Errors
    /// [`Code::Locked`].
    pub fn is_proven(&self) -> Result<bool, Failure> {
        self.proven_within(FRESH)
    }

    /// Shows a secret of the open vault once more.
    ///
    /// # Errors
    /// As [`Studio::unlock`].
    pub fn prove(&self, with: Unlock) -> Result<(), Failure> {
        let id = self.vault()?.id();
        let secrets = self.secrets(with, &id)?;
        self.admitted(&*self.vault_of(&id)?, &id, &secrets)?;
        self.note_proof();
        // As after opening: the right answer begins the count anew, and whoever gives it is told of the wrong ones.
        if let Some(failed) = self.inner.attempts.opened(&id) {
            self.note_failed(failed);
        }
        self.tell_status();
        Ok(())
    }

    /// Lets a change of the ways in go on.
    ///
    /// # Errors
    /// [`Code::ProofNeeded`] where too long has passed.
    pub(crate) fn proven(&self) -> Result<(), Failure> {
        if self.proven_within(LASTS)? { Ok(()) } else { Err(Code::ProofNeeded.into()) }
    }

    fn proven_within(&self, span: Duration) -> Result<bool, Failure> {
        {
            let open = self.inner.open.read().unwrap_or_else(PoisonError::into_inner);
            let shown = lock(&open.as_ref().ok_or(Code::Locked)?.proven_at);
            if shown.is_within(span, &*self.inner.clock) {
                return Ok(true);
            }
        }
        let id = {
            let vault = self.vault()?;
            // Asking in vain might open a question of the keychain's own.
            if !vault.slots().iter().any(|slot| slot.kind == SlotKind::Keychain) {
                return Ok(false);
            }
            vault.id()
        };
        let Ok(keys) = self.keychain_keys(&id) else { return Ok(false) };
        let fits = fitting(&*self.vault_of(&id)?, &keys).is_ok();
        if fits {
            self.note_proof();
        }
        Ok(fits)
    }

    fn note_proof(&self) {
        let open = self.inner.open.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = open.as_ref() {
            *lock(&open.proven_at) = Activity::now(&*self.inner.clock);
        }
    }

    fn note_failed(&self, failed: FailedAttempts) {
        let open = self.inner.open.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = open.as_ref() {
            let mut known = lock(&open.failed);
            *known = Some(known.map_or(failed, |earlier| earlier.and(failed)));
        }
    }
}
