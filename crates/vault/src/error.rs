//! What can go wrong with a vault. No message holds a path, a name, a prompt or a key.

/// Which part of a vault an error speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// `vault.keys` and its copy.
    Header,
    /// `catalogue.db`.
    Catalogue,
    /// `images.db`.
    Images,
}

/// Why a vault could not be made, opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// There is no vault in the folder.
    #[error("there is no vault here")]
    NoVault,
    /// There is one already.
    #[error("there is a vault here already")]
    Exists,
    /// The folder for a new vault holds other files.
    #[error("the folder is not empty")]
    NotEmpty,
    /// Another process has it open.
    #[error("the vault is in use")]
    InUse,
    /// A newer version of the app wrote it.
    #[error("the vault was made by a newer version")]
    Newer,
    /// A file is there but not readable as what it should be.
    #[error("the vault is damaged: {0:?}")]
    Damaged(Part),
    /// A file belongs to another vault, or is a plain database.
    #[error("a file does not belong to this vault: {0:?}")]
    Foreign(Part),
    /// A file is gone.
    #[error("a file of the vault is missing: {0:?}")]
    Missing(Part),
    /// Somebody changed the key slots without the key.
    #[error("the key slots were changed from outside")]
    Tampered,
    /// The key slots are from before the catalogue was written anew: they hold an earlier key of it.
    #[error("the key slots are older than the vault")]
    OlderHeader,
    /// SQLite was linked without the cipher.
    #[error("this build has no cipher")]
    CipherMissing,
    /// The passphrase, key or code does not open this vault.
    #[error("the secret does not open this vault")]
    WrongSecret,
    /// There is no slot of this kind.
    #[error("there is no such key slot")]
    NoSuchSlot,
    /// The last slot can't be removed.
    #[error("the last key slot can't be removed")]
    LastSlot,
    /// No item has this id.
    #[error("there is no such item")]
    NoSuchItem,
    /// The picture's sealed bytes do not verify.
    #[error("a picture is damaged")]
    DamagedPicture,
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// The file or the disk can't be written.
    #[error("the vault can't be written")]
    ReadOnly,
    /// The system refuses access.
    #[error("access was refused")]
    NotPermitted,
    /// Another error of the disk; the kind only.
    #[error("input or output failed: {0:?}")]
    Io(std::io::ErrorKind),
    /// An error that should not happen; SQLite's extended code where it came from there.
    #[error("internal error {0}")]
    Internal(i32),
}

/// A batch that was not added.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct AddFailed {
    /// Why.
    pub error: VaultError,
    /// The disk failed after it had been given all of the batch: the next opening finds either all of it or nothing.
    pub undecided: bool,
}

impl From<VaultError> for AddFailed {
    fn from(error: VaultError) -> Self {
        Self { error, undecided: false }
    }
}

impl From<rusqlite::Error> for AddFailed {
    fn from(error: rusqlite::Error) -> Self {
        VaultError::from(error).into()
    }
}

impl From<AddFailed> for VaultError {
    fn from(failed: AddFailed) -> Self {
        failed.error
    }
}

impl From<std::io::Error> for VaultError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind as K;
        match error.kind() {
            K::StorageFull | K::QuotaExceeded => Self::DiskFull,
            K::ReadOnlyFilesystem => Self::ReadOnly,
            K::PermissionDenied => Self::NotPermitted,
            kind => Self::Io(kind),
        }
    }
}

impl VaultError {
    /// Maps SQLite's code, naming the file that was being used.
    pub(crate) fn from_sqlite(part: Part, error: &rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as C;
        let Some(code) = error.sqlite_error() else { return Self::Internal(0) };
        match code.code {
            C::DiskFull => Self::DiskFull,
            C::ReadOnly => Self::ReadOnly,
            C::PermissionDenied => Self::NotPermitted,
            C::NotADatabase | C::DatabaseCorrupt => Self::Damaged(part),
            C::DatabaseBusy | C::DatabaseLocked => Self::InUse,
            C::SystemIoFailure | C::CannotOpen => Self::behind_sqlite(),
            _ => Self::Internal(code.extended_code),
        }
    }
}

impl VaultError {
    /// SQLite says no more than that input or output failed. Why is in the thread's error number, which calls that
    /// succeed leave alone: a full disk while a journal grows, a quota, a disk that became read-only.
    fn behind_sqlite() -> Self {
        match Self::from(std::io::Error::last_os_error()) {
            told @ (Self::DiskFull | Self::ReadOnly) => told,
            _ => Self::Io(std::io::ErrorKind::Other),
        }
    }
}

/// Puts the name of a file to SQLite's errors.
pub(crate) trait InPart<T> {
    /// Maps the error; see [`VaultError::from_sqlite`].
    fn part(self, part: Part) -> Result<T, VaultError>;
}

impl<T> InPart<T> for rusqlite::Result<T> {
    fn part(self, part: Part) -> Result<T, VaultError> {
        self.map_err(|error| VaultError::from_sqlite(part, &error))
    }
}

impl From<rusqlite::Error> for VaultError {
    /// Nearly every statement is the catalogue's; `images.rs` names its own part.
    fn from(error: rusqlite::Error) -> Self {
        Self::from_sqlite(Part::Catalogue, &error)
    }
}
