//! Running other programs, from the root of the workspace.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The root of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// The cargo that runs this program.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The cargo that lints as it compiles: what a test run builds is built once, not checked first and built then.
pub fn linting_cargo() -> Command {
    let mut cargo = cargo();
    // As `cargo clippy -- -D warnings` hands it over.
    cargo.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver").env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings");
    cargo
}

/// Runs a program to its end and wants it to succeed.
pub fn run(command: &mut Command) -> Result<()> {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let name = words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ");
    println!("$ {name}");
    let status = command.current_dir(root()).status().with_context(|| format!("can't start {name}"))?;
    ensure!(status.success(), "{name}: {status}");
    Ok(())
}

/// What a program prints, or `None` when it can't be run or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.current_dir(root()).output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}
