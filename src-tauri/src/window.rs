//! The windows: the one with the pictures, and the one for typing. They are described in `tauri.conf.json`; what can't be
//! said there is here.

use std::path::{Path, PathBuf};

use studio::{Settings, Studio, Theme};
use tauri::webview::{Color, NewWindowResponse};
use tauri::{
    AppHandle, DragDropEvent, Manager as _, Url, WebviewWindow, WebviewWindowBuilder, Window, WindowEvent,
    Wry, async_runtime,
};

use crate::entry::{self, ENTRY};

/// Label of the window with the pictures.
pub(crate) const MAIN: &str = "main";

/// The surfaces `chrome` of both themes: what a person sees before the page has painted.
const DARK: Color = Color(0x1a, 0x1a, 0x1a, 0xff);
const LIGHT: Color = Color(0xfa, 0xfa, 0xfa, 0xff);

/// What windows are made with.
pub(crate) struct Making {
    /// A driver holds the page.
    pub driven: bool,
    /// What the webviews think they have to keep goes in here: WebView2 can't do without a folder, WebKitGTK writes salts
    /// there. Both keep nothing of a page in it, see `incognito`.
    pub folder: PathBuf,
}

/// Opens the main window.
pub(crate) fn open(app: &AppHandle) -> anyhow::Result<()> {
    forget(&app.state::<Making>().folder);
    let window = make(app, MAIN, Ok)?;
    window.set_focus()?;
    begin_anew_after_a_crash(app, &window);
    Ok(())
}

/// A page whose process crashed shows its last picture and hears nothing: the vault is locked, and another page begins.
#[cfg(target_os = "linux")]
fn begin_anew_after_a_crash(app: &AppHandle, window: &WebviewWindow) {
    use webkit2gtk::{WebProcessTerminationReason, WebViewExt as _};
    let (app, again) = (app.clone(), window.clone());
    let _ = window.with_webview(move |view| {
        view.inner().connect_web_process_terminated(move |_, reason| {
            if reason == WebProcessTerminationReason::TerminatedByApi {
                return;
            }
            let (app, again) = (app.clone(), again.clone());
            // Locking waits for work that needs this thread.
            async_runtime::spawn_blocking(move || {
                app.state::<Studio>().lock();
                let _ = again.reload();
            });
        });
    });
}

/// Only WebKitGTK tells of it in a way that reaches here.
#[cfg(not(target_os = "linux"))]
fn begin_anew_after_a_crash(_: &AppHandle, _: &WebviewWindow) {}

/// A window that is being made.
pub(crate) type Builder<'a> = WebviewWindowBuilder<'a, Wry, AppHandle>;

/// Makes a window that is described in the configuration.
pub(crate) fn make<'a>(
    app: &'a AppHandle,
    label: &str,
    more: impl FnOnce(Builder<'a>) -> tauri::Result<Builder<'a>>,
) -> anyhow::Result<WebviewWindow> {
    let config = app.config().app.windows.iter().find(|window| window.label == label).cloned();
    let mut config = config.ok_or_else(|| anyhow::anyhow!("no window in the configuration"))?;
    let making = app.state::<Making>();
    config.incognito = !making.driven;
    let dev = app.config().build.dev_url.clone().filter(|_| tauri::is_dev());
    let Settings { theme, hide_from_capture, .. } = app.state::<Studio>().settings();
    let builder = WebviewWindowBuilder::from_config(app, &config)?
        .data_directory(making.folder.join(label))
        .background_color(background(theme, tauri::Theme::Dark))
        .theme(forced(theme))
        .content_protected(hide_from_capture)
        .on_navigation(move |url| is_own(url, dev.as_ref()))
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false);
    let window = more(builder)?.build()?;
    // What the system says is known only now.
    window.set_background_color(Some(background(theme, window.theme()?)))?;
    Ok(window)
}

/// Follows the settings.
pub(crate) fn follow(app: &AppHandle, settings: &Settings) {
    for window in app.webview_windows().values() {
        wear(window, settings.theme);
        if window.set_content_protected(settings.hide_from_capture).is_err() {
            crate::say("Z-Image: the window can't be left out of screenshots");
        }
    }
}

/// Takes on another theme. The page asks the webview what the system says, and a window that was told a theme would
/// answer with that one.
fn wear(window: &WebviewWindow, theme: Theme) {
    // The page has its colours already; the window's show where the page does not paint.
    let _ = window.set_theme(forced(theme));
    if let Ok(system) = window.theme() {
        let _ = window.set_background_color(Some(background(theme, system)));
    }
}

/// What the window is told; nothing where the system decides.
fn forced(theme: Theme) -> Option<tauri::Theme> {
    match theme {
        Theme::System => None,
        Theme::Dark => Some(tauri::Theme::Dark),
        Theme::Light => Some(tauri::Theme::Light),
    }
}

/// Throws away what the webview kept of an earlier run.
pub(crate) fn forget(folder: &Path) {
    // It may not be there, or still be in use by a webview that ends a moment later; the next start tries again.
    let _ = std::fs::remove_dir_all(folder);
}

/// Empties the webview's memory of what it has loaded: a locked vault's pictures are not to be shown again from there.
/// Not at once but soon: who locks may be the window's own thread, in the middle of closing it.
pub(crate) fn forget_pictures(app: &AppHandle) {
    let app = app.clone();
    async_runtime::spawn_blocking(move || {
        if let Some(window) = app.get_webview_window(MAIN) {
            // Nothing can be done where it fails; the addresses are worth nothing to the program already.
            let _ = window.clear_all_browsing_data();
        }
    });
}

fn background(theme: Theme, system: tauri::Theme) -> Color {
    match theme {
        Theme::System if system == tauri::Theme::Light => LIGHT,
        Theme::System | Theme::Dark => DARK,
        Theme::Light => LIGHT,
    }
}

/// The page goes nowhere but to itself.
fn is_own(url: &Url, dev: Option<&Url>) -> bool {
    let own = match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" if cfg!(windows) => {
            url.host_str() == Some("tauri.localhost") && url.port().is_none()
        }
        _ => false,
    };
    own || dev.is_some_and(|dev| dev.origin() == url.origin())
}

/// Brings the window to the person who started the program again; and what is asked over it.
pub(crate) fn show(app: &AppHandle) {
    for window in [app.get_webview_window(MAIN), entry::shown(app)].into_iter().flatten() {
        // Each may be refused by the desktop; the window is there all the same.
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}

/// The window that dialogs lie over.
pub(crate) fn front(app: &AppHandle) -> Option<WebviewWindow> {
    entry::shown(app).or_else(|| app.get_webview_window(MAIN))
}

/// Hears what happens to the windows.
pub(crate) fn on_event(window: &Window, event: &WindowEvent) {
    let app = window.app_handle();
    let studio = app.state::<Studio>();
    match (window.label(), event) {
        (MAIN, WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. })) => {
            studio.offer_dropped(paths.clone());
        }
        (MAIN, WindowEvent::CloseRequested { .. }) => studio.lock(),
        // The other window, hidden, would keep the program running.
        (MAIN, WindowEvent::Destroyed) => app.exit(0),
        (ENTRY, WindowEvent::CloseRequested { api, .. }) => {
            api.prevent_close();
            entry::cancel(app);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(url: &str) -> bool {
        is_own(&Url::parse(url).unwrap(), None)
    }

    #[test]
    fn the_page_stays_where_it_is() {
        assert!(own("tauri://localhost/index.html"));
        for elsewhere in [
            "https://example.com/?leak",
            "http://localhost/",
            "http://127.0.0.1:9/",
            "tauri://elsewhere/",
            "file:///etc/passwd",
            "data:text/html,x",
            "javascript:1",
            "about:blank",
            "blob:tauri://localhost/1",
            "vault://localhost/x",
            "mailto:someone@example.com",
        ] {
            assert!(!own(elsewhere), "{elsewhere}");
        }
    }
}
