//! Debian packages: found missing, then installed by root or named to everybody else.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process::{output, run};

/// What compiles the project.
pub const BUILD: &[&str] = &["build-essential", "pkg-config", "libssl-dev"];

/// Installs what is missing of the packages. On other systems than Debian's it says what is needed and goes on.
pub fn install(packages: &[&str]) -> Result<()> {
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if output(Command::new("apt-get").arg("--version")).is_none() {
        println!("This system has no apt-get. Needed, by their Debian names: {list}");
        return Ok(());
    }
    if output(Command::new("id").arg("-u")).is_none_or(|id| id.trim() != "0") {
        bail!("Packages are missing. Install them and try again:\n  sudo apt-get install {list}");
    }
    run(Command::new("apt-get").args(["update", "-qq"]))?;
    let mut apt = Command::new("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive").args(["install", "-y", "-qq", "--no-install-recommends"]);
    run(apt.args(missing))
}

fn installed(package: &str) -> bool {
    let status = output(Command::new("dpkg-query").args(["-W", "-f=${Status}", package]));
    status.is_some_and(|status| status.contains("ok installed"))
}
