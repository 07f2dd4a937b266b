//! Making, opening and locking the vault.
//!
//! **Invariant:** a vault is never made over another; opening one changes no file but the vault's own.

use std::sync::{Arc, PoisonError};

use crypto::{Kek, PassphraseParams, RecoveryError, RecoveryKey, SlotKind, SlotOptions, SlotSecret};
use model::VaultId;
use serde::{Deserialize, Serialize};
use vault::{Folder, NewSlot, Vault, VaultError};
use zeroize::Zeroizing;

use crate::state::{Open, Warming, lock};
use crate::{Code, Failure, RecoverySheet, Studio, Topic};

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
        let id = crypto::new_vault_id();
        let folder = match &self.inner.config.vault {
            Some(named) => Folder::new(named),
            None => Folder::new(&self.inner.config.data.join("vaults").join(id.to_string())),
        };
        let slot = self.protecting_slot(protection, &id)?;
        let by_keychain = slot.secret.kind() == SlotKind::Keychain;
        let (recovery, code) = Self::draw_recovery(&id);
        match Vault::create(&folder, id, &[slot, recovery], self.inner.clock.now()) {
            Ok((vault, _)) => self.opened(vault),
            Err(error) => {
                if by_keychain {
                    // The key would open nothing; if it stays, it does no harm.
                    let _ = self.inner.keychain.remove(&keychain::Item::vault(&id));
                }
                return Err(error.into());
            }
        }
        Ok(self.show_recovery(code))
    }

    /// The slot for a protection; a key for the keychain is stored there before anything is written.
    pub(crate) fn protecting_slot(&self, protection: Protection, id: &VaultId) -> Result<NewSlot, Failure> {
        match protection {
            Protection::Keychain => {
                let backend = self.inner.keychain.backend().ok_or(Code::KeychainUnavailable)?;
                let kek = Kek::random();
                self.inner.keychain.store(&keychain::Item::vault(id), &kek)?;
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

    fn passphrase_params(&self) -> PassphraseParams {
        self.inner.config.passphrase.unwrap_or_else(crypto::calibrate)
    }

    /// Opens the vault.
    ///
    /// # Errors
    /// See [`Code`]; whatever it is, no file was changed or removed.
    pub fn unlock(&self, with: Unlock) -> Result<(), Failure> {
        let _gate = lock(&self.inner.gate);
        if self.vault().is_ok() {
            return Ok(());
        }
        let folder = self.folder().ok_or(Code::NoVault)?;
        let id = Vault::inspect(&folder)?.id;
        let vault = match with {
            Unlock::Keychain => self.open_by_keychain(&folder, &id)?,
            Unlock::Passphrase { passphrase } => {
                Vault::open(&folder, &SlotSecret::Passphrase(Zeroizing::new(passphrase)))?
            }
            Unlock::Recovery { code } => {
                let code = Zeroizing::new(code);
                let key = RecoveryKey::parse(&code, &id).map_err(recovery_code)?;
                Vault::open(&folder, &SlotSecret::Recovery(key))?
            }
        };
        self.opened(vault);
        Ok(())
    }

    /// A store may have several keys under one name: the one that fits is taken.
    fn open_by_keychain(&self, folder: &Folder, id: &VaultId) -> Result<Vault, Failure> {
        let mut refused = Failure::from(Code::KeychainMissing);
        for kek in self.inner.keychain.load(&keychain::Item::vault(id))? {
            match Vault::open(folder, &SlotSecret::Keychain(kek)) {
                Ok(vault) => return Ok(vault),
                Err(VaultError::WrongSecret) => refused = Code::WrongSecret.into(),
                Err(error) => return Err(error.into()),
            }
        }
        Err(refused)
    }

    fn opened(&self, vault: Vault) {
        let token = hex(&crypto::random::<16>());
        let vault = Arc::new(vault);
        let warming = Warming::start(&vault);
        let open = Open { vault, token, _warming: warming };
        *self.inner.open.write().unwrap_or_else(PoisonError::into_inner) = Some(open);
        *lock(&self.inner.locked_at) = None;
        self.tell_status();
        self.tell_changed(&[Topic::Items]);
    }

    /// Locks the vault: from now on nothing of it can be asked; jobs stop at their next safe place, and when the last
    /// has ended the keys are gone from memory.
    pub fn lock(&self) {
        let _gate = lock(&self.inner.gate);
        let open = self.inner.open.write().unwrap_or_else(PoisonError::into_inner).take();
        let Some(open) = open else { return };
        *lock(&self.inner.pending) = None;
        *lock(&self.inner.locked_at) = Some(self.inner.clock.now());
        self.tell_status();
        self.inner.jobs.stop_all();
        drop(open);
        self.tell_changed(&[Topic::Jobs]);
    }
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
