//! The window's web part: its modules, its build and its own tests.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::process::{self, root};
use crate::{node, packages};

/// Installs the modules that the lock file names, when they are not there as it names them.
pub fn modules() -> Result<()> {
    node::ensure_good()?;
    let lock = fs::read(root().join("ui/package-lock.json")).context("ui/package-lock.json is missing")?;
    let stamp = root().join("ui/node_modules/.zimage-lock");
    if fs::read(&stamp).is_ok_and(|known| known == lock) {
        return Ok(());
    }
    process::run(npm().args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]))?;
    fs::write(stamp, lock)?;
    Ok(())
}

/// Builds `ui/dist`.
pub fn build() -> Result<()> {
    modules()?;
    process::run(npm().args(["run", "build"]))
}

/// Unit tests of the window's pure parts.
pub fn test() -> Result<()> {
    process::run(npm().args(["test"]))
}

/// Asks for known weaknesses of the modules.
pub fn audit() -> Command {
    let mut command = npm();
    command.args(["audit", "--audit-level=low"]);
    command
}

/// The browser tests, against the real application behind `devhost`.
pub fn browser() -> Result<()> {
    ensure!(
        packages::has(packages::BROWSER),
        "the tests in a browser could not run: there is no Chromium. Name one in the variable CHROMIUM"
    );
    // As the tests were built: otherwise with other features of the same libraries, half of them once more.
    let mut build = process::linting_cargo();
    let programs = ["--bin", "devhost", "--bin", "zimage-server"];
    process::run(build.args(["build", "--locked", "--workspace", "--tests"]).args(programs))?;
    let built = process::target().join("debug");
    let (host, service) = (built.join("devhost"), built.join("zimage-server"));
    process::run(npm().args(["run", "e2e"]).env("DEVHOST", host).env("ZIMAGE_SERVER", service))
}

fn npm() -> Command {
    let mut npm = node::npm();
    npm.args(["--prefix", "ui"]);
    npm
}
