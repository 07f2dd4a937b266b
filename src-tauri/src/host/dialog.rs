//! The desktop's dialogs for files and folders.

#[cfg(target_os = "linux")]
mod chooser;
#[cfg(not(target_os = "linux"))]
mod native;
#[cfg(target_os = "linux")]
mod recents;
mod words;

use std::path::PathBuf;
use std::sync::mpsc::SyncSender;

use studio::{Language, Pick};
use tauri::AppHandle;

#[cfg(target_os = "linux")]
use self::chooser::show as show_here;
#[cfg(not(target_os = "linux"))]
use self::native::show as show_here;
use self::words::Words;

/// What the decoders know; the content decides, not the name.
const PICTURES: &[&str] = &["png", "jpg", "jpeg", "webp", "avif", "PNG", "JPG", "JPEG", "WEBP", "AVIF"];

/// Where the picked paths go; none when the dialog was closed.
type Answer = SyncSender<Vec<PathBuf>>;

/// Shows a dialog over the window. Only on the window's thread; the answer comes later.
pub(super) fn show(app: &AppHandle, what: &Pick, language: Language, answer: Answer) {
    show_here(app, what, &Words::of(what, language), answer);
}
