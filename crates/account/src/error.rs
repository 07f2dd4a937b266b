//! What can go wrong with an account. No message holds an address, a password or a token.

use egress::EgressError;
use wire::WireError;
use wire::messages::ProblemKind;

/// Why something about the account did not come about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// The computer is offline, or the service does not answer. Everything that needs no account goes on.
    #[error("the service can't be reached")]
    Offline,
    /// It was asked and no answer came: what was to be changed there may be.
    #[error("the service's answer did not arrive")]
    Unanswered,
    /// The person turned such requests off.
    #[error("requests about the account are turned off")]
    NotAllowed,
    /// The ledger can't be written, so nothing was sent.
    #[error("the ledger can't be written")]
    Ledger,
    /// The connection is not safe: another certificate than it should be.
    #[error("the connection is not safe")]
    Untrusted,
    /// By this computer's clock the certificate is not valid: the clock may be wrong.
    #[error("the computer's clock may be wrong")]
    Clock,
    /// Not the service that it was before, or not the official one: its key is another.
    #[error("this is another service than before")]
    AnotherService,
    /// The address, the password, the code or the ticket opens nothing. By design nobody is told which.
    #[error("refused")]
    Refused,
    /// Too many tries; seconds to wait.
    #[error("too many tries")]
    TooMany(u32),
    /// Nobody is signed in, or the session has ended: by time, from another device, or because a copy of it was used.
    #[error("signed out")]
    SignedOut,
    /// What was asked for is not there (any more): a device, or a path of an older service.
    #[error("not there")]
    Gone,
    /// The service speaks a newer version of the protocol.
    #[error("the service needs a newer version of this program")]
    Newer,
    /// The service answers what is no answer.
    #[error("the service's answer is not one")]
    BadAnswer,
    /// What was typed is outside of the bounds.
    #[error("not an address, a code or a name")]
    Invalid,
    /// The memory for the password's derivation is not to be had.
    #[error("not enough memory")]
    OutOfMemory,
}

impl From<EgressError> for AccountError {
    fn from(error: EgressError) -> Self {
        match error {
            EgressError::NotAllowed => Self::NotAllowed,
            EgressError::Ledger(_) => Self::Ledger,
            EgressError::Origin(_) => Self::Invalid,
            EgressError::Unreachable => Self::Offline,
            EgressError::TimedOut | EgressError::Unanswered => Self::Unanswered,
            EgressError::Untrusted => Self::Untrusted,
            EgressError::Clock => Self::Clock,
            EgressError::BadAnswer => Self::BadAnswer,
        }
    }
}

impl From<WireError> for AccountError {
    fn from(error: WireError) -> Self {
        match error {
            WireError::Malformed => Self::BadAnswer,
            WireError::Refused => Self::Refused,
            WireError::Newer => Self::Newer,
            WireError::TooLong => Self::Invalid,
            WireError::OutOfMemory => Self::OutOfMemory,
        }
    }
}

impl From<wire::Invalid> for AccountError {
    fn from(_: wire::Invalid) -> Self {
        Self::Invalid
    }
}

/// What a refusal of the service comes to.
pub(crate) fn refused(kind: ProblemKind, retry_after: Option<u32>) -> AccountError {
    match kind {
        ProblemKind::Unauthorized => AccountError::Refused,
        ProblemKind::TooMany | ProblemKind::QuotaExceeded => AccountError::TooMany(retry_after.unwrap_or(1)),
        ProblemKind::Unavailable | ProblemKind::Upstream => AccountError::Offline,
        ProblemKind::NotFound => AccountError::Gone,
        // A field is gone: we speak an older version than the service.
        ProblemKind::BadRequest | ProblemKind::TooLarge => AccountError::Newer,
    }
}
