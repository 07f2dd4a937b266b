//! The program as a person or a script meets it: its files, its words, its exit codes.
// What a test can’t do without stops it, which is how a test fails.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr
)]

mod bad_input;
#[cfg(target_os = "linux")]
mod crash;
mod exits;
#[cfg(target_os = "linux")]
mod faults;
mod json;
mod keeping;
#[cfg(target_os = "linux")]
mod keychain;
mod languages;
mod main_job;
mod samples;
#[cfg(unix)]
mod signals;
#[cfg(target_os = "linux")]
mod terminal;
mod world;
