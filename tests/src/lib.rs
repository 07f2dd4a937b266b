//! Journeys through the whole system, and what they share: here, the driving of the real window.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "for tests and tours only"
)]

#[cfg(target_os = "linux")]
pub mod internet;
pub mod middle;
pub mod service;
pub mod tap;
#[cfg(target_os = "linux")]
pub mod window;
