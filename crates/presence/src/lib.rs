//! Whether a person is at the computer, as the system tells: it goes to sleep, or its screen is locked.
//!
//! **Invariant:** it only listens. Where nobody tells, nothing is heard, and no program fails for that.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(windows)]
mod windows;

#[cfg(target_os = "linux")]
use self::linux::watch as watch_here;
#[cfg(target_os = "macos")]
use self::macos::watch as watch_here;
#[cfg(windows)]
use self::windows::watch as watch_here;

/// Why nobody is at the computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Away {
    /// It goes to sleep, and waits a moment for what is done now: its memory may be written to a disk.
    Sleeps,
    /// The screen is locked, or belongs to another person for now.
    ScreenLocked,
}

/// Listens from now on, as long as the program runs. What is to be done is done on a thread that has nothing else to do;
/// the computer sleeps once it is done, or a few seconds later.
pub fn watch(on_away: impl Fn(Away) + Send + Sync + 'static) {
    watch_here(on_away);
}

/// Nobody tells.
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
fn watch_here(_: impl Fn(Away) + Send + Sync + 'static) {}
