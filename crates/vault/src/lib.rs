//! The encrypted store: key slots, catalogue, sealed pictures, search, migrations.
//!
//! A [`Vault`] exists as a value only while it is open; dropping it locks it.
//!
//! **Invariant:** prompts, names and pictures are written nowhere but inside `catalogue.db` (SQLCipher) and
//! `images.db` (sealed chunks). **Invariant:** no file of a vault is ever deleted or overwritten because
//! opening it failed.

mod bits;
mod catalogue;
mod changes;
mod check;
mod cipher;
mod error;
mod folder;
mod gallery;
mod images;
mod lookup;
mod prepare;
mod renew;
mod rewrite;
mod roster;
mod search;
mod slots;
mod tables;
mod vault;

pub use changes::Added;
pub use check::CheckReport;
pub use error::{Part, VaultError};
pub use folder::{Folder, vault_in};
pub use gallery::{Cell, Facet, Facets, Listing, Query, Scope, Sort};
pub use prepare::{Prepared, Rendition, prepare};
pub use search::{fold, highlight_terms};
pub use slots::{NewSlot, SlotView};
pub use tables::items::Stored;
pub use vault::{Vault, VaultInfo};

/// The schema that this build writes; see `sql/migrations`.
pub const SCHEMA_VERSION: i64 = catalogue::SCHEMA_VERSION;
