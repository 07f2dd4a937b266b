//! Node.js, which builds the window: the one that is there, the packages' when it is new enough, or a pinned one.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::packages;
use crate::process::{self, output};

/// The oldest that the build tools run on; `engines` of `ui/package.json` says the same.
const OLDEST: (u32, u32) = (20, 19);

/// What is fetched where neither the machine nor its packages have one. The sums are those of
/// <https://nodejs.org/dist/v24.18.0/SHASUMS256.txt>.
const VERSION: &str = "24.18.0";
const X64: Archive = Archive {
    machine: "linux-x64",
    sha256: "783130984963db7ba9cbd01089eaf2c2efb055c7c1693c943174b967b3050cb8",
};
const ARM64: Archive = Archive {
    machine: "linux-arm64",
    sha256: "6b4484c2190274175df9aa8f28e2d758a819cb1c1fe6ab481e2f95b463ab8508",
};

/// What fetches an archive, besides what every Debian has.
const FETCH: &[&str] = &["curl", "ca-certificates"];

/// An archive of Node.js on nodejs.org.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Archive {
    machine: &'static str,
    sha256: &'static str,
}

/// Where Node.js is to come from.
#[derive(Debug, PartialEq, Eq)]
enum Source {
    Packages(&'static [&'static str]),
    Archive(Archive),
    Nowhere,
}

/// Installs what is missing of the packages, and Node.js where there is none that is new enough. Where that comes from is
/// settled first, and it is fetched first where it can be: nothing is installed for a build that can't be.
pub fn set_up(lists: &[&[&str]]) -> Result<()> {
    if good() {
        return packages::install(lists, &[]);
    }
    packages::refresh()?;
    match source(packages::candidate("nodejs").as_deref(), archive()) {
        Source::Packages(node) => packages::install(lists, node),
        Source::Archive(archive) => {
            if !packages::has(FETCH) {
                packages::install(&[lists, &[FETCH]].concat(), &[])?;
            }
            archive.fetch(&tools()).with_context(|| format!("Node.js could not be fetched. {}", advice()))?;
            packages::install(lists, &[])
        }
        Source::Nowhere => bail!("{}", advice()),
    }
}

/// Wants one that is there and new enough.
pub fn ensure_good() -> Result<()> {
    ensure!(good(), "{}", advice());
    Ok(())
}

/// Where programs are looked for: first beside the Node.js that was fetched.
pub fn path() -> OsString {
    let known = std::env::var_os("PATH").unwrap_or_default();
    let Some(fetched) = archive().map(|archive| tools().join(archive.name()).join("bin")) else {
        return known;
    };
    if !fetched.is_dir() {
        return known;
    }
    let folders = std::iter::once(fetched).chain(std::env::split_paths(&known));
    std::env::join_paths(folders).unwrap_or(known)
}

/// The command that runs npm.
pub fn npm() -> Command {
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.env("PATH", path());
    npm
}

fn good() -> bool {
    found().as_deref().and_then(numbers).is_some_and(|found| found >= OLDEST)
        && output(npm().arg("--version")).is_some()
}

fn found() -> Option<String> {
    output(Command::new("node").env("PATH", path()).arg("--version"))
}

fn advice() -> String {
    let (major, minor) = OLDEST;
    let found =
        found().map_or_else(|| "there is none".to_owned(), |found| format!("this is {}", found.trim()));
    format!(
        "Node.js {major}.{minor} or newer, with npm, is needed to build the window; {found}. Install it from \
         https://nodejs.org, or on Debian and Ubuntu from https://github.com/nodesource/distributions, and try again."
    )
}

/// Major and minor number, of what `node --version` says or of a package's version.
fn numbers(version: &str) -> Option<(u32, u32)> {
    let version = version.trim();
    let upstream = version.split_once(':').map_or(version, |(_epoch, upstream)| upstream);
    let mut numbers = upstream.trim_start_matches('v').split(|c: char| !c.is_ascii_digit());
    let mut next = || numbers.next().and_then(|number| number.parse().ok());
    Some((next()?, next()?))
}

/// The packages when they have a new enough one, else the archive for this machine.
fn source(candidate: Option<&str>, archive: Option<Archive>) -> Source {
    match (candidate, archive) {
        // NodeSource's package has npm in it, and refuses Debian's beside it.
        (Some(version), _) if numbers(version) >= Some(OLDEST) && version.contains("nodesource") => {
            Source::Packages(&["nodejs"])
        }
        (Some(version), _) if numbers(version) >= Some(OLDEST) => Source::Packages(&["nodejs", "npm"]),
        (_, Some(archive)) => Source::Archive(archive),
        (_, None) => Source::Nowhere,
    }
}

/// The one that runs here. Those for Linux are linked with glibc.
fn archive() -> Option<Archive> {
    let glibc = cfg!(all(target_os = "linux", target_env = "gnu"));
    match std::env::consts::ARCH {
        "x86_64" if glibc => Some(X64),
        "aarch64" if glibc => Some(ARM64),
        _ => None,
    }
}

fn tools() -> PathBuf {
    process::target().join("tools")
}

impl Archive {
    fn name(self) -> String {
        format!("node-v{VERSION}-{}", self.machine)
    }

    /// Into a folder of its own below `tools`, which has its name only when it is whole.
    fn fetch(self, tools: &Path) -> Result<()> {
        let parts = tools.join("node.part");
        if parts.exists() {
            fs::remove_dir_all(&parts)?;
        }
        fs::create_dir_all(&parts)?;
        let file = parts.join("node.tar.gz");
        let url = format!("https://nodejs.org/dist/v{VERSION}/{}.tar.gz", self.name());
        let curl = [
            "--proto",
            "=https",
            "--tlsv1.2",
            "--fail",
            "--silent",
            "--show-error",
            "--retry",
            "3",
            "--output",
        ];
        process::run(Command::new("curl").args(curl).arg(&file).arg(url))?;
        self.unpack(&file, &parts, tools)?;
        fs::remove_dir_all(parts)?;
        Ok(())
    }

    fn unpack(self, file: &Path, parts: &Path, tools: &Path) -> Result<()> {
        let sum =
            output(Command::new("sha256sum").stdin(File::open(file)?)).context("can't run sha256sum")?;
        ensure!(
            sum.split_whitespace().next() == Some(self.sha256),
            "what came is not what is expected: its SHA-256 differs"
        );
        process::run(
            Command::new("tar")
                .args(["--extract", "--gzip", "--no-same-owner", "--file"])
                .arg(file)
                .arg("--directory")
                .arg(parts),
        )?;
        let target = tools.join(self.name());
        if target.exists() {
            // It was there and was not good.
            fs::remove_dir_all(&target)?;
        }
        fs::rename(parts.join(self.name()), target)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_programs_and_packages_are_read() {
        assert_eq!(numbers("v20.20.2\n"), Some((20, 20)));
        assert_eq!(numbers("18.20.4+dfsg-1~deb12u3"), Some((18, 20)));
        assert_eq!(numbers("1:22.4~rc1-1"), Some((22, 4)));
        for none in ["", "v", "(none)", "twenty.19", "20"] {
            assert_eq!(numbers(none), None, "{none}");
        }
    }

    #[test]
    fn old_packages_give_way_to_the_archive_and_new_ones_do_not() {
        let debian_12 = Some("18.20.4+dfsg-1~deb12u3");
        let ubuntu_24_04 = Some("18.19.1+dfsg-6ubuntu5");
        for old in [debian_12, ubuntu_24_04, Some("20.18.9-1"), None] {
            assert_eq!(source(old, Some(X64)), Source::Archive(X64), "{old:?}");
            assert_eq!(source(old, None), Source::Nowhere, "{old:?}");
        }
        assert_eq!(source(Some("20.19.2+dfsg-1"), Some(X64)), Source::Packages(&["nodejs", "npm"]));
        assert_eq!(source(Some("24.1.0-1nodesource1"), None), Source::Packages(&["nodejs"]));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn an_archive_with_another_sum_is_refused_and_the_right_one_is_put_in_place() {
        let tools = process::target().join("tools").join(format!("test-{}", std::process::id()));
        let parts = tools.join("node.part");
        let folder = parts.join(X64.name()).join("bin");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("node"), "not a program").unwrap();
        let file = parts.join("node.tar.gz");
        let mut tar = Command::new("tar");
        tar.args(["--create", "--gzip", "--file"]).arg(&file).arg("--directory").arg(&parts).arg(X64.name());
        process::run(&mut tar).unwrap();
        fs::remove_dir_all(parts.join(X64.name())).unwrap();

        let refusal = X64.unpack(&file, &parts, &tools).unwrap_err().to_string();
        assert!(refusal.contains("SHA-256"), "{refusal}");
        assert!(!tools.join(X64.name()).exists());

        let sum = output(Command::new("sha256sum").stdin(File::open(&file).unwrap())).unwrap();
        let sha256 = sum.split_whitespace().next().unwrap().to_owned().leak();
        Archive { sha256, ..X64 }.unpack(&file, &parts, &tools).unwrap();
        assert!(tools.join(X64.name()).join("bin/node").is_file());
        fs::remove_dir_all(tools).unwrap();
    }
}
