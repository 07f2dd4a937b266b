//! Import, export, verification and restoring, on real files.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    missing_docs
)]
#![allow(clippy::type_complexity, clippy::print_stderr, reason = "tests say what they skip")]

mod backup;
mod export;
mod fixtures;
mod full_disk;
mod hostile;
mod import;
mod many;
#[cfg(unix)]
mod power_cut;
mod restore;
mod salvage;
