//! What outlives the program's end, where the person wants to stay signed in: in the system's keychain, or on a shelf that
//! somebody else keeps as safe.

use std::sync::Arc;

use keychain::{Item, Keychain};
use serde::{Deserialize, Serialize};
use wire::messages::Message;
use wire::{Id, RefreshToken};
use zeroize::Zeroizing;

/// Where a session is kept.
#[derive(Clone)]
pub enum Keeping {
    /// In the keychain, under this name.
    Keychain(Keychain, Item),
    /// Where there is no keychain: in a place of the caller's.
    Shelf(Arc<dyn Shelf>),
    /// In memory alone: it ends with the program.
    Memory,
}

/// A place for one secret that is as safe as a keychain.
pub trait Shelf: Send + Sync {
    /// What lies there.
    fn load(&self) -> Option<Zeroizing<Vec<u8>>>;

    /// Puts it there in place of what did; whether it lies there.
    fn save(&self, bytes: &[u8]) -> bool;

    /// Takes it away.
    fn clear(&self);
}

/// It could not be kept: then it lasts until the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the session is not kept")]
pub struct NotKept;

/// A session as it is kept: JSON, version 1.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    v: u32,
    /// Scheme, host and port of the service: its tokens go nowhere else.
    pub origin: String,
    /// The service's key.
    pub server: Message<32>,
    /// The session in the list of devices, and the token for the next pair.
    pub session: (Id, RefreshToken),
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
        session: (Id, RefreshToken),
        device: Option<Message<48>>,
    ) -> Self {
        Self { v: VERSION, origin, server, session, device }
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok().filter(|kept: &Self| kept.v == VERSION)
    }
}

impl Keeping {
    /// What was kept for a service; none where it can't be read, too.
    pub(crate) fn load(&self, origin: &str) -> Option<Kept> {
        let found = match self {
            Self::Keychain(keychain, item) => keychain.kept(item).unwrap_or_default(),
            Self::Shelf(shelf) => shelf.load().into_iter().collect(),
            Self::Memory => Vec::new(),
        };
        found.iter().filter_map(|bytes| Kept::decode(bytes)).find(|kept| kept.origin == origin)
    }

    /// Keeps it in place of what was kept.
    ///
    /// # Errors
    /// [`NotKept`], in memory always.
    pub(crate) fn save(&self, kept: &Kept) -> Result<(), NotKept> {
        let bytes = Zeroizing::new(serde_json::to_vec(kept).map_err(|_| NotKept)?);
        match self {
            Self::Keychain(keychain, item) => keychain.keep(item, &bytes).map_err(|_| NotKept),
            Self::Shelf(shelf) if shelf.save(&bytes) => Ok(()),
            Self::Shelf(_) | Self::Memory => Err(NotKept),
        }
    }

    /// Keeps nothing any more. A record that can't be removed opens nothing once the service knows of the end.
    pub(crate) fn forget(&self) {
        match self {
            Self::Keychain(keychain, item) => drop(keychain.remove(item)),
            Self::Shelf(shelf) => shelf.clear(),
            Self::Memory => {}
        }
    }
}
