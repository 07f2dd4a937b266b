//! The dialogs of Windows and macOS.

use std::path::PathBuf;

use rfd::{AsyncFileDialog, FileHandle};
use studio::Pick;
use tauri::{AppHandle, async_runtime};

use super::words::Words;
use super::{Answer, PICTURES};

type Picking = std::pin::Pin<Box<dyn Future<Output = Vec<FileHandle>> + Send>>;

/// Shows it; the answer follows when the person has chosen.
pub(super) fn show(app: &AppHandle, what: &Pick, words: &Words, answer: Answer) {
    let mut dialog = AsyncFileDialog::new().set_title(words.title);
    if let Some(window) = crate::window::front(app) {
        dialog = dialog.set_parent(&window);
    }
    let picking: Picking = match what {
        Pick::Pictures => several(dialog.add_filter(words.pictures, PICTURES).pick_files()),
        Pick::Folders => several(dialog.pick_folders()),
        Pick::Archive => one(dialog.add_filter("ZIP", &["zip"]).pick_file()),
        Pick::Save { name, .. } => one(dialog.set_file_name(name).save_file()),
    };
    async_runtime::spawn(async move {
        let picked: Vec<PathBuf> = picking.await.iter().map(|file| file.path().to_path_buf()).collect();
        // Who asked may have gone.
        let _ = answer.try_send(picked);
    });
}

fn several(picking: impl Future<Output = Option<Vec<FileHandle>>> + Send + 'static) -> Picking {
    Box::pin(async move { picking.await.unwrap_or_default() })
}

fn one(picking: impl Future<Output = Option<FileHandle>> + Send + 'static) -> Picking {
    Box::pin(async move { picking.await.into_iter().collect() })
}
