//! Which file a call means.
#![allow(unsafe_code)]

use std::ffi::{CStr, OsStr};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use libc::{c_char, c_int};

/// What a call was given.
#[derive(Clone, Copy)]
pub enum Place {
    /// An open file.
    File(c_int),
    /// A name, relative to an open folder.
    Name(c_int, *const c_char),
}

impl Place {
    /// Where that is.
    pub fn path(self) -> Option<PathBuf> {
        match self {
            Self::File(fd) => of_file(fd),
            Self::Name(folder, name) => {
                if name.is_null() {
                    return None;
                }
                // SAFETY: the caller of the libc function promised a string that ends with zero.
                let name = Path::new(OsStr::from_bytes(unsafe { CStr::from_ptr(name) }.to_bytes()));
                if name.is_absolute() || folder == libc::AT_FDCWD {
                    return std::path::absolute(name).ok();
                }
                Some(of_file(folder)?.join(name))
            }
        }
    }
}

fn of_file(fd: c_int) -> Option<PathBuf> {
    std::fs::read_link(format!("/proc/self/fd/{fd}")).ok()
}

/// Inode and whether it is a folder.
pub fn identity(fd: c_int) -> Option<(u64, bool)> {
    // SAFETY: all-zero bytes are a valid `stat`, which is numbers only.
    let mut data: libc::stat = unsafe { std::mem::zeroed() };
    // SAFETY: `data` is room for one `stat`; a number that is no open file is answered with an error.
    let answer = unsafe { libc::fstat(fd, &raw mut data) };
    (answer == 0).then_some((data.st_ino, data.st_mode & libc::S_IFMT == libc::S_IFDIR))
}
