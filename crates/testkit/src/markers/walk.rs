//! Files below the roots, and a file's bytes window by window.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::Hit;
use super::inflate;
use super::spelling::Needles;

/// Bytes of one window.
const WINDOW: usize = 4 << 20;

/// Every plain file, sorted.
pub fn files<P: AsRef<Path>>(roots: &[P], allowed: &impl Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut waiting: Vec<PathBuf> = roots.iter().map(|root| root.as_ref().to_path_buf()).collect();
    let mut files = Vec::new();
    while let Some(path) = waiting.pop() {
        let Ok(kind) = fs::symlink_metadata(&path).map(|found| found.file_type()) else { continue };
        if allowed(&path) {
            continue;
        }
        if kind.is_dir() {
            waiting.extend(fs::read_dir(&path).into_iter().flatten().flatten().map(|entry| entry.path()));
        } else if kind.is_file() {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Searches a file. Windows overlap by the longest needle, so that none is cut in two.
pub fn search(path: &Path, needles: &Needles, hits: &mut Vec<Hit>) {
    let Ok(mut file) = File::open(path) else { return };
    let (mut window, mut base) = (Vec::new(), 0_u64);
    loop {
        let kept = window.len();
        if file.by_ref().take((WINDOW - kept.min(WINDOW)) as u64).read_to_end(&mut window).is_err() {
            return;
        }
        let last = window.len() == kept;
        if last && base > 0 {
            return;
        }
        search_plain(path, &window, base, needles, hits);
        search_packed(path, &window, base, &mut file, needles, hits);
        if last {
            return;
        }
        let keep = needles.longest.min(window.len());
        base += (window.len() - keep) as u64;
        window.drain(..window.len() - keep);
    }
}

/// Searches bytes that are all there is.
pub fn search_window(path: &Path, bytes: &[u8], base: u64, needles: &Needles, hits: &mut Vec<Hit>) {
    search_plain(path, bytes, base, needles, hits);
    for (at, packing) in inflate::candidates(bytes) {
        inflate::search(packing, &bytes[at..], needles, |found, label| {
            hits.push(Hit { at: base + at as u64, ..found.hit(path, label, 0) });
        });
    }
}

fn search_plain(path: &Path, bytes: &[u8], base: u64, needles: &Needles, hits: &mut Vec<Hit>) {
    for found in needles.find(bytes) {
        let hit = found.hit(path, "", base);
        if !hits.contains(&hit) {
            hits.push(hit);
        }
    }
}

/// What begins in this window may go on behind it, so it is read from the file.
fn search_packed(
    path: &Path,
    window: &[u8],
    base: u64,
    file: &mut File,
    needles: &Needles,
    hits: &mut Vec<Hit>,
) {
    let end = base + window.len() as u64;
    for (at, packing) in inflate::candidates(window) {
        let from = base + at as u64;
        if file.seek(SeekFrom::Start(from)).is_err() {
            break;
        }
        inflate::search(packing, file.by_ref(), needles, |found, label| {
            let hit = Hit { at: from, ..found.hit(path, label, 0) };
            if !hits.contains(&hit) {
                hits.push(hit);
            }
        });
    }
    // Back to where reading goes on.
    let _ = file.seek(SeekFrom::Start(end));
}
