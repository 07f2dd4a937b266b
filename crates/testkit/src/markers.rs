//! Looks for words that must not be on the disk, in every spelling that a program might give them.
//!
//! A search for the bytes alone passes wrongly: browsers keep UTF-16, databases compress, logs escape. So each marker is
//! looked for as UTF-8, UTF-16 in both orders, base64 in its three alignments and both alphabets, hexadecimal,
//! percent-encoding and JSON escapes; in the bytes of every file, in its name, and inside whatever inflates: zlib,
//! gzip, zip entries, PNG text and pixels, snappy. Source: the verification list of the security design, §7.
//!
//! **Invariant:** files are read in windows, and what inflates is searched as it comes out and cut off at a limit, so
//! that no file needs much memory. Nothing is written.

mod inflate;
mod spelling;
mod walk;

use std::fmt;
use std::path::{Path, PathBuf};

use spelling::Needles;

/// A random word to plant and to look for.
#[derive(Clone, PartialEq, Eq)]
pub struct Marker {
    kind: String,
    text: String,
}

impl fmt::Debug for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Marker({})", self.kind)
    }
}

impl Marker {
    /// A word that is nowhere else, good for a file name, a prompt, a tag. It has a Japanese character, so that
    /// spellings of ASCII and of other text are both met.
    pub fn random(kind: &str) -> Self {
        Self { kind: kind.to_owned(), text: format!("mk{}灯", hex::encode(crypto::random::<12>())) }
    }

    /// Looks for a text that was not made here: a passphrase, a key.
    pub fn of(kind: &str, text: &str) -> Self {
        Self { kind: kind.to_owned(), text: text.to_owned() }
    }

    /// The word.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it stands for.
    pub fn kind(&self) -> &str {
        &self.kind
    }
}

/// A place where a marker was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The file.
    pub path: PathBuf,
    /// Which marker.
    pub kind: String,
    /// In which spelling, and inside what: `utf-16le`, `zlib: utf-8`, `name: utf-8`.
    pub spelling: String,
    /// Offset in the file: of the marker, or of what it is packed in.
    pub at: u64,
}

/// Looks through every file below the roots. Symbolic links are not followed; files that vanish are passed over.
pub fn scan<P: AsRef<Path>>(roots: &[P], markers: &[Marker]) -> Vec<Hit> {
    scan_except(roots, markers, |_| false)
}

/// As [`scan`], passing over files and folders that are allowed to hold them.
pub fn scan_except<P: AsRef<Path>>(
    roots: &[P],
    markers: &[Marker],
    allowed: impl Fn(&Path) -> bool,
) -> Vec<Hit> {
    let needles = Needles::new(markers);
    let mut hits = Vec::new();
    for path in walk::files(roots, &allowed) {
        if let Some(name) = path.file_name() {
            let found = needles.find(name.as_encoded_bytes());
            hits.extend(found.into_iter().map(|found| found.hit(&path, "name: ", 0)));
        }
        walk::search(&path, &needles, &mut hits);
    }
    hits.dedup();
    hits
}

/// Looks through bytes, as if they were a file of this name.
pub fn scan_bytes(name: &str, bytes: &[u8], markers: &[Marker]) -> Vec<Hit> {
    let needles = Needles::new(markers);
    let mut hits = Vec::new();
    walk::search_window(Path::new(name), bytes, 0, &needles, &mut hits);
    hits
}
