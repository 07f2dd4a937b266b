//! Import of an archive: items come back with their ids, prompts, metadata, tags, dates and trash state.

use std::collections::HashMap;
use std::path::Path;

use model::{Clock, ItemId};
use vault::{Added, Prepared, Vault};

use crate::archive::{self, ArchiveItem, ManifestFile};
use crate::error::TransferError;
use crate::picture;
use crate::progress::{Progress, Watch};
use crate::verify::Archive;

/// What a re-import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RestoreReport {
    /// Items that are new in the vault.
    pub added: Vec<ItemId>,
    /// Items whose bytes were there already.
    pub duplicates: usize,
    /// Rows whose picture is missing from the archive or does not match its digest.
    pub damaged: usize,
}

/// Items committed together.
const BATCH: usize = 32;

/// Takes every item of an archive into the vault.
///
/// # Errors
/// See [`TransferError`]; what was committed before stays, and a second run goes on from there.
pub fn restore(
    vault: &Vault,
    path: &Path,
    clock: &dyn Clock,
    watch: &mut Watch<'_>,
) -> Result<RestoreReport, TransferError> {
    let mut archive = Archive::open(path)?;
    let manifest = archive.manifest()?;
    let files: HashMap<&str, &ManifestFile> = manifest.files.iter().map(|f| (f.path.as_str(), f)).collect();
    let rows = files.get(archive::ITEMS).ok_or(TransferError::ArchiveDamaged)?;
    let rows = archive.read(rows)?.ok_or(TransferError::ArchiveDamaged)?;
    let mut report = RestoreReport::default();
    let mut progress = Progress { total: manifest.items, ..Progress::default() };
    let mut batch = Vec::new();
    for line in rows.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        match prepare(vault, &mut archive, &files, line, clock)? {
            Some(prepared) => batch.push(prepared),
            None => report.damaged += 1,
        }
        progress.done += 1;
        if batch.len() >= BATCH {
            commit(vault, &mut batch, &mut report)?;
        }
        if !watch(progress) {
            return Err(TransferError::Cancelled);
        }
    }
    commit(vault, &mut batch, &mut report)?;
    Ok(report)
}

fn commit(vault: &Vault, batch: &mut Vec<Prepared>, report: &mut RestoreReport) -> Result<(), TransferError> {
    for added in vault.add(std::mem::take(batch))? {
        match added {
            Added::New(id) => report.added.push(id),
            Added::Duplicate(_) => report.duplicates += 1,
        }
    }
    Ok(())
}

fn prepare(
    vault: &Vault,
    archive: &mut Archive,
    files: &HashMap<&str, &ManifestFile>,
    line: &[u8],
    clock: &dyn Clock,
) -> Result<Option<Prepared>, TransferError> {
    let row: ArchiveItem = serde_json::from_slice(line).map_err(|_| TransferError::ArchiveDamaged)?;
    let Some(file) = row.file.as_deref().and_then(|name| files.get(name)) else { return Ok(None) };
    let digest = row.sha256.clone();
    let bytes = match archive.read(file) {
        Ok(Some(bytes)) if file.sha256 == digest => bytes,
        Ok(_) | Err(TransferError::ArchiveDamaged) => return Ok(None),
        Err(error) => return Err(error),
    };
    let Some((mut item, raw)) = row.into_item() else { return Ok(None) };
    // Another picture has this id: the new one gets its own, so that neither replaces the other.
    if vault.item(&item.id).is_ok_and(|known| known.item.sha256 != item.sha256) {
        item.id = ItemId::new(clock.now());
    }
    let thumbnail = picture::thumbnail_of(&bytes);
    Ok(Some(vault::prepare(item, raw, &bytes, thumbnail.as_ref())))
}
