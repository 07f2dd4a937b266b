//! The application without a window: use cases, state, jobs and events.
//!
//! A [`Studio`] is handed requests by whoever shows it to a person (the window, the command line, a test) and tells
//! what happened through [`Event`]s.
//!
//! **Invariant:** while the vault is locked there is no [`vault::Vault`] value, so nothing here can read one.
//! **Invariant:** nothing here opens a socket: what is sent goes through [`egress`], on a line of the vault's ledger.

mod account;
mod archive;
mod attempts;
mod backup;
mod check;
mod cloud;
mod compact;
mod config;
mod details;
mod erase;
mod events;
mod failure;
mod gallery;
mod host;
mod import;
mod jobs;
mod kit;
mod lock;
mod network;
mod notice;
mod offers;
mod online;
mod open;
mod picture;
mod proof;
mod recovery;
mod renew;
mod rights;
mod salvage;
mod settings;
mod slots;
mod state;
mod status;
mod stored;
mod strengthen;
mod suggest;
mod vaults;

pub use account::{
    AccountRecord, AccountState, Age, AgeAnswer, CodeFor, CodeInfo, DeviceRow, ProfileEdit, ProofFor,
    ReceiptView, RetainedRow, ServiceInfo, ServicePlace, SignIn, WithCode,
};
pub use archive::ExportScope;
pub use attempts::FailedAttempts;
pub use cloud::Cloud;
pub use compact::{Destruction, KeychainFate, SpaceView};
pub use config::Config;
pub use events::{Event, Topic};
pub use failure::{Code, Failure};
pub use gallery::{Copied, Detail};
pub use host::{Confirm, Host, HostError, NoHost, Pick, Sandbox};
pub use jobs::report::{LeftFile, LeftWhy, Refusal, RefusedFile, Report};
pub use jobs::{Job, JobId, JobKind, JobState};
pub use network::{
    LedgerClearRequest, LedgerCount, LedgerDayRow, LedgerDaysRequest, LedgerEnd, LedgerKeepRequest,
    LedgerRequest, LedgerRow, LedgerView,
};
pub use notice::{Bilingual, Notice, NoticeClause};
pub use offers::{Offer, OfferId};
pub use online::Place;
pub use open::{PassphraseStrength, PassphraseSuggestion, Protection, Unlock};
pub use picture::{Picture, PictureKind};
pub use recovery::{RecoveryAnswer, RecoverySheet};
pub use rights::{Authority, LetterRequest, LetterView, Right, RightsRow, RightsRowRequest};
pub use salvage::{Lost, SalvageLoss};
pub use settings::{Language, Layout, Settings, SettingsEdit, Sort, Theme};
pub use slots::Way;
pub use state::Studio;
pub use status::{SlotInfo, Status, VaultState};
pub use stored::{ProcessingRow, StoredKind, StoredView};
pub use suggest::Suggestion;
pub use vaults::{KnownVault, KnownVaults, VaultEntry, Vaults};
