//! The window's web part: its modules, its build and its own tests.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::process::{self, output, root};

/// The oldest Node.js that the build tools run on.
const NODE: (u32, u32) = (20, 19);

/// Installs the modules that the lock file names, when they are not there as it names them.
pub fn modules() -> Result<()> {
    node()?;
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
    process::run(process::cargo().args(["build", "--locked", "--package", "devhost"]))?;
    let host = process::target().join("debug/devhost");
    process::run(npm().args(["run", "e2e"]).env("DEVHOST", host))
}

fn npm() -> Command {
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.args(["--prefix", "ui"]);
    npm
}

/// A Node.js that is there must be new enough; said before anything is installed, because Debian's may be older.
pub fn node_is_not_too_old() -> Result<()> {
    let Some(version) = output(Command::new("node").arg("--version")) else { return Ok(()) };
    let mut numbers = version.trim().trim_start_matches('v').split('.').map(|n| n.parse().unwrap_or(0));
    let found: (u32, u32) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    let ((major, minor), version) = (NODE, version.trim());
    ensure!(
        found >= NODE,
        "Node.js {major}.{minor} or newer is needed to build the window; this is {version}. See https://nodejs.org"
    );
    Ok(())
}

fn node() -> Result<()> {
    if output(Command::new("node").arg("--version")).is_none() {
        bail!("Node.js is needed to build the window, and there is none. See https://nodejs.org");
    }
    node_is_not_too_old()
}
