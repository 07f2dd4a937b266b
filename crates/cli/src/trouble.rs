//! Why a command was not carried out: the studio's codes, and a few that only a command line has.

use std::io::ErrorKind;

use studio::{Code, Failure, Language, Refusal};

use crate::exit::Exit;
use crate::texts;

/// Why it was not carried out. None of it holds a path, a name or a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// A code of the studio.
    Code(Code),
    /// A file of the person can't be read as a picture.
    File(Refusal),
    /// No passphrase was given, and there is no terminal to ask on.
    PassphraseMissing,
    /// The passphrase's file can't be read, or is not UTF-8.
    PassphraseUnreadable,
    /// The passphrase was typed differently the second time.
    PassphrasesDiffer,
    /// Not the form of an id.
    BadId,
    /// Several items begin like this.
    AmbiguousId,
    /// Several vaults are called this.
    AmbiguousVault,
    /// A folder stands where a picture file is meant.
    Folder,
    /// Erasing was not confirmed.
    NotConfirmed,
    /// Erasing must be confirmed, and there is no terminal to ask on.
    NoConfirmation,
    /// Destroying was not confirmed.
    NotDestroyed,
    /// The system has no folder for the vault.
    NoHome,
    /// The arguments are wrong.
    Usage,
    /// The reader of the output went away: it has seen enough.
    PipeClosed,
}

impl Trouble {
    /// The code as scripts know it.
    pub fn code(self) -> String {
        let name = match self {
            Self::Code(code) => return serde_name(&code),
            Self::File(refusal) => return serde_name(&refusal),
            Self::PassphraseMissing => "passphrase_missing",
            Self::PassphraseUnreadable => "passphrase_unreadable",
            Self::PassphrasesDiffer => "passphrases_differ",
            Self::BadId => "bad_id",
            Self::AmbiguousId => "ambiguous_id",
            Self::AmbiguousVault => "ambiguous_vault",
            Self::Folder => "is_folder",
            Self::NotConfirmed => "not_confirmed",
            Self::NoConfirmation => "confirmation_needed",
            Self::NotDestroyed => "not_confirmed",
            Self::NoHome => "no_home",
            Self::Usage => "usage",
            Self::PipeClosed => "pipe_closed",
        };
        name.to_owned()
    }

    /// How the program ends with it.
    pub fn exit(self) -> Exit {
        match self {
            Self::Code(code) => exit_of(code),
            Self::PassphraseMissing | Self::PassphraseUnreadable => Exit::WrongSecret,
            Self::BadId | Self::AmbiguousId | Self::AmbiguousVault | Self::NoConfirmation | Self::Usage => {
                Exit::Usage
            }
            Self::PassphrasesDiffer
            | Self::NotConfirmed
            | Self::NotDestroyed
            | Self::NoHome
            | Self::Folder
            | Self::File(_) => Exit::Failed,
            Self::PipeClosed => Exit::Done,
        }
    }

    /// What to tell the person.
    pub fn message(self, language: Language) -> &'static str {
        match self {
            Self::Code(code) => texts::codes::of(code, language),
            Self::File(refusal) => texts::refusal(refusal, language),
            other => texts::trouble(other, language),
        }
    }
}

fn exit_of(code: Code) -> Exit {
    match code {
        Code::VaultInUse => Exit::InUse,
        Code::NoVault => Exit::NoVault,
        Code::Cancelled => Exit::Cancelled,
        Code::WrongSecret
        | Code::TooManyAttempts
        | Code::NoSuchSlot
        | Code::RecoveryMalformed
        | Code::RecoveryMistyped
        | Code::RecoveryOtherVault
        | Code::KeychainUnavailable
        | Code::KeychainLocked
        | Code::KeychainMissing
        | Code::KeychainGarbage
        | Code::KeychainUnanswered => Exit::WrongSecret,
        _ => Exit::Failed,
    }
}

/// The name that serde gives a variant without fields.
pub fn serde_name(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => "internal".to_owned(),
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Code(failure.code)
    }
}

impl From<Code> for Trouble {
    fn from(code: Code) -> Self {
        Self::Code(code)
    }
}

impl From<std::io::Error> for Trouble {
    /// Of writing to standard output.
    fn from(error: std::io::Error) -> Self {
        if error.kind() == ErrorKind::BrokenPipe { Self::PipeClosed } else { Self::Code(error.kind().into()) }
    }
}
