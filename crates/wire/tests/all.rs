//! The protocol between account and service.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where something is not as it must be"
)]

mod flows;
mod frozen;
mod rfc9807;
mod strict;
