//! The desktop's dialogs and clipboard.

mod confirm;
mod dialog;

use std::path::PathBuf;
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError};

use arboard::Clipboard;
use studio::{Confirm, Host, HostError, Language, Pick, Sandbox};
use tauri::AppHandle;

/// Dialogs over the window, and the system's clipboard.
pub(crate) struct Desktop {
    app: AppHandle,
    /// Kept: on Linux the text is gone with its owner.
    clipboard: Mutex<Option<Clipboard>>,
    sandbox: Sandbox,
}

impl Desktop {
    pub fn new(app: AppHandle, sandbox: Sandbox) -> Self {
        Self { app, clipboard: Mutex::new(None), sandbox }
    }
}

impl Host for Desktop {
    /// The dialog is made on the window's thread, as every desktop wants it, and waited for on the caller's.
    fn pick(&self, what: &Pick, language: Language) -> Vec<PathBuf> {
        let (answer, answered) = sync_channel(1);
        let (app, what) = (self.app.clone(), what.clone());
        let shown = self.app.run_on_main_thread(move || dialog::show(&app, &what, language, answer));
        // Without a window there is no dialog, and then nobody answers.
        if shown.is_ok() { answered.recv().unwrap_or_default() } else { Vec::new() }
    }

    /// As [`Host::pick`]: made on the window's thread, waited for here.
    fn confirm(&self, what: Confirm, language: Language) -> bool {
        let (answer, answered) = sync_channel(1);
        let app = self.app.clone();
        let shown = self.app.run_on_main_thread(move || confirm::show(&app, what, language, answer));
        shown.is_ok() && answered.recv().unwrap_or(false)
    }

    fn sandbox(&self) -> Sandbox {
        self.sandbox
    }

    fn copy(&self, text: &str) -> Result<(), HostError> {
        let mut held = self.clipboard.lock().unwrap_or_else(PoisonError::into_inner);
        let clipboard = match held.take() {
            Some(clipboard) => clipboard,
            None => Clipboard::new().map_err(|_| HostError)?,
        };
        let clipboard = held.insert(clipboard);
        private(clipboard).text(text).map_err(|_| HostError)
    }
}

/// Asks clipboard histories and clouds to leave the text alone.
fn private(clipboard: &mut Clipboard) -> arboard::Set<'_> {
    #[cfg(windows)]
    {
        use arboard::SetExtWindows as _;
        clipboard.set().exclude_from_history().exclude_from_cloud().exclude_from_monitoring()
    }
    #[cfg(target_os = "macos")]
    {
        use arboard::SetExtApple as _;
        clipboard.set().exclude_from_history()
    }
    #[cfg(not(any(windows, target_os = "macos")))]
    {
        use arboard::SetExtLinux as _;
        clipboard.set().exclude_from_history()
    }
}
