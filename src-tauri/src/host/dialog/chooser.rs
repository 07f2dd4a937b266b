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
    match what {
        Pick::Pictures => {
            dialog.set_select_multiple(true);
            dialog.add_filter(filter(words.pictures, PICTURES));
        }
        Pick::Folders => dialog.set_select_multiple(true),
        Pick::Archive => dialog.add_filter(filter("ZIP", &["zip", "ZIP"])),
        Pick::Save { name, .. } => {
            // Otherwise GTK begins with what was used lately, where nothing can be saved.
            if let Some(folder) = gtk::glib::user_special_dir(gtk::glib::UserDirectory::Documents)
                .filter(|folder| folder.is_dir())
                .or_else(|| Some(gtk::glib::home_dir()))
            {
                let _ = dialog.set_current_folder(folder);
            }
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
