//! Sessions: one for each device that is signed in.

use serde::{Deserialize, Serialize};

use crate::text::DeviceLabel;
use crate::token::{AccessToken, Id, Message, RefreshToken};

/// A language that mails are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Locale {
    /// Japanese.
    Ja,
    /// English.
    En,
}

impl Locale {
    /// Its name in messages and tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
        }
    }

    /// The language of a name in a table.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Ja, Self::En].into_iter().find(|locale| locale.name() == name)
    }
}

/// A kind of operating system; nothing finer is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Platform {
    /// Windows.
    Windows,
    /// macOS.
    Macos,
    /// Linux and its like.
    Linux,
}

impl Platform {
    /// Its name in messages and tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Windows => "windows",
            Self::Macos => "macos",
            Self::Linux => "linux",
        }
    }

    /// The kind of a name in a table.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Windows, Self::Macos, Self::Linux].into_iter().find(|platform| platform.name() == name)
    }
}

/// What a session is used with.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SessionTokens {
    /// The session's name in the list of devices.
    pub session_id: Id,
    /// For the account's paths.
    pub access: AccessToken,
    /// Seconds until `access` is worth nothing.
    pub expires_in: u32,
    /// For the next pair.
    pub refresh: RefreshToken,
    /// For sign-ins to come; see [`super::LoginStart::device`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<Message<48>>,
}

/// Asks for the next pair of tokens.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RefreshRequest {
    /// The last one that was given.
    pub refresh: RefreshToken,
}

/// Names a device.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SessionLabel {
    /// As it is to be called.
    pub device_label: DeviceLabel,
}

/// A session in the list of devices.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SessionView {
    /// Its name.
    pub id: Id,
    /// What the person calls the device.
    pub device_label: DeviceLabel,
    /// What it is.
    pub platform: Platform,
    /// The day of the sign-in, `YYYY-MM-DD` in UTC.
    pub created_day: String,
    /// The day of the last use.
    pub last_used_day: String,
    /// Whether it is the one that asks.
    pub current: bool,
}
