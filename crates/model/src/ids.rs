//! Identifiers. An id says nothing about what it names; a UUIDv7 says when it was made, a random one not even that.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The text was not an id of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid identifier")]
pub struct IdError;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
        #[serde(transparent)]
        #[ts(type = "string")]
        pub struct $name(Uuid);

        impl $name {
            /// The 16 bytes as they are stored.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// Takes the 16 stored bytes; every value is allowed.
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// Takes stored bytes of unknown length.
            ///
            /// # Errors
            /// [`IdError`] unless there are 16.
            pub fn from_slice(bytes: &[u8]) -> Result<Self, IdError> {
                Uuid::from_slice(bytes).map(Self).map_err(|_| IdError)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::try_parse(text).map(Self).map_err(|_| IdError)
            }
        }
    };
}

id! {
    /// One picture with its prompt. UUIDv7, so that ids sort by the time they were made.
    ItemId
}
id! {
    /// One vault. Random.
    VaultId
}
id! {
    /// One sealed run of bytes in `images.db`. Random: it must not tell when a picture was made.
    BlobId
}

impl ItemId {
    /// A new id made at `now`.
    pub fn new(now: crate::Timestamp) -> Self {
        let millis = u64::try_from(now.millis()).unwrap_or(0);
        let stamp =
            uuid::Timestamp::from_unix(uuid::NoContext, millis / 1000, ((millis % 1000) * 1_000_000) as u32);
        Self(Uuid::new_v7(stamp))
    }
}
