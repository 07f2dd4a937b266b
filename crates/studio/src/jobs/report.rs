//! What jobs report when they end.

use serde::Serialize;

use crate::{Code, SalvageLoss};

/// A file that was not taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct RefusedFile {
    /// Its path as the person knows it: shown, never logged.
    pub path: String,
    /// Why: `empty`, `unreadable`, `vanished`, `unsupported`, `damaged`, `too_large`.
    pub reason: Refusal,
}

/// Why a file was not taken in; see [`transfer::Refusal`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// It has no bytes.
    Empty,
    /// It can't be read.
    Unreadable,
    /// It was there when it was counted and is not any more.
    Vanished,
    /// Not a picture of a known kind.
    Unsupported,
    /// It begins like a picture and can't be decoded.
    Damaged,
    /// Larger than what is safe to decode.
    TooLarge,
}

impl From<transfer::Refusal> for Refusal {
    fn from(refusal: transfer::Refusal) -> Self {
        use transfer::Refusal as R;
        match refusal {
            R::Empty => Self::Empty,
            R::Unreadable => Self::Unreadable,
            R::Vanished => Self::Vanished,
            R::Unsupported => Self::Unsupported,
            R::Damaged => Self::Damaged,
            R::TooLarge => Self::TooLarge,
        }
    }
}

/// A file that was left where it is, with nothing wrong about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct LeftFile {
    /// Its path as the person knows it: shown, never logged.
    pub path: String,
    /// Why: `not_reached`, `undecided`, `already_here`, `other_kind`.
    pub why: LeftWhy,
}

/// Why a whole file was left where it is; see [`transfer::LeftWhy`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
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

impl From<transfer::LeftWhy> for LeftWhy {
    fn from(why: transfer::LeftWhy) -> Self {
        match why {
            transfer::LeftWhy::AlreadyHere => Self::AlreadyHere,
            transfer::LeftWhy::OtherKind => Self::OtherKind,
            transfer::LeftWhy::NotReached => Self::NotReached,
            transfer::LeftWhy::Undecided => Self::Undecided,
        }
    }
}

/// What a job found or did.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Report {
    /// What an import would do.
    Plan {
        /// Files that look like pictures.
        files: usize,
        /// New ones, as far as can be told without decoding.
        new: usize,
        /// Those that are in the vault or stand there twice.
        duplicates: usize,
        /// Those whose item lies in the trash and comes out.
        restored: usize,
        /// Those that can't be taken.
        refused: usize,
        /// Files of other kinds, left alone.
        skipped: usize,
        /// Bytes of the new ones.
        #[ts(type = "number")]
        bytes: u64,
    },
    /// What an import did.
    Import {
        /// New items.
        added: usize,
        /// Files whose bytes were there already.
        duplicates: usize,
        /// Items that came out of the trash because they were brought in once more.
        restored: usize,
        /// New items without a prompt inside.
        without_prompt: usize,
        /// Every file that could not be taken, by path.
        refused: Vec<RefusedFile>,
        /// Files inside folders that are no pictures.
        skipped: usize,
        /// Files that the import would have come to, had it gone on.
        not_reached: usize,
        /// Files of which the disk did not say whether they came in. Brought in again, none is stored twice.
        undecided: usize,
        /// The files behind `not_reached`, `undecided`, `duplicates`, `restored` and `skipped`, by reason and path; of
        /// very many only the first.
        left: Vec<LeftFile>,
    },
    /// What an export wrote.
    Export {
        /// Items in the archive.
        items: usize,
        /// Items whose picture could not be read: their row is there, their picture is not.
        damaged: usize,
        /// Length of the archive.
        #[ts(type = "number")]
        bytes: u64,
        /// The archive's own name, without the folder.
        file_name: String,
    },
    /// What the import of an archive did.
    Restore {
        /// New items.
        added: usize,
        /// Items whose bytes were there already.
        duplicates: usize,
        /// Rows that can't be read or whose picture is missing or wrong.
        damaged: usize,
        /// Their ids, as far as the rows tell them; of very many only the first.
        damaged_ids: Vec<String>,
    },
    /// What the verification of an archive found.
    Verify {
        /// Items that it should hold.
        items: usize,
        /// Files that are right.
        whole: usize,
        /// Files that differ.
        changed: Vec<String>,
        /// Files that are missing.
        missing: Vec<String>,
        /// Files that do not belong.
        extra: Vec<String>,
    },
    /// What the check of the vault found.
    Check {
        /// Items looked at.
        items: usize,
        /// Numbers of items whose picture does not open or is not what was taken in.
        damaged: Vec<u32>,
        /// Numbers of items whose picture is whole and whose thumbnail does not open.
        thumbnails: Vec<u32>,
        /// Items whose row in the catalogue can't be read.
        unreadable: usize,
        /// The catalogue is whole.
        catalogue_whole: bool,
        /// The container of the pictures is whole.
        images_whole: bool,
        /// Only the two files were asked; no picture was opened.
        quick: bool,
    },
    /// The catalogue lies under a new key.
    Renew {},
    /// What a backup holds.
    Backup {
        /// Items in it.
        items: usize,
        /// Items whose sealed bytes were not all in the vault any more.
        incomplete: usize,
        /// Length of the file.
        #[ts(type = "number")]
        bytes: u64,
        /// The file's own name, without the folder.
        file_name: String,
    },
    /// A backup that is whole.
    VerifyBackup {
        /// Items in it.
        items: usize,
        /// Items whose sealed bytes were not all there when it was made.
        incomplete: usize,
        /// Bytes of what it holds.
        #[ts(type = "number")]
        bytes: u64,
        /// RFC 3339: when it was made.
        created_at: String,
    },
    /// The vault that was made of a backup.
    RestoreBackup {
        /// Items in it.
        items: usize,
        /// Items whose sealed bytes were not all there when the backup was made.
        incomplete: usize,
        /// What it is chosen by.
        vault: String,
        /// Its folder, for the person to see.
        folder: String,
    },
    /// What was saved of a damaged vault.
    Salvage {
        /// Items in the archive.
        items: usize,
        /// Of these, with their picture.
        pictures: usize,
        /// What could not be saved.
        losses: Vec<SalvageLoss>,
        /// Whether the list of all items could be read; otherwise there may have been more.
        all_known: bool,
        /// What is wrong with the container of the pictures as a whole.
        images: Option<Code>,
        /// Length of the archive.
        #[ts(type = "number")]
        bytes: u64,
        /// The archive's own name, without the folder; empty behind a lock.
        file_name: String,
    },
    /// What compacting gave back.
    Compact {
        /// Bytes given back.
        #[ts(type = "number")]
        freed: u64,
        /// Bytes that the vault takes now.
        #[ts(type = "number")]
        bytes: u64,
    },
    /// What was erased for good.
    Erase {
        /// Items.
        erased: usize,
    },
}

/// How a job ended.
pub(crate) enum Ended {
    /// Carried out.
    Done(Report),
    /// Stopped by the person; what was done until then.
    Stopped(Option<Report>),
    /// Failed.
    Failed(Code),
    /// Failed after something was done.
    Broken(Code, Report),
}
