//! `cargo xtask test`: everything that tests the project, on a bare machine.

use anyhow::Result;

use crate::process::cargo;
use crate::{check, packages, process, ui};

/// Sets up, checks and tests.
pub fn run() -> Result<()> {
    packages::install(&[packages::BUILD, packages::WINDOW, packages::TEST])?;
    ui::build()?;
    check::run()?;
    ui::test()?;
    process::run(cargo().args(["test", "--workspace", "--locked"]))?;
    ui::browser()
}
