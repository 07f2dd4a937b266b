//! Sample pictures with the metadata of every supported generator, bad inputs, prompts by the hundred thousand,
//! temporary vaults, a clock to set by hand, and the scanner that looks for what must not be on the disk.
//!
//! **Invariant:** for tests, tours and measurements only; nothing that is shipped depends on it. Everything here is
//! made by this code from a seed: no picture and no text of anybody else is inside.
// A panic in this crate fails the test that asked for the impossible, which is what it is for.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

pub mod art;
pub mod clock;
pub mod hostile;
#[cfg(target_os = "linux")]
pub mod inside;
#[cfg(target_os = "linux")]
pub mod keyring;
pub mod markers;
pub mod prompts;
pub mod samples;
pub mod vaults;
