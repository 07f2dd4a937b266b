//! The service's secrets. They lie in one file that nobody else may read, or in the environment; never in the database.
//!
//! **Invariant:** a copy of the database alone opens no address, no name, no sign-in that is under way, and lets no password
//! be guessed.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Prk, Salt};
use ring::hmac;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde::{Deserialize, Serialize};
use wire::Id;
use wire::server::ServerSecret;
use zeroize::{Zeroize, Zeroizing};

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The file can't be read or written; the kind only.
    #[error("the key file can't be used: {0:?}")]
    Io(std::io::ErrorKind),
    /// Others may read it.
    #[error("the key file can be read by others: make it private (chmod 600)")]
    Exposed,
    /// It is not a key file, or one of a newer version.
    #[error("the key file is damaged or of a newer version")]
    Damaged,
}

impl From<std::io::Error> for KeysError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error.kind())
    }
}

/// The key file: JSON, version 1.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    version: u32,
    /// 32 bytes in base 64, from which all keys but OPAQUE's are derived.
    master: Zeroizing<String>,
    /// OPAQUE's secrets, the newest last. New passwords go under the newest; older ones stay under theirs.
    opaque: Vec<OpaqueFile>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OpaqueFile {
    id: u32,
    /// 128 bytes in base 64.
    secret: Zeroizing<String>,
}

/// What a key is for. The label goes into its derivation.
#[derive(Debug, Clone, Copy)]
pub enum Seals {
    /// Addresses, names and labels of accounts.
    Person,
    /// Addresses that are about to become an account's.
    Address,
    /// The service's half of a sign-in.
    Login,
    /// Mails that are to be sent.
    Mail,
    /// Keys of a day.
    Day,
}

impl Seals {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Person => b"seal person",
            Self::Address => b"seal address",
            Self::Login => b"seal login",
            Self::Mail => b"seal mail",
            Self::Day => b"seal day",
        }
    }
}

/// What a digest is for.
#[derive(Debug, Clone, Copy)]
pub enum Digests {
    /// Finds an address again.
    Address,
    /// The credential of an address that has none.
    Fake,
    /// A code that was sent by mail.
    Code,
    /// A throttle.
    Bucket,
    /// A device that was signed in before.
    Device,
    /// The receipt of a deletion.
    Receipt,
    /// The ticket that a code is worth.
    Ticket,
}

impl Digests {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Address => b"digest address",
            Self::Fake => b"digest fake",
            Self::Code => b"digest code",
            Self::Bucket => b"digest bucket",
            Self::Device => b"digest device",
            Self::Receipt => b"digest receipt",
            Self::Ticket => b"digest ticket",
        }
    }
}

/// The secrets, ready for use.
pub struct Keys {
    master: Prk,
    opaque: Vec<(i64, ServerSecret)>,
    receipts: Ed25519KeyPair,
}

impl Keys {
    /// Reads the file, or draws new secrets into one where there is none.
    ///
    /// # Errors
    /// See [`KeysError`]; nothing is replaced.
    pub fn at(path: &Path) -> Result<Self, KeysError> {
        match fs::symlink_metadata(path) {
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut options = OpenOptions::new();
                options.write(true).create_new(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                let mut file = options.open(path)?;
                file.write_all(Self::draw().as_bytes())?;
                file.sync_all()?;
            }
            Err(error) => return Err(error.into()),
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            if fs::metadata(path)?.permissions().mode() & 0o077 != 0 {
                return Err(KeysError::Exposed);
            }
        }
        Self::parse(&Zeroizing::new(fs::read_to_string(path)?))
    }

    /// Draws new secrets and gives them as the text of a key file.
    #[must_use]
    pub fn draw() -> Zeroizing<String> {
        let mut master = Zeroizing::new([0; 32]);
        crypto::fill(&mut *master);
        let file = KeyFile {
            version: 1,
            master: Zeroizing::new(STANDARD.encode(*master)),
            opaque: vec![OpaqueFile {
                id: 1,
                secret: Zeroizing::new(STANDARD.encode(&*ServerSecret::random().to_bytes())),
            }],
        };
        Zeroizing::new(serde_json::to_string_pretty(&file).unwrap_or_default())
    }

    /// Reads the text of a key file.
    ///
    /// # Errors
    /// [`KeysError::Damaged`].
    pub fn parse(text: &str) -> Result<Self, KeysError> {
        let file: KeyFile = serde_json::from_str(text).map_err(|_| KeysError::Damaged)?;
        let decoded = |text: &str| STANDARD.decode(text).map(Zeroizing::new).map_err(|_| KeysError::Damaged);
        let master = decoded(&file.master)?;
        if file.version != 1 || master.len() != 32 {
            return Err(KeysError::Damaged);
        }
        let opaque = file.opaque.iter().map(|held| {
            let secret = ServerSecret::from_bytes(&decoded(&held.secret)?);
            Ok((i64::from(held.id), secret.map_err(|_| KeysError::Damaged)?))
        });
        let opaque: Vec<_> = opaque.collect::<Result<_, KeysError>>()?;
        if opaque.is_empty() {
            return Err(KeysError::Damaged);
        }
        let master = Salt::new(HKDF_SHA256, b"zimage-server/1").extract(&master);
        let seed = derive(&master, b"sign receipts");
        let receipts = Ed25519KeyPair::from_seed_unchecked(&*seed).map_err(|_| KeysError::Damaged)?;
        Ok(Self { master, opaque, receipts })
    }

    /// The secret that new passwords go under, with its number.
    ///
    /// # Panics
    /// Never: there is one at least.
    pub fn newest(&self) -> (i64, &ServerSecret) {
        match self.opaque.last() {
            Some((id, secret)) => (*id, secret),
            None => unreachable!("a key file without any is refused"),
        }
    }

    /// The secret of a number.
    pub fn opaque(&self, id: i64) -> Option<&ServerSecret> {
        self.opaque.iter().find(|(held, _)| *held == id).map(|(_, secret)| secret)
    }

    /// Seals for one row: AES-256-GCM under a random nonce, which stands before what it sealed.
    #[must_use]
    pub fn seal(&self, what: Seals, row: &[u8], plain: &[u8]) -> Vec<u8> {
        seal(&derive(&self.master, what.label()), row, plain)
    }

    /// Opens what was sealed for this row; `None` when it was not, or not with these keys.
    #[must_use]
    pub fn open(&self, what: Seals, row: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        open(&derive(&self.master, what.label()), row, sealed)
    }

    /// HMAC-SHA-256 of the parts, each with its length before it.
    #[must_use]
    pub fn digest(&self, what: Digests, parts: &[&[u8]]) -> [u8; 32] {
        digest(&derive(&self.master, what.label()), parts)
    }

    /// The credential that an address without an account seems to have.
    #[must_use]
    pub fn fake_credential(&self, email_idx: &[u8; 32]) -> Id {
        let digest = self.digest(Digests::Fake, &[email_idx]);
        let mut id = [0; 16];
        id.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        Id::from_bytes(id)
    }

    /// Signs a receipt: Ed25519 (RFC 8032).
    #[must_use]
    pub fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        self.receipts.sign(bytes).as_ref().to_vec()
    }

    /// What receipts are verified with, 32 bytes.
    #[must_use]
    pub fn receipt_key(&self) -> Vec<u8> {
        self.receipts.public_key().as_ref().to_vec()
    }
}

fn derive(prk: &Prk, label: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    match prk.expand(&[label], HKDF_SHA256).and_then(|okm| okm.fill(&mut *key)) {
        Ok(()) => key,
        Err(_) => unreachable!("32 bytes are within the limit of HKDF"),
    }
}

fn sealing(key: &[u8; 32]) -> LessSafeKey {
    match UnboundKey::new(&AES_256_GCM, key) {
        Ok(key) => LessSafeKey::new(key),
        Err(_) => unreachable!("AES-256 takes 32 bytes"),
    }
}

/// Seals under a key of one's own; see [`Keys::seal`].
#[must_use]
pub fn seal(key: &[u8; 32], row: &[u8], plain: &[u8]) -> Vec<u8> {
    let nonce = crypto::random::<12>();
    let mut bytes = Zeroizing::new(plain.to_vec());
    let tag = sealing(key).seal_in_place_separate_tag(
        Nonce::assume_unique_for_key(nonce),
        Aad::from(row),
        &mut bytes,
    );
    let Ok(tag) = tag else { unreachable!("nothing here is as long as the limit of AES-GCM") };
    [nonce.as_slice(), &bytes, tag.as_ref()].concat()
}

/// Opens under a key of one's own; see [`Keys::open`].
#[must_use]
pub fn open(key: &[u8; 32], row: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, rest) = sealed.split_at_checked(12)?;
    let mut bytes = rest.to_vec();
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let plain = sealing(key)
        .open_in_place(nonce, Aad::from(row), &mut bytes)
        .ok()
        .map(|plain| Zeroizing::new(plain.to_vec()));
    bytes.zeroize();
    plain
}

/// Digest under a key of one's own; see [`Keys::digest`].
#[must_use]
pub fn digest(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut out = [0; 32];
    out.copy_from_slice(context.sign().as_ref());
    out
}
