//! Being asked to end by the system: the vault is locked first, as when the window is closed.

use tauri::AppHandle;

/// SIGTERM, SIGINT and SIGHUP, and closing of the console on Windows.
pub(crate) fn on_signals(app: &AppHandle) {
    let app = app.clone();
    // Without it the program ends at once, which the vault survives.
    let _ = ctrlc::set_handler(move || app.exit(0));
}
