//! What a refusal about the account is called.

use account::AccountError;
use egress::OriginError;

use crate::{Code, Failure};

/// Where it is known what was refused, the caller says so with `refused`.
pub(crate) fn of(error: AccountError, refused: Code) -> Failure {
    let code = match error {
        AccountError::Offline => Code::ServiceUnreachable,
        AccountError::Unanswered => Code::ServiceUnanswered,
        AccountError::NotAllowed => Code::NotAllowed,
        AccountError::Ledger => Code::LedgerNotWritten,
        AccountError::Untrusted => Code::ServiceUntrusted,
        AccountError::Clock => Code::ClockWrong,
        AccountError::AnotherService => Code::AnotherService,
        AccountError::Refused => refused,
        AccountError::TooMany(_) => Code::TooManyRequests,
        AccountError::SignedOut => Code::SignedOut,
        AccountError::Newer | AccountError::Gone => Code::ServiceNewer,
        AccountError::BadAnswer => Code::ServiceAnswer,
        AccountError::Invalid => Code::BadRequest,
        AccountError::OutOfMemory => Code::OutOfMemory,
    };
    code.into()
}

/// An address that is not one of a service.
pub(crate) fn of_origin(error: OriginError) -> Failure {
    match error {
        OriginError::Malformed => Code::AddressMalformed,
        OriginError::Plain => Code::AddressPlain,
        OriginError::Reach => Code::AddressForbidden,
    }
    .into()
}
