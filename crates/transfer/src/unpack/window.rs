//! A file that several threads read at once, each at its own place.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

/// Headers are read in runs of this many bytes; larger requests go straight to the file.
const BUFFER: usize = 16 << 10;

/// One reader's view. Clones share the open file and nothing else.
pub struct Window {
    file: Arc<File>,
    length: u64,
    place: u64,
    /// Bytes of the file from `start` on.
    buffer: Vec<u8>,
    start: u64,
}

impl Window {
    /// Looks at a file from its beginning.
    ///
    /// # Errors
    /// As the system says.
    pub fn new(file: File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        Ok(Self { file: Arc::new(file), length, place: 0, buffer: Vec::new(), start: 0 })
    }

    /// Bytes of the file when it was opened.
    pub fn length(&self) -> u64 {
        self.length
    }

    fn buffered(&self) -> &[u8] {
        let skip = self.place.checked_sub(self.start).and_then(|skip| usize::try_from(skip).ok());
        skip.and_then(|skip| self.buffer.get(skip..)).unwrap_or_default()
    }

    fn fill(&mut self) -> io::Result<()> {
        self.buffer.resize(BUFFER, 0);
        self.start = self.place;
        let n = read_at(&self.file, &mut self.buffer, self.place);
        self.buffer.truncate(*n.as_ref().unwrap_or(&0));
        n.map(drop)
    }
}

impl Clone for Window {
    fn clone(&self) -> Self {
        Self { file: Arc::clone(&self.file), length: self.length, place: 0, buffer: Vec::new(), start: 0 }
    }
}

impl Read for Window {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = if self.buffered().is_empty() && into.len() >= BUFFER {
            read_at(&self.file, into, self.place)?
        } else {
            if self.buffered().is_empty() {
                self.fill()?;
            }
            self.buffered().read(into)?
        };
        self.place += n as u64;
        Ok(n)
    }
}

impl Seek for Window {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.place.checked_add_signed(by),
        };
        self.place = place.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.place)
    }
}

#[cfg(unix)]
fn read_at(file: &File, into: &mut [u8], place: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, into, place)
}

#[cfg(windows)]
fn read_at(file: &File, into: &mut [u8], place: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, into, place)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn clones_read_at_their_own_places() {
        let mut file = tempfile::tempfile().unwrap();
        let bytes: Vec<u8> = (0..100_000_u32).map(|n| (n % 251) as u8).collect();
        file.write_all(&bytes).unwrap();
        let mut a = Window::new(file).unwrap();
        let mut b = a.clone();
        b.seek(SeekFrom::Start(777)).unwrap();
        let (mut small, mut large) = ([0; 100], vec![0; 50_000]);
        a.read_exact(&mut small).unwrap();
        b.read_exact(&mut large).unwrap();
        a.seek(SeekFrom::Current(-50)).unwrap();
        let mut rest = Vec::new();
        a.read_to_end(&mut rest).unwrap();
        assert_eq!((&small[..], &large[..], &rest[..]), (&bytes[..100], &bytes[777..50_777], &bytes[50..]));
        assert_eq!(a.seek(SeekFrom::End(-1)).unwrap(), 99_999);
        assert!(a.seek(SeekFrom::Current(-100_001)).is_err());
    }
}
