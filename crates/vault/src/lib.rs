//! The encrypted store: key slots, catalogue, sealed pictures, search, migrations.
//!
//! A [`Vault`] exists as a value only while it is open; dropping it locks it.
//!
//! **Invariant:** prompts, names and pictures are written nowhere but inside `catalogue.db` (SQLCipher) and
//! `images.db` (sealed chunks). **Invariant:** no file of a vault is ever deleted or overwritten because
//! opening it failed.

mod backup;
mod bits;
mod catalogue;
mod changes;
mod check;
mod cipher;
mod destroy;
mod error;
mod facets;
mod folder;
mod gallery;
mod images;
mod ledger;
mod lookup;
mod natural;
mod prepare;
mod renew;
mod rewrite;
mod roster;
mod salvage;
mod search;
mod slots;
mod space;
mod tables;
mod vault;
mod watched;
mod ways;

pub use backup::{Rebuilt, Snapshot};
pub use changes::Added;
pub use check::{CheckReport, CheckStep, CheckWatch, LastCheck};
pub use destroy::Destroyed;
pub use error::{AddFailed, Part, VaultError};
pub use facets::{Facet, Facets};
pub use folder::{Folder, vault_in, vaults_in};
pub use gallery::{Cell, Listing, Query, Scope, Sort};
pub use prepare::{Prepared, Rendition, prepare};
pub use salvage::{Numbers, Wreck};
pub use search::{fold, highlight_terms, unknown_fields};
pub use slots::{NewSlot, SlotView};
pub use space::{Held, Space};
pub use tables::items::Stored;
pub use tables::ledger::{LedgerDay, LedgerFilter, LedgerIntent, LedgerLine, LedgerOutcome};
pub use vault::{Vault, VaultInfo};

/// The schema that this build writes; see `sql/migrations`.
pub const SCHEMA_VERSION: i64 = catalogue::SCHEMA_VERSION;
