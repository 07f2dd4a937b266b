//! What the application asks of the place it runs in: dialogs and the clipboard.
//!
//! **Invariant:** paths come from a person through a [`Host`] or from the command line, never from the webview.

use std::path::PathBuf;

use crate::Language;

/// What a dialog is to pick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    /// Picture files, several.
    Pictures,
    /// Folders, several.
    Folders,
    /// An archive to read.
    Archive,
    /// Where to write a file of this suggested name.
    Save {
        /// Without a folder; it carries no prompt.
        name: String,
        /// The vault does not protect what is in it: whoever saves it is told.
        plain: bool,
    },
}

/// What a person is asked about before it is done, because it can't be taken back or opens the vault to somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirm {
    /// Making a new recovery key; the old one opens nothing any more.
    NewRecovery,
    /// Changing what protects the vault.
    ChangeProtection,
    /// Taking a way into the vault away.
    RemoveSlot,
    /// Replacing the vault's key.
    ReplaceKey,
    /// Destroying the vault.
    Destroy,
    /// Deleting the account at the service.
    DeleteAccount,
    /// Taking lines out of the ledger.
    ClearLedger,
    /// Speaking to this service about the account from now on: scheme, host and port.
    UseService(String),
}

/// How the page that shows the vault is kept apart from the rest of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Sandbox {
    /// There is no page.
    NoPage,
    /// It runs in a sandbox of the system.
    On,
    /// The programs that make one (bubblewrap, xdg-dbus-proxy) are not installed.
    NotInstalled,
    /// They are installed, and this system lets them make none.
    Refused,
}

/// The host could not do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the host could not do it")]
pub struct HostError;

/// Dialogs and clipboard of the place the application runs in. Calls may block until the person has answered.
pub trait Host: Send + Sync {
    /// Lets the person pick; empty when the dialog was closed.
    fn pick(&self, what: &Pick, language: Language) -> Vec<PathBuf>;

    /// Asks in a window of the system's own, so that nothing inside the web page can answer.
    fn confirm(&self, what: Confirm, language: Language) -> bool;

    /// How its page is kept apart.
    fn sandbox(&self) -> Sandbox {
        Sandbox::NoPage
    }

    /// What opens or protects a vault is typed in a window of its own, never in the page that shows it.
    fn types_apart(&self) -> bool {
        false
    }

    /// Puts text on the clipboard, kept out of clipboard histories where the system allows.
    ///
    /// # Errors
    /// [`HostError`] when there is no clipboard.
    fn copy(&self, text: &str) -> Result<(), HostError>;

    /// Closes the window, which locks the vault and ends the program; nothing where there is none.
    fn quit(&self) {}

    /// Takes back what [`Host::copy`] put there, unless something else has taken its place.
    fn take_back_copied(&self) {}
}

/// A place without dialogs and clipboard, such as the command line.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoHost;

impl Host for NoHost {
    fn pick(&self, _: &Pick, _: Language) -> Vec<PathBuf> {
        Vec::new()
    }

    /// Whoever types a command has said what they want.
    fn confirm(&self, _: Confirm, _: Language) -> bool {
        true
    }

    fn copy(&self, _: &str) -> Result<(), HostError> {
        Err(HostError)
    }
}
