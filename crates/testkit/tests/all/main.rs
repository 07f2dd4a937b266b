//! The kit itself: samples are read as they say, the scanner finds what was planted.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]

mod kit;
mod markers;
mod samples;
