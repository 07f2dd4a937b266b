//! The account service over real HTTP, on both of its databases.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where something is not as it must be"
)]

mod postgres;
mod world;

mod contract;
mod hostile;
mod images;
mod lives;
mod patience;
mod program;
mod secrets;
mod throttles;
