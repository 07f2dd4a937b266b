//! The account service over real HTTP, on both of its databases.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where something is not as it must be"
)]

mod persons;
mod postgres;
mod world;

mod contract;
mod garbage;
mod hostile;
mod images;
mod kills;
mod lives;
mod log;
mod moves;
mod outage;
mod passwords;
mod patience;
mod program;
mod secrets;
mod throttles;
mod timing;
