//! The public surface: files of many programs, files of none, hostile bytes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    missing_docs
)]

mod bombs;
mod containers;
mod corpus;
mod files;
mod properties;
