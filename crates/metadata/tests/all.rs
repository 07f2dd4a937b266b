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

/// Counts what all tests of this program hold at a time.
#[global_allocator]
static MEMORY: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

/// Far more than any file here may take, with its decoded pixels and other tests beside it; far less than a bomb would.
const MOST_MEMORY: usize = 512 << 20;
