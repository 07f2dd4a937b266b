//! What an account's client and its service say to each other: the messages with their bounds, and the one suite of
//! OPAQUE (RFC 9807) by which a password is proved without being told.
//!
//! **Invariant:** nothing of a vault has a place in any message. Every message has a fixed set of fields, a field that is
//! not of the set is an error, and every field has a greatest length.

pub mod client;
mod error;
pub mod messages;
mod password;
mod purpose;
mod sealed;
pub mod server;
#[cfg(feature = "openapi")]
mod shape;
mod suite;
mod text;
mod token;

pub use error::WireError;
pub use password::Password;
pub use purpose::Purpose;
pub use sealed::{SessionKey, open, seal};
pub use server::ServerKey;
pub use suite::{SUITE, Stretching, SystemRng};
pub use text::{DeviceLabel, DisplayName, Email, Invalid, MailCode, NoticeVersion};
pub use token::{AccessToken, Id, RefreshToken, Sealed, Ticket, TokenHash};

/// No request and no answer of the account's own paths is longer, in bytes.
pub const MAX_BODY: usize = 4096;
