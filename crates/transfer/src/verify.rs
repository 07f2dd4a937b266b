//! Comparing every file of an archive with its manifest.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::archive::{self, ArchiveItem, Manifest, ManifestFile};
use crate::belt::{self, Piece};
use crate::error::TransferError;
use crate::progress::{Progress, Watch};
use crate::unpack::Archive;

/// What a verification found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// Items that the manifest counts.
    pub items: usize,
    /// Files that are there and have the right digest.
    pub whole: usize,
    /// Files that differ from the manifest, or rows that name what is not there.
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

/// Compares every file of an archive with its manifest, and the rows with the files.
///
/// # Errors
/// When it can't be read as an archive of ours at all, or was stopped.
pub fn verify(path: &Path, watch: &mut Watch<'_>) -> Result<VerifyReport, TransferError> {
    let mut archive = Archive::open(path)?;
    let manifest = archive.manifest()?;
    let mut report = VerifyReport { items: manifest.items, ..VerifyReport::default() };
    let mut progress = Progress { total: manifest.files.len(), ..Progress::default() };
    let source = manifest.files.iter().map(|input| Piece { input, weight: 0 });
    let views = Views::new(&archive);
    let work = |file: &ManifestFile| views.with(|view| view.check(file));
    belt::run(source, work, |result| {
        let Some(file) = manifest.files.get(progress.done) else { return Ok(false) };
        match result? {
            Some(true) => report.whole += 1,
            Some(false) => report.changed.push(file.path.clone()),
            None => report.missing.push(file.path.clone()),
        }
        progress.done += 1;
        progress.bytes += file.bytes;
        if watch(progress) { Ok(true) } else { Err(TransferError::Cancelled) }
    })?;
    if !rows_agree(&mut archive, &manifest, &report)? {
        report.whole -= 1;
        report.changed.push(archive::ITEMS.to_owned());
    }
    report.extra = archive.names_beyond(&manifest);
    Ok(report)
}

/// Whether there are as many rows as the manifest counts, and each names a file with its digest or none. Rows that
/// are missing or changed have been reported already.
fn rows_agree(
    archive: &mut Archive,
    manifest: &Manifest,
    report: &VerifyReport,
) -> Result<bool, TransferError> {
    let files = by_path(manifest);
    if !files.contains_key(archive::ITEMS) {
        return Err(TransferError::ArchiveDamaged);
    }
    if report.changed.iter().chain(&report.missing).any(|path| path == archive::ITEMS) {
        return Ok(true);
    }
    let (mut rows, mut agree) = (0, true);
    for line in archive.lines(archive::ITEMS)? {
        rows += 1;
        let row = serde_json::from_slice::<ArchiveItem>(&line?);
        agree &= row.is_ok_and(|row| match &row.file {
            Some(path) => files.get(path.as_str()).is_some_and(|file| file.sha256 == row.sha256),
            None => true,
        });
    }
    Ok(agree && rows == manifest.items)
}

/// The files of a manifest by their paths.
pub fn by_path(manifest: &Manifest) -> HashMap<&str, &ManifestFile> {
    manifest.files.iter().map(|file| (file.path.as_str(), file)).collect()
}

/// Views of one archive, one for each thread that asks.
pub struct Views {
    first: Archive,
    idle: Mutex<Vec<Archive>>,
}

impl Views {
    /// None yet.
    pub fn new(archive: &Archive) -> Self {
        Self { first: archive.clone(), idle: Mutex::default() }
    }

    /// Works with a view that nobody else has meanwhile.
    pub fn with<T>(&self, work: impl FnOnce(&mut Archive) -> T) -> T {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut view = idle.unwrap_or_else(|| self.first.clone());
        let value = work(&mut view);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(view);
        value
    }
}
