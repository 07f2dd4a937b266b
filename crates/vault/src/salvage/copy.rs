//! A copy of a file with all that its disk still gives.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::open_to_read;
use crate::error::VaultError;

/// Read at a time while nothing is wrong.
const STEP: usize = 1 << 20;
/// A page of the catalogue: so much is given up where the disk does not answer.
const PAGE: usize = 4096;

/// Copies; what can't be read becomes zeros. Gives whether there was any.
pub fn what_answers(from: &Path, to: &Path) -> Result<bool, VaultError> {
    let mut source = open_to_read(from)?;
    let length = source.metadata()?.len();
    let mut target = private(to)?;
    let (mut place, mut holes) = (0_u64, false);
    while place < length {
        let mut chunk = vec![0; STEP.min(usize::try_from(length - place).unwrap_or(STEP))];
        if !read_at(&mut source, place, &mut chunk) {
            for (n, page) in chunk.chunks_mut(PAGE).enumerate() {
                if !read_at(&mut source, place + (n * PAGE) as u64, page) {
                    page.fill(0);
                    holes = true;
                }
            }
        }
        target.write_all(&chunk)?;
        place += chunk.len() as u64;
    }
    Ok(holes)
}

fn read_at(source: &mut File, place: u64, into: &mut [u8]) -> bool {
    loop {
        let read = source.seek(SeekFrom::Start(place)).and_then(|_| source.read_exact(into));
        match read {
            Ok(()) => return true,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return false,
        }
    }
}

fn private(path: &Path) -> Result<File, VaultError> {
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    Ok(options.open(path)?)
}
