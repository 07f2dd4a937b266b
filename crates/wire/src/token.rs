//! Ids, tokens and the bytes of the protocol as they stand in messages: base64url without padding (RFC 4648 §5).
//!
//! **Invariant:** a token does not print; the service keeps its digest only.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use crate::text::Invalid;

fn text_of(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Exactly `N` bytes out of their text.
fn bytes_of<const N: usize>(text: &str) -> Result<[u8; N], Invalid> {
    if text.len() != (N * 4).div_ceil(3) {
        return Err(Invalid);
    }
    URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(Invalid)
}

/// A random id of 16 bytes: of a session, a challenge, a sign-in, a receipt, a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id([u8; 16]);

impl Id {
    /// Draws one.
    #[must_use]
    pub fn random() -> Self {
        Self(crypto::random())
    }

    /// One that was kept.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// One out of a path.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        bytes_of(text).map(Self)
    }

    /// Its bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text_of(&self.0))
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&text_of(&self.0))
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// A message of the key exchange: exactly `N` bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Message<const N: usize>([u8; N]);

impl<const N: usize> Message<N> {
    /// The bytes that a step gave.
    ///
    /// # Errors
    /// [`Invalid`] for another number of bytes.
    pub fn new(bytes: &[u8]) -> Result<Self, Invalid> {
        bytes.try_into().map(Self).map_err(|_| Invalid)
    }

    /// Its bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; N] {
        &self.0
    }
}

impl<const N: usize> fmt::Debug for Message<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{N} bytes")
    }
}

impl<const N: usize> Serialize for Message<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&text_of(&self.0))
    }
}

impl<'de, const N: usize> Deserialize<'de> for Message<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        bytes_of(&String::deserialize(deserializer)?).map(Self).map_err(serde::de::Error::custom)
    }
}

/// What was sealed under a sign-in's key: up to 1 KiB.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// Most bytes.
    pub const MAX_BYTES: usize = 1024;

    /// The bytes as they were sealed.
    ///
    /// # Errors
    /// [`Invalid`] for more than fit.
    pub fn new(bytes: Vec<u8>) -> Result<Self, Invalid> {
        if bytes.len() > Self::MAX_BYTES { Err(Invalid) } else { Ok(Self(bytes)) }
    }

    /// The bytes.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl Serialize for Sealed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&text_of(&self.0))
    }
}

impl<'de> Deserialize<'de> for Sealed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.len() > (Self::MAX_BYTES * 4).div_ceil(3) {
            return Err(serde::de::Error::custom(Invalid));
        }
        URL_SAFE_NO_PAD.decode(text).map(Self).map_err(|_| serde::de::Error::custom(Invalid))
    }
}

/// SHA-256 of a token: what the service keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

/// A token type with its prefix, by which a token that leaked is recognised.
macro_rules! token {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(Zeroizing<[u8; 32]>);

        impl $name {
            /// What its text begins with.
            pub const PREFIX: &str = $prefix;

            /// Draws one of 256 bits.
            #[must_use]
            pub fn random() -> Self {
                let mut bytes = Zeroizing::new([0; 32]);
                crypto::fill(&mut *bytes);
                Self(bytes)
            }

            /// Its text.
            #[must_use]
            pub fn text(&self) -> Zeroizing<String> {
                Zeroizing::new(format!("{}{}", $prefix, *Zeroizing::new(text_of(&*self.0))))
            }

            /// Reads its text.
            ///
            /// # Errors
            /// [`Invalid`].
            pub fn parse(text: &str) -> Result<Self, Invalid> {
                let rest = text.strip_prefix($prefix).ok_or(Invalid)?;
                bytes_of(rest).map(|bytes| Self(Zeroizing::new(bytes)))
            }

            /// What the service knows it by.
            #[must_use]
            pub fn hash(&self) -> TokenHash {
                TokenHash(crypto::sha256(self.text().as_bytes()))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!($prefix, "…"))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.text())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Zeroizing::new(String::deserialize(deserializer)?);
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

token!(
    /// Opens the account's paths for 15 minutes.
    AccessToken,
    "zis_a_"
);
token!(
    /// Gives the next pair of tokens, once.
    RefreshToken,
    "zis_r_"
);
token!(
    /// Proves a step that was just finished, for one purpose, once, for ten minutes.
    Ticket,
    "zis_t_"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_survive_their_text_and_are_not_taken_for_one_another() {
        let token = AccessToken::random();
        assert_eq!(AccessToken::parse(&token.text()).unwrap().hash(), token.hash());
        assert!(RefreshToken::parse(&token.text()).is_err());
        assert_eq!(token.text().len(), 49);
        assert_eq!(format!("{token:?}"), "zis_a_…");
    }

    #[test]
    fn bytes_have_one_text_only() {
        let id = Id::from_bytes([0xff; 16]);
        assert_eq!(id.to_string(), "_____________________w");
        for other in ["_____________________x", "_____________________w=", "/////////////////////w", ""] {
            assert_eq!(Id::parse(other), Err(Invalid), "{other}");
        }
    }
}
