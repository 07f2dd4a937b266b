//! What commands are asked with. Unknown fields are refused.

use model::ItemEdit;
use serde::Deserialize;
use studio::{Code, Copied, JobId, OfferId, ProofFor, Protection, RecoveryAnswer, Sort, Unlock, Way};
use ts_rs::TS;

macro_rules! request {
    ($(#[$doc:meta])* $name:ident { $( $(#[$field_doc:meta])* $field:ident: $type:ty ),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Deserialize, TS)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $( $(#[$field_doc])* pub $field: $type ),* }
    };
}

request! {
    /// A passphrase to estimate.
    StrengthRequest {
        /// As typed.
        passphrase: String,
    }
}
request! {
    /// What is to protect the vault.
    ProtectRequest {
        /// See [`Protection`].
        protection: Protection,
    }
}
request! {
    /// How to open the vault.
    UnlockRequest {
        /// See [`Unlock`].
        with: Unlock,
    }
}
request! {
    /// What is needed to replace the vault's key.
    ReplaceKeyRequest {
        /// The passphrase, where one opens the vault.
        passphrase: Option<String>,
    }
}
request! {
    /// Which ways in to take away.
    SlotRequest {
        /// Their kind.
        kind: Way,
    }
}
request! {
    /// Groups typed back.
    ConfirmRequest {
        /// Two of them.
        answers: Vec<RecoveryAnswer>,
    }
}
request! {
    /// An item.
    SeqRequest {
        /// Its number.
        seq: u32,
    }
}
request! {
    /// Several items.
    SeqsRequest {
        /// Their numbers.
        seqs: Vec<u32>,
    }
}
request! {
    /// A change to an item.
    EditRequest {
        /// Its number.
        seq: u32,
        /// What to change.
        edit: ItemEdit,
    }
}
request! {
    /// Changes to items, made together or not at all.
    EditsRequest {
        /// One an item.
        edits: Vec<EditRequest>,
    }
}
request! {
    /// What to copy.
    CopyRequest {
        /// The item's number.
        seq: u32,
        /// What of it.
        what: Copied,
    }
}
request! {
    /// A failure whose details are to be copied.
    FailureRequest {
        /// Its code.
        code: Code,
    }
}
request! {
    /// What to pick.
    PickRequest {
        /// Files or folders.
        what: PickKind,
    }
}
request! {
    /// Offers to look through or to take in.
    ImportRequest {
        /// Which.
        offers: Vec<OfferId>,
        /// What to call the job.
        label: String,
    }
}
request! {
    /// What to export.
    ExportRequest {
        /// Items by their numbers; `null` for everything.
        seqs: Option<Vec<u32>>,
    }
}
request! {
    /// A job.
    JobRequest {
        /// Its number.
        job: JobId,
    }
}

request! {
    /// What opens a damaged vault.
    SalvageRequest {
        /// `null` for a vault that is open.
        with: Option<Unlock>,
    }
}
request! {
    /// Another vault beside those that are there.
    AnotherRequest {
        /// See [`Protection`].
        protection: Protection,
        /// Its name; may be empty.
        label: String,
    }
}
request! {
    /// Which vault to use.
    SwitchRequest {
        /// Its key in the list.
        vault: String,
    }
}
request! {
    /// The open vault's name.
    LabelRequest {
        /// Empty for none.
        label: String,
    }
}
request! {
    /// Whether names of vaults are hidden.
    HideRequest {
        /// They are.
        hide: bool,
    }
}

request! {
    /// The code out of a mail.
    CodeRequest {
        /// As typed.
        typed: String,
    }
}
request! {
    /// A new password for the account.
    PasswordRequest {
        /// As typed.
        password: String,
        /// The session outlives the program.
        keep: bool,
    }
}
request! {
    /// The account's password once more.
    ProofRequest {
        /// What for.
        purpose: ProofFor,
        /// As typed.
        password: String,
    }
}
request! {
    /// A new name for a device.
    DeviceNameRequest {
        /// Which.
        device: String,
        /// Its name.
        label: String,
    }
}
request! {
    /// A device to sign out.
    DeviceRequest {
        /// Which; `null` for all but this one.
        device: Option<String>,
    }
}
request! {
    /// The line of a mail that takes a move of the address back.
    UndoRequest {
        /// As pasted.
        line: String,
    }
}
request! {
    /// Which service.
    ServiceRequest {
        /// Scheme, host and port; `null` for the hosted one.
        address: Option<String>,
    }
}

/// What the import dialog picks.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum PickKind {
    /// Picture files.
    Pictures,
    /// Folders.
    Folders,
}

/// Nothing is asked: `null` or `{}`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nothing;

impl<'de> Deserialize<'de> for Nothing {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let asked = Option::<serde_json::Map<String, serde_json::Value>>::deserialize(deserializer)?;
        match asked.filter(|fields| !fields.is_empty()) {
            None => Ok(Self),
            Some(_) => Err(serde::de::Error::custom("nothing is asked")),
        }
    }
}

impl TS for Nothing {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;
    fn name(_: &ts_rs::Config) -> String {
        "null".to_owned()
    }
    fn inline(_: &ts_rs::Config) -> String {
        "null".to_owned()
    }
}

request! {
    /// Whose values the filters are to offer.
    FacetsRequest {
        /// Of which items.
        scope: Scope,
    }
}

/// A gallery's question.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields)]
pub struct QueryRequest {
    /// The search field.
    pub text: String,
    /// Which items.
    pub scope: Scope,
    /// In which order.
    pub sort: Sort,
    /// Only from this program.
    pub generator: Option<String>,
    /// Only from this model.
    pub model: Option<String>,
    /// Only with this tag.
    pub tag: Option<String>,
    /// Only with at least this rating.
    pub min_rating: u8,
}

/// Which items; see [`vault::Scope`].
#[derive(Debug, Clone, Copy, Default, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// All but the trash.
    #[default]
    Library,
    /// With the heart.
    Favourites,
    /// The trash.
    Trash,
}

impl From<Scope> for vault::Scope {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Library => Self::Library,
            Scope::Favourites => Self::Favourites,
            Scope::Trash => Self::Trash,
        }
    }
}

impl QueryRequest {
    /// The vault's query.
    pub fn query(&self) -> vault::Query {
        vault::Query {
            text: self.text.clone(),
            scope: self.scope.into(),
            sort: self.sort.into(),
            generator: self.generator.clone(),
            model: self.model.clone(),
            tag: self.tag.clone(),
            min_rating: self.min_rating,
        }
    }
}

/// A version of the notice.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NoticeRequest {
    /// Year and month.
    pub version: String,
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json};

    use super::Nothing;

    #[test]
    fn where_nothing_is_asked_only_nothing_is_taken() {
        for nothing in [json!(null), json!({})] {
            assert!(from_value::<Nothing>(nothing).is_ok());
        }
        for something in [json!([]), json!([1]), json!({"a": 1}), json!(0), json!("")] {
            assert!(from_value::<Nothing>(something.clone()).is_err(), "{something}");
        }
    }
}
