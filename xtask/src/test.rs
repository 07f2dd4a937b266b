//! `cargo xtask test`: everything that tests the project, on a bare machine.

use anyhow::Result;

use crate::process::cargo;
use crate::{check, packages, process, ui};

/// Sets up, checks and tests.
///
/// Tests go on after one has failed, so that every runner closes with its own count.
pub fn run() -> Result<()> {
    ui::node_is_not_too_old()?;
    packages::install(&[packages::BUILD, packages::WINDOW, packages::TEST])?;
    ui::build()?;
    check::run()?;
    ui::test()?;
    let native = process::run(cargo().args(["test", "--workspace", "--locked", "--no-fail-fast"]));
    let browser = ui::browser();
    if !process::root().join("../shared/data/images").is_dir() {
        println!("Tests on the corpus of real pictures were SKIPPED: ../shared/data/images is not here.");
    }
    native.and(browser)
}
