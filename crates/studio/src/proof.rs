//! Who changes the ways into an open vault shows once more that it is theirs: somebody else may sit at the open window.
//!
//! What opened the vault a moment ago counts; after that a passphrase or recovery key is typed again. A keychain is asked
//! without the person, since it would open the vault for whoever sits there anyway.

use std::sync::PoisonError;

use crate::open::fitting;
use crate::state::lock;
use crate::{Code, Failure, Studio, Unlock};

/// Milliseconds that an answer counts when a change is about to begin.
const FRESH: u64 = 5 * 60 * 1000;
/// Milliseconds until it no longer counts for a change that was begun: time to think of a new passphrase.
const LASTS: u64 = 15 * 60 * 1000;

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
        // As after opening: the right answer begins the count anew.
        let _ = self.inner.attempts.opened(&id);
        self.note_proof();
        Ok(())
    }

    /// Lets a change of the ways in go on.
    ///
    /// # Errors
    /// [`Code::ProofNeeded`] where too long has passed.
    pub(crate) fn proven(&self) -> Result<(), Failure> {
        if self.proven_within(LASTS)? { Ok(()) } else { Err(Code::ProofNeeded.into()) }
    }

    fn proven_within(&self, span: u64) -> Result<bool, Failure> {
        let now = self.inner.clock.now().millis();
        let shown = {
            let open = self.inner.open.read().unwrap_or_else(PoisonError::into_inner);
            *lock(&open.as_ref().ok_or(Code::Locked)?.proven_at)
        };
        // A clock that was set, to either side, proves nothing.
        if shown.millis().abs_diff(now) <= span {
            return Ok(true);
        }
        let id = self.vault()?.id();
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
            *lock(&open.proven_at) = self.inner.clock.now();
        }
    }
}
