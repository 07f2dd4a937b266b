//! One store per system, behind the same few names: `open`, `modifiers`, `unlock_default_collection`, `FAILURE`.

#[cfg(target_os = "macos")]
mod macos;
#[cfg(all(unix, not(target_os = "macos")))]
mod secret_service;
#[cfg(windows)]
mod windows;

#[cfg(target_os = "macos")]
pub(crate) use macos::{FAILURE, modifiers, open, unlock_default_collection};
#[cfg(all(unix, not(target_os = "macos")))]
pub(crate) use secret_service::{FAILURE, modifiers, open, unlock_default_collection};
#[cfg(windows)]
pub(crate) use windows::{FAILURE, modifiers, open, unlock_default_collection};
