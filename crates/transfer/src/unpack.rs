//! Reading an archive with suspicion: is it ours, is it whole, is it safe?
//!
//! **Invariant:** nothing of an archive is ever written to the disk: names are only names here. Entries are read
//! by the names that the manifest gives, up to the lengths that it gives, and no length is trusted for an allocation.

mod window;

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use crypto::Sha256Hasher;
use zip::ZipArchive;
use zip::read::{ArchiveOffset, Config, ZipFile, ZipReadOptions};

use crate::archive::{self, Manifest, ManifestFile};
use crate::error::TransferError;
use window::Window;

/// More entries than any archive of ours would have.
const MAX_ENTRIES: usize = 1_000_000;
/// No original is larger.
pub const MAX_ORIGINAL: u64 = 1 << 30;
/// The largest line of `items.jsonl`: all raw blocks of a file in base64 have room in it beside its longest texts, every
/// character of which may be escaped.
const MAX_LINE: u64 = 160 << 20;
/// Values in a line: each takes many times its text in memory, and no item has so many.
const MAX_VALUES: usize = 100_000;
/// A manifest has about 200 bytes for each entry.
const MANIFEST_PER_ENTRY: u64 = 512;
/// How many times its length an archive may hold. Texts shrink to a thirtieth, pictures do not shrink; what shrinks
/// further is stored as it is in an archive of ours.
pub const MAX_RATIO: u64 = 20;
/// What a small archive may hold however well it shrinks: a gigabyte is streamed in seconds.
pub const ALWAYS_ALLOWED: u64 = 1 << 30;

/// What tells whose a manifest is.
#[derive(serde::Deserialize)]
struct Head {
    format: Option<String>,
    version: Option<u64>,
}

/// An open archive. Clones read the same file independently.
#[derive(Clone)]
pub struct Archive {
    zip: ZipArchive<Window>,
    places: Arc<HashMap<String, Place>>,
}

#[derive(Clone, Copy)]
struct Place {
    index: usize,
    /// Where the next entry, or the directory, begins.
    end: u64,
}

impl Archive {
    /// Reads the directory and refuses what no archive of ours has: entries that overlap, repeat, point outside,
    /// are encrypted or are not plain files.
    ///
    /// # Errors
    /// [`TransferError::ArchiveDamaged`], [`TransferError::Unsafe`], or as the system says.
    pub fn open(path: &Path) -> Result<Self, TransferError> {
        let window = Window::new(File::open(path)?)?;
        let length = window.length();
        let mut start = [0; 2];
        // Damage at the very beginning is rarer than a file of another kind.
        if length >= 4 && window.clone().read_exact(&mut start).is_ok() && &start != b"PK" {
            return Err(TransferError::NotOurs);
        }
        // Something before the zip makes it two files in one.
        let config = Config { archive_offset: ArchiveOffset::Known(0) };
        let zip = ZipArchive::with_config(config, window)?;
        let sound = zip.len() <= MAX_ENTRIES && !zip.metadata().has_duplicate_names();
        let allowed = length.saturating_mul(MAX_RATIO).saturating_add(ALWAYS_ALLOWED);
        if !sound || zip.decompressed_size().is_none_or(|size| size > u128::from(allowed)) {
            return Err(TransferError::Unsafe);
        }
        let places = places(&zip)?;
        Ok(Self { zip, places: Arc::new(places) })
    }

    /// The manifest.
    ///
    /// # Errors
    /// [`TransferError::NotOurs`] without one, [`TransferError::Newer`], [`TransferError::ArchiveDamaged`].
    pub fn manifest(&mut self) -> Result<Manifest, TransferError> {
        let manifest: Manifest = self.manifest_of(archive::FORMAT, archive::VERSION)?;
        let names: HashSet<&str> = manifest.files.iter().map(|file| file.path.as_str()).collect();
        let sound = manifest.complete && names.len() == manifest.files.len();
        if sound { Ok(manifest) } else { Err(TransferError::ArchiveDamaged) }
    }

    /// The manifest of another format. What it says is for the caller to judge.
    ///
    /// # Errors
    /// As [`Archive::manifest`].
    pub fn manifest_of<M: serde::de::DeserializeOwned>(
        &mut self,
        format: &str,
        newest: u32,
    ) -> Result<M, TransferError> {
        let limit = (self.places.len() as u64 + 64) * MANIFEST_PER_ENTRY;
        let Some(entry) = self.entry(archive::MANIFEST)? else { return Err(TransferError::NotOurs) };
        let mut text = Vec::new();
        entry.take(limit + 1).read_to_end(&mut text).map_err(|_| TransferError::ArchiveDamaged)?;
        if text.len() as u64 > limit {
            return Err(TransferError::Unsafe);
        }
        // Straight into types: a tree of loose values would take many times the text's memory.
        let head: Head = serde_json::from_slice(&text).map_err(|_| TransferError::NotOurs)?;
        if head.format.as_deref() != Some(format) {
            return Err(TransferError::NotOurs);
        }
        match head.version {
            Some(version) if version > u64::from(newest) => return Err(TransferError::Newer),
            Some(version) if version >= 1 => {}
            _ => return Err(TransferError::ArchiveDamaged),
        }
        serde_json::from_slice(&text).map_err(|_| TransferError::ArchiveDamaged)
    }

    /// A file's bytes when they are those of the manifest; `None` when there is no such file.
    ///
    /// # Errors
    /// [`TransferError::ArchiveDamaged`] when they are not.
    pub fn read(&mut self, file: &ManifestFile) -> Result<Option<Vec<u8>>, TransferError> {
        if file.bytes > MAX_ORIGINAL {
            return Err(TransferError::ArchiveDamaged);
        }
        let Some(entry) = self.entry(&file.path)? else { return Ok(None) };
        let start = usize::try_from(file.bytes.min(64 << 20)).unwrap_or(0);
        let mut bytes = Vec::with_capacity(start + 1);
        let read = entry.take(file.bytes + 1).read_to_end(&mut bytes);
        let whole = read.is_ok()
            && bytes.len() as u64 == file.bytes
            && hex::encode(crypto::sha256(&bytes)) == file.sha256;
        if whole { Ok(Some(bytes)) } else { Err(TransferError::ArchiveDamaged) }
    }

    /// Compares a file with the manifest without keeping it; `None` when there is no such file.
    ///
    /// # Errors
    /// As the system says.
    pub fn check(&mut self, file: &ManifestFile) -> Result<Option<bool>, TransferError> {
        self.copy(file, |_| Ok(()))
    }

    /// Hands a file over piece by piece and tells whether it was what the manifest says; `None` when there is no such
    /// file. What was handed over counts only then.
    ///
    /// # Errors
    /// As the system says, and those of `sink`.
    pub fn copy(
        &mut self,
        file: &ManifestFile,
        mut sink: impl FnMut(&[u8]) -> Result<(), TransferError>,
    ) -> Result<Option<bool>, TransferError> {
        let entry = match self.entry(&file.path) {
            Ok(Some(entry)) => entry,
            Ok(None) => return Ok(None),
            Err(TransferError::ArchiveDamaged) => return Ok(Some(false)),
            Err(error) => return Err(error),
        };
        let mut entry = entry.take(file.bytes.saturating_add(1));
        let (mut hasher, mut bytes, mut buffer) = (Sha256Hasher::new(), 0, vec![0; 1 << 18]);
        loop {
            match entry.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => {
                    let piece = buffer.get(..n).unwrap_or_default();
                    hasher.update(piece);
                    sink(piece)?;
                    bytes += n as u64;
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => return Ok(Some(false)),
            }
        }
        Ok(Some(bytes == file.bytes && hex::encode(hasher.finish()) == file.sha256))
    }

    /// The lines of a text one by one. The text was checked before; a line that can't be read ends it with an error.
    ///
    /// # Errors
    /// [`TransferError::ArchiveDamaged`] when there is no such file.
    pub fn lines(
        &mut self,
        path: &str,
    ) -> Result<impl Iterator<Item = Result<Vec<u8>, TransferError>> + Send + '_, TransferError> {
        let entry = self.entry(path)?.ok_or(TransferError::ArchiveDamaged)?;
        let mut reader = BufReader::with_capacity(1 << 18, entry);
        Ok(std::iter::from_fn(move || next_line(&mut reader).transpose()).fuse())
    }

    /// Names of files that the manifest does not have, sorted.
    pub fn names_beyond(&self, manifest: &Manifest) -> Vec<String> {
        self.names_besides(&manifest.files)
    }

    /// Names of files that are not among these and are not the manifest, sorted.
    pub fn names_besides(&self, files: &[ManifestFile]) -> Vec<String> {
        let known: HashSet<&str> =
            files.iter().map(|file| file.path.as_str()).chain([archive::MANIFEST]).collect();
        let mut extra: Vec<String> =
            self.places.keys().filter(|name| !known.contains(name.as_str())).cloned().collect();
        extra.sort();
        extra
    }

    /// Opens an entry whose two headers agree and whose bytes end before the next entry begins.
    fn entry(&mut self, name: &str) -> Result<Option<ZipFile<'_, Window>>, TransferError> {
        let Some(place) = self.places.get(name).copied() else { return Ok(None) };
        let options = ZipReadOptions::new().enforce_header_consistency(true);
        let entry = self.zip.by_index_with_options(place.index, options)?;
        let end = entry.data_start().and_then(|start| start.checked_add(entry.compressed_size()));
        if end.is_some_and(|end| end <= place.end) { Ok(Some(entry)) } else { Err(TransferError::Unsafe) }
    }
}

fn next_line(reader: &mut impl BufRead) -> Result<Option<Vec<u8>>, TransferError> {
    loop {
        let mut line = Vec::new();
        let n = reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut line);
        if n.map_err(|_| TransferError::ArchiveDamaged)? == 0 {
            return Ok(None);
        }
        if line.len() as u64 >= MAX_LINE || values(&line) > MAX_VALUES {
            return Err(TransferError::Unsafe);
        }
        while line.last().is_some_and(u8::is_ascii_whitespace) {
            line.pop();
        }
        if !line.is_empty() {
            return Ok(Some(line));
        }
    }
}

/// Commas and opening brackets outside of texts: as many as the values of a JSON line, give or take one.
fn values(line: &[u8]) -> usize {
    let (mut count, mut in_text, mut escaped) = (0, false, false);
    for byte in line {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b',' | b'[' | b'{' if !in_text => count += 1,
            _ => {}
        }
    }
    count
}

/// Bytes of a local header besides name and extra fields (APPNOTE 4.3.7).
const LOCAL_HEADER: u64 = 30;

/// Where each file lies, told by the directory alone: a damaged local header then costs one picture and not the
/// whole archive.
fn places(zip: &ZipArchive<Window>) -> Result<HashMap<String, Place>, TransferError> {
    let mut spans = Vec::with_capacity(zip.len());
    let mut files = Vec::with_capacity(zip.len());
    for index in 0..zip.len() {
        let entry = zip.by_index_data(index)?;
        let name = std::str::from_utf8(entry.name_raw()).map_err(|_| TransferError::Unsafe)?;
        let kind = entry.unix_mode().map_or(0, |mode| mode & 0o170_000);
        let plain = matches!(kind, 0 | 0o100_000 | 0o040_000) && !entry.is_symlink() && !entry.encrypted();
        if !plain || !is_harmless(name) {
            return Err(TransferError::Unsafe);
        }
        let least = LOCAL_HEADER + name.len() as u64;
        let end =
            [least, entry.compressed_size()].iter().try_fold(entry.header_start(), |a, b| a.checked_add(*b));
        spans.push((entry.header_start(), end.ok_or(TransferError::Unsafe)?));
        // Zip programs add entries for folders; there is nothing in them.
        if !entry.is_dir() {
            files.push((name.to_owned(), index, entry.header_start()));
        }
    }
    spans.sort_unstable();
    let starts: Vec<u64> =
        spans.iter().map(|(start, _)| *start).chain([zip.central_directory_start()]).collect();
    let overlap = spans.iter().zip(starts.iter().skip(1)).any(|((_, end), next)| end > next);
    if overlap {
        return Err(TransferError::Unsafe);
    }
    let place = |(name, index, start): (String, usize, u64)| {
        let next = starts.partition_point(|other| *other <= start);
        let end = starts.get(next).copied().unwrap_or(start);
        (name, Place { index, end })
    };
    Ok(files.into_iter().map(place).collect())
}

/// A relative path of plain names, on every system.
fn is_harmless(name: &str) -> bool {
    let name = name.strip_suffix('/').unwrap_or(name);
    let plain = |part: &str| {
        let stem = part.split('.').next().unwrap_or_default().to_ascii_uppercase();
        let device = matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
            || (stem.len() == 4
                && (stem.starts_with("COM") || stem.starts_with("LPT"))
                && stem.ends_with(|last: char| last.is_ascii_digit()));
        !part.is_empty() && part != "." && part != ".." && !part.ends_with([' ', '.']) && !device
    };
    name.len() <= 1024
        && !name.contains(|c: char| c == '\\' || c == ':' || c.is_control())
        && name.split('/').all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_relative_names_are_harmless() {
        for name in ["index.html", "images/20261124-050000-a.png", "images/", "__MACOSX/._a", "夜.txt"] {
            assert!(is_harmless(name), "{name}");
        }
        for name in [
            "",
            "/",
            "/etc/passwd",
            "../a",
            "images/../../a",
            "a//b",
            "C:\\a",
            "C:a",
            "a\\b",
            "a\0b",
            "con",
            "NUL.txt",
            "com1.png",
            "a./b",
            "./a",
            "a ",
        ] {
            assert!(!is_harmless(name), "{name:?}");
        }
    }
}
