//! `cargo xtask run`: the application, on a bare machine.

use anyhow::Result;

use crate::{node, packages, process, tour, ui};

/// Sets up, builds and opens the window; without a display it takes the tour instead.
pub fn run(arguments: &[String]) -> Result<()> {
    if !display() {
        println!("There is no display, so nobody would see the window. Taking the tour instead:");
        return tour::run();
    }
    node::set_up(&[packages::BUILD, packages::WINDOW])?;
    ui::build()?;
    let start =
        ["run", "--locked", "--release", "--package", "z-image-desktop", "--bin", "z-image-desktop", "--"];
    process::run(process::cargo().args(start).args(arguments))
}

fn display() -> bool {
    let named = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(any(windows, target_os = "macos")) || named("DISPLAY") || named("WAYLAND_DISPLAY")
}
