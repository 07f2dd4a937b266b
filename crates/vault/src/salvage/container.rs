//! The container of a damaged vault: each blob by itself, and by another way where the index is hurt.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};

use crypto::seal::{self, BlobKey, Opener};
use model::BlobId;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use crate::error::{InPart, Part, VaultError};
use crate::folder::Folder;
use crate::images;
use crate::watched::watched;

/// `images.db`, read where it lies.
pub struct Container {
    path: PathBuf,
    connection: Mutex<Connection>,
    owner: Result<(), VaultError>,
    /// Numbers of the chunks by their blobs, learnt row by row when the index failed.
    by_hand: OnceLock<HashMap<BlobId, Vec<(u32, i64)>>>,
}

impl Container {
    /// Opens it, whoever it says that it belongs to: only what was sealed for this vault opens anyway.
    pub fn open(folder: &Folder) -> Result<Self, VaultError> {
        let path = folder.images();
        match std::fs::metadata(&path) {
            Ok(data) if data.len() == 0 => return Err(VaultError::Damaged(Part::Images)),
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(VaultError::Missing(Part::Images));
            }
            Err(error) => return Err(error.into()),
        }
        let connection = connect(&path)?;
        let owner = owner(&connection, folder);
        Ok(Self { path, connection: Mutex::new(connection), owner, by_hand: OnceLock::new() })
    }

    /// What is wrong with it as a whole. This reads all of it; `None` when it was stopped.
    pub fn fault(&self, go_on: &mut dyn FnMut() -> bool) -> Option<Result<(), VaultError>> {
        if let Err(VaultError::Foreign(part)) = self.owner {
            return Some(Err(VaultError::Foreign(part)));
        }
        if self.owner.is_err() {
            return Some(Err(VaultError::Damaged(Part::Images)));
        }
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        match watched(&mut connection, sound, go_on) {
            Ok(None) => None,
            Ok(Some(true)) => Some(Ok(())),
            Ok(Some(false)) | Err(_) => Some(Err(VaultError::Damaged(Part::Images))),
        }
    }

    /// Opens a blob.
    pub fn read(&self, id: &BlobId, key: &BlobKey) -> Result<Vec<u8>, VaultError> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok(bytes) = images::read_blob(&connection, id, key, false) {
            return Ok(bytes);
        }
        // The disk may have refused once: a new connection reads afresh.
        *connection = connect(&self.path)?;
        let places = self.by_hand.get_or_init(|| walk(&connection)).get(id);
        read_by_hand(&connection, places.map(Vec::as_slice).unwrap_or_default(), id, key)
    }
}

/// Reads without locking, rolling back or writing anything beside the file.
fn connect(path: &std::path::Path) -> Result<Connection, VaultError> {
    let text = path.to_str().ok_or(VaultError::Io(std::io::ErrorKind::InvalidFilename))?;
    let mut uri = String::from("file:");
    if cfg!(windows) {
        uri.push('/');
    }
    for byte in text.replace('\\', if cfg!(windows) { "/" } else { "\\" }).bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b':' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                uri.push(char::from(byte))
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri.push_str("?mode=ro&immutable=1");
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(uri, flags).part(Part::Images)?;
    connection
        // Nothing is written here: it tells SQLite to go on where the file is shorter than it says.
        .execute_batch(
            "PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA writable_schema = ON;",
        )
        .part(Part::Images)?;
    Ok(connection)
}

fn owner(connection: &Connection, folder: &Folder) -> Result<(), VaultError> {
    let owner: Option<String> = connection
        .query_row("SELECT value FROM meta WHERE key = 'vault_id'", [], |row| row.get(0))
        .optional()
        .map_err(|error| images::foreign(&error))?;
    let ours = folder
        .headers()
        .into_iter()
        .flatten()
        .any(|header| owner.as_deref() == Some(header.vault_id().to_string().as_str()));
    if ours { Ok(()) } else { Err(VaultError::Foreign(Part::Images)) }
}

fn sound(connection: &mut Connection) -> Result<bool, VaultError> {
    let verdict: String =
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).part(Part::Images)?;
    Ok(verdict == "ok")
}

/// Rows asked one by one after a page that can't be read, before a scan is tried again.
const LEAP: i64 = 64;

/// Goes through all rows by their numbers and passes over those that can't be read.
fn walk(connection: &Connection) -> HashMap<BlobId, Vec<(u32, i64)>> {
    let mut found: HashMap<BlobId, Vec<(u32, i64)>> = HashMap::new();
    let last: i64 =
        ["SELECT max(seq) FROM chunk NOT INDEXED", "SELECT max(seq) FROM chunk INDEXED BY chunk_blob"]
            .iter()
            .filter_map(|way| {
                connection.query_row(way, [], |row| row.get::<_, Option<i64>>(0)).ok().flatten()
            })
            .max()
            .unwrap_or(0);
    let mut after = 0;
    while after < last {
        if scan(connection, &mut after, &mut found).is_ok() {
            break;
        }
        for seq in after + 1..=(after + LEAP).min(last) {
            if let Ok(Some((blob, n))) = one(connection, seq) {
                found.entry(blob).or_default().push((n, seq));
            }
        }
        after += LEAP;
    }
    for places in found.values_mut() {
        places.sort_unstable();
        places.dedup();
    }
    found
}

fn scan(
    connection: &Connection,
    after: &mut i64,
    found: &mut HashMap<BlobId, Vec<(u32, i64)>>,
) -> rusqlite::Result<()> {
    let mut statement = connection
        .prepare_cached("SELECT blob, n, seq FROM chunk NOT INDEXED WHERE seq > ?1 ORDER BY seq")?;
    let mut rows = statement.query([*after])?;
    while let Some(row) = rows.next()? {
        let seq = row.get(2)?;
        if let (Ok(blob), Ok(n)) = (row.get::<_, [u8; 16]>(0), row.get(1)) {
            found.entry(BlobId::from_bytes(blob)).or_default().push((n, seq));
        }
        *after = seq;
    }
    Ok(())
}

fn one(connection: &Connection, seq: i64) -> rusqlite::Result<Option<(BlobId, u32)>> {
    let mut statement = connection.prepare_cached("SELECT blob, n FROM chunk NOT INDEXED WHERE seq = ?1")?;
    statement.query_row([seq], |row| Ok((BlobId::from_bytes(row.get(0)?), row.get(1)?))).optional()
}

fn read_by_hand(
    connection: &Connection,
    places: &[(u32, i64)],
    id: &BlobId,
    key: &BlobKey,
) -> Result<Vec<u8>, VaultError> {
    let mut opener = Opener::new(key, id);
    let mut statement = connection
        .prepare_cached("SELECT sealed FROM chunk NOT INDEXED WHERE seq = ?1")
        .part(Part::Images)?;
    for (_, seq) in places {
        let sealed: Vec<u8> = statement.query_row([seq], |row| row.get(0)).part(Part::Images)?;
        if sealed.len() > seal::CHUNK + seal::TAG {
            return Err(VaultError::DamagedPicture);
        }
        opener.push(&sealed).map_err(|_| VaultError::DamagedPicture)?;
    }
    opener.finish().map_err(|_| VaultError::DamagedPicture)
}
