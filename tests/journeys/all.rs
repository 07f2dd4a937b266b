//! Journeys through the whole application by its command table: what a person does in the window, without one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

#[cfg(target_os = "linux")]
mod account;
mod app;
mod clocks;
#[cfg(target_os = "linux")]
mod faults;
mod keeping;
#[cfg(target_os = "linux")]
mod keychain;
mod keys;
mod locked;
mod locking;
mod lost;
mod main_job;
mod places;
mod privacy;
mod residue;
#[cfg(target_os = "linux")]
mod services;
