//! Refusals (RFC 9457).

use serde::{Deserialize, Serialize};

/// Why a request was refused. The client has the words for it, in the person's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// Not a message of this path.
    BadRequest,
    /// Longer than a message may be.
    TooLarge,
    /// A password, code, ticket or token that opens nothing. By design it is not told which.
    Unauthorized,
    /// No such path.
    NotFound,
    /// Too many tries; after the seconds that it says it goes on.
    TooMany,
    /// The account's share for today is used up.
    QuotaExceeded,
    /// The engine behind the service gave no picture.
    Upstream,
    /// The service can't answer now.
    Unavailable,
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// Why.
    #[serde(rename = "type")]
    pub kind: ProblemKind,
    /// In English, for who reads a log.
    pub title: String,
    /// Seconds to wait, where waiting helps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}
