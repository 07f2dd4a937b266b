//! The window itself: opened over the main one, and gone with its page's process when the person has typed.

use api::Typed;
use tauri::{AppHandle, LogicalSize, Manager as _, PhysicalPosition, PhysicalSize, WebviewWindow};

use super::ENTRY;
use crate::host::selection;
use crate::window::{self, Builder, MAIN};

/// The title until the page says what is asked.
#[cfg(target_os = "linux")]
const NOT_YET: &str = "Z-Image";

/// Shows it with a page that knows of nothing before.
pub(super) fn open(app: &AppHandle, typed: Typed) -> anyhow::Result<()> {
    let main = app.get_webview_window(MAIN).ok_or_else(|| anyhow::anyhow!("the main window is gone"))?;
    let window = match app.get_webview_window(ENTRY) {
        Some(window) => {
            // Its page's process has ended; another one begins with this.
            window.reload()?;
            window
        }
        None => window::make(app, ENTRY, |builder| Ok(titled_by_its_page(builder.parent(&main)?)))?,
    };
    let size = room_for(typed);
    window.set_size(size)?;
    // A desktop that places windows itself goes its own way.
    let _ = window.set_position(over(&main, size.to_physical(main.scale_factor()?))?);
    window.show()?;
    window.set_focus()?;
    Ok(())
}

/// Gives it the keyboard, where it is there.
pub(super) fn come_back(app: &AppHandle) {
    if let Some(window) = super::shown(app) {
        let _ = window.set_focus();
    }
}

/// The title says what is asked, in the person's language; the page knows.
fn titled_by_its_page(builder: Builder<'_>) -> Builder<'_> {
    builder.on_document_title_changed(|window, title| {
        // It only looks worse.
        let _ = window.set_title(&title);
    })
}

fn room_for(typed: Typed) -> LogicalSize<f64> {
    LogicalSize::new(
        480.0,
        match typed {
            // With a suggestion of two lines, and what is typed shown.
            Typed::NewPassphrase | Typed::NewPassword => 540.0,
            Typed::Recovery => 356.0,
            Typed::Passphrase | Typed::Password => 304.0,
        },
    )
}

/// Over the middle of the main window, a little higher.
fn over(main: &WebviewWindow, size: PhysicalSize<u32>) -> tauri::Result<PhysicalPosition<i32>> {
    let (at, room) = (main.outer_position()?, main.outer_size()?);
    let half = |room: u32, size: u32, part: u32| i32::try_from(room.saturating_sub(size) / part).unwrap_or(0);
    Ok(PhysicalPosition::new(
        at.x.saturating_add(half(room.width, size.width, 2)),
        at.y.saturating_add(half(room.height, size.height, 3)),
    ))
}

/// Takes it away and ends its page's process, so that no memory of what was typed is left.
pub(super) fn close(app: &AppHandle) {
    let Some(window) = app.get_webview_window(ENTRY) else { return };
    selection::take_back(app);
    #[cfg(target_os = "linux")]
    {
        use webkit2gtk::WebViewExt as _;
        // Destroying a window leaves WebKitGTK with trouble at the program's end: so it stays, hidden and without a process.
        let _ = window.hide();
        let _ = window.set_title(NOT_YET);
        let _ = window.with_webview(|view| view.inner().terminate_web_process());
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = window.destroy();
    }
    if let Some(main) = app.get_webview_window(MAIN) {
        // The desktop may have given it the keyboard already.
        let _ = main.set_focus();
    }
}
