//! How the program ends. The numbers are a promise to scripts: they are in the help (`zimage --help`).

use std::process::ExitCode;

/// What the exit code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Everything was done.
    Done = 0,
    /// It could not be done.
    Failed = 1,
    /// The arguments are wrong, or a question could not be asked.
    Usage = 2,
    /// The passphrase or key does not open the vault, or there is none.
    WrongSecret = 3,
    /// Another program has the vault open.
    InUse = 4,
    /// There is no vault.
    NoVault = 5,
    /// Done, but not for all: files that were not taken in, or damage that was found.
    Partly = 6,
    /// Stopped by Ctrl-C.
    Cancelled = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl Exit {
    /// [`Exit::Done`], or [`Exit::Partly`] when something was found.
    pub const fn partly_if(found: bool) -> Self {
        if found { Self::Partly } else { Self::Done }
    }
}
