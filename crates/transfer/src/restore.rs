//! Import of an archive: items come back with their ids, prompts, metadata, tags, dates and trash state.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use model::{Clock, Format, ItemId};
use vault::{Added, Prepared, Vault, VaultError};

use crate::archive::{self, ArchiveItem, ManifestFile};
use crate::belt::{self, Piece};
use crate::error::TransferError;
use crate::import::settle;
use crate::picture;
use crate::progress::{Progress, Watch};
use crate::unpack::Archive;
use crate::verify::{Views, by_path};

/// What a re-import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RestoreReport {
    /// Items that are new in the vault.
    pub added: Vec<ItemId>,
    /// Items whose bytes were there already.
    pub duplicates: usize,
    /// Rows whose picture is missing from the archive or does not match its digest.
    pub damaged: usize,
    /// Their ids, as far as the rows tell them; of very many only the first.
    pub damaged_ids: Vec<ItemId>,
    /// The person stopped it; what was committed stays.
    pub cancelled: bool,
}

/// Items committed together, or so many bytes.
const BATCH: usize = 32;
const BATCH_BYTES: usize = 64 << 20;
/// So many damaged items are named.
const MAX_NAMED: usize = 10_000;
/// What a picture is thought to weigh before it is read.
const TYPICAL_BYTES: u64 = 8 << 20;

/// Takes every item of an archive into the vault. Told to stop, it commits what is ready and says so in the report.
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
    let files = by_path(&manifest);
    // The rows are trusted only when they are those of the manifest, so they are read twice.
    let rows = files.get(archive::ITEMS).ok_or(TransferError::ArchiveDamaged)?;
    if archive.check(rows)? != Some(true) {
        return Err(TransferError::ArchiveDamaged);
    }
    let views = Views::new(&archive);
    let reader = Reader { vault, views, files, clock, ids: Mutex::default() };
    let mut collector = Collector { vault, report: RestoreReport::default(), batch: Vec::new(), bytes: 0 };
    let mut progress = Progress { total: manifest.items, ..Progress::default() };
    let source = archive.lines(archive::ITEMS)?.map(|input| {
        let weight = TYPICAL_BYTES + input.as_ref().map_or(0, |line| line.len() as u64);
        Piece { input, weight }
    });
    belt::run(
        source,
        |line| reader.prepare(&line?),
        |prepared: Result<_, TransferError>| {
            progress.done += 1;
            progress.bytes += collector.take(prepared?)?;
            collector.report.cancelled = !watch(progress) && progress.done < progress.total;
            Ok::<_, TransferError>(!collector.report.cancelled)
        },
    )?;
    collector.commit()?;
    settle(vault, collector.report.added.len(), progress, watch);
    Ok(collector.report)
}

struct Collector<'a> {
    vault: &'a Vault,
    report: RestoreReport,
    batch: Vec<Prepared>,
    bytes: usize,
}

impl Collector<'_> {
    /// Gives the bytes of the original.
    fn take(&mut self, restored: Restored) -> Result<u64, TransferError> {
        match restored {
            Restored::Damaged(id) => {
                self.report.damaged += 1;
                self.report.damaged_ids.extend(id.filter(|_| self.report.damaged_ids.len() < MAX_NAMED));
            }
            Restored::Duplicate => self.report.duplicates += 1,
            Restored::Ready(prepared, bytes) => {
                self.bytes += prepared.bytes();
                self.batch.push(*prepared);
                if self.batch.len() >= BATCH || self.bytes >= BATCH_BYTES {
                    self.commit()?;
                }
                return Ok(bytes);
            }
        }
        Ok(0)
    }

    fn commit(&mut self) -> Result<(), TransferError> {
        if self.batch.is_empty() {
            return Ok(());
        }
        self.bytes = 0;
        for added in self.vault.add(std::mem::take(&mut self.batch))? {
            match added {
                Added::New(id) => self.report.added.push(id),
                Added::Duplicate(_) => self.report.duplicates += 1,
            }
        }
        Ok(())
    }
}

enum Restored {
    Ready(Box<Prepared>, u64),
    Duplicate,
    /// Its id, where the row says it.
    Damaged(Option<ItemId>),
}

struct Reader<'a> {
    vault: &'a Vault,
    views: Views,
    files: HashMap<&'a str, &'a ManifestFile>,
    clock: &'a dyn Clock,
    /// Ids of the rows so far.
    ids: Mutex<HashSet<ItemId>>,
}

impl Reader<'_> {
    /// Reads a row and its picture.
    fn prepare(&self, line: &[u8]) -> Result<Restored, TransferError> {
        // A row that can't be understood costs one item, not those that follow.
        let Ok(row) = serde_json::from_slice::<ArchiveItem>(line) else { return Ok(Restored::Damaged(None)) };
        let damaged = Restored::Damaged(Some(row.id));
        let Some(file) = row.file.as_deref().and_then(|name| self.files.get(name)) else {
            return Ok(damaged);
        };
        let agrees = file.sha256 == row.sha256;
        let Some((mut item, raw)) = row.into_item().filter(|_| agrees) else { return Ok(damaged) };
        if self.vault.find_digest(&item.sha256)?.is_some() {
            return Ok(Restored::Duplicate);
        }
        let bytes = match self.views.with(|view| view.read(file)) {
            Ok(Some(bytes)) => bytes,
            Ok(None) | Err(TransferError::ArchiveDamaged) => return Ok(damaged),
            Err(error) => return Err(error),
        };
        // What the vault serves and exports goes by the format: a row can't make anything else of the bytes.
        if Format::sniff(&bytes) != Some(item.format) {
            return Ok(damaged);
        }
        item.bytes = bytes.len() as u64;
        // Another picture has this id: the new one gets its own, so that neither replaces the other.
        if self.is_taken(&item.id)? {
            item.id = ItemId::new(self.clock.now());
        }
        let thumbnail = std::panic::catch_unwind(|| picture::thumbnail_of(&bytes)).ok().flatten();
        let length = item.bytes;
        Ok(Restored::Ready(Box::new(vault::prepare(item, raw, bytes, thumbnail.as_ref())), length))
    }

    /// Whether an item of the vault, or an earlier row, has this id.
    fn is_taken(&self, id: &ItemId) -> Result<bool, TransferError> {
        match self.vault.seq_of(id) {
            Ok(_) => Ok(true),
            Err(VaultError::NoSuchItem) => {
                Ok(!self.ids.lock().unwrap_or_else(PoisonError::into_inner).insert(*id))
            }
            Err(error) => Err(error.into()),
        }
    }
}
