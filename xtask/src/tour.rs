//! `cargo xtask tour`: the real application on a display without a screen.

use anyhow::Result;

use crate::process::{self, cargo};
use crate::{node, packages, ui};

/// Walks through the application; leaves pictures of its screens and an export in `target/tour`.
pub fn run() -> Result<()> {
    node::set_up(&[packages::BUILD, packages::WINDOW, packages::TEST])?;
    ui::build()?;
    process::run(cargo().args([
        "build",
        "--locked",
        "--package",
        "z-image-desktop",
        "--example",
        "window_under_test",
    ]))?;
    process::run(cargo().args(["run", "--locked", "--package", "journeys", "--bin", "tour"]))
}
