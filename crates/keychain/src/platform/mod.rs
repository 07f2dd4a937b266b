//! One store per system, behind the same two names: `open` and `FAILURE`.

#[cfg(target_os = "macos")]
mod macos;
#[cfg(all(unix, not(target_os = "macos")))]
mod secret_service;
#[cfg(windows)]
mod windows;

#[cfg(target_os = "macos")]
pub(crate) use macos::{FAILURE, open};
#[cfg(all(unix, not(target_os = "macos")))]
pub(crate) use secret_service::{FAILURE, open};
#[cfg(windows)]
pub(crate) use windows::{FAILURE, open};
