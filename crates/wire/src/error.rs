//! What can go wrong between client and service. No message holds an address, a password or a token.

use opaque_ke::errors::ProtocolError;

/// Why a step of the protocol failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// Bytes that are no message of this step.
    #[error("the message is malformed")]
    Malformed,
    /// The password is not the account's, there is no such account, or somebody stands between: by design nobody can tell
    /// which.
    #[error("the password does not open this account")]
    Refused,
    /// The service answered with a suite or a way of stretching that this program does not know.
    #[error("the service speaks a newer version")]
    Newer,
    /// The password is longer than 1 KiB.
    #[error("the password is too long")]
    TooLong,
    /// The memory for stretching the password is not to be had.
    #[error("not enough memory to check the password")]
    OutOfMemory,
}

impl From<ProtocolError> for WireError {
    fn from(error: ProtocolError) -> Self {
        match error {
            ProtocolError::InvalidLoginError => Self::Refused,
            // Only our own stretching gives this one, and only for want of memory.
            ProtocolError::LibraryError(opaque_ke::errors::InternalError::KsfError) => Self::OutOfMemory,
            _ => Self::Malformed,
        }
    }
}
