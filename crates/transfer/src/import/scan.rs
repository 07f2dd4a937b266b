//! Finding the files: folders are walked without following links in circles.
//!
//! **Invariant:** what is found depends on the files alone, not on the order in which the system or the person
//! names them.

use std::collections::HashSet;
use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use model::{Format, Timestamp};

use crate::error::{Refusal, TransferError};
use crate::import::START;

/// A file that may be a picture, or a place that could not be looked into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub path: PathBuf,
    pub bytes: u64,
    pub modified: Timestamp,
    /// Known before it is opened: it is not there, can't be asked, or is no file.
    pub refusal: Option<Refusal>,
}

impl Candidate {
    /// The file's name; what is not Unicode in it is shown as replacement characters.
    pub fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    fn refused(path: &Path, refusal: Refusal) -> Self {
        let modified = Timestamp::from_millis(0);
        Self { path: path.to_path_buf(), bytes: 0, modified, refusal: Some(refusal) }
    }
}

/// What a walk found.
#[derive(Debug, Default)]
pub struct Found {
    /// Sorted by path, each path once.
    pub candidates: Vec<Candidate>,
    /// Files inside folders that are no pictures by their names nor by their first bytes.
    pub others: Vec<PathBuf>,
}

/// Endings of pictures. Inside a folder a file with another one counts only when its first bytes are a picture's; a file
/// that was picked by hand is always looked at.
const ENDINGS: [&str; 7] = ["png", "apng", "jpg", "jpeg", "jfif", "webp", "avif"];
/// Endings of pictures that can't be taken: the report names them, so that nobody misses one later.
const OTHER_PICTURES: [&str; 9] = ["bmp", "gif", "heic", "heif", "jxl", "psd", "tif", "tiff", "svg"];

/// Walks the paths. `go_on` hears how many files were found so far.
///
/// # Errors
/// [`TransferError::Cancelled`].
pub fn scan(paths: &[PathBuf], go_on: &mut dyn FnMut(usize) -> bool) -> Result<Found, TransferError> {
    // A folder that can be reached in two ways is walked on the first: sorting makes that the same one each time.
    let mut picked: Vec<PathBuf> =
        paths.iter().map(|path| std::path::absolute(path).unwrap_or_else(|_| path.clone())).collect();
    picked.sort();
    picked.dedup();
    let mut walk = Walk::default();
    for path in picked {
        walk.enter(&path, true);
        while let Some(path) = walk.open.pop() {
            walk.enter(&path, false);
            if !go_on(walk.found.candidates.len()) {
                return Err(TransferError::Cancelled);
            }
        }
    }
    let mut found = walk.found;
    found.candidates.sort_by(|a, b| a.path.cmp(&b.path));
    found.candidates.dedup_by(|a, b| a.path == b.path);
    found.others.sort();
    found.others.dedup();
    Ok(found)
}

/// A stack instead of recursion: a deep tree must not end the program.
#[derive(Default)]
struct Walk {
    found: Found,
    open: Vec<PathBuf>,
    /// Folders seen: a link back to one ends there.
    folders: HashSet<Identity>,
}

impl Walk {
    fn enter(&mut self, path: &Path, picked: bool) {
        let wanted = picked || looks_like_picture(path) || has_ending(path, &OTHER_PICTURES);
        match fs::metadata(path) {
            Ok(data) if data.is_dir() => self.folder(path, &data),
            Ok(data) if data.is_file() && (wanted || begins_like_picture(path)) => {
                let modified = data.modified().map_or(Timestamp::from_millis(0), Timestamp::from_system);
                let candidate =
                    Candidate { path: path.to_path_buf(), bytes: data.len(), modified, refusal: None };
                self.found.candidates.push(candidate);
            }
            // Pipes and devices are never opened: reading them may never end.
            Ok(_) if wanted => self.refuse(path, Refusal::Unsupported),
            Ok(_) => self.found.others.push(path.to_path_buf()),
            Err(error) => self.refuse(path, reason(&error)),
        }
    }

    fn folder(&mut self, path: &Path, data: &fs::Metadata) {
        match identity(path, data) {
            Ok(identity) => {
                if !self.folders.insert(identity) {
                    return;
                }
            }
            Err(error) => return self.refuse(path, reason(&error)),
        }
        let inside = fs::read_dir(path)
            .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, _>>());
        match inside {
            Ok(mut inside) => {
                inside.sort_by(|a, b| b.cmp(a));
                self.open.append(&mut inside);
            }
            // Whatever is in there was not taken: the report must say so.
            Err(error) => self.refuse(path, reason(&error)),
        }
    }

    fn refuse(&mut self, path: &Path, refusal: Refusal) {
        self.found.candidates.push(Candidate::refused(path, refusal));
    }
}

/// What makes a folder the same under every name.
#[cfg(unix)]
type Identity = (u64, u64);
#[cfg(not(unix))]
type Identity = PathBuf;

#[cfg(unix)]
fn identity(_path: &Path, data: &fs::Metadata) -> std::io::Result<Identity> {
    use std::os::unix::fs::MetadataExt;
    Ok((data.dev(), data.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path, _data: &fs::Metadata) -> std::io::Result<Identity> {
    fs::canonicalize(path)
}

/// Why something can't be read.
pub fn reason(error: &std::io::Error) -> Refusal {
    if error.kind() == ErrorKind::NotFound { Refusal::Vanished } else { Refusal::Unreadable }
}

/// Whether a file's name ends like a picture's that can be imported; its bytes are not looked at.
pub fn looks_like_picture(path: &Path) -> bool {
    has_ending(path, &ENDINGS)
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    endings.contains(&ending.as_str())
}

/// Whether the first bytes of a file are a picture's. One that can't be read is none.
fn begins_like_picture(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(START).read_to_end(&mut start));
    read.is_ok() && Format::sniff(&start).is_some()
}
