//! A consistent copy of a vault that is open and in use: its header, its catalogue as it is now, and the sealed chunks
//! that this catalogue points at. And the way back: the container made of such chunks.
//!
//! **Invariant:** as long as a [`Snapshot`] lives, no sealed bytes that its catalogue points at are taken out of the
//! container, whatever is erased meanwhile.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use crypto::{Header, seal};
use model::{BlobId, VaultId};
use rusqlite::Connection;

use crate::cipher;
use crate::error::{Part, VaultError};
use crate::folder::Folder;
use crate::images::{ChunkPlace, Filling, Images};
use crate::rewrite::Fraction;
use crate::tables::sealed;
use crate::vault::Vault;
use crate::watched::watched;
use crate::ways;

/// Blobs that wait to be taken out until nobody copies any more.
#[derive(Debug, Default)]
pub(crate) struct Holds {
    count: usize,
    waiting: Vec<BlobId>,
}

/// Keeps sealed bytes from being taken out.
struct Hold<'a>(&'a Vault);

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        let due = {
            let mut holds = self.0.holds.lock().unwrap_or_else(PoisonError::into_inner);
            holds.count -= 1;
            if holds.count > 0 {
                return;
            }
            std::mem::take(&mut holds.waiting)
        };
        if !due.is_empty() {
            self.0.drop_blobs(&due);
        }
    }
}

/// A vault as it was at one moment, as long as this lives.
pub struct Snapshot<'a> {
    vault: &'a Vault,
    /// `vault.keys`.
    pub header: Vec<u8>,
    /// The copy of `catalogue.db`; it is removed with this value.
    pub catalogue: PathBuf,
    /// Items in it.
    pub items: usize,
    /// Items whose sealed bytes are not all there: the vault is damaged, and the copy will be as well.
    pub incomplete: usize,
    /// How often the vault was opened and changed until then.
    pub generation: u64,
    chunks: Vec<ChunkPlace>,
    _hold: Hold<'a>,
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        // It is encrypted like the catalogue itself: if it stays, it takes room and no more.
        remove_with_log(&self.catalogue);
    }
}

impl Vault {
    /// Copies the catalogue to `scratch` and keeps the sealed bytes that belong to it. What is there under that name is
    /// the rest of an earlier attempt. `None` when it was stopped.
    ///
    /// # Errors
    /// [`VaultError::DiskFull`] and others of the disk, or when the vault can't be read.
    pub fn snapshot(
        &self,
        scratch: &Path,
        watch: &mut Fraction<'_>,
    ) -> Result<Option<Snapshot<'_>>, VaultError> {
        self.holds.lock().unwrap_or_else(PoisonError::into_inner).count += 1;
        let hold = Hold(self);
        remove_with_log(scratch);
        self.folder.touch(scratch)?;
        let rest = Rest(scratch);
        let copied = self.catalogue.read_afresh(|connection| {
            // The file is not replaced as long as somebody reads, so the header of this moment has its key.
            let (header, bytes, key) = {
                let keys = self.keys();
                let bytes = keys.header.to_bytes(&keys.key)?;
                (keys.header.clone(), bytes, keys.header.catalogue_keys(&keys.key)?)
            };
            let whole = copy_catalogue(connection, scratch, watch)?;
            Ok(whole.then_some((header, bytes, key)))
        })?;
        let Some((ways, header, keys)) = copied else { return Ok(None) };
        let copy = keys.iter().rev().find_map(|held| cipher::open(scratch, held.key.as_bytes(), true).ok());
        let copy = copy.ok_or(VaultError::Damaged(Part::Catalogue))?;
        // A file made by VACUUM is in the mode of a new database; see cipher::found.
        copy.execute_batch("PRAGMA journal_mode = WAL;")?;
        if !self.has_older_keys() {
            // A way in may have been changed since the header was read.
            ways::expect(&copy, &[&ways])?;
        }
        let generation = crate::vault::generation(&copy)?;
        let items = copy.query_row("SELECT count(*) FROM item", [], |row| row.get::<_, i64>(0))?;
        let owners = sealed::owners(&copy)?;
        copy.close().map_err(|(_, error)| error)?;
        fs::OpenOptions::new().write(true).open(scratch)?.sync_all()?;
        let (chunks, incomplete) = places(&self.images, &owners)?;
        std::mem::forget(rest);
        Ok(Some(Snapshot {
            vault: self,
            header,
            catalogue: scratch.to_path_buf(),
            items: usize::try_from(items).unwrap_or(0),
            incomplete,
            generation,
            chunks,
            _hold: hold,
        }))
    }

    /// Whether these blobs must wait because somebody copies; then they are taken out afterwards.
    pub(crate) fn must_wait(&self, ids: &[BlobId]) -> bool {
        let mut holds = self.holds.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = holds.count > 0;
        if waits {
            holds.waiting.extend_from_slice(ids);
        }
        waits
    }
}

/// Removes what an attempt that failed has written.
struct Rest<'a>(&'a Path);

impl Drop for Rest<'_> {
    fn drop(&mut self) {
        remove_with_log(self.0);
    }
}

fn remove_with_log(path: &Path) {
    for ending in ["", "-journal", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        let _ = fs::remove_file(name);
    }
}

/// One statement, and so one moment. Gives whether it was not stopped.
fn copy_catalogue(
    connection: &mut Connection,
    target: &Path,
    watch: &mut Fraction<'_>,
) -> Result<bool, VaultError> {
    let expected: f64 = connection.query_row(
        "SELECT CAST(page_count * page_size AS REAL) FROM pragma_page_count, pragma_page_size",
        [],
        |row| row.get(0),
    )?;
    let copy = |connection: &mut Connection| {
        Ok(connection.execute("VACUUM INTO ?1", [target.to_string_lossy()]).map(|_| ())?)
    };
    let copied = watched(connection, copy, &mut || {
        let written = fs::metadata(target).map_or(0, |data| data.len());
        watch((written as f64 / expected.max(1.0)).min(1.0))
    })?;
    Ok(copied.is_some() && watch(1.0))
}

/// Where the chunks of these blobs lie, in the order of the file, and how many items lack some.
fn places(images: &Images, owners: &HashMap<BlobId, u32>) -> Result<(Vec<ChunkPlace>, usize), VaultError> {
    let mut chunks = images.places(|blob| owners.contains_key(blob))?;
    // The index gives each blob's chunks in their order: a gap shows.
    let mut next = HashMap::<BlobId, u32>::with_capacity(owners.len());
    let mut broken: std::collections::HashSet<BlobId> = std::collections::HashSet::new();
    for chunk in &chunks {
        let expected = next.entry(chunk.blob).or_insert(0);
        if *expected != chunk.n {
            broken.insert(chunk.blob);
        }
        *expected = chunk.n.saturating_add(1);
    }
    let hurt: std::collections::HashSet<u32> = owners
        .iter()
        .filter(|(blob, _)| broken.contains(*blob) || !next.contains_key(*blob))
        .map(|(_, item)| *item)
        .collect();
    chunks.sort_unstable_by_key(|chunk| chunk.seq);
    Ok((chunks, hurt.len()))
}

impl Snapshot<'_> {
    /// Its vault's id.
    pub fn id(&self) -> VaultId {
        self.vault.id()
    }

    /// Chunks in all.
    pub fn chunks(&self) -> usize {
        self.chunks.len()
    }

    /// The chunks of this range with their places, as [`Rebuilt::fill`] takes them; several threads may ask. Each is
    /// blob id (16 bytes), number and length (u32 big-endian each), sealed bytes.
    ///
    /// # Errors
    /// When the container can't be read.
    pub fn read(&self, range: std::ops::Range<usize>) -> Result<Vec<u8>, VaultError> {
        self.vault.images.frames(self.chunks.get(range).unwrap_or_default())
    }
}

/// A vault's folder that is being made out of a copy.
pub struct Rebuilt {
    images: Filling,
    folder: Folder,
    _lock: fs::File,
}

impl Rebuilt {
    /// Starts in a folder that must be new; gives the vault's id as well. The catalogue is written by the caller to
    /// [`Folder::catalogue`].
    ///
    /// # Errors
    /// [`VaultError::Exists`] when anything of a vault is there; when the header can't be read.
    pub fn begin(folder: &Folder, header: &[u8]) -> Result<(Self, VaultId), VaultError> {
        if folder.has_anything() {
            return Err(VaultError::Exists);
        }
        let id = Header::parse(header)?.vault_id();
        folder.make()?;
        let lock = folder.lock()?;
        let images = Filling::begin(Images::create(folder, &id)?)?;
        folder.touch(&folder.catalogue())?;
        Ok((Self { images, folder: folder.clone(), _lock: lock }, id))
    }

    /// Takes chunks in; gives how many.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when they are not of the form of [`Snapshot::read`]; as the disk says.
    pub fn fill(&mut self, frames: &[u8]) -> Result<usize, VaultError> {
        let mut rest = frames;
        let mut count = 0;
        while !rest.is_empty() {
            let (frame, after) = frame(rest).ok_or(VaultError::Damaged(Part::Images))?;
            self.images.put(frame.blob, frame.n, frame.sealed)?;
            rest = after;
            count += 1;
        }
        Ok(count)
    }

    /// The chunks that came `from`-th to before `to`-th, read back from the disk in the form of [`Snapshot::read`].
    ///
    /// # Errors
    /// When they can't be read.
    pub fn read_back(&self, range: std::ops::Range<usize>) -> Result<Vec<u8>, VaultError> {
        self.images.read_back(range)
    }

    /// Everything is there: makes it durable.
    ///
    /// # Errors
    /// As the disk says.
    pub fn settle(&mut self) -> Result<(), VaultError> {
        self.images.settle()?;
        fs::OpenOptions::new().write(true).open(self.folder.images())?.sync_all()?;
        fs::OpenOptions::new().write(true).open(self.folder.catalogue())?.sync_all()?;
        Ok(())
    }

    /// Writes the header: with it the folder is a vault.
    ///
    /// # Errors
    /// As the disk says.
    pub fn finish(self, header: &[u8]) -> Result<(), VaultError> {
        self.folder.write_header(header)
    }
}

struct Frame<'a> {
    blob: &'a [u8],
    n: u32,
    sealed: &'a [u8],
}

fn frame(bytes: &[u8]) -> Option<(Frame<'_>, &[u8])> {
    let (blob, rest) = bytes.split_at_checked(16)?;
    let (n, rest) = rest.split_first_chunk::<4>()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (sealed, rest) = rest.split_at_checked(length)?;
    let sound = length <= seal::CHUNK + seal::TAG;
    sound.then_some((Frame { blob, n: u32::from_be_bytes(*n), sealed }, rest))
}
