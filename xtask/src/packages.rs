//! Debian packages: found missing, then installed by root or named to everybody else.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process::{output, run};

/// What compiles the project.
pub const BUILD: &[&str] = &[
    "build-essential",
    "pkg-config",
    "libssl-dev",
    "libwebkit2gtk-4.1-dev",
    "libgtk-3-dev",
    "librsvg2-dev",
    "libxdo-dev",
    "nodejs",
    "npm",
];

/// What shows the window, besides [`BUILD`].
pub const WINDOW: &[&str] = &["fonts-noto-cjk", "bubblewrap", "xdg-dbus-proxy"];

/// What the tests and the tour need, besides [`BUILD`] and [`WINDOW`]: a display without a screen and a window manager
/// for it, the webview's driver, a real secret store, a browser, the Latin type of the design, and independent readers
/// of our files.
pub const TEST: &[&str] = &[
    "xvfb",
    "openbox",
    "xauth",
    "xdotool",
    "x11-utils",
    "webkit2gtk-driver",
    "dbus",
    "gnome-keyring",
    "libsecret-tools",
    "gcr",
    "chromium",
    "fonts-inter",
    "imagemagick",
    "libimage-exiftool-perl",
    "unzip",
    "strace",
    "python3-argon2",
    "python3-cryptography",
];

/// What the measurements compare with, besides [`BUILD`].
pub const BENCH: &[&str] = &["libvips-tools", "zip", "ripgrep"];

/// Installs what is missing of the packages. On other systems than Debian's it says what is needed and goes on.
pub fn install(lists: &[&[&str]]) -> Result<()> {
    let wanted = lists.iter().flat_map(|list| list.iter().copied());
    let missing: Vec<&str> = wanted.filter(|package| !present(package)).collect();
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

/// A program that came another way than as a package is as good.
fn present(package: &str) -> bool {
    let program = match package {
        "nodejs" => Some("node"),
        "npm" => Some("npm"),
        _ => None,
    };
    if program.is_some_and(|program| output(Command::new(program).arg("--version")).is_some()) {
        return true;
    }
    let status = output(Command::new("dpkg-query").args(["-W", "-f=${Status}", package]));
    status.is_some_and(|status| status.contains("ok installed"))
}
