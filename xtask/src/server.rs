//! `cargo xtask server`: the account service, for development.

use anyhow::Result;

use crate::{packages, process};

/// Sets up, builds and starts it.
pub fn run(arguments: &[String]) -> Result<()> {
    packages::install(&[packages::SERVICE], &[])?;
    let start = ["run", "--locked", "--package", "server", "--bin", "zimage-server", "--"];
    let data = ["--data", "target/server"];
    process::run(process::cargo().args(start).args(data).args(arguments))
}
