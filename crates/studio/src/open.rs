//! Making, opening and locking the vault.
//!
//! **Invariant:** a vault is never made over another; opening one changes no file but the vault's own.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crypto::{Kek, PassphraseParams, RecoveryError, RecoveryKey, SlotKind, SlotOptions, SlotSecret};
use model::VaultId;
use serde::{Deserialize, Serialize};
use vault::{Folder, NewSlot, Vault, VaultError};
use zeroize::Zeroizing;

use crate::lock::{Activity, standing};
use crate::online::Online;
use crate::state::{Open, Warming, lock};
use crate::{Code, Failure, Language, RecoverySheet, Studio, Topic};

/// What is to protect a new vault, besides the recovery key that every vault gets.
#[derive(Clone, Deserialize, ts_rs::TS)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum Protection {
    /// The computer's keychain.
    Keychain,
    /// A passphrase.
    Passphrase {
        /// As typed.
        passphrase: String,
    },
}

/// How a vault is to be opened.
#[derive(Clone, Deserialize, ts_rs::TS)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum Unlock {
    /// With the key from the computer's keychain.
    Keychain,
    /// With the passphrase.
    Passphrase {
        /// As typed.
        passphrase: String,
    },
    /// With the recovery key.
    Recovery {
        /// As typed.
        code: String,
    },
}

/// What a vault may be opened with.
pub(crate) enum Secrets {
    /// Everything that the keychain has under its name.
    Keychain(Vec<SlotSecret>),
    /// What a person typed.
    Typed(SlotSecret),
}

/// How long opening waits for what is left of the time before a lock.
const LAST_USE: Duration = Duration::from_secs(2);

/// A passphrase that was drawn.
#[derive(Clone, Serialize, ts_rs::TS)]
pub struct PassphraseSuggestion {
    /// Six words.
    pub passphrase: String,
}

/// How good a passphrase is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PassphraseStrength {
    /// zxcvbn's score, 0 to 4.
    pub score: u8,
    /// Characters.
    pub length: usize,
    /// The least number of characters.
    pub least: usize,
    /// It may protect a vault.
    pub acceptable: bool,
}

impl Studio {
    /// Estimates a passphrase.
    pub fn passphrase_strength(passphrase: &str) -> PassphraseStrength {
        let strength = crypto::passphrase_strength(passphrase);
        PassphraseStrength {
            score: strength.score,
            length: strength.code_points,
            least: crypto::MIN_CODE_POINTS,
            acceptable: strength.acceptable,
        }
    }

    /// Draws a passphrase in this language, for the person to take or to leave.
    pub fn suggest_passphrase(language: Language) -> PassphraseSuggestion {
        let words = match language {
            Language::En => crypto::PhraseLanguage::English,
            Language::Ja => crypto::PhraseLanguage::Japanese,
        };
        PassphraseSuggestion { passphrase: crypto::draw_passphrase(words).to_string() }
    }

    /// Makes the vault and opens it; gives the recovery key, which is shown only now.
    ///
    /// # Errors
    /// [`Code::VaultExists`], [`Code::PassphraseWeak`], a keychain's code, or when the disk refuses. Then there is no
    /// vault, and no key in the keychain.
    pub fn create_vault(&self, protection: Protection) -> Result<RecoverySheet, Failure> {
        let _gate = lock(&self.inner.gate);
        if self.folder().is_some() {
            return Err(Code::VaultExists.into());
        }
        let (vault, code) = self.make_vault(protection)?;
        // It is new, and its recovery key is shown only now: a lock that came meanwhile found nothing in it.
        self.opened(vault, None)?;
        Ok(self.show_recovery(code))
    }

    /// Makes a vault, whether there are others or not; it is not the one in use yet.
    pub(crate) fn make_vault(
        &self,
        protection: Protection,
    ) -> Result<(Arc<Vault>, Zeroizing<String>), Failure> {
        let id = crypto::new_vault_id();
        let folder = match &self.inner.config.vault {
            Some(named) => Folder::new(named),
            None => Folder::new(&self.inner.config.data.join("vaults").join(id.to_string())),
        };
        let slot = self.protecting_slot(protection, &id)?;
        let by_keychain = slot.secret.kind() == SlotKind::Keychain;
        let (recovery, code) = Self::draw_recovery(&id);
        match Vault::create(&folder, id, &[slot, recovery], self.inner.clock.now()) {
            Ok((vault, _)) => Ok((Arc::new(vault), code)),
            Err(error) => {
                if by_keychain {
                    // The key would open nothing; if it stays, it does no harm.
                    let _ = self.inner.keychain.remove(&keychain::Item::vault(&id));
                }
                Err(error.into())
            }
        }
    }

    /// The slot for a protection; a key for the keychain is stored there before anything is written.
    pub(crate) fn protecting_slot(&self, protection: Protection, id: &VaultId) -> Result<NewSlot, Failure> {
        match protection {
            Protection::Keychain => {
                let backend = self.inner.keychain.backend().ok_or(Code::KeychainUnavailable)?;
                let record = keychain::Item::vault(id);
                // A copy of the vault may be opened by the record that is there: then it opens this one too.
                let shared = if self.copies(id) > 1 { self.inner.keychain.load(&record).ok() } else { None };
                let kek = match shared.and_then(|keys| keys.into_iter().next()) {
                    Some(kek) => kek,
                    None => {
                        let kek = Kek::random();
                        self.inner.keychain.store(&record, &kek)?;
                        kek
                    }
                };
                let options = SlotOptions { backend, ..SlotOptions::default() };
                Ok(NewSlot { secret: SlotSecret::Keychain(kek), options })
            }
            Protection::Passphrase { passphrase } => {
                let passphrase = Zeroizing::new(passphrase);
                if !crypto::passphrase_strength(&passphrase).acceptable {
                    return Err(Code::PassphraseWeak.into());
                }
                let options = SlotOptions { passphrase: self.passphrase_params(), ..SlotOptions::default() };
                Ok(NewSlot { secret: SlotSecret::Passphrase(passphrase), options })
            }
        }
    }

    pub(crate) fn passphrase_params(&self) -> PassphraseParams {
        self.inner.config.passphrase.unwrap_or_else(crypto::calibrate)
    }

    /// Opens the vault. While the keychain asks the person, another way in may be tried: the first that opens it counts.
    ///
    /// # Errors
    /// See [`Code`]; whatever it is, no file was changed or removed. [`Code::Locked`] when it was locked meanwhile.
    pub fn unlock(&self, with: Unlock) -> Result<(), Failure> {
        let since = self.locks();
        if self.vault().is_ok() {
            return Ok(());
        }
        let folder = self.folder().ok_or(Code::NoVault)?;
        let id = Vault::inspect(&folder)?.id;
        // Nothing is held while the person is asked.
        let secrets = self.secrets(with, &id)?;
        let _gate = lock(&self.inner.gate);
        let until = Instant::now() + LAST_USE;
        loop {
            if self.vault().is_ok() {
                return Ok(());
            }
            if self.locks() != since {
                return Err(Code::Locked.into());
            }
            match self.open_or_take_back(&folder, &id, &secrets) {
                // Somebody is in the middle of a request from before the lock.
                Err(failure) if failure.code == Code::VaultInUse && Instant::now() < until => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                vault => return self.opened(vault?, Some(since)),
            }
        }
    }

    /// What the person or the keychain has for this vault.
    pub(crate) fn secrets(&self, with: Unlock, id: &VaultId) -> Result<Secrets, Failure> {
        Ok(match with {
            Unlock::Keychain => Secrets::Keychain(self.keychain_keys(id)?),
            Unlock::Passphrase { passphrase } => {
                Secrets::Typed(SlotSecret::Passphrase(Zeroizing::new(passphrase)))
            }
            Unlock::Recovery { code } => {
                let code = Zeroizing::new(code);
                Secrets::Typed(SlotSecret::Recovery(RecoveryKey::parse(&code, id).map_err(recovery_code)?))
            }
        })
    }

    /// Whether one of them opens a vault that is open already.
    pub(crate) fn admitted(&self, vault: &Vault, id: &VaultId, secrets: &Secrets) -> Result<(), Failure> {
        match secrets {
            Secrets::Typed(secret) => self.guarded(id, || vault.admits(secret)),
            Secrets::Keychain(keys) => fitting(vault, keys).map(drop),
        }
    }

    /// A vault that rests behind a soft lock is taken back.
    fn open_or_take_back(
        &self,
        folder: &Folder,
        id: &VaultId,
        secrets: &Secrets,
    ) -> Result<Arc<Vault>, Failure> {
        let resting = lock(&self.inner.resting).as_ref().map(|open| Arc::clone(&open.vault));
        if let Some(vault) = resting {
            self.admitted(&vault, id, secrets)?;
        }
        // The lock is let go before anything is told.
        let resting = lock(&self.inner.resting).take();
        match (resting, secrets) {
            (Some(resting), _) => Ok(resting.into_vault()),
            (None, Secrets::Keychain(keys)) => Ok(Arc::new(open_by_keychain(folder, keys)?)),
            (None, Secrets::Typed(secret)) => {
                let begun = Instant::now();
                let vault = self.guarded(id, || Vault::open(folder, secret))?;
                self.strengthen(&vault, secret, begun.elapsed());
                Ok(Arc::new(vault))
            }
        }
    }

    /// Looks at a passphrase or recovery key, unless too many were wrong just before.
    pub(crate) fn guarded<T>(
        &self,
        id: &VaultId,
        look: impl FnOnce() -> Result<T, VaultError>,
    ) -> Result<T, Failure> {
        let attempts = &self.inner.attempts;
        let _alone = lock(&self.inner.trying);
        if attempts.wait(id, self.inner.clock.now()) > 0 {
            return Err(Code::TooManyAttempts.into());
        }
        let outcome = look();
        if matches!(outcome, Err(VaultError::WrongSecret)) {
            attempts.failed(id, self.inner.clock.now());
            self.tell_status();
        }
        Ok(outcome?)
    }

    /// What the keychain has under the vault's name.
    pub(crate) fn keychain_keys(&self, id: &VaultId) -> Result<Vec<SlotSecret>, Failure> {
        let keys = self.inner.keychain.load(&keychain::Item::vault(id)).inspect_err(|error| {
            // Whether it is gone or another store answers makes a difference to the person.
            if matches!(error, keychain::KeychainError::Missing) {
                *lock(&self.inner.store) = self.inner.keychain.backend();
            }
        })?;
        Ok(keys.into_iter().map(SlotSecret::Keychain).collect())
    }

    /// This vault is open from now on, unless it was locked since that count of locks.
    pub(crate) fn opened(&self, vault: Arc<Vault>, since: Option<u64>) -> Result<(), Failure> {
        self.note_opened(&vault);
        let token = hex(&crypto::random::<16>());
        let warming = Warming::start(&vault);
        let id = vault.id();
        let open = Open {
            token,
            id,
            proven_at: Mutex::new(Activity::now(&*self.inner.clock)),
            failed: Mutex::new(self.inner.attempts.opened(&id)),
            newer: Mutex::new(self.newer_than(&vault)),
            checked_by_itself: AtomicBool::new(false),
            vault,
            online: Online::new(),
            _warming: warming,
        };
        self.begin_idling();
        {
            let mut place = self.inner.open.write().unwrap_or_else(PoisonError::into_inner);
            // A lock counts first and then looks here: either it is seen, or it finds this vault.
            if since.is_some_and(|since| since != self.locks()) {
                drop(place);
                return Err(Code::Locked.into());
            }
            self.inner.veiled.store(false, Ordering::SeqCst);
            *place = Some(open);
        }
        *lock(&self.inner.locked_at) = None;
        // Nobody listens where the system gave no thread for watching.
        let _ = self.inner.look.send(());
        self.tell_status();
        self.tell_changed(&[Topic::Items]);
        // Where it can't be written now, the next opening does it.
        let _ = self.vault().and_then(|vault| self.retire_ledger(&vault));
        self.renew_when_due();
        Ok(())
    }

    /// The generation that this computer knows, where the vault is behind it or was exchanged for another copy.
    fn newer_than(&self, vault: &Vault) -> Option<u64> {
        // A keychain that does not answer by itself can't tell; the vault's other file may.
        let noted = self.inner.keychain.noted(&keychain::Item::anchor(&vault.id())).ok().flatten();
        let standing = standing(vault, &vault.id())?;
        let seen = vault.seen_generation().ok().filter(|seen| *seen > standing.generation);
        noted.and_then(|noted| noted.ahead_of(&standing)).max(seen)
    }

    /// From now on this older copy counts as the vault, and the ways in that it has are its own.
    ///
    /// # Errors
    /// When the vault can't be written.
    pub fn accept_older_copy(&self) -> Result<(), Failure> {
        let vault = self.vault()?;
        // What is open is held neither for the vault's own work nor for a lock to wait for.
        let newer = || {
            let open = self.inner.open.read().unwrap_or_else(PoisonError::into_inner);
            open.as_ref().filter(|open| Arc::ptr_eq(&open.vault, &vault)).and_then(|open| *lock(&open.newer))
        };
        if vault.has_older_keys() {
            vault.accept_keys()?;
        }
        if let Some(known) = newer() {
            vault.accept_generation(known)?;
            let open = self.inner.open.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(open) = open.as_ref().filter(|open| Arc::ptr_eq(&open.vault, &vault)) {
                *lock(&open.newer) = None;
            }
        }
        self.tell_status();
        Ok(())
    }
}

/// A store may have several keys under one name: the one that fits is taken.
fn open_by_keychain(folder: &Folder, keys: &[SlotSecret]) -> Result<Vault, Failure> {
    let mut refused = Failure::from(Code::KeychainMissing);
    for key in keys {
        match Vault::open(folder, key) {
            Ok(vault) => return Ok(vault),
            Err(VaultError::WrongSecret) => refused = Code::WrongSecret.into(),
            Err(error) => return Err(error.into()),
        }
    }
    Err(refused)
}

/// The key that opens this vault.
pub(crate) fn fitting<'a>(vault: &Vault, keys: &'a [SlotSecret]) -> Result<&'a SlotSecret, Failure> {
    let fitting = keys.iter().find(|secret| vault.admits(secret).is_ok());
    fitting.ok_or_else(|| Code::KeychainGarbage.into())
}

pub(crate) fn recovery_code(error: RecoveryError) -> Code {
    match error {
        RecoveryError::Malformed => Code::RecoveryMalformed,
        RecoveryError::WrongChecksum => Code::RecoveryMistyped,
        RecoveryError::OtherVault => Code::RecoveryOtherVault,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
