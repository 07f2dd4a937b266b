//! The vault locks when the computer goes to sleep or its screen is locked.

#[cfg(target_os = "linux")]
mod logind;
#[cfg(target_os = "linux")]
mod screen;

use studio::Studio;

/// Listens to the system from now on. Where nobody tells, the vault still locks by itself after some idleness.
pub(crate) fn lock_with_it(studio: &Studio) {
    #[cfg(target_os = "linux")]
    {
        let for_sleep = studio.clone();
        listen("sleep", move || logind::listen(&for_sleep));
        let for_screen = studio.clone();
        listen("screen", move || screen::listen(&for_screen));
    }
    // Windows and macOS: see docs/decisions/0007.
    #[cfg(not(target_os = "linux"))]
    let _ = studio;
}

/// A bus is waited for on a thread of its own, which ends where there is none.
#[cfg(target_os = "linux")]
fn listen(name: &str, work: impl FnOnce() -> zbus::Result<()> + Send + 'static) {
    let thread = std::thread::Builder::new().name(name.to_owned());
    let _ = thread.spawn(move || drop(work()));
}
