//! `cargo xtask test`: everything that tests the project, on a bare machine.

use anyhow::Result;

use crate::process::linting_cargo;
use crate::{check, node, packages, process, ui};

/// Sets up, checks and tests.
///
/// What does not build or breaks a rule of the house ends it. Tests go on after one has failed, so that every runner
/// closes with its own count.
pub fn run() -> Result<()> {
    node::set_up(&[packages::BUILD, packages::WINDOW, packages::TEST, packages::BROWSER])?;
    ui::build()?;
    check::without_compiling()?;
    // Lints are errors here.
    process::run(linting_cargo().args(["test", "--workspace", "--locked", "--no-run"]))?;
    let window = ui::test();
    let native = process::run(linting_cargo().args(["test", "--workspace", "--locked", "--no-fail-fast"]));
    let browser = ui::browser();
    if !process::root().join("../shared/data/images").is_dir() {
        println!("Tests on the corpus of real pictures were SKIPPED: ../shared/data/images is not here.");
    }
    window.and(native).and(browser)
}
