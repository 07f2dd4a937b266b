//! Registration of a password, and its proof.

use serde::{Deserialize, Serialize};

use super::session::{Locale, Platform, SessionTokens};
use crate::purpose::Purpose;
use crate::text::{DeviceLabel, Email, NoticeVersion};
use crate::token::{Id, Message, Sealed, Ticket};

/// Begins the registration of a password: of a new account, or in place of an old password.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RegistrationStart {
    /// What allows it.
    pub ticket: Ticket,
    /// The blinded password.
    pub request: Message<32>,
}

/// What the service makes of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RegistrationAnswer {
    /// The evaluated password and the service's key.
    pub response: Message<64>,
    /// See [`crate::SUITE`].
    pub suite: u8,
    /// See [`crate::Stretching`].
    pub ksf_id: u8,
}

/// Ends it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RegistrationFinish {
    /// The ticket that began it.
    pub ticket: Ticket,
    /// The record to be kept.
    pub upload: Message<192>,
    /// Of a new account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<NewAccount>,
}

/// What a new account begins with.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// The age that the person said to have reached. When they were born stays on their device.
    pub age_min_attested: Age,
    /// The notice that they accepted.
    pub notice_version: NoticeVersion,
    /// The language of mails.
    pub locale: Locale,
}

/// An age of digital consent: 13 to 21 years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Age(u8);

impl TryFrom<u8> for Age {
    type Error = crate::text::Invalid;

    fn try_from(years: u8) -> Result<Self, Self::Error> {
        if (13..=21).contains(&years) { Ok(Self(years)) } else { Err(crate::text::Invalid) }
    }
}

impl From<Age> for u8 {
    fn from(age: Age) -> Self {
        age.0
    }
}

/// Begins the proof of a password.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LoginStart {
    /// Whose.
    pub email: Email,
    /// The first message.
    pub ke1: Message<96>,
    /// What for.
    pub purpose: Purpose,
    /// Given at an earlier sign-in: a device that was here before is not held up by the mistakes of others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<Message<48>>,
}

/// The answer, of the same shape whether or not there is such an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LoginAnswer {
    /// What the proof belongs to.
    pub login_id: Id,
    /// The second message.
    pub ke2: Message<320>,
    /// See [`crate::SUITE`].
    pub suite: u8,
    /// See [`crate::Stretching`].
    pub ksf_id: u8,
}

/// Ends it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LoginFinish {
    /// Of the answer.
    pub login_id: Id,
    /// The proof.
    pub ke3: Message<64>,
    /// Of a new session; "Linux desktop" or its like where it is left out, never the host's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_label: Option<DeviceLabel>,
    /// Of a new session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
}

/// What a proof gives, sealed under its key: [`Granted`] as JSON.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SealedAnswer {
    /// It.
    pub sealed: Sealed,
}

/// What a proof gives.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Granted {
    /// For [`Purpose::Login`].
    Session(SessionTokens),
    /// For every other purpose.
    Ticket {
        /// It.
        ticket: Ticket,
        /// Seconds until it is worth nothing.
        expires_in: u32,
    },
}
