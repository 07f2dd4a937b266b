//! The keychain against a real gnome-keyring on a private session bus, and against its absence.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs)]

mod absent;
mod inside;
mod locked;
mod records;
mod screen;
