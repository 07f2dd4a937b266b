//! The window: what it is configured to be, and what it really is.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::print_stdout)]

#[cfg(target_os = "linux")]
mod account;
#[cfg(target_os = "linux")]
mod acts;
#[cfg(target_os = "linux")]
mod apart;
#[cfg(target_os = "linux")]
mod asleep;
mod configuration;
#[cfg(target_os = "linux")]
mod drop;
#[cfg(target_os = "linux")]
mod dump;
#[cfg(target_os = "linux")]
mod fence;
#[cfg(target_os = "linux")]
mod journey;
#[cfg(target_os = "linux")]
mod large;
#[cfg(target_os = "linux")]
mod names;
#[cfg(target_os = "linux")]
mod plumbing;
#[cfg(target_os = "linux")]
mod sealed;
#[cfg(target_os = "linux")]
mod second;
#[cfg(target_os = "linux")]
mod symbols;
#[cfg(target_os = "linux")]
mod typed;

/// The program that is shipped.
#[cfg(target_os = "linux")]
const SHIPPED: &str = env!("CARGO_BIN_EXE_z-image-desktop");
