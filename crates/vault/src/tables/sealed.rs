//! Which sealed bytes belong to an item, and their keys.

use crypto::seal::BlobKey;
use model::{BlobId, ItemId};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::VaultError;
use crate::prepare::{NewPart, Role};

/// Where the bytes of a role are.
pub struct Entry {
    /// Their id in `images.db`.
    pub blob: BlobId,
    /// Their key.
    pub key: BlobKey,
    /// Media type.
    pub mime: String,
}

/// Adds the entry of a part.
pub fn insert(connection: &Connection, item: u32, part: &NewPart) -> Result<(), VaultError> {
    connection
        .prepare_cached("INSERT INTO sealed (item, role, blob, key, mime) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![
            item,
            part.role as i64,
            part.blob.id.as_bytes(),
            part.blob.key.as_bytes(),
            part.mime
        ])?;
    Ok(())
}

/// Finds the bytes of an item.
pub fn find(connection: &Connection, id: &ItemId, role: Role) -> Result<Option<Entry>, VaultError> {
    let mut statement = connection.prepare_cached(
        "SELECT s.blob, s.key, s.mime FROM item i JOIN sealed s ON s.item = i.seq WHERE i.id = ?1 AND s.role = ?2",
    )?;
    Ok(statement.query_row(params![id.as_bytes(), role as i64], entry).optional()?)
}

/// Finds the bytes of an item by its number.
pub fn find_at(connection: &Connection, item: u32, role: Role) -> Result<Option<Entry>, VaultError> {
    let mut statement =
        connection.prepare_cached("SELECT blob, key, mime FROM sealed WHERE item = ?1 AND role = ?2")?;
    Ok(statement.query_row(params![item, role as i64], entry).optional()?)
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let key: [u8; 32] = row.get(1)?;
    Ok(Entry { blob: BlobId::from_bytes(row.get(0)?), key: BlobKey::from_bytes(key), mime: row.get(2)? })
}

/// The blobs of an item.
pub fn blobs(connection: &Connection, item: u32) -> Result<Vec<BlobId>, VaultError> {
    let mut statement = connection.prepare_cached("SELECT blob FROM sealed WHERE item = ?1")?;
    let rows = statement.query_map([item], |row| Ok(BlobId::from_bytes(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every blob that an item points at.
pub fn all_blobs(connection: &Connection) -> Result<Vec<BlobId>, VaultError> {
    let mut statement = connection.prepare_cached("SELECT blob FROM sealed")?;
    let rows = statement.query_map([], |row| Ok(BlobId::from_bytes(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every blob that an item points at, and the item.
pub fn owners(connection: &Connection) -> Result<std::collections::HashMap<BlobId, u32>, VaultError> {
    let mut statement = connection.prepare_cached("SELECT blob, item FROM sealed")?;
    let rows = statement.query_map([], |row| Ok((BlobId::from_bytes(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
