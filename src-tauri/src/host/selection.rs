//! What is selected in plain text is handed to the desktop on Linux, as long as nothing else is, and any program can read
//! it there.

use tauri::AppHandle;

/// Takes it back, where it is this program's.
pub(crate) fn take_back(app: &AppHandle) {
    #[cfg(target_os = "linux")]
    {
        // Without a window's thread there is nobody who could have handed anything over.
        let _ = app.run_on_main_thread(|| gtk::Clipboard::get(&gtk::gdk::SELECTION_PRIMARY).clear());
    }
    #[cfg(not(target_os = "linux"))]
    let _ = app;
}
