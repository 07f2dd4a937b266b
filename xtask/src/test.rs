//! `cargo xtask test`: everything that tests the project, on a bare machine.

use anyhow::Result;

use crate::process::cargo;
use crate::{check, packages, process};

/// Sets up, checks and tests.
pub fn run() -> Result<()> {
    packages::install(packages::BUILD)?;
    check::run()?;
    process::run(cargo().args(["test", "--workspace", "--locked"]))
}
