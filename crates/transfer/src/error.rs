//! Why a file was not taken, and why a whole transfer stopped. No message holds a path or a name.

use vault::{AddFailed, VaultError};

/// Why one file was not taken in. Nothing of it is in the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// It has no bytes.
    Empty,
    /// It can't be read.
    Unreadable,
    /// It was there when it was counted and is not any more.
    Vanished,
    /// Its bytes are not a picture of a known kind.
    Unsupported,
    /// It begins like a picture and can't be decoded.
    Damaged,
    /// It is larger than what is safe to decode.
    TooLarge,
}

/// Why a transfer stopped. What was committed before stays.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// The person stopped it.
    #[error("stopped")]
    Cancelled,
    /// The vault refused.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The disk of the archive is full.
    #[error("the disk is full")]
    DiskFull,
    /// The disk of the archive does not take files of this length (FAT32 ends at 4 GiB).
    #[error("the disk does not take so large a file")]
    FileTooLarge,
    /// The disk of the archive can't be written.
    #[error("the disk can't be written")]
    ReadOnly,
    /// The system refuses access to the archive or its folder.
    #[error("access was refused")]
    NotPermitted,
    /// The file could not be read or written; the kind only.
    #[error("input or output failed: {0:?}")]
    Io(std::io::ErrorKind),
    /// There is a file of this name, and nobody said that it may go.
    #[error("there is a file of this name already")]
    Exists,
    /// Another export is writing to the same place.
    #[error("another export is writing there")]
    Busy,
    /// An export into the vault's own folder.
    #[error("the place is inside the vault")]
    InsideVault,
    /// There is nothing to export.
    #[error("nothing to export")]
    Nothing,
    /// Not a zip, or not whole.
    #[error("the archive is damaged")]
    ArchiveDamaged,
    /// A zip, but not one of ours.
    #[error("the archive was not made by this program")]
    NotOurs,
    /// Written by a newer version.
    #[error("the archive was made by a newer version")]
    Newer,
    /// The zip tries what no archive of ours does.
    #[error("the archive is not safe to read")]
    Unsafe,
}

impl From<AddFailed> for TransferError {
    fn from(failed: AddFailed) -> Self {
        failed.error.into()
    }
}

impl From<std::io::Error> for TransferError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind as K;
        match error.kind() {
            K::StorageFull | K::QuotaExceeded => Self::DiskFull,
            K::FileTooLarge => Self::FileTooLarge,
            K::ReadOnlyFilesystem => Self::ReadOnly,
            K::PermissionDenied => Self::NotPermitted,
            kind => Self::Io(kind),
        }
    }
}

impl From<zip::result::ZipError> for TransferError {
    fn from(error: zip::result::ZipError) -> Self {
        use std::io::ErrorKind as K;
        match error {
            // What the zip's own content causes comes as these two kinds; the disk has others.
            zip::result::ZipError::Io(error)
                if !matches!(error.kind(), K::UnexpectedEof | K::InvalidData | K::InvalidInput) =>
            {
                error.into()
            }
            _ => Self::ArchiveDamaged,
        }
    }
}
