//! GTK's dialog, or the desktop's own through its portal where GTK is told to use it.
//!
//! Not through a library: `rfd` turns GTK's loop on a thread of its own while the window's thread turns it too, and GTK
//! is made to be used from one. Here the dialog belongs to the window's thread, like everything else of GTK.

use std::cell::RefCell;
use std::path::PathBuf;

use gtk::prelude::{FileChooserExt as _, NativeDialogExt as _};
use gtk::{FileChooserAction, FileChooserNative, FileFilter, ResponseType};
use studio::Pick;
use tauri::AppHandle;

use super::words::Words;
use super::{Answer, PICTURES, recents};

thread_local! {
    /// Where something was chosen last, in this run and nowhere else.
    static LAST: RefCell<Option<PathBuf>> = const { RefCell::new(None) };
}

/// Where a person keeps their things.
fn usual_folder() -> Option<PathBuf> {
    let documents = gtk::glib::user_special_dir(gtk::glib::UserDirectory::Documents);
    documents.filter(|folder| folder.is_dir()).or_else(|| Some(gtk::glib::home_dir()))
}

/// Shows it; the answer follows when the person has chosen.
pub(super) fn show(app: &AppHandle, what: &Pick, words: &Words, answer: Answer) {
    let window = crate::window::front(app).and_then(|window| window.gtk_window().ok());
    let action = match what {
        Pick::Pictures | Pick::Archive => FileChooserAction::Open,
        Pick::Folders => FileChooserAction::SelectFolder,
        Pick::Save { .. } => FileChooserAction::Save,
    };
    let (accept, cancel) = (Some(words.accept), Some(words.cancel));
    let dialog = FileChooserNative::new(Some(words.title), window.as_ref(), action, accept, cancel);
    dialog.set_modal(true);
    // Otherwise GTK begins with what was used lately: nothing is listed there, and nothing can be saved.
    let begins = LAST.with_borrow(Clone::clone).filter(|folder| folder.is_dir()).or_else(usual_folder);
    if let Some(folder) = begins {
        let _ = dialog.set_current_folder(folder);
    }
    match what {
        Pick::Pictures => {
            dialog.set_select_multiple(true);
            dialog.add_filter(filter(words.pictures, PICTURES));
        }
        Pick::Folders => dialog.set_select_multiple(true),
        Pick::Archive => dialog.add_filter(filter("ZIP", &["zip", "ZIP"])),
        Pick::Save { name, .. } => {
            dialog.set_do_overwrite_confirmation(true);
            dialog.set_current_name(name);
        }
    }
    // The dialog lives until it has answered.
    let kept = RefCell::new(Some(dialog.clone()));
    dialog.connect_response(move |dialog, response| {
        let accepted = response == ResponseType::Accept;
        let picked: Vec<PathBuf> = if accepted { dialog.filenames() } else { Vec::new() };
        recents::forget(&picked);
        if let Some(folder) = dialog.current_folder().filter(|_| accepted) {
            LAST.set(Some(folder));
        }
        dialog.hide();
        // Who asked may have gone.
        let _ = answer.try_send(picked);
        kept.take();
    });
    dialog.show();
}

fn filter(name: &str, endings: &[&str]) -> FileFilter {
    let filter = FileFilter::new();
    filter.set_name(Some(name));
    for ending in endings {
        filter.add_pattern(&format!("*.{ending}"));
    }
    filter
}
