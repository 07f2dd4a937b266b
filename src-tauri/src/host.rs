//! The desktop's dialogs and clipboard.

pub(crate) mod confirm;
mod dialog;
pub(crate) mod selection;

use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError};

use arboard::Clipboard;
use studio::{Confirm, Host, HostError, Language, Pick, Sandbox};
use tauri::{AppHandle, Manager as _};

use crate::window::MAIN;

/// Dialogs over the window, and the system's clipboard.
pub(crate) struct Desktop {
    app: AppHandle,
    copied: Mutex<Option<Copied>>,
    /// Tells texts apart without keeping them.
    marks: RandomState,
    sandbox: Sandbox,
}

/// What this program put on the clipboard.
struct Copied {
    /// Kept: on Linux the text is gone with its owner.
    clipboard: Clipboard,
    mark: u64,
}

impl Desktop {
    pub fn new(app: AppHandle, sandbox: Sandbox) -> Self {
        Self { app, copied: Mutex::new(None), marks: RandomState::new(), sandbox }
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

    fn types_apart(&self) -> bool {
        true
    }

    fn copy(&self, text: &str) -> Result<(), HostError> {
        let mut held = self.copied.lock().unwrap_or_else(PoisonError::into_inner);
        let mark = self.marks.hash_one(text);
        // The mark changes once the text is there: what an earlier copy put on the clipboard is taken back all the same.
        if let Some(copied) = held.as_mut() {
            private(&mut copied.clipboard).text(text).map_err(|_| HostError)?;
            copied.mark = mark;
        } else {
            let mut clipboard = Clipboard::new().map_err(|_| HostError)?;
            private(&mut clipboard).text(text).map_err(|_| HostError)?;
            *held = Some(Copied { clipboard, mark });
        }
        Ok(())
    }

    fn quit(&self) {
        if let Some(window) = self.app.get_webview_window(MAIN) {
            // As by its own button: what hears of it locks the vault.
            let _ = window.close();
        }
    }

    /// The clipboard is let go with it: its memory held the text.
    fn take_back_copied(&self) {
        selection::take_back(&self.app);
        let held = self.copied.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(Copied { mut clipboard, mark }) = held else { return };
        if clipboard.get_text().is_ok_and(|text| self.marks.hash_one(text.as_str()) == mark) {
            // One that can't be emptied is another program's by now.
            let _ = clipboard.clear();
        }
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
