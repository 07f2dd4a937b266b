//! Linux tells over D-Bus: logind over the system's bus, the desktop over the session's.

mod logind;
mod screen;

use std::sync::Arc;

use crate::Away;

/// Each bus is waited for on a thread of its own, which ends where there is none.
pub(crate) fn watch(on_away: impl Fn(Away) + Send + Sync + 'static) {
    let for_system = Arc::new(on_away);
    let for_screen = Arc::clone(&for_system);
    listen("sleep", move || logind::listen(&*for_system));
    listen("screen", move || screen::listen(&*for_screen));
}

fn listen(name: &str, work: impl FnOnce() -> zbus::Result<()> + Send + 'static) {
    let thread = std::thread::Builder::new().name(name.to_owned());
    let _ = thread.spawn(move || drop(work()));
}
