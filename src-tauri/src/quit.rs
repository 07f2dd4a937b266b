//! Being asked to end by the system.

use std::sync::atomic::{AtomicBool, Ordering};

use studio::Studio;
use tauri::AppHandle;

/// SIGTERM, SIGINT and SIGHUP, and closing of the console on Windows: the vault is locked at once, whatever the window
/// is doing, and the window closed. Who asks a second time is not kept waiting.
pub(crate) fn on_signals(app: &AppHandle, studio: Studio) {
    let app = app.clone();
    let asked = AtomicBool::new(false);
    // Without a handler the program ends at once, which the vault survives.
    let _ = ctrlc::set_handler(move || {
        if asked.swap(true, Ordering::Relaxed) {
            memory::end(1);
        }
        app.exit(0);
        studio.lock();
    });
}
