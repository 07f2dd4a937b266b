//! Import into and export out of a vault: plan, run, report.
//!
//! **Invariant:** files that a person brings are read and never changed; files that leave are written whole under
//! another name first, so that what has its final name is complete.

mod archive;
mod backup;
mod belt;
mod error;
mod export;
mod import;
mod picture;
mod progress;
mod restore;
mod salvage;
mod unpack;
mod verify;

pub use archive::{ArchiveItem, ArchiveRaw, Manifest, ManifestFile};
pub use backup::{
    BackupCheck, BackupReport, Unpacked, backup, restore_backup, vault_of_backup, verify_backup,
};
pub use error::{Refusal, TransferError};
pub use export::part::remove_unfinished;
pub use export::{Existing, ExportReport, Selection, export};
pub use import::{
    ImportFailed, ImportPlan, ImportReport, Left, LeftWhy, Refused, import, looks_like_picture, plan,
};
pub use progress::{Progress, Watch};
pub use restore::{RestoreReport, restore};
pub use salvage::{Loss, LostPart, SalvageReport, salvage};
pub use verify::{VerifyReport, verify};
