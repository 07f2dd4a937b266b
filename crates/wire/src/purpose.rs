//! What a sign-in is for. It is part of what both ends prove, so that a proof for one purpose is worth nothing for another.

use serde::{Deserialize, Serialize};

/// Why a password is proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To have a session.
    Login,
    /// To replace the password.
    ChangePassword,
    /// To replace the address.
    ChangeEmail,
    /// To delete the account.
    DeleteAccount,
    /// To see every row that the service has.
    Export,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 5] =
        [Self::Login, Self::ChangePassword, Self::ChangeEmail, Self::DeleteAccount, Self::Export];

    /// Its name in messages and tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::ChangePassword => "change_password",
            Self::ChangeEmail => "change_email",
            Self::DeleteAccount => "delete_account",
            Self::Export => "export",
        }
    }

    /// The purpose of a name in a table.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.name() == name)
    }

    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Login => 1,
            Self::ChangePassword => 2,
            Self::ChangeEmail => 3,
            Self::DeleteAccount => 4,
            Self::Export => 5,
        }
    }

    pub(crate) fn numbered(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.number() == number)
    }

    /// The context of the key exchange (RFC 9807 §6.4).
    pub(crate) fn context(self) -> Vec<u8> {
        format!("zimg-acct/1|{}", self.name()).into_bytes()
    }
}
