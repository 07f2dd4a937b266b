//! `images.db`: sealed chunks under random ids. A plain SQLite file, because what it holds is sealed already.

mod copying;

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};

use crypto::seal::{self, BlobKey, Opener};
use model::{BlobId, VaultId};
use rusqlite::blob::Blob;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};

use crate::error::{InPart, Part, VaultError};
use crate::folder::Folder;
use crate::watched::watched;

pub use copying::{ChunkPlace, Filling};

const SCHEMA: &str = include_str!("../sql/images.sql");
const IDLE_READERS: usize = 4;

/// A run of bytes that is to be sealed and written.
pub struct NewBlob {
    /// Its random id.
    pub id: BlobId,
    /// Its own key.
    pub key: BlobKey,
    /// The bytes as they are.
    pub bytes: Vec<u8>,
}

/// The open container.
pub struct Images {
    path: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl Images {
    /// Makes a new one.
    pub fn create(folder: &Folder, id: &VaultId) -> Result<Self, VaultError> {
        let path = folder.images();
        folder.touch(&path)?;
        let writer = connect(&path, true)?;
        writer
            .execute_batch("PRAGMA page_size = 16384; PRAGMA auto_vacuum = INCREMENTAL;")
            .part(Part::Images)?;
        settle(&writer)?;
        writer.execute_batch(SCHEMA).part(Part::Images)?;
        writer.execute("INSERT INTO meta VALUES ('vault_id', ?1)", [id.to_string()]).part(Part::Images)?;
        Ok(Self { path, writer: Mutex::new(writer), readers: Mutex::default() })
    }

    /// Opens an existing one and checks that it belongs to this vault.
    pub fn open(folder: &Folder, id: &VaultId) -> Result<Self, VaultError> {
        let path = folder.images();
        match std::fs::metadata(&path) {
            Ok(data) if data.len() == 0 => return Err(VaultError::Damaged(Part::Images)),
            Ok(_) => {}
            Err(_) => return Err(VaultError::Missing(Part::Images)),
        }
        let writer = connect(&path, true)?;
        settle(&writer)?;
        let owner: Option<String> = writer
            .query_row("SELECT value FROM meta WHERE key = 'vault_id'", [], |row| row.get(0))
            .optional()
            .map_err(|error| foreign(&error))?;
        if owner.as_deref() != Some(id.to_string().as_str()) {
            return Err(VaultError::Foreign(Part::Images));
        }
        Ok(Self { path, writer: Mutex::new(writer), readers: Mutex::default() })
    }

    fn writer(&self) -> MutexGuard<'_, Connection> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Seals and commits blobs in one transaction; when this returns they are on the disk.
    pub fn put(&self, blobs: &[&NewBlob]) -> Result<(), VaultError> {
        let mut writer = self.writer();
        let transaction = crate::catalogue::begin(&mut writer)?;
        {
            let mut insert = transaction
                .prepare_cached("INSERT INTO chunk (blob, n, sealed) VALUES (?1, ?2, ?3)")
                .part(Part::Images)?;
            sealed_ahead(blobs, |id, n, chunk| {
                insert.execute(params![id.as_bytes(), n, chunk]).part(Part::Images).map(|_| ())
            })?;
        }
        transaction.commit().part(Part::Images)
    }

    /// Opens a blob. Any change to its chunks, their order or number is found.
    /// `small` tells that it is probably one chunk; it changes the speed only.
    pub fn get(&self, id: &BlobId, key: &BlobKey, small: bool) -> Result<Vec<u8>, VaultError> {
        self.reading(|reader| read_blob(reader, id, key, small))
    }

    /// Reads on a connection of its own, which is kept for the next when nothing went wrong.
    fn reading<T>(&self, work: impl FnOnce(&Connection) -> Result<T, VaultError>) -> Result<T, VaultError> {
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let reader = match idle {
            Some(reader) => reader,
            None => connect(&self.path, false)?,
        };
        let value = work(&reader)?;
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < IDLE_READERS {
            readers.push(reader);
        }
        Ok(value)
    }

    /// Takes blobs out. Their keys are gone already, so this only gives the space back.
    pub fn remove(&self, ids: &[BlobId]) -> Result<(), VaultError> {
        let mut writer = self.writer();
        let transaction = crate::catalogue::begin(&mut writer)?;
        {
            let mut delete =
                transaction.prepare_cached("DELETE FROM chunk WHERE blob = ?1").part(Part::Images)?;
            for id in ids {
                delete.execute([id.as_bytes()]).part(Part::Images)?;
            }
        }
        transaction.commit().part(Part::Images)
    }

    /// The newest generation of the catalogue that wrote here; 0 in a container from before that was kept.
    pub fn generation(&self) -> Result<u64, VaultError> {
        self.noted("generation")
    }

    /// Notes a generation; the number never goes down.
    pub fn note_generation(&self, generation: u64) -> Result<(), VaultError> {
        self.note("generation", generation)
    }

    /// The number of the newest key that the catalogue beside it had; 0 where it was never renewed.
    pub fn catalogue_key(&self) -> Result<u32, VaultError> {
        Ok(u32::try_from(self.noted("catalogue_key")?).unwrap_or(0))
    }

    /// Notes that the catalogue lies under this key; the number never goes down.
    pub fn note_catalogue_key(&self, number: u32) -> Result<(), VaultError> {
        self.note("catalogue_key", u64::from(number))
    }

    fn noted(&self, key: &str) -> Result<u64, VaultError> {
        let found: Option<String> = self
            .writer()
            .query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0))
            .optional()
            .part(Part::Images)?;
        Ok(found.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    fn note(&self, key: &str, number: u64) -> Result<(), VaultError> {
        if number > self.noted(key)? {
            self.writer()
                .execute(
                    "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2",
                    [key, &number.to_string()],
                )
                .part(Part::Images)?;
        }
        Ok(())
    }

    /// Every blob's id.
    pub fn ids(&self) -> Result<Vec<BlobId>, VaultError> {
        let writer = self.writer();
        let mut statement = writer.prepare_cached("SELECT DISTINCT blob FROM chunk").part(Part::Images)?;
        let rows = statement.query_map([], |row| row.get::<_, [u8; 16]>(0)).part(Part::Images)?;
        rows.map(|row| Ok(BlobId::from_bytes(row.part(Part::Images)?))).collect()
    }

    /// Gives up to `pages` free pages back to the disk.
    pub fn shrink(&self, pages: u32) -> Result<(), VaultError> {
        let writer = self.writer();
        let mut statement =
            writer.prepare(&format!("PRAGMA incremental_vacuum({pages})")).part(Part::Images)?;
        let mut rows = statement.query([]).part(Part::Images)?;
        while rows.next().part(Part::Images)?.is_some() {}
        Ok(())
    }

    /// Pages of 16 KiB that hold nothing.
    pub fn free_pages(&self) -> Result<u32, VaultError> {
        self.reading(|reader| {
            reader.query_row("PRAGMA freelist_count", [], |row| row.get(0)).part(Part::Images)
        })
    }

    /// SQLite's own check of the container, which reads all of it; `None` when it was stopped. On the connection that
    /// writes: with a rollback journal nobody can commit while somebody reads, and a writer that waits here for its turn
    /// does not fail as one would that SQLite lets wait for a reader.
    pub fn check(&self, go_on: &mut dyn FnMut() -> bool) -> Result<Option<bool>, VaultError> {
        let ask = |connection: &mut Connection| {
            let verdict: String =
                connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).part(Part::Images)?;
            Ok(verdict == "ok")
        };
        watched(&mut self.writer(), ask, go_on)
    }
}

/// Chunks that are sealed before the writer has taken them.
const AHEAD: usize = 4;

/// Seals on a thread of its own while `write` writes on this one. The few pieces of memory for chunks are used again
/// and again: to get new ones for all would take longer than the sealing.
fn sealed_ahead(
    blobs: &[&NewBlob],
    mut write: impl FnMut(&BlobId, i64, &[u8]) -> Result<(), VaultError>,
) -> Result<(), VaultError> {
    std::thread::scope(|scope| {
        let (sealed, to_write) = mpsc::sync_channel::<(BlobId, usize, Vec<u8>)>(AHEAD);
        let (written, used) = mpsc::channel::<Vec<u8>>();
        let sealing = scope.spawn(move || {
            let mut buffer = Vec::new();
            blobs.iter().try_for_each(|NewBlob { id, key, bytes }| {
                seal::seal_each(key, id, bytes, &mut buffer, |n, chunk| {
                    let chunk = std::mem::replace(chunk, used.try_recv().unwrap_or_default());
                    sealed.send((*id, n, chunk))
                })
            })
        });
        // An error ends this loop, and by that the sealing.
        for (id, n, chunk) in to_write {
            write(&id, i64::try_from(n).unwrap_or(i64::MAX), &chunk)?;
            let _ = written.send(chunk);
        }
        // Every chunk was written only if the sealing came to its end.
        sealing.join().ok().and_then(Result::ok).ok_or(VaultError::Internal(0))
    })
}

fn connect(path: &std::path::Path, writable: bool) -> Result<Connection, VaultError> {
    let access = if writable { OpenFlags::SQLITE_OPEN_READ_WRITE } else { OpenFlags::SQLITE_OPEN_READ_ONLY };
    let connection =
        Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX).part(Part::Images)?;
    connection.busy_timeout(std::time::Duration::from_secs(10)).part(Part::Images)?;
    connection
        .execute_batch("PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;")
        .part(Part::Images)?;
    Ok(connection)
}

/// Append-mostly: with a rollback journal the chunks are written once, not twice as in a WAL. Erased keys make
/// the old pages noise, so they need no overwriting.
fn settle(writer: &Connection) -> Result<(), VaultError> {
    writer
        .execute_batch(
            "PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL; PRAGMA secure_delete = OFF;",
        )
        .map_err(|error| foreign(&error))
}

/// A file that is a database without our tables belongs to somebody else.
pub(crate) fn foreign(error: &rusqlite::Error) -> VaultError {
    match VaultError::from_sqlite(Part::Images, error) {
        VaultError::Internal(_) => VaultError::Foreign(Part::Images),
        other => other,
    }
}

pub(crate) fn read_blob(
    reader: &Connection,
    id: &BlobId,
    key: &BlobKey,
    small: bool,
) -> Result<Vec<u8>, VaultError> {
    if small { read_rows(reader, id, key) } else { read_in_place(reader, id, key) }
}

/// One statement: the quicker way for a single chunk.
fn read_rows(reader: &Connection, id: &BlobId, key: &BlobKey) -> Result<Vec<u8>, VaultError> {
    let mut statement =
        reader.prepare_cached("SELECT sealed FROM chunk WHERE blob = ?1 ORDER BY n").part(Part::Images)?;
    let mut rows = statement.query([id.as_bytes()]).part(Part::Images)?;
    let mut opener = Opener::new(key, id);
    while let Some(row) = rows.next().part(Part::Images)? {
        let sealed = row.get_ref(0).part(Part::Images)?.as_blob().map_err(|_| VaultError::DamagedPicture)?;
        opener.push(sealed).map_err(|_| VaultError::DamagedPicture)?;
    }
    opener.finish().map_err(|_| VaultError::DamagedPicture)
}

/// Chunks are read by SQLite's incremental I/O straight to where they are opened and handed out.
fn read_in_place(reader: &Connection, id: &BlobId, key: &BlobKey) -> Result<Vec<u8>, VaultError> {
    let chunks = chunks(reader, id)?;
    let mut opener = Opener::with_room(key, id, chunks.iter().map(|(_, bytes)| bytes).sum());
    let mut blob: Option<Blob<'_>> = None;
    for (seq, bytes) in chunks {
        let blob = match &mut blob {
            Some(blob) => {
                blob.reopen(seq).part(Part::Images)?;
                blob
            }
            None => blob.insert(
                reader.blob_open(rusqlite::MAIN_DB, "chunk", "sealed", seq, true).part(Part::Images)?,
            ),
        };
        let room = opener.room(bytes).map_err(|_| VaultError::DamagedPicture)?;
        blob.read_at_exact(room, 0).part(Part::Images)?;
    }
    opener.finish().map_err(|_| VaultError::DamagedPicture)
}

/// Where the chunks of a blob lie and their lengths, in order. Impossible lengths are damage: they must not decide
/// how much memory is asked for.
fn chunks(reader: &Connection, id: &BlobId) -> Result<Vec<(i64, usize)>, VaultError> {
    let mut statement = reader
        .prepare_cached("SELECT seq, length(sealed) FROM chunk WHERE blob = ?1 ORDER BY n")
        .part(Part::Images)?;
    let rows = statement
        .query_map([id.as_bytes()], |row| Ok((row.get(0)?, row.get::<_, u32>(1)? as usize)))
        .part(Part::Images)?;
    let chunks: Vec<(i64, usize)> = rows.collect::<Result<_, _>>().part(Part::Images)?;
    let sound = chunks.iter().all(|(_, bytes)| *bytes <= seal::CHUNK + seal::TAG);
    if sound { Ok(chunks) } else { Err(VaultError::DamagedPicture) }
}
