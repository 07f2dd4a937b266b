//! `cargo xtask deny`: what the project is built from, against `deny.toml`.

use std::path::PathBuf;
use std::process::{Command, Output};

use anyhow::{Result, bail};

use crate::process::{self, cargo, output, root};
use crate::ui;

/// The version that `deny.toml` was written for.
const CARGO_DENY: &str = "0.20.2";

/// Licences, sources, duplicates and known weaknesses of the Rust packages and the window's modules.
///
/// # Errors
/// When one of them has something to say. That the lists of known weaknesses can't be reached is told, not an error:
/// the project must be testable without a network.
pub fn run() -> Result<()> {
    licences()?;
    advisories()?;
    ui::modules()?;
    audit()
}

/// What needs no network: part of `cargo xtask test`.
pub fn licences() -> Result<()> {
    process::run(Command::new(program()?).args([
        "--workspace",
        "check",
        "--hide-inclusion-graph",
        "bans",
        "licenses",
        "sources",
    ]))
}

fn advisories() -> Result<()> {
    let answer = asked(Command::new(program()?).args(["check", "advisories"]))?;
    judge("advisories", &answer, &["failed to fetch advisory database"])
}

/// Known weaknesses of the window's modules.
fn audit() -> Result<()> {
    let answer = asked(&mut ui::audit())?;
    judge(
        "npm audit",
        &answer,
        &["audit endpoint returned an error", "ENOTFOUND", "ECONNREFUSED", "EAI_AGAIN"],
    )
}

fn asked(command: &mut Command) -> Result<Output> {
    Ok(command.current_dir(root()).output()?)
}

/// Tells findings from a list that could not be asked for.
fn judge(what: &str, answer: &Output, unreachable: &[&str]) -> Result<()> {
    let text = [&answer.stdout[..], &answer.stderr[..]].concat();
    let text = String::from_utf8_lossy(&text);
    if answer.status.success() {
        println!("{what}: nothing known");
    } else if unreachable.iter().any(|sign| text.contains(sign)) {
        println!("{what}: NOT ASKED, the list of known weaknesses could not be reached");
    } else {
        bail!("{what}:\n{text}");
    }
    Ok(())
}

/// cargo-deny; built below `target` when the machine has none.
fn program() -> Result<PathBuf> {
    if output(Command::new("cargo-deny").arg("--version")).is_some() {
        return Ok("cargo-deny".into());
    }
    let tools = root().join("target/tools");
    let own = tools.join("bin").join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    if !own.exists() {
        let version = ["--version", CARGO_DENY];
        let mut install = cargo();
        install.args(["install", "--locked", "cargo-deny"]).args(version).arg("--root").arg(&tools);
        // It runs for seconds: making it fast would take minutes.
        install.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0").env("CARGO_PROFILE_RELEASE_LTO", "off");
        install.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "64");
        process::run(&mut install)?;
    }
    Ok(own)
}
