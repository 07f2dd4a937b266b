//! `cargo xtask bench`: measurements in a release build, beside plain baselines and peers in the same run.

use anyhow::Result;

use crate::packages;
use crate::process::{self, cargo};

/// Builds and runs the measurements; `arguments` name some of them.
pub fn run(arguments: &[String]) -> Result<()> {
    packages::install(&[packages::BUILD, packages::BENCH], &[])?;
    let start = ["run", "--locked", "--release", "--package", "bench", "--"];
    process::run(cargo().args(start).args(arguments))
}
