//! The kit itself: samples are read as they say, the scanner finds what was planted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs)]

mod kit;
mod markers;
mod samples;
