//! Export: one zip with the originals bit for bit, everything known of them, and a page to look at them offline.

mod page;
mod table;

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use model::{Clock, ItemId};
use vault::{Stored, Vault};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::archive::{self, ArchiveItem, Manifest, ManifestFile};
use crate::error::TransferError;
use crate::progress::{Progress, Watch};

/// What to export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// All items, the trash included.
    Everything,
    /// These, in this order.
    Items(Vec<ItemId>),
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

/// Items read from the catalogue at a time.
const PAGE: u32 = 128;

/// Writes the archive beside its target under the ending `.part` and renames it when it is complete and on the
/// disk. After an error or a stop nothing is left.
///
/// # Errors
/// See [`TransferError`].
pub fn export(
    vault: &Vault,
    selection: &Selection,
    target: &Path,
    clock: &dyn Clock,
    watch: &mut Watch<'_>,
) -> Result<ExportReport, TransferError> {
    let total = count(vault, selection)?;
    if total == 0 {
        return Err(TransferError::Nothing);
    }
    let part = part_name(target);
    let written = write_part(vault, selection, &part, total, clock, watch);
    match written {
        Ok(report) => {
            std::fs::rename(&part, target)?;
            Ok(report)
        }
        Err(error) => {
            // The part is ours and incomplete; if it can't be removed, its ending says what it is.
            let _ = std::fs::remove_file(&part);
            Err(error)
        }
    }
}

fn part_name(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_os_string();
    name.push(".part");
    target.with_file_name(name)
}

fn count(vault: &Vault, selection: &Selection) -> Result<usize, TransferError> {
    match selection {
        Selection::Items(ids) => Ok(ids.len()),
        Selection::Everything => {
            let listing = vault.query(&vault::Query::default())?;
            Ok(listing.library + listing.trash)
        }
    }
}

fn write_part(
    vault: &Vault,
    selection: &Selection,
    part: &Path,
    total: usize,
    clock: &dyn Clock,
    watch: &mut Watch<'_>,
) -> Result<ExportReport, TransferError> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(true).write(true).read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(part)?;
    let mut writer = Writer::new(BufWriter::with_capacity(1 << 20, file));
    let mut progress = Progress { done: 0, total, bytes: 0 };
    for_each_item(vault, selection, &mut |stored| {
        progress.bytes += writer.item(vault, stored)?;
        progress.done += 1;
        if watch(progress) { Ok(()) } else { Err(TransferError::Cancelled) }
    })?;
    let (items, damaged) = (writer.items, writer.damaged);
    let file = writer.finish(&clock.now().to_rfc3339())?;
    file.sync_all()?;
    Ok(ExportReport { items, damaged, bytes: file.metadata()?.len() })
}

fn for_each_item(
    vault: &Vault,
    selection: &Selection,
    work: &mut dyn FnMut(&Stored) -> Result<(), TransferError>,
) -> Result<(), TransferError> {
    match selection {
        Selection::Items(ids) => ids.iter().try_for_each(|id| work(&vault.item(id)?)),
        Selection::Everything => {
            let mut after = 0;
            loop {
                let page = vault.page(after, PAGE)?;
                let Some(last) = page.last() else { return Ok(()) };
                after = last.seq;
                page.iter().try_for_each(&mut *work)?;
            }
        }
    }
}

/// The zip being written, with the texts that grow beside the pictures.
struct Writer {
    zip: ZipWriter<BufWriter<File>>,
    rows: Vec<u8>,
    table: table::Table,
    page: page::Page,
    files: Vec<ManifestFile>,
    items: usize,
    damaged: usize,
}

impl Writer {
    fn new(file: BufWriter<File>) -> Self {
        Self {
            zip: ZipWriter::new(file),
            rows: Vec::new(),
            table: table::Table::new(),
            page: page::Page::new(),
            files: Vec::new(),
            items: 0,
            damaged: 0,
        }
    }

    /// Adds an item; gives the bytes of its picture.
    fn item(&mut self, vault: &Vault, stored: &Stored) -> Result<u64, TransferError> {
        let item = &stored.item;
        let original = vault.original(&item.id).ok().filter(|bytes| crypto::sha256(bytes) == item.sha256.0);
        let name = original.is_some().then(|| archive::picture_name(item));
        if let (Some(bytes), Some(name)) = (&original, &name) {
            self.put(name, bytes, &item.sha256.0, CompressionMethod::Stored)?;
        } else {
            self.damaged += 1;
        }
        let raw = vault.raw_blocks(&item.id)?;
        let row = ArchiveItem::new(item, &raw, name);
        serde_json::to_writer(&mut self.rows, &row).map_err(|_| TransferError::ArchiveDamaged)?;
        self.rows.push(b'\n');
        self.table.push(&row)?;
        self.page.push(&row);
        self.items += 1;
        Ok(item.bytes)
    }

    fn put(
        &mut self,
        path: &str,
        bytes: &[u8],
        digest: &[u8; 32],
        method: CompressionMethod,
    ) -> Result<(), TransferError> {
        let large = bytes.len() > u32::MAX as usize;
        let options =
            SimpleFileOptions::default().compression_method(method).large_file(large).unix_permissions(0o600);
        self.zip.start_file(path, options)?;
        self.zip.write_all(bytes)?;
        let entry =
            ManifestFile { path: path.to_owned(), bytes: bytes.len() as u64, sha256: hex::encode(digest) };
        self.files.push(entry);
        Ok(())
    }

    fn text(&mut self, path: &str, bytes: &[u8]) -> Result<(), TransferError> {
        self.put(path, bytes, &crypto::sha256(bytes), CompressionMethod::Deflated)
    }

    fn finish(mut self, created_at: &str) -> Result<File, TransferError> {
        let rows = std::mem::take(&mut self.rows);
        self.text(archive::ITEMS, &rows)?;
        let table = std::mem::take(&mut self.table).into_bytes()?;
        self.text(archive::TABLE, &table)?;
        self.text(archive::SCHEMA, archive::SCHEMA_TEXT.as_bytes())?;
        for (name, html) in std::mem::take(&mut self.page).into_files() {
            self.text(&name, html.as_bytes())?;
        }
        self.manifest(created_at)?;
        let mut buffer = self.zip.finish()?;
        buffer.flush()?;
        buffer.seek(std::io::SeekFrom::End(0))?;
        buffer.into_inner().map_err(|error| error.into_error().into())
    }

    fn manifest(&mut self, created_at: &str) -> Result<(), TransferError> {
        let manifest = Manifest {
            format: archive::FORMAT.to_owned(),
            version: archive::VERSION,
            created_at: created_at.to_owned(),
            items: self.items,
            damaged: self.damaged,
            csv_formulas_escaped: true,
            files: std::mem::take(&mut self.files),
            complete: true,
        };
        let text = serde_json::to_vec_pretty(&manifest).map_err(|_| TransferError::ArchiveDamaged)?;
        self.text(archive::MANIFEST, &text)
    }
}
