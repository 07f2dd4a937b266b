//! What outlives the program's end, where the person wants to stay signed in: in the system's keychain, nowhere else.

use keychain::{Item, Keychain, KeychainError};
use serde::{Deserialize, Serialize};
use wire::messages::Message;
use wire::{Id, RefreshToken};
use zeroize::Zeroizing;

/// Where a session is kept.
#[derive(Clone)]
pub enum Keeping {
    /// In the keychain.
    Keychain(Keychain),
    /// In memory alone: it ends with the program.
    Memory,
}

/// A session as it is kept: JSON, version 1.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    v: u32,
    /// Scheme, host and port of the service: its tokens go nowhere else.
    pub origin: String,
    /// The service's key.
    pub server: Message<32>,
    /// The session in the list of devices, and the token for the next pair; none after a sign-out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<(Id, RefreshToken)>,
    /// That this device was signed in before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<Message<48>>,
}

const VERSION: u32 = 1;

impl Kept {
    /// What is to be kept.
    #[must_use]
    pub fn new(
        origin: String,
        server: Message<32>,
        session: Option<(Id, RefreshToken)>,
        device: Option<Message<48>>,
    ) -> Self {
        Self { v: VERSION, origin, server, session, device }
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok().filter(|kept: &Self| kept.v == VERSION)
    }
}

impl Keeping {
    /// What was kept for a service.
    ///
    /// # Errors
    /// [`KeychainError`]; without a record there is none.
    pub fn load(&self, origin: &str) -> Result<Option<Kept>, KeychainError> {
        let Self::Keychain(keychain) = self else { return Ok(None) };
        match keychain.kept(&Item::session()) {
            Ok(all) => {
                Ok(all.iter().filter_map(|bytes| Kept::decode(bytes)).find(|kept| kept.origin == origin))
            }
            Err(KeychainError::Missing | KeychainError::Garbage) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps it in place of what was kept.
    ///
    /// # Errors
    /// [`KeychainError`]; then the session lasts until the program ends.
    pub fn save(&self, kept: &Kept) -> Result<(), KeychainError> {
        let Self::Keychain(keychain) = self else { return Ok(()) };
        let bytes = Zeroizing::new(serde_json::to_vec(kept).map_err(|_| KeychainError::Garbage)?);
        keychain.keep(&Item::session(), &bytes)
    }

    /// Keeps nothing any more.
    ///
    /// # Errors
    /// [`KeychainError`]; the record may then still be there.
    pub fn forget(&self) -> Result<(), KeychainError> {
        match self {
            Self::Keychain(keychain) => keychain.remove(&Item::session()),
            Self::Memory => Ok(()),
        }
    }
}
