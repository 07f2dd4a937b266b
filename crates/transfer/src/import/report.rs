//! What an import did, and every file that it did not take.

use std::path::PathBuf;

use model::ItemId;

use crate::error::{Refusal, TransferError};

/// Who drops a whole disk with millions of files of other kinds gets their number; so many are named.
pub(super) const NAMED: usize = 100_000;

/// A file that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its path, for the person's eye only.
    pub path: PathBuf,
    /// Why.
    pub reason: Refusal,
}

/// A file that was left where it is, with nothing wrong about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Its path, for the person's eye only.
    pub path: PathBuf,
    /// Why.
    pub why: LeftWhy,
}

/// Why a whole file was left where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftWhy {
    /// The import was stopped, or ended by a disk, before this one was in the vault.
    NotReached,
    /// The disk failed while the vault was saving it. It may be there when the vault is opened the next time.
    Undecided,
    /// Its bytes are in the vault already, or came a moment before under another name.
    AlreadyHere,
    /// Found in a folder, and no picture.
    OtherKind,
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// New items.
    pub added: Vec<ItemId>,
    /// Files whose bytes were there already.
    pub duplicates: usize,
    /// Items that lay in the trash and are out of it, because their bytes were brought in once more.
    pub restored: usize,
    /// New items without a prompt.
    pub without_prompt: usize,
    /// Files that were not taken, by path.
    pub refused: Vec<Refused>,
    /// Files inside folders that are no pictures.
    pub skipped: usize,
    /// Files that the import would have come to, had it gone on.
    pub not_reached: usize,
    /// Files of which the disk did not let it be known whether they came in. Brought in again, none is stored twice.
    pub undecided: usize,
    /// The files behind `not_reached`, `undecided`, `duplicates`, `restored` and `skipped`, by reason and path; no more
    /// than a hundred thousand.
    pub left: Vec<Left>,
    /// The person stopped it; what was committed stays.
    pub cancelled: bool,
}

/// An import that the vault's disk ended. What was committed before stays.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct ImportFailed {
    /// What was done until then.
    pub report: ImportReport,
    /// Why it ended.
    pub error: TransferError,
}

impl From<TransferError> for Box<ImportFailed> {
    fn from(error: TransferError) -> Self {
        Self::new(ImportFailed { report: ImportReport::default(), error })
    }
}
