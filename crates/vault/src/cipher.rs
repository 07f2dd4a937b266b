//! SQLCipher: opening a keyed connection, and the refusals that keep a plain database from passing for ours.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use zeroize::Zeroizing;

use crate::error::{InPart, Part, VaultError};

/// The first bytes of every SQLite file without encryption.
const PLAIN: &[u8; 16] = b"SQLite format 3\0";

/// Refuses files that SQLCipher would take without a word: an empty one becomes a new database, a plain one
/// stays plain.
///
/// # Errors
/// [`VaultError::Missing`], [`VaultError::Damaged`] (shorter than a page) or [`VaultError::Foreign`] (plain).
pub fn refuse_plain(path: &Path) -> Result<(), VaultError> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(VaultError::Missing(Part::Catalogue));
        }
        Err(error) => return Err(error.into()),
    };
    if file.metadata()?.len() < 4096 {
        return Err(VaultError::Damaged(Part::Catalogue));
    }
    let mut start = [0_u8; 16];
    file.read_exact(&mut start)?;
    if &start == PLAIN { Err(VaultError::Foreign(Part::Catalogue)) } else { Ok(()) }
}

/// Opens the catalogue with its raw key and stock SQLCipher 4 settings.
///
/// # Errors
/// [`VaultError::CipherMissing`] when SQLite was linked without the cipher; [`VaultError::Damaged`] when the
/// key does not fit.
pub fn open(path: &Path, key: &[u8; 32], writable: bool) -> Result<Connection, VaultError> {
    let connection = keyed(path, key, writable)?;
    settle(&connection, writable)?;
    Ok(connection)
}

/// Opens a copy of a damaged catalogue: SQLite is told to go on where the file is shorter than it says.
///
/// # Errors
/// As [`open`].
pub fn open_hurt(path: &Path, key: &[u8; 32]) -> Result<Connection, VaultError> {
    let connection = keyed(path, key, true)?;
    connection.execute_batch("PRAGMA writable_schema = ON;")?;
    settle(&connection, true)?;
    Ok(connection)
}

fn keyed(path: &Path, key: &[u8; 32], writable: bool) -> Result<Connection, VaultError> {
    let access = if writable { OpenFlags::SQLITE_OPEN_READ_WRITE } else { OpenFlags::SQLITE_OPEN_READ_ONLY };
    let connection =
        Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX).part(Part::Catalogue)?;
    connection.execute_batch("PRAGMA cipher_log_level = NONE;")?;
    let version: Option<String> = connection.query_row("PRAGMA cipher_version", [], |row| row.get(0)).ok();
    require_cipher(version.as_deref())?;
    let digits = Zeroizing::new(hex::encode(key));
    let statement = Zeroizing::new(format!("PRAGMA key = \"x'{}'\";", digits.as_str()));
    connection.execute_batch(&statement)?;
    Ok(connection)
}

/// Sets what a new file keeps: set again on every opening, it would write to a file that may have to be refused.
///
/// # Errors
/// As SQLite says.
pub fn found(connection: &Connection) -> Result<(), VaultError> {
    connection.execute_batch("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;")?;
    Ok(())
}

/// A SQLite that was linked without the cipher knows no `cipher_version`: it would write everything in the clear.
fn require_cipher(version: Option<&str>) -> Result<(), VaultError> {
    if version.is_some_and(|version| !version.is_empty()) { Ok(()) } else { Err(VaultError::CipherMissing) }
}

/// `temp_store` must be memory: SQLCipher's sorter would write prompts in the clear to a file.
fn settle(connection: &Connection, writable: bool) -> Result<(), VaultError> {
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    connection.execute_batch(
        "PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -16000;",
    )?;
    // The first read of a page tells whether the key fits.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
    if writable {
        connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;")?;
    }
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sqlite_without_the_cipher_is_refused() {
        let plain: Option<&str> = None;
        assert!(matches!(require_cipher(plain), Err(VaultError::CipherMissing)));
        assert!(matches!(require_cipher(Some("")), Err(VaultError::CipherMissing)));
        assert!(require_cipher(Some("4.20.0 community")).is_ok());
    }
}
