//! Finding the files: folders are walked without following links in circles, in sorted order.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use model::Timestamp;

use crate::error::TransferError;

/// A file that may be a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub path: PathBuf,
    pub bytes: u64,
    pub modified: Timestamp,
}

impl Candidate {
    /// The file's name; what is not Unicode in it is shown as replacement characters.
    pub fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
}

/// What a walk found.
#[derive(Debug, Default)]
pub struct Found {
    /// Sorted by path, each file once.
    pub candidates: Vec<Candidate>,
    /// Files of other kinds inside folders.
    pub skipped: usize,
}

/// Endings of names worth a look inside a folder. A file that was picked by hand is always looked at.
const ENDINGS: [&str; 7] = ["png", "apng", "jpg", "jpeg", "jfif", "webp", "avif"];
/// Deeper folders are not walked; no generator nests so deep.
const MAX_DEPTH: usize = 64;

/// Walks the paths. `go_on` hears how many files were found so far.
///
/// # Errors
/// [`TransferError::Cancelled`].
pub fn scan(paths: &[PathBuf], go_on: &mut dyn FnMut(usize) -> bool) -> Result<Found, TransferError> {
    let mut walk = Walk { found: Found::default(), folders: HashSet::new(), go_on };
    for path in paths {
        walk.enter(path, 0, true)?;
    }
    let mut found = walk.found;
    found.candidates.sort_by(|a, b| a.path.cmp(&b.path));
    found.candidates.dedup_by(|a, b| a.path == b.path);
    Ok(found)
}

struct Walk<'a> {
    found: Found,
    /// Real paths of folders seen: a link back to one ends there.
    folders: HashSet<PathBuf>,
    go_on: &'a mut dyn FnMut(usize) -> bool,
}

impl Walk<'_> {
    fn enter(&mut self, path: &Path, depth: usize, picked: bool) -> Result<(), TransferError> {
        let Ok(data) = fs::metadata(path) else {
            self.unreadable(path, picked);
            return Ok(());
        };
        if data.is_dir() {
            return self.folder(path, depth);
        }
        if !data.is_file() {
            return Ok(());
        }
        if picked || has_known_ending(path) {
            let modified = data.modified().map_or(Timestamp::from_millis(0), Timestamp::from_system);
            self.found.candidates.push(Candidate { path: path.to_path_buf(), bytes: data.len(), modified });
        } else {
            self.found.skipped += 1;
        }
        if (self.go_on)(self.found.candidates.len()) { Ok(()) } else { Err(TransferError::Cancelled) }
    }

    fn folder(&mut self, path: &Path, depth: usize) -> Result<(), TransferError> {
        let fresh = fs::canonicalize(path).is_ok_and(|real| self.folders.insert(real));
        if !fresh || depth > MAX_DEPTH {
            return Ok(());
        }
        let Ok(entries) = fs::read_dir(path) else { return Ok(()) };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        paths.iter().try_for_each(|path| self.enter(path, depth + 1, false))
    }

    /// A picked file that is gone is reported by name later, when it is read; so is a dangling picture link.
    fn unreadable(&mut self, path: &Path, picked: bool) {
        if picked || has_known_ending(path) {
            let modified = Timestamp::from_millis(0);
            self.found.candidates.push(Candidate { path: path.to_path_buf(), bytes: 0, modified });
        }
    }
}

fn has_known_ending(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    ENDINGS.contains(&ending.as_str())
}
