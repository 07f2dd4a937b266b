//! A code by mail, and the ticket that it is exchanged for.

use serde::{Deserialize, Serialize};

use super::session::Locale;
use crate::text::{Email, MailCode};
use crate::token::{Id, Ticket};

/// What a code is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MailPurpose {
    /// To make an account.
    Register,
    /// To replace a password that is lost.
    ResetPassword,
    /// To show that the new address is one's own.
    ChangeEmail,
    /// To delete an account whose password is lost.
    DeleteAccount,
}

impl MailPurpose {
    /// Every purpose.
    pub const ALL: [Self; 4] = [Self::Register, Self::ResetPassword, Self::ChangeEmail, Self::DeleteAccount];

    /// Its name in messages and tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::ResetPassword => "reset_password",
            Self::ChangeEmail => "change_email",
            Self::DeleteAccount => "delete_account",
        }
    }

    /// The purpose of a name in a table.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.name() == name)
    }
}

/// Asks for a code.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChallengeRequest {
    /// What for.
    pub purpose: MailPurpose,
    /// Where it is sent.
    pub email: Email,
    /// The language of the mail.
    pub locale: Locale,
}

/// The answer, the same whether or not a code was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Challenge {
    /// What the code belongs to. Only the device that asked knows it.
    pub challenge_id: Id,
    /// Seconds until the code is worth nothing.
    pub expires_in: u32,
}

/// The code, as it was typed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CodeRequest {
    /// It.
    pub code: MailCode,
}

/// A ticket for the next step.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TicketAnswer {
    /// It.
    pub ticket: Ticket,
    /// Seconds until it is worth nothing.
    pub expires_in: u32,
}
