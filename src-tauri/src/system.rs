//! The vault locks when the computer goes to sleep or its screen is locked.

use presence::Away;
use studio::Studio;

/// Listens to the system from now on. Where nobody tells, the vault still locks by itself after some idleness.
pub(crate) fn lock_with_it(studio: &Studio) {
    let studio = studio.clone();
    presence::watch(move |away| match away {
        _ if !studio.settings().lock_with_system => {}
        Away::Sleeps => studio.lock(),
        Away::ScreenLocked => studio.lock_softly(),
    });
}
