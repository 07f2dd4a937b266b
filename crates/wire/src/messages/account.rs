//! The account's own record.

use serde::{Deserialize, Deserializer, Serialize};

use super::credential::Age;
use super::session::Locale;
use crate::text::{DisplayName, Email, NoticeVersion};
use crate::token::{Id, Message, Ticket};

/// All that the service holds of a person, besides sessions and a log for security.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AccountView {
    /// The address.
    pub email: Email,
    /// What they want to be called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<DisplayName>,
    /// The language of mails.
    pub locale: Locale,
    /// The day on which the account was made, `YYYY-MM-DD` in UTC.
    pub created_day: String,
    /// The age that they said to have reached.
    pub age_min_attested: Age,
    /// The notice that they accepted last.
    pub notice_version: NoticeVersion,
}

/// Changes parts of the record; what is left out stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProfileChange {
    /// A name, or `null` to have none.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub display_name: Option<Option<DisplayName>>,
    /// The language of mails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<Locale>,
    /// A newer notice that was accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_version: Option<NoticeVersion>,
}

/// Tells a field that is `null` from one that is not there.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Moves the account to another address.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EmailChange {
    /// The ticket of a sign-in for this purpose.
    pub ticket: Ticket,
    /// The ticket of the code that was sent to the new address.
    pub address_ticket: Ticket,
}

/// Takes such a move back, out of the mail that the old address got.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EmailUndo {
    /// The ticket in that mail.
    pub ticket: Ticket,
}

/// What is left of an account that is gone.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Its id.
    pub receipt_id: Id,
    /// The day, `YYYY-MM-DD` in UTC.
    pub deleted_day: String,
    /// What is kept, and until when: a line each.
    pub retained: Vec<Retained>,
    /// Ed25519 over the fields before it; see [`Receipt::signed`].
    pub signature: Message<64>,
}

/// Something that outlives an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Retained {
    /// What it is.
    pub what: RetainedKind,
    /// The last day of it.
    pub until_day: String,
}

/// Kinds of what outlives an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RetainedKind {
    /// The log for security, in which the account can't be told from others after the day.
    SecurityLog,
    /// The receipt itself, which names nobody.
    Receipt,
}

impl Receipt {
    /// What the signature is over: the id, the day and each line of what is kept, a line each.
    #[must_use]
    pub fn signed(receipt_id: &Id, deleted_day: &str, retained: &[Retained]) -> Vec<u8> {
        let mut text = format!("zimg-acct/1|receipt\n{receipt_id}\n{deleted_day}\n");
        for kept in retained {
            let what = match kept.what {
                RetainedKind::SecurityLog => "security_log",
                RetainedKind::Receipt => "receipt",
            };
            text.push_str(&format!("{what} {}\n", kept.until_day));
        }
        text.into_bytes()
    }
}

/// What a service says of itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ServiceView {
    /// The key that it proves itself by in every sign-in; see [`crate::ServerKey`].
    pub server_key: Message<32>,
    /// What receipts are verified with: Ed25519.
    pub receipt_key: Message<32>,
    /// The notice that is in force.
    pub notice_version: NoticeVersion,
}
