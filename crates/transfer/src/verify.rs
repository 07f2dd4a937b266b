//! Reading an archive with suspicion: is it ours, is it whole, is it safe?
//!
//! **Invariant:** nothing of an archive is ever written to the disk; entries are read by the names that the
//! manifest gives, into memory, up to the length that it gives.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use zip::ZipArchive;
use zip::read::Config;

use crate::archive::{self, Manifest, ManifestFile};
use crate::error::TransferError;
use crate::progress::{Progress, Watch};

/// More entries than any archive of ours would have.
const MAX_ENTRIES: usize = 2_000_000;
/// No original is larger.
const MAX_FILE: u64 = 4 << 30;
/// The largest manifest.
const MAX_MANIFEST: u64 = 512 << 20;

/// What a verification found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// Items that the manifest counts.
    pub items: usize,
    /// Files that are there and have the right digest.
    pub whole: usize,
    /// Files that differ from the manifest.
    pub changed: Vec<String>,
    /// Files that the manifest names and the archive lacks.
    pub missing: Vec<String>,
    /// Files that the manifest does not name.
    pub extra: Vec<String>,
}

impl VerifyReport {
    /// Nothing is wrong.
    pub fn is_whole(&self) -> bool {
        self.changed.is_empty() && self.missing.is_empty() && self.extra.is_empty()
    }
}

/// Compares every file of an archive with its manifest.
///
/// # Errors
/// When it can't be read as an archive of ours at all, or was stopped.
pub fn verify(path: &Path, watch: &mut Watch<'_>) -> Result<VerifyReport, TransferError> {
    let mut archive = Archive::open(path)?;
    let manifest = archive.manifest()?;
    let mut report = VerifyReport { items: manifest.items, ..VerifyReport::default() };
    let mut progress = Progress { total: manifest.files.len(), ..Progress::default() };
    for file in &manifest.files {
        match archive.read(file) {
            Ok(Some(bytes)) => {
                progress.bytes += bytes.len() as u64;
                report.whole += 1;
            }
            Ok(None) => report.missing.push(file.path.clone()),
            Err(TransferError::ArchiveDamaged) => report.changed.push(file.path.clone()),
            Err(error) => return Err(error),
        }
        progress.done += 1;
        if !watch(progress) {
            return Err(TransferError::Cancelled);
        }
    }
    report.extra = archive.names_beyond(&manifest);
    Ok(report)
}

/// An open archive.
pub struct Archive {
    zip: ZipArchive<BufReader<File>>,
    places: HashMap<String, usize>,
}

impl Archive {
    /// Reads the index and refuses what no archive of ours has: entries that overlap, repeat, point outside or
    /// are not plain files.
    pub fn open(path: &Path) -> Result<Self, TransferError> {
        let file = BufReader::with_capacity(1 << 18, File::open(path)?);
        let mut zip = ZipArchive::with_config(Config::default(), file)?;
        if zip.len() > MAX_ENTRIES || zip.has_overlapping_files()? {
            return Err(TransferError::Unsafe);
        }
        let mut places = HashMap::new();
        for place in 0..zip.len() {
            let entry = zip.by_index_raw(place)?;
            let plain = entry.is_file() && entry.enclosed_name().is_some() && !entry.encrypted();
            if !plain || places.insert(entry.name().to_owned(), place).is_some() {
                return Err(TransferError::Unsafe);
            }
        }
        Ok(Self { zip, places })
    }

    /// The manifest.
    pub fn manifest(&mut self) -> Result<Manifest, TransferError> {
        let Some(place) = self.places.get(archive::MANIFEST).copied() else {
            return Err(TransferError::NotOurs);
        };
        let mut text = Vec::new();
        self.zip.by_index(place)?.take(MAX_MANIFEST).read_to_end(&mut text)?;
        let loose: serde_json::Value = serde_json::from_slice(&text).map_err(|_| TransferError::NotOurs)?;
        if loose.get("format").and_then(|f| f.as_str()) != Some(archive::FORMAT) {
            return Err(TransferError::NotOurs);
        }
        if loose.get("version").and_then(serde_json::Value::as_u64) != Some(u64::from(archive::VERSION)) {
            return Err(TransferError::Newer);
        }
        let manifest: Manifest = serde_json::from_value(loose).map_err(|_| TransferError::ArchiveDamaged)?;
        let names: HashSet<&str> = manifest.files.iter().map(|file| file.path.as_str()).collect();
        let sound = manifest.complete && names.len() == manifest.files.len();
        if sound { Ok(manifest) } else { Err(TransferError::ArchiveDamaged) }
    }

    /// A file's bytes when they are those of the manifest; `None` when there is no such file.
    pub fn read(&mut self, file: &ManifestFile) -> Result<Option<Vec<u8>>, TransferError> {
        let Some(place) = self.places.get(&file.path).copied() else { return Ok(None) };
        if file.bytes > MAX_FILE {
            return Err(TransferError::Unsafe);
        }
        let mut entry = self.zip.by_index(place)?;
        // The declared length is not trusted for the allocation, only as the limit of what is read.
        let mut bytes = Vec::with_capacity(usize::try_from(file.bytes.min(64 << 20)).unwrap_or(0));
        let read = entry.by_ref().take(file.bytes + 1).read_to_end(&mut bytes);
        let whole = read.is_ok()
            && bytes.len() as u64 == file.bytes
            && hex::encode(crypto::sha256(&bytes)) == file.sha256;
        if whole { Ok(Some(bytes)) } else { Err(TransferError::ArchiveDamaged) }
    }

    fn names_beyond(&self, manifest: &Manifest) -> Vec<String> {
        let known: HashSet<&str> =
            manifest.files.iter().map(|file| file.path.as_str()).chain([archive::MANIFEST]).collect();
        let mut extra: Vec<String> =
            self.places.keys().filter(|name| !known.contains(name.as_str())).cloned().collect();
        extra.sort();
        extra
    }
}
