//! What a use case can fail with, as one closed list of codes. The edge has a text for each in both languages.

use keychain::KeychainError;
use serde::{Deserialize, Serialize};
use transfer::TransferError;
use vault::{Part, VaultError};

/// Why a request was not carried out. Nothing but this reaches the person's eye; no code holds any content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The vault is locked.
    Locked,
    /// There is no vault yet.
    NoVault,
    /// There is a vault already.
    VaultExists,
    /// Another window or program has the vault open.
    VaultInUse,
    /// The folder for a new vault holds other files.
    FolderNotEmpty,
    /// A newer version of the app made the vault.
    VaultNewer,
    /// The key slots can't be read.
    HeaderDamaged,
    /// The key slots are gone.
    HeaderMissing,
    /// Somebody changed the key slots without the key.
    HeaderTampered,
    /// The key slots are from before the vault's keys were renewed.
    HeaderOlder,
    /// The catalogue can't be read.
    CatalogueDamaged,
    /// The catalogue is gone.
    CatalogueMissing,
    /// The catalogue is a plain database or belongs to another vault.
    CatalogueForeign,
    /// The container of the pictures can't be read.
    ImagesDamaged,
    /// The container of the pictures is gone.
    ImagesMissing,
    /// The container of the pictures belongs to another vault.
    ImagesForeign,
    /// The program was built without the cipher.
    CipherMissing,
    /// The passphrase or key does not open the vault.
    WrongSecret,
    /// The passphrase or recovery key has to be typed once more first.
    ProofNeeded,
    /// Too many tries were wrong just before: this one was not looked at.
    TooManyAttempts,
    /// The recovery key is not of the right form.
    RecoveryMalformed,
    /// The recovery key has a typing mistake.
    RecoveryMistyped,
    /// The recovery key belongs to another vault.
    RecoveryOtherVault,
    /// The vault has no such way in.
    NoSuchSlot,
    /// The last way in can't be removed.
    LastSlot,
    /// The passphrase is too short or too easy to guess.
    PassphraseWeak,
    /// The computer has no keychain that answers.
    KeychainUnavailable,
    /// The keychain is locked or the prompt was refused.
    KeychainLocked,
    /// The keychain does not have this vault's key.
    KeychainMissing,
    /// The keychain has something else under the vault's name.
    KeychainGarbage,
    /// Nobody answered the keychain's prompt.
    KeychainUnanswered,
    /// The item is not there.
    NoSuchItem,
    /// The picture's bytes do not verify.
    PictureDamaged,
    /// The disk is full.
    DiskFull,
    /// The place can't be written.
    ReadOnly,
    /// The system refuses access.
    NotPermitted,
    /// The disk or drive failed or vanished.
    DiskFailed,
    /// A file or folder that was named is not there.
    NotFound,
    /// The target exists already.
    TargetExists,
    /// The target's disk does not take files of this length.
    FileTooLarge,
    /// Another export is writing to the same target.
    TargetBusy,
    /// The target lies inside the vault's own folder.
    TargetInsideVault,
    /// There is nothing to do it with.
    Nothing,
    /// The archive is damaged or cut off.
    ArchiveDamaged,
    /// The file is not an archive of this program.
    ArchiveNotOurs,
    /// A newer version made the archive.
    ArchiveNewer,
    /// The archive is built to do harm.
    ArchiveUnsafe,
    /// The backup is damaged or cut off.
    BackupDamaged,
    /// The file is not a backup of this program.
    BackupNotOurs,
    /// A newer version made the backup.
    BackupNewer,
    /// The vault is not in the list (any more).
    NoSuchVault,
    /// The offer of files is not known (any more).
    NoSuchOffer,
    /// The job is not known (any more).
    NoSuchJob,
    /// The request is not of the right form.
    BadRequest,
    /// The command is not known.
    NoSuchCommand,
    /// The clipboard can't be used.
    ClipboardUnavailable,
    /// The settings can't be written.
    SettingsNotSaved,
    /// Requests for this purpose are turned off.
    NotAllowed,
    /// The ledger could not be written, so nothing was sent.
    LedgerNotWritten,
    /// The account service can't be reached.
    ServiceUnreachable,
    /// The account service was asked, and its answer did not arrive.
    ServiceUnanswered,
    /// The connection to the service is not safe.
    ServiceUntrusted,
    /// The service's certificate does not fit this computer's clock.
    ClockWrong,
    /// Another service answers than before.
    AnotherService,
    /// The service needs a newer version of this program.
    ServiceNewer,
    /// The service's answer is not one.
    ServiceAnswer,
    /// Nobody is signed in (any more).
    SignedOut,
    /// Signed out on this computer, and the service could not be told.
    SignedOutHereAlone,
    /// That device is not signed in any more.
    NoSuchDevice,
    /// Not the line of a mail by which a change of address is taken back.
    LineMalformed,
    /// The address or the password is wrong.
    AccountRefused,
    /// The password is wrong, of whoever is signed in.
    PasswordWrong,
    /// The code from the mail is wrong or too old.
    CodeWrong,
    /// Not the form of a code from a mail.
    CodeMalformed,
    /// The step before was not done, or too long ago.
    StepOver,
    /// The service wants a pause.
    TooManyRequests,
    /// The account's password is too short or too easy to guess.
    PasswordWeak,
    /// More text than fits.
    TooLong,
    /// Not an address of mail.
    EmailMalformed,
    /// Not a name that is shown on one line.
    NameMalformed,
    /// Not an address of a service.
    AddressMalformed,
    /// Without TLS only this computer is spoken to.
    AddressPlain,
    /// An address that is never spoken to.
    AddressForbidden,
    /// The age screen comes first.
    AgeNeeded,
    /// Too young for an account.
    TooYoung,
    /// There is not enough memory.
    OutOfMemory,
    /// Stopped by the person.
    Cancelled,
    /// Something that should not happen.
    Internal,
}

/// A failed request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, thiserror::Error)]
#[error("{code:?}")]
pub struct Failure {
    /// Why.
    pub code: Code,
}

impl From<Code> for Failure {
    fn from(code: Code) -> Self {
        Self { code }
    }
}

impl From<VaultError> for Code {
    fn from(error: VaultError) -> Self {
        use VaultError as E;
        match error {
            E::NoVault => Self::NoVault,
            E::Exists => Self::VaultExists,
            E::NotEmpty => Self::FolderNotEmpty,
            E::InUse => Self::VaultInUse,
            E::Newer => Self::VaultNewer,
            E::Damaged(part) => match part {
                Part::Header => Self::HeaderDamaged,
                Part::Catalogue => Self::CatalogueDamaged,
                Part::Images => Self::ImagesDamaged,
            },
            E::Foreign(Part::Images) => Self::ImagesForeign,
            E::Foreign(_) => Self::CatalogueForeign,
            E::Missing(part) => match part {
                Part::Header => Self::HeaderMissing,
                Part::Catalogue => Self::CatalogueMissing,
                Part::Images => Self::ImagesMissing,
            },
            E::Tampered => Self::HeaderTampered,
            E::OlderHeader => Self::HeaderOlder,
            E::CipherMissing => Self::CipherMissing,
            E::WrongSecret => Self::WrongSecret,
            E::NoSuchSlot => Self::NoSuchSlot,
            E::LastSlot => Self::LastSlot,
            E::NoSuchItem => Self::NoSuchItem,
            E::DamagedPicture => Self::PictureDamaged,
            E::DiskFull => Self::DiskFull,
            E::ReadOnly => Self::ReadOnly,
            E::NotPermitted => Self::NotPermitted,
            E::Io(kind) => Self::from(kind),
            E::Internal(_) => Self::Internal,
        }
    }
}

impl From<TransferError> for Code {
    fn from(error: TransferError) -> Self {
        use TransferError as E;
        match error {
            E::Cancelled => Self::Cancelled,
            E::Vault(error) => error.into(),
            E::Io(kind) => kind.into(),
            E::DiskFull => Self::DiskFull,
            E::FileTooLarge => Self::FileTooLarge,
            E::ReadOnly => Self::ReadOnly,
            E::NotPermitted => Self::NotPermitted,
            E::Exists => Self::TargetExists,
            E::Busy => Self::TargetBusy,
            E::InsideVault => Self::TargetInsideVault,
            E::Nothing => Self::Nothing,
            E::ArchiveDamaged => Self::ArchiveDamaged,
            E::NotOurs => Self::ArchiveNotOurs,
            E::Newer => Self::ArchiveNewer,
            E::Unsafe => Self::ArchiveUnsafe,
        }
    }
}

impl From<std::io::ErrorKind> for Code {
    fn from(kind: std::io::ErrorKind) -> Self {
        use std::io::ErrorKind as K;
        match kind {
            K::StorageFull | K::QuotaExceeded | K::FileTooLarge => Self::DiskFull,
            K::ReadOnlyFilesystem => Self::ReadOnly,
            K::PermissionDenied => Self::NotPermitted,
            K::AlreadyExists | K::IsADirectory => Self::TargetExists,
            K::NotFound | K::NotADirectory => Self::NotFound,
            _ => Self::DiskFailed,
        }
    }
}

impl From<KeychainError> for Code {
    fn from(error: KeychainError) -> Self {
        match error {
            KeychainError::Unavailable => Self::KeychainUnavailable,
            KeychainError::Locked => Self::KeychainLocked,
            KeychainError::Missing => Self::KeychainMissing,
            KeychainError::Garbage => Self::KeychainGarbage,
            KeychainError::Unanswered => Self::KeychainUnanswered,
        }
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        Code::from(error).into()
    }
}

impl From<TransferError> for Failure {
    fn from(error: TransferError) -> Self {
        Code::from(error).into()
    }
}

impl From<KeychainError> for Failure {
    fn from(error: KeychainError) -> Self {
        Code::from(error).into()
    }
}
