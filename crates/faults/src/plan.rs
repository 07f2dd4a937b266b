//! What is to happen to a program's disk, and how it is told to the library in the program.
//!
//! Calls are counted in each process for itself.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder whose files are watched, as the system names it.
pub(crate) const BELOW: &str = "FAULTS_BELOW";
/// What is to happen; see [`Act::spell`].
pub(crate) const ACT: &str = "FAULTS_ACT";
/// The file to which is written what happened.
pub(crate) const REPORT: &str = "FAULTS_REPORT";

/// What a failing disk answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errno {
    /// `ENOSPC`.
    DiskFull,
    /// `EDQUOT`.
    Quota,
    /// `EROFS`.
    ReadOnly,
    /// `EIO`.
    Io,
}

impl Errno {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::DiskFull, Self::Quota, Self::ReadOnly, Self::Io];

    /// Linux's number.
    pub const fn number(self) -> i32 {
        match self {
            Self::Io => 5,
            Self::DiskFull => 28,
            Self::ReadOnly => 30,
            Self::Quota => 122,
        }
    }
}

/// What happens to the calls that change files. They are counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// One call fails.
    Once(u64, Errno),
    /// A call and all that come after it fail.
    From(u64, Errno),
    /// One write takes only the first half of its bytes.
    Short(u64),
    /// Each waits for so many milliseconds, one after the other, and goes through.
    Slow(u64),
    /// All go through and are written down; see [`crate::records`].
    Log,
}

impl Act {
    fn spell(self) -> String {
        match self {
            Self::Once(n, errno) => format!("once {n} {}", errno.number()),
            Self::From(n, errno) => format!("from {n} {}", errno.number()),
            Self::Short(n) => format!("short {n} 0"),
            Self::Slow(millis) => format!("slow {millis} 0"),
            Self::Log => "log 0 0".to_owned(),
        }
    }
}

/// Whether programs can be given such a disk on this system.
pub fn can_be_armed() -> bool {
    cfg!(all(target_os = "linux", target_pointer_width = "64")) && library().is_some()
}

/// The library lies where Cargo puts what a test binary needs: beside it.
fn library() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    let path = program.parent()?.join("libfaults.so");
    path.is_file().then_some(path)
}

/// Gives a program such a disk below a folder that exists. What happened is appended to `report`, which must lie
/// elsewhere: a line `n call path` when a call was made to fail, or the log.
pub fn arm(command: &mut Command, below: &Path, act: Act, report: &Path) {
    let below = below.canonicalize().unwrap_or_else(|_| below.to_path_buf());
    let library: OsString = library().map_or_else(OsString::new, PathBuf::into_os_string);
    let settings: [(&str, &OsStr); 4] = [
        ("LD_PRELOAD", &library),
        (BELOW, below.as_os_str()),
        (ACT, &OsString::from(act.spell())),
        (REPORT, report.as_os_str()),
    ];
    command.envs(settings);
}
