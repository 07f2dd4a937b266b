//! Debian packages: found missing, then installed by root or named to everybody else.

use std::path::Path;
use std::process::Command;
use std::sync::Once;

use anyhow::{Result, bail};

use crate::process::{output, run};

/// What compiles the project, besides Node.js; see [`crate::node`].
pub const BUILD: &[&str] = &[
    "build-essential",
    "pkg-config",
    "libssl-dev",
    "libwebkit2gtk-4.1-dev",
    "libgtk-3-dev",
    "librsvg2-dev",
    "libxdo-dev",
];

/// What compiles the account service.
pub const SERVICE: &[&str] = &["build-essential", "pkg-config", "libssl-dev"];

/// What shows the window, besides [`BUILD`].
pub const WINDOW: &[&str] = &["fonts-noto-cjk", "bubblewrap", "xdg-dbus-proxy"];

/// What the tests and the tour need, besides [`BUILD`] and [`WINDOW`]: a display without a screen and a window manager
/// for it, the webview's driver, a real secret store, the Latin type of the design, and independent readers
/// of our files; networks of a test's own; the account service's other database.
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
    "fonts-inter",
    "imagemagick",
    "libimage-exiftool-perl",
    "unzip",
    "strace",
    "iproute2",
    "python3-argon2",
    "python3-cryptography",
    "postgresql",
];

/// What the tests of the interface run in. Ubuntu has it as a snap only.
pub const BROWSER: &[&str] = &["chromium"];

/// What the measurements compare with, besides [`BUILD`].
pub const BENCH: &[&str] = &["libvips-tools", "zip", "ripgrep", "postgresql"];

/// Installs what is missing of the packages, and `newest` even over an older one. What the packages of this system lack
/// is said before anything is installed; without a browser it goes on. On other systems than Debian's it says what is
/// needed and goes on.
pub fn install(lists: &[&[&str]], newest: &[&str]) -> Result<()> {
    let wanted = lists.iter().flat_map(|list| list.iter().copied()).filter(|package| !present(package));
    let missing: Vec<&str> = wanted.chain(newest.iter().copied()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !apt() {
        println!("This system has no apt-get. Needed, by their Debian names: {}", missing.join(" "));
        return Ok(());
    }
    refresh()?;
    let missing = obtainable(&missing, &policy(&missing))?;
    if missing.is_empty() {
        return Ok(());
    }
    if !is_root() {
        bail!(
            "Packages are missing. Install them and try again:\n  sudo apt-get install {}",
            missing.join(" ")
        );
    }
    let mut apt = Command::new("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive").args(["install", "-y", "-qq", "--no-install-recommends"]);
    run(apt.args(missing))
}

/// Asks the servers what there is, when this is a Debian and the user may. A new system knows of nothing before.
pub fn refresh() -> Result<()> {
    static ONCE: Once = Once::new();
    let mut outcome = Ok(());
    ONCE.call_once(|| {
        if apt() && is_root() {
            outcome = run(Command::new("apt-get").args(["update", "-qq"]));
        }
    });
    outcome
}

/// The version that would be installed.
pub fn candidate(package: &str) -> Option<String> {
    candidates(&policy(&[package])).find(|(name, _)| *name == package).map(|(_, version)| version.to_owned())
}

/// Whether all of a list are there.
pub fn has(list: &[&str]) -> bool {
    list.iter().all(|package| present(package))
}

/// Those that can be had, by what `apt-cache policy` says. Only the browser may be lacking; that is said.
fn obtainable<'a>(packages: &[&'a str], policy: &str) -> Result<Vec<&'a str>> {
    let known: Vec<&str> = candidates(policy).map(|(name, _)| name).collect();
    let (obtainable, lacking): (Vec<&str>, Vec<&str>) =
        packages.iter().partition(|name| known.contains(name));
    let needed: Vec<&str> = lacking.iter().copied().filter(|name| !BROWSER.contains(name)).collect();
    if !needed.is_empty() {
        bail!(
            "The packages of this system lack what is needed: {}. Nothing was installed. \
             If they should be there, refresh its lists first: sudo apt-get update",
            needed.join(" ")
        );
    }
    if !lacking.is_empty() {
        println!(
            "The packages of this system have no {}: the tests in a browser will fail. Install one another way, \
             and name its program in the variable CHROMIUM.",
            lacking.join(" ")
        );
    }
    Ok(obtainable)
}

fn policy(packages: &[&str]) -> String {
    output(Command::new("apt-cache").env("LC_ALL", "C").arg("policy").args(packages)).unwrap_or_default()
}

/// Names and versions, out of what `apt-cache policy` prints: nothing on packages it never heard of, and `(none)` for
/// those it only heard of.
fn candidates(policy: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut name = "";
    policy.lines().filter_map(move |line| {
        if !line.starts_with(' ') {
            name = line.strip_suffix(':').unwrap_or_default();
        }
        let version = line.trim().strip_prefix("Candidate:")?.trim();
        (version != "(none)").then_some((name, version))
    })
}

fn apt() -> bool {
    output(Command::new("apt-get").arg("--version")).is_some()
}

fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0")
}

/// A browser that came another way than as a package is as good.
fn present(package: &str) -> bool {
    if BROWSER.contains(&package)
        && (std::env::var_os("CHROMIUM").is_some() || Path::new("/usr/bin/chromium").exists())
    {
        return true;
    }
    let status = output(Command::new("dpkg-query").args(["-W", "-f=${Status}", package]));
    status.is_some_and(|status| status.contains("ok installed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Debian 12 answers, and Ubuntu 24.04 for a browser.
    const POLICY: &str = "nodejs:
  Installed: (none)
  Candidate: 18.20.4+dfsg-1~deb12u3
  Version table:
     18.20.4+dfsg-1~deb12u3 500
        500 http://deb.debian.org/debian-security bookworm-security/main amd64 Packages
chromium:
  Installed: (none)
  Candidate: (none)
  Version table:
curl:
  Installed: 7.88.1-10
  Candidate: 7.88.1-10
";

    #[test]
    fn candidates_are_read_and_those_without_one_are_left_out() {
        let read: Vec<_> = candidates(POLICY).collect();
        assert_eq!(read, [("nodejs", "18.20.4+dfsg-1~deb12u3"), ("curl", "7.88.1-10")]);
        assert_eq!(candidates("").count(), 0);
    }

    #[test]
    fn only_a_browser_may_be_lacking_and_what_else_is_lacking_is_named() {
        assert_eq!(obtainable(&["curl", "chromium"], POLICY).unwrap(), ["curl"]);
        let refusal = obtainable(&["openbox", "curl", "chromium"], POLICY).unwrap_err().to_string();
        assert!(refusal.contains("needed: openbox."), "{refusal}");
    }

    #[test]
    fn the_tour_needs_no_browser() {
        let tour = [BUILD, WINDOW, TEST].concat();
        assert!(BROWSER.iter().all(|browser| !tour.contains(browser)));
    }
}
