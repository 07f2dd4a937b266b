//! Export: one zip with the originals bit for bit, everything known of them, and a page to look at them offline.
//!
//! The pictures go first; the texts follow in passes of their own, so that no text of all items is ever held in
//! memory at once.

mod page;
pub(crate) mod part;
mod table;
pub(crate) mod writer;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use model::{Clock, ItemId, RawBlock};
use vault::{Query, Scope, Stored, Vault, VaultError};

use crate::archive::{self, ArchiveItem};
use crate::belt::{self, Piece};
use crate::error::TransferError;
use crate::progress::{Progress, Watch};
use part::Part;
use writer::Writer;

/// What to export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// All items, the trash included.
    Everything,
    /// These, in this order.
    Items(Vec<ItemId>),
}

/// What to do with a file that has the target's name already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Leave it and export nothing.
    Refuse,
    /// Replace it once the archive is complete: the person was asked.
    Replace,
}

/// What was exported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExportReport {
    /// Items in the archive.
    pub items: usize,
    /// Those whose original could not be read; their row is there, their picture is not.
    pub damaged: usize,
    /// Length of the archive.
    pub bytes: u64,
}

/// Rows of a text made at a time.
const ROWS: usize = 64;
/// What a picture is thought to weigh before it is read.
const TYPICAL_BYTES: u64 = 8 << 20;

/// Writes the archive beside its target under the ending `.part` and gives it its name when it is complete and on
/// the disk. After an error or a stop nothing is left.
///
/// # Errors
/// See [`TransferError`].
pub fn export(
    vault: &Vault,
    selection: &Selection,
    target: &Path,
    existing: Existing,
    clock: &dyn Clock,
    watch: &mut Watch<'_>,
) -> Result<ExportReport, TransferError> {
    let chosen = choose(vault, selection)?;
    refuse_inside(vault.folder().root(), target)?;
    write(vault, &chosen, target, existing, clock, watch)
}

/// Where the items of an archive come from.
pub(crate) trait Source: Sync {
    /// The items of these numbers, in this order; those that are not there are left out.
    fn items(&self, seqs: &[u32]) -> Result<Vec<Stored>, VaultError>;
    /// The original of an item.
    fn original(&self, of: &Stored) -> Result<Vec<u8>, VaultError>;
    /// Its metadata as it stood in the file.
    fn raw_blocks(&self, of: &Stored) -> Result<Vec<RawBlock>, VaultError>;
}

impl Source for Vault {
    fn items(&self, seqs: &[u32]) -> Result<Vec<Stored>, VaultError> {
        Self::items(self, seqs)
    }

    fn original(&self, of: &Stored) -> Result<Vec<u8>, VaultError> {
        Self::original(self, &of.item.id)
    }

    fn raw_blocks(&self, of: &Stored) -> Result<Vec<RawBlock>, VaultError> {
        Self::raw_blocks(self, &of.item.id)
    }
}

/// Writes the archive of these items, wherever they come from.
pub(crate) fn write(
    source: &dyn Source,
    chosen: &[u32],
    target: &Path,
    existing: Existing,
    clock: &dyn Clock,
    watch: &mut Watch<'_>,
) -> Result<ExportReport, TransferError> {
    if chosen.is_empty() {
        return Err(TransferError::Nothing);
    }
    let part = Part::create(target, existing)?;
    let progress = Progress { total: chosen.len(), ..Progress::default() };
    let run = Run { source, writer: Writer::new(part.sink()?), watch, progress };
    let report = run.everything(chosen, &clock.now().to_rfc3339())?;
    Ok(ExportReport { bytes: part.finish(existing)?, ..report })
}

/// Numbers of the items in the order in which they are shown. An unknown id is an error before anything is written.
fn choose(vault: &Vault, selection: &Selection) -> Result<Vec<u32>, TransferError> {
    let mut seqs = match selection {
        Selection::Items(ids) => ids.iter().map(|id| vault.seq_of(id)).collect::<Result<Vec<_>, _>>()?,
        Selection::Everything => {
            let mut seqs = Vec::new();
            for scope in [Scope::Library, Scope::Trash] {
                let listing = vault.query(&Query { scope, ..Query::default() })?;
                seqs.extend(listing.cells.iter().map(|cell| cell.seq));
            }
            seqs
        }
    };
    let mut seen = HashSet::new();
    seqs.retain(|seq| seen.insert(*seq));
    Ok(seqs)
}

/// An archive in the vault's own folder would be taken for a part of it, by people and by backups.
pub(crate) fn refuse_inside(root: &Path, target: &Path) -> Result<(), TransferError> {
    let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let parent: PathBuf = std::fs::canonicalize(parent)?;
    let inside = std::fs::canonicalize(root).is_ok_and(|root| parent.starts_with(root));
    if inside { Err(TransferError::InsideVault) } else { Ok(()) }
}

/// An item of the archive.
#[derive(Clone, Copy)]
struct Entry {
    seq: u32,
    /// Its picture is in the archive.
    whole: bool,
}

struct Run<'a, 'w> {
    source: &'a dyn Source,
    writer: Writer,
    watch: &'a mut Watch<'w>,
    progress: Progress,
}

impl Run<'_, '_> {
    fn everything(mut self, chosen: &[u32], created_at: &str) -> Result<ExportReport, TransferError> {
        let shown = self.pictures(chosen)?;
        let mut by_arrival = shown.clone();
        by_arrival.sort_by_key(|entry| entry.seq);
        let report = self.rows(&by_arrival)?;
        self.table(&by_arrival)?;
        self.writer.whole_text(archive::SCHEMA, archive::SCHEMA_TEXT.as_bytes())?;
        self.pages(&shown)?;
        self.writer.finish(created_at, report.items, report.damaged)?;
        Ok(report)
    }

    /// Reads, opens and digests on all cores while this thread writes.
    fn pictures(&mut self, chosen: &[u32]) -> Result<Vec<Entry>, TransferError> {
        let mut entries = Vec::with_capacity(chosen.len());
        let source = chosen.iter().map(|seq| Piece { input: *seq, weight: TYPICAL_BYTES });
        let load = |seq: u32| load(self.source, seq);
        let (writer, progress, watch) = (&mut self.writer, &mut self.progress, &mut *self.watch);
        belt::run(source, load, |loaded: Result<Option<Loaded>, TransferError>| {
            progress.done += 1;
            if let Some(Loaded { stored, original }) = loaded? {
                entries.push(Entry { seq: stored.seq, whole: original.is_some() });
                if let Some(bytes) = original {
                    progress.bytes += bytes.len() as u64;
                    writer.store(&archive::picture_name(&stored.item), &bytes, &stored.item.sha256.0)?;
                }
            }
            if watch(*progress) { Ok(true) } else { Err(TransferError::Cancelled) }
        })?;
        Ok(entries)
    }

    fn rows(&mut self, entries: &[Entry]) -> Result<ExportReport, TransferError> {
        let (source, progress, watch) = (self.source, self.progress, &mut *self.watch);
        self.writer.text(archive::ITEMS, |text| {
            let mut report = ExportReport::default();
            in_chunks(source, entries, progress, watch, json_lines, |rows: Rows| {
                report.items += rows.items;
                report.damaged += rows.damaged;
                text.push(&rows.text)
            })?;
            Ok(report)
        })
    }

    fn table(&mut self, entries: &[Entry]) -> Result<(), TransferError> {
        let (source, progress, watch) = (self.source, self.progress, &mut *self.watch);
        self.writer.text(archive::TABLE, |text| {
            text.push(&table::head())?;
            in_chunks(source, entries, progress, watch, table_lines, |lines: Vec<u8>| text.push(&lines))
        })
    }

    fn pages(&mut self, entries: &[Entry]) -> Result<(), TransferError> {
        let mut pages = page::Pages::new(entries.len());
        let writer = &mut self.writer;
        in_chunks(self.source, entries, self.progress, self.watch, articles, |articles: Vec<String>| {
            articles.into_iter().try_for_each(|article| match pages.push(article) {
                Some((name, html)) => writer.whole_text(&name, html.as_bytes()),
                None => Ok(()),
            })
        })?;
        let rest = pages.end();
        rest.iter().try_for_each(|(name, html)| writer.whole_text(name, html.as_bytes()))
    }
}

/// An item as it was read for the first pass.
struct Loaded {
    stored: Stored,
    /// `None` when it can't be read or is not what was taken in.
    original: Option<Vec<u8>>,
}

/// `None` when the item was erased since the export began.
fn load(source: &dyn Source, seq: u32) -> Result<Option<Loaded>, TransferError> {
    let Some(stored) = source.items(&[seq])?.pop() else { return Ok(None) };
    let original =
        source.original(&stored).ok().filter(|bytes| crypto::sha256(bytes) == stored.item.sha256.0);
    Ok(Some(Loaded { stored, original }))
}

/// Makes texts of many items on all cores and hands them over in order.
fn in_chunks<R: Send>(
    from: &dyn Source,
    entries: &[Entry],
    progress: Progress,
    watch: &mut Watch<'_>,
    make: impl Fn(&dyn Source, &[(Stored, bool)]) -> Result<R, TransferError> + Sync,
    mut put: impl FnMut(R) -> Result<(), TransferError>,
) -> Result<(), TransferError> {
    let source = entries.chunks(ROWS).map(|input| Piece { input, weight: TYPICAL_BYTES });
    let work = |chunk: &[Entry]| {
        let whole: HashMap<u32, bool> = chunk.iter().map(|entry| (entry.seq, entry.whole)).collect();
        let seqs: Vec<u32> = chunk.iter().map(|entry| entry.seq).collect();
        let stored = from.items(&seqs)?.into_iter();
        let pair = |one: Stored| {
            let whole = whole.get(&one.seq).copied().unwrap_or(false);
            (one, whole)
        };
        let items: Vec<(Stored, bool)> = stored.map(pair).collect();
        make(from, &items)
    };
    belt::run(source, work, |made| {
        put(made?)?;
        if watch(progress) { Ok(true) } else { Err(TransferError::Cancelled) }
    })
}

struct Rows {
    text: Vec<u8>,
    items: usize,
    damaged: usize,
}

fn row(stored: &Stored, whole: bool, raw: &[RawBlock]) -> ArchiveItem {
    let name = whole.then(|| archive::picture_name(&stored.item));
    ArchiveItem::new(&stored.item, raw, name)
}

fn json_lines(source: &dyn Source, items: &[(Stored, bool)]) -> Result<Rows, TransferError> {
    let mut rows = Rows { text: Vec::new(), items: 0, damaged: 0 };
    for (stored, whole) in items {
        let raw = match source.raw_blocks(stored) {
            Ok(raw) => raw,
            Err(VaultError::NoSuchItem) => continue,
            Err(error) => return Err(error.into()),
        };
        serde_json::to_writer(&mut rows.text, &row(stored, *whole, &raw))
            .map_err(|_| TransferError::ArchiveDamaged)?;
        rows.text.push(b'\n');
        rows.items += 1;
        rows.damaged += usize::from(!whole);
    }
    Ok(rows)
}

fn table_lines(_source: &dyn Source, items: &[(Stored, bool)]) -> Result<Vec<u8>, TransferError> {
    let rows: Vec<ArchiveItem> = items.iter().map(|(stored, whole)| row(stored, *whole, &[])).collect();
    table::lines(&rows)
}

fn articles(_source: &dyn Source, items: &[(Stored, bool)]) -> Result<Vec<String>, TransferError> {
    Ok(items.iter().map(|(stored, whole)| page::article(&row(stored, *whole, &[]))).collect())
}
