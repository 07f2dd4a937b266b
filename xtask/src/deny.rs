//! `cargo xtask deny`: what the project is built from, against `deny.toml`.

use std::process::Command;

use anyhow::Result;

use crate::process::{self, cargo, output, root};
use crate::ui;

/// Runs cargo-deny, installing it below `target` when the machine has none, and `npm audit`.
pub fn run() -> Result<()> {
    licences()?;
    ui::modules()?;
    ui::audit()
}

/// Licences, sources and duplicates need no network; known weaknesses need the advisory database, which is asked
/// for where it can be reached.
pub fn licences() -> Result<()> {
    let tools = root().join("target/tools");
    let own = tools.join("bin/cargo-deny");
    let program = if output(Command::new("cargo-deny").arg("--version")).is_some() {
        "cargo-deny".into()
    } else {
        if !own.exists() {
            process::run(cargo().args(["install", "--locked", "cargo-deny", "--root"]).arg(&tools))?;
        }
        own
    };
    process::run(Command::new(&program).args(["--workspace", "check", "bans", "licenses", "sources"]))?;
    let advisories = Command::new(&program).args(["check", "advisories"]).current_dir(root()).status();
    match advisories {
        Ok(status) if status.success() => {}
        _ => println!("advisories: the database could not be reached or has something to say; see above"),
    }
    Ok(())
}
