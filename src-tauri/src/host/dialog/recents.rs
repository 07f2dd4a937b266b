//! GTK's dialogs put what was picked on the desktop's list of recent files, a plain text with names and folders. Some
//! generators write the prompt into the name, so what this program alone put there is taken off again.
//!
//! The list is written a quarter of a second after a change, on the window's thread: taken off in time, a name never
//! reaches the disk.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use gtk::gio::prelude::FileExt as _;
use gtk::prelude::RecentManagerExt as _;
use gtk::{RecentManager, gio, glib};

/// GTK looks a file up before it lists it.
const WATCHED: Duration = Duration::from_secs(3);

/// Many times within the quarter of a second.
const PAUSE: Duration = Duration::from_millis(10);

/// Watches the list for these for a while. Only on the window's thread.
///
/// What is saved is listed when the button is pressed, and the button answers a quarter of a second later: just before
/// the list is written. So the first look is now.
pub(crate) fn forget(paths: &[PathBuf]) {
    let Some(manager) = RecentManager::default() else { return };
    let uris: Vec<String> = paths.iter().map(|path| gio::File::for_path(path).uri().into()).collect();
    take_off(&manager, &uris);
    let begun = Instant::now();
    // Before all others, so that it comes before the writing even when the thread was busy.
    glib::timeout_add_local_full(PAUSE, glib::Priority::HIGH, move || {
        take_off(&manager, &uris);
        if begun.elapsed() < WATCHED { glib::ControlFlow::Continue } else { glib::ControlFlow::Break }
    });
}

fn take_off(manager: &RecentManager, uris: &[String]) {
    for uri in uris.iter().filter(|uri| is_only_ours(manager, uri)) {
        // It may be gone by now, which is as good.
        let _ = manager.remove_item(uri);
    }
}

/// A file that another program had listed before stays: its name is there already, and not through this program.
fn is_only_ours(manager: &RecentManager, uri: &str) -> bool {
    let info = manager.lookup_item(uri).ok().flatten();
    info.is_some_and(|info| info.applications().len() == 1)
}
