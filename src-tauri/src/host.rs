//! The desktop's dialogs and clipboard.

use std::path::PathBuf;
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError};

use arboard::Clipboard;
use rfd::{AsyncFileDialog, FileHandle};
use studio::{Host, HostError, Language, Pick};
use tauri::{AppHandle, Manager as _, async_runtime};

use crate::window::MAIN;

/// Dialogs over the window, and the system's clipboard.
pub(crate) struct Desktop {
    app: AppHandle,
    /// Kept: on Linux the text is gone with its owner.
    clipboard: Mutex<Option<Clipboard>>,
}

impl Desktop {
    pub fn new(app: AppHandle) -> Self {
        Self { app, clipboard: Mutex::new(None) }
    }

    fn dialog(&self, what: &Pick, language: Language) -> AsyncFileDialog {
        let mut dialog = AsyncFileDialog::new().set_title(title(what, language));
        if let Some(window) = self.app.get_webview_window(MAIN) {
            dialog = dialog.set_parent(&window);
        }
        let ja = language == Language::Ja;
        match what {
            Pick::Pictures => dialog.add_filter(if ja { "画像" } else { "Pictures" }, PICTURES),
            Pick::Folders => dialog,
            Pick::Archive => dialog.add_filter("ZIP", &["zip"]),
            Pick::Save { name } => dialog.set_file_name(name),
        }
    }
}

/// What the decoders know; the content decides, not the name.
const PICTURES: &[&str] = &["png", "jpg", "jpeg", "webp", "avif", "PNG", "JPG", "JPEG", "WEBP", "AVIF"];

fn title(what: &Pick, language: Language) -> &'static str {
    match (what, language) {
        (Pick::Pictures, Language::Ja) => "取り込む画像を選ぶ",
        (Pick::Pictures, Language::En) => "Choose pictures to import",
        (Pick::Folders, Language::Ja) => "取り込むフォルダを選ぶ",
        (Pick::Folders, Language::En) => "Choose folders to import",
        (Pick::Archive, Language::Ja) => "書き出したZIPを選ぶ",
        (Pick::Archive, Language::En) => "Choose an exported ZIP",
        (Pick::Save { .. }, Language::Ja) => "保存先を選ぶ",
        (Pick::Save { .. }, Language::En) => "Choose where to save",
    }
}

impl Host for Desktop {
    /// The dialog is made on the window's thread, as every desktop wants it, and waited for on the caller's.
    fn pick(&self, what: &Pick, language: Language) -> Vec<PathBuf> {
        let dialog = self.dialog(what, language);
        let (answer, answered) = sync_channel(1);
        let what = what.clone();
        let shown = self.app.run_on_main_thread(move || {
            let picking = pick(dialog, &what);
            async_runtime::spawn(async move { answer.send(picking.await) });
        });
        let picked = if shown.is_ok() { answered.recv().unwrap_or_default() } else { Vec::new() };
        picked.into_iter().map(|file| file.path().to_path_buf()).collect()
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

type Picking = std::pin::Pin<Box<dyn Future<Output = Vec<FileHandle>> + Send>>;

/// Shows the dialog now.
fn pick(dialog: AsyncFileDialog, what: &Pick) -> Picking {
    match what {
        Pick::Pictures => several(dialog.pick_files()),
        Pick::Folders => several(dialog.pick_folders()),
        Pick::Archive => one(dialog.pick_file()),
        Pick::Save { .. } => one(dialog.save_file()),
    }
}

fn several(picking: impl Future<Output = Option<Vec<FileHandle>>> + Send + 'static) -> Picking {
    Box::pin(async move { picking.await.unwrap_or_default() })
}

fn one(picking: impl Future<Output = Option<FileHandle>> + Send + 'static) -> Picking {
    Box::pin(async move { picking.await.into_iter().collect() })
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
