//! Names that many items share.

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::VaultError;

/// What a label names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A program that makes pictures.
    Generator,
    /// A model.
    Model,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Generator => "generator",
            Self::Model => "model",
        }
    }
}

/// The number of a name, made when it is new. No name is 0.
pub fn intern(connection: &Connection, kind: Kind, name: Option<&str>) -> Result<u32, VaultError> {
    let Some(name) = name.filter(|name| !name.is_empty()) else { return Ok(0) };
    if let Some(id) = find(connection, kind, name)? {
        return Ok(id);
    }
    connection
        .prepare_cached("INSERT INTO label (kind, name) VALUES (?1, ?2)")?
        .execute(params![kind.name(), name])?;
    u32::try_from(connection.last_insert_rowid()).map_err(|_| VaultError::Internal(0))
}

/// The number of a name, when it is known.
pub fn find(connection: &Connection, kind: Kind, name: &str) -> Result<Option<u32>, VaultError> {
    let mut statement = connection.prepare_cached("SELECT id FROM label WHERE kind = ?1 AND name = ?2")?;
    Ok(statement.query_row([kind.name(), name], |row| row.get(0)).optional()?)
}

/// All names of a kind with their numbers.
pub fn all(connection: &Connection, kind: Kind) -> Result<Vec<(u32, String)>, VaultError> {
    let mut statement =
        connection.prepare_cached("SELECT id, name FROM label WHERE kind = ?1 ORDER BY name")?;
    let rows = statement.query_map([kind.name()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
