//! Slots: the envelopes that keep the vault's key, one for each way to open the vault.
//!
//! A slot wraps the key by AES-256-GCM with a random nonce under a key of its own kind: the one that the operating
//! system keeps, Argon2id of a passphrase, or HKDF of a recovery code. GCM does not commit to a key, so each slot also
//! keeps `HMAC-SHA256(key, "zimg/commit/v1")[..16]`, checked first; it also tells a wrong secret from a damaged slot.
//!
//! Associated data: `zimg/slot/v1` | vault id, 16 bytes | epoch, u32 big-endian | then, each with its length as a u32
//! big-endian before it: the slot's id, its kind, its parameters (keychain: the backend's name; passphrase: m, t, p
//! as u32 big-endian, then the salt; recovery: the salt).
//!
//! **Invariant:** a slot opens only in the vault, the epoch and the role it was made for.

use std::fmt;
use std::str::FromStr;

use model::{Timestamp, VaultId};
use ring::aead::{Aad, Nonce};
use ring::hmac;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::keys::{Kek, Secret, VaultKey};
use crate::params::{KdfError, PassphraseParams};
use crate::recovery::RecoveryKey;
use crate::seal::{TAG, aes_key};

pub(crate) const WRAPPED: usize = 32 + TAG;
/// Longest name of a backend in bytes.
pub(crate) const MAX_BACKEND: usize = 64;

/// The ways to open a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SlotKind {
    /// The operating system keeps the key.
    Keychain,
    /// A person knows the passphrase.
    Passphrase,
    /// A person has the printed code.
    Recovery,
}

impl SlotKind {
    /// The name in the header file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Keychain => "os-keyring",
            Self::Passphrase => "passphrase",
            Self::Recovery => "recovery",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Keychain, Self::Passphrase, Self::Recovery].into_iter().find(|kind| kind.name() == name)
    }
}

/// What opens a slot.
pub enum SlotSecret {
    /// The bytes that the operating system kept.
    Keychain(Kek),
    /// The passphrase as typed; it is normalised here.
    Passphrase(Zeroizing<String>),
    /// The recovery code.
    Recovery(RecoveryKey),
}

impl SlotSecret {
    /// The kind of slot that it opens.
    pub const fn kind(&self) -> SlotKind {
        match self {
            Self::Keychain(_) => SlotKind::Keychain,
            Self::Passphrase(_) => SlotKind::Passphrase,
            Self::Recovery(_) => SlotKind::Recovery,
        }
    }
}

impl fmt::Debug for SlotSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SlotSecret::{:?}(…)", self.kind())
    }
}

/// What a new slot is made with, besides its secret.
#[derive(Debug, Clone, Default)]
pub struct SlotOptions {
    /// Cost of a passphrase.
    pub passphrase: PassphraseParams,
    /// Name of the secret store that keeps a keychain slot's key, so that it can be named when it is missing.
    pub backend: String,
}

/// Names a slot within its header, and the item in the secret store that belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SlotId(pub(crate) [u8; 8]);

impl fmt::Display for SlotId {
    /// Sixteen small hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", u64::from_be_bytes(self.0))
    }
}

impl FromStr for SlotId {
    type Err = model::IdError;
    fn from_str(text: &str) -> Result<Self, model::IdError> {
        let digits = text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let number = u64::from_str_radix(text, 16).map_err(|_| model::IdError)?;
        if digits { Ok(Self(number.to_be_bytes())) } else { Err(model::IdError) }
    }
}

/// What a slot is bound to besides the vault: part of its associated data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Guard {
    Keychain { backend: String },
    Passphrase { params: PassphraseParams, salt: [u8; 16] },
    Recovery { salt: [u8; 16], confirmed: bool },
}

/// One envelope. It holds no secret in the clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    pub(crate) id: SlotId,
    pub(crate) created: Timestamp,
    pub(crate) guard: Guard,
    pub(crate) nonce: [u8; 12],
    pub(crate) wrapped: [u8; WRAPPED],
    pub(crate) commit: [u8; 16],
}

/// Why one slot did not open.
pub(crate) enum SlotFailure {
    Wrong,
    Damaged,
    Kdf(KdfError),
}

/// The random parts of a new slot.
pub(crate) struct Draw {
    pub id: [u8; 8],
    pub salt: [u8; 16],
    pub nonce: [u8; 12],
}

impl Draw {
    pub fn random() -> Self {
        Self { id: crate::random(), salt: crate::random(), nonce: crate::random() }
    }
}

/// Where a slot stands.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub vault: &'a VaultId,
    pub epoch: u32,
}

impl Slot {
    pub(crate) fn wrap(
        place: Place<'_>,
        key: &VaultKey,
        secret: &SlotSecret,
        options: &SlotOptions,
        created: Timestamp,
        draw: Draw,
    ) -> Result<Self, KdfError> {
        let guard = match secret {
            SlotSecret::Keychain(_) => Guard::Keychain { backend: options.backend.clone() },
            SlotSecret::Passphrase(_) => Guard::Passphrase { params: options.passphrase, salt: draw.salt },
            SlotSecret::Recovery(_) => Guard::Recovery { salt: draw.salt, confirmed: false },
        };
        let mut slot = Self {
            id: SlotId(draw.id),
            created,
            guard,
            nonce: draw.nonce,
            wrapped: [0; WRAPPED],
            commit: [0; 16],
        };
        slot.with_kek(secret, |kek| slot.sealed(place, key, kek)).map(|(wrapped, commit)| {
            slot.wrapped = wrapped;
            slot.commit = commit;
            slot
        })
    }

    fn sealed(&self, place: Place<'_>, key: &VaultKey, kek: &Kek) -> ([u8; WRAPPED], [u8; 16]) {
        (seal_key(kek.as_bytes(), self.nonce, &self.aad(place), key.as_bytes()), commitment(kek))
    }

    pub(crate) fn unwrap_key(&self, place: Place<'_>, secret: &SlotSecret) -> Result<VaultKey, SlotFailure> {
        if secret.kind() != self.kind() {
            return Err(SlotFailure::Wrong);
        }
        self.with_kek(secret, |kek| {
            if !bool::from(commitment(kek).ct_eq(&self.commit)) {
                return Err(SlotFailure::Wrong);
            }
            open_key(kek.as_bytes(), self.nonce, &self.aad(place), &self.wrapped)
                .map(VaultKey::from_secret)
                .ok_or(SlotFailure::Damaged)
        })
        .map_err(SlotFailure::Kdf)?
    }

    fn with_kek<T>(&self, secret: &SlotSecret, run: impl FnOnce(&Kek) -> T) -> Result<T, KdfError> {
        match (secret, &self.guard) {
            (SlotSecret::Passphrase(text), Guard::Passphrase { params, salt }) => {
                crate::params::derive(text, salt, *params).map(|kek| run(&kek))
            }
            (SlotSecret::Recovery(code), Guard::Recovery { salt, .. }) => Ok(run(&code.kek(salt))),
            (SlotSecret::Keychain(kek), _) => Ok(run(kek)),
            _ => unreachable!("callers compare the kinds first"),
        }
    }

    fn aad(&self, place: Place<'_>) -> Vec<u8> {
        let params = match &self.guard {
            Guard::Keychain { backend } => backend.as_bytes().to_vec(),
            Guard::Passphrase { params, salt } => {
                let numbers = [params.m_kib(), params.t(), params.p()].map(u32::to_be_bytes).concat();
                [numbers.as_slice(), salt].concat()
            }
            Guard::Recovery { salt, .. } => salt.to_vec(),
        };
        let mut aad = b"zimg/slot/v1".to_vec();
        aad.extend(place.vault.as_bytes());
        aad.extend(place.epoch.to_be_bytes());
        for field in [self.id.to_string().as_bytes(), self.kind().name().as_bytes(), &params] {
            aad.extend((field.len() as u32).to_be_bytes());
            aad.extend(field);
        }
        aad
    }

    /// Its id.
    pub fn id(&self) -> SlotId {
        self.id
    }

    /// How it opens.
    pub fn kind(&self) -> SlotKind {
        match self.guard {
            Guard::Keychain { .. } => SlotKind::Keychain,
            Guard::Passphrase { .. } => SlotKind::Passphrase,
            Guard::Recovery { .. } => SlotKind::Recovery,
        }
    }

    /// When it was made.
    pub fn created(&self) -> Timestamp {
        self.created
    }

    /// The secret store of a keychain slot.
    pub fn backend(&self) -> Option<&str> {
        match &self.guard {
            Guard::Keychain { backend } => Some(backend),
            _ => None,
        }
    }

    /// The cost of a passphrase slot.
    pub fn passphrase_params(&self) -> Option<PassphraseParams> {
        match self.guard {
            Guard::Passphrase { params, .. } => Some(params),
            _ => None,
        }
    }

    /// For a recovery slot: whether the person has shown that the code was written down.
    pub fn confirmed(&self) -> Option<bool> {
        match self.guard {
            Guard::Recovery { confirmed, .. } => Some(confirmed),
            _ => None,
        }
    }
}

/// Wraps a key under another one by AES-256-GCM: ciphertext | tag.
pub(crate) fn seal_key(under: &[u8; 32], nonce: [u8; 12], aad: &[u8], key: &[u8; 32]) -> [u8; WRAPPED] {
    let mut wrapped = [0; WRAPPED];
    let (body, tail) = wrapped.split_at_mut(32);
    // The key lies here in the clear until the next call has sealed it in place.
    body.copy_from_slice(key);
    let nonce = Nonce::assume_unique_for_key(nonce);
    match aes_key(under).seal_in_place_separate_tag(nonce, Aad::from(aad), body) {
        Ok(tag) => tail.copy_from_slice(tag.as_ref()),
        Err(_) => unreachable!("32 bytes are within the limit of AES-GCM"),
    }
    wrapped
}

/// Opens what [`seal_key`] made; `None` when anything of it was changed.
pub(crate) fn open_key(
    under: &[u8; 32],
    nonce: [u8; 12],
    aad: &[u8],
    wrapped: &[u8; WRAPPED],
) -> Option<Secret<32>> {
    let mut buffer = Secret::<WRAPPED>::from_bytes(*wrapped);
    let nonce = Nonce::assume_unique_for_key(nonce);
    let plain = aes_key(under).open_in_place(nonce, Aad::from(aad), buffer.bytes_mut()).ok()?;
    let mut key = Secret::zero();
    key.bytes_mut().copy_from_slice(plain);
    Some(key)
}

fn commitment(kek: &Kek) -> [u8; 16] {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, kek.as_bytes()), b"zimg/commit/v1");
    tag.as_ref().first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_id_survives_its_text_and_nothing_else_is_one() {
        let id = SlotId([0, 1, 2, 3, 4, 5, 6, 0xff]);
        assert_eq!(id.to_string().parse(), Ok(id));
        for text in ["", "00010203040506F0", "+001020304050607", "0001020304050607a"] {
            assert!(text.parse::<SlotId>().is_err(), "{text}");
        }
    }

    #[test]
    fn no_secret_of_a_slot_prints_its_content() {
        let secret = SlotSecret::Passphrase(Zeroizing::new("hunter2".into()));
        assert_eq!(format!("{secret:?}"), "SlotSecret::Passphrase(…)");
        let secret = SlotSecret::Keychain(Kek::from_bytes([1; 32]));
        assert_eq!(format!("{secret:?}"), "SlotSecret::Keychain(…)");
    }
}
