//! Backup: one file with everything of a vault as it was at one moment, sealed as it lies there. See `docs/FORMATS.md`.
//!
//! **Invariant:** nothing in it is in the clear that is not in the clear in the vault's folder; and what has its name was
//! read back whole.

mod unpack;

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use model::Clock;
use serde::{Deserialize, Serialize};
use vault::{Snapshot, Vault};

use crate::archive::ManifestFile;
use crate::belt::{self, Piece};
use crate::error::TransferError;
use crate::export::part::{Part, is_held};
use crate::export::writer::Writer;
use crate::export::{Existing, refuse_inside};
use crate::progress::{Progress, Watch};

pub use unpack::{BackupCheck, Unpacked, restore_backup, vault_of_backup, verify_backup};

/// Marks the manifest as ours.
pub(crate) const FORMAT: &str = "zimage-backup";
/// The version that this build writes and the newest that it reads.
pub(crate) const VERSION: u32 = 1;
/// Names of the entries; the chunks are `images/` and a number that counts up from 0.
pub(crate) const HEADER: &str = "vault.keys";
pub(crate) const CATALOGUE: &str = "catalogue.db";
pub(crate) const IMAGES: &str = "images/";
const ADVICE: &str = "README.txt";
const ADVICE_TEXT: &str = include_str!("backup/README.txt");

/// Sealed chunks in one entry: 16 MiB at most, which is what a thread holds in memory at a time.
const CHUNKS: usize = 64;
/// What such an entry is thought to weigh before it is read.
const TYPICAL_BYTES: u64 = 16 << 20;

/// What a backup holds, written last: with it the backup is complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BackupManifest {
    /// `zimage-backup`.
    pub format: String,
    /// Version of the backup.
    pub version: u32,
    /// RFC 3339, UTC.
    pub created_at: String,
    /// The vault's id.
    pub vault: String,
    /// How often the vault was opened and changed until then.
    pub generation: u64,
    /// Items in the catalogue.
    pub items: usize,
    /// Items whose sealed bytes were not all there.
    pub incomplete: usize,
    /// Sealed chunks in all.
    pub chunks: usize,
    /// Every other entry.
    pub files: Vec<ManifestFile>,
    /// Always true.
    pub complete: bool,
}

/// What was backed up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BackupReport {
    /// Items in it.
    pub items: usize,
    /// Items whose sealed bytes were not all in the vault any more.
    pub incomplete: usize,
    /// Length of the file.
    pub bytes: u64,
}

/// How far a backup is: items by the share of the bytes that are written and read back.
pub(crate) struct Track<'a, 'w> {
    watch: &'a mut Watch<'w>,
    items: usize,
    /// Bytes that will be worked on in all, as far as is known.
    all: u64,
    done: u64,
}

impl<'a, 'w> Track<'a, 'w> {
    pub(crate) fn new(watch: &'a mut Watch<'w>, items: usize, all: u64) -> Self {
        Self { watch, items, all: all.max(1), done: 0 }
    }

    /// So many bytes more are done.
    pub(crate) fn add(&mut self, bytes: u64) -> Result<(), TransferError> {
        self.done += bytes;
        let share = self.done.min(self.all) as f64 / self.all as f64;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and the items"
        )]
        let done = (self.items as f64 * share) as usize;
        let progress = Progress { done, total: self.items, bytes: self.done };
        if (self.watch)(progress) { Ok(()) } else { Err(TransferError::Cancelled) }
    }
}

/// Writes a backup beside its target under the ending `.part`, reads it back, and gives it its name. The vault can be
/// used meanwhile. After an error or a stop nothing is left.
///
/// # Errors
/// See [`TransferError`]; [`TransferError::ArchiveDamaged`] when what was written does not read back as it was.
pub fn backup(
    vault: &Vault,
    target: &Path,
    existing: Existing,
    clock: &dyn Clock,
    watch: &mut Watch<'_>,
) -> Result<BackupReport, TransferError> {
    refuse_inside(vault.folder().root(), target)?;
    let part = Part::create(target, existing)?;
    let created_at = clock.now().to_rfc3339();
    sweep(target);
    let scratch = scratch(target);
    let waiting = Progress::default();
    let snapshot = vault.snapshot(&scratch, &mut |_| watch(waiting))?.ok_or(TransferError::Cancelled)?;
    let catalogue = fs::metadata(&snapshot.catalogue)?.len();
    let images = fs::metadata(vault.folder().images()).map_or(0, |data| data.len());
    // Written once and read back once.
    let mut track = Track::new(watch, snapshot.items, 2 * (catalogue + images));
    write(&snapshot, Writer::new(part.sink()?), &created_at, &mut track)?;
    let report = BackupReport { items: snapshot.items, incomplete: snapshot.incomplete, bytes: 0 };
    drop(snapshot);
    part.sync()?;
    unpack::read_back(part.path(), &mut track)?;
    Ok(BackupReport { bytes: part.finish(existing)?, ..report })
}

/// What the copy of the catalogue is called, after the name of the backup.
const SCRATCH: &str = ".part-catalogue";

/// Where the catalogue is copied to before it goes into the backup: beside it, where there must be room for it anyway.
fn scratch(target: &Path) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(SCRATCH);
    PathBuf::from(name)
}

/// Takes away what backups to this folder that were killed have left of catalogues. Every backup has another name, so
/// that none would ever meet its own rest again.
fn sweep(target: &Path) {
    let folder = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(backup) = name.to_str().and_then(|name| name.strip_suffix(SCRATCH)) else { continue };
        // One that is being made holds its own file.
        if !backup.is_empty() && !is_held(&folder.join(format!("{backup}.part"))) {
            for ending in ["", "-journal", "-wal", "-shm"] {
                // It is encrypted: if it stays, it takes room and no more.
                let _ = fs::remove_file(folder.join(format!("{backup}{SCRATCH}{ending}")));
            }
        }
    }
}

fn write(
    snapshot: &Snapshot<'_>,
    mut writer: Writer,
    created_at: &str,
    track: &mut Track<'_, '_>,
) -> Result<(), TransferError> {
    writer.whole_text(ADVICE, ADVICE_TEXT.as_bytes())?;
    writer.store(HEADER, &snapshot.header, &crypto::sha256(&snapshot.header))?;
    let mut file = File::open(&snapshot.catalogue)?;
    let mut entry = writer.stream(CATALOGUE)?;
    let mut buffer = vec![0; 1 << 20];
    loop {
        let n = file.read(&mut buffer)?;
        let piece = buffer.get(..n).filter(|piece| !piece.is_empty());
        let Some(piece) = piece else { break };
        entry.push(piece)?;
        track.add(n as u64)?;
    }
    entry.end();
    chunks(snapshot, &mut writer, track)?;
    writer.finish_with(|files| BackupManifest {
        format: FORMAT.to_owned(),
        version: VERSION,
        created_at: created_at.to_owned(),
        vault: snapshot.id().to_string(),
        generation: snapshot.generation,
        items: snapshot.items,
        incomplete: snapshot.incomplete,
        chunks: snapshot.chunks(),
        files,
        complete: true,
    })
}

/// Read and digested on all cores while this thread writes.
fn chunks(
    snapshot: &Snapshot<'_>,
    writer: &mut Writer,
    track: &mut Track<'_, '_>,
) -> Result<(), TransferError> {
    let starts = (0..snapshot.chunks()).step_by(CHUNKS);
    let source = starts.map(|input| Piece { input, weight: TYPICAL_BYTES });
    let read = |start: usize| {
        let frames = snapshot.read(start..(start + CHUNKS).min(snapshot.chunks()))?;
        let digest = crypto::sha256(&frames);
        Ok::<_, TransferError>((frames, digest))
    };
    let mut n = 0;
    belt::run(source, read, |piece| {
        let (frames, digest) = piece?;
        writer.store(&format!("{IMAGES}{n:07}"), &frames, &digest)?;
        n += 1;
        track.add(frames.len() as u64)?;
        Ok(true)
    })
}
