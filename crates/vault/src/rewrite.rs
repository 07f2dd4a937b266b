//! Writing the catalogue anew: compact, under another key, in a file of its own that takes the old one's place in one
//! step. Nothing of what was deleted comes along, and the old key opens nothing of it.
//!
//! **Invariant:** until the rename the old file is whole under the old key, after it the new one is under the new; there
//! is no moment with neither.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::{MutexGuard, PoisonError};

use crypto::SubKey;
use rusqlite::Connection;
use zeroize::Zeroizing;

use crate::catalogue::{self, Catalogue, SCHEMA_VERSION};
use crate::cipher;
use crate::error::{Part, VaultError};
use crate::folder::Folder;
use crate::watched::watched;

/// How far it has come, from 0 to 1; the answer says whether to go on.
pub type Fraction<'a> = dyn FnMut(f64) -> bool + 'a;

/// The last of so many tries makes writers wait.
const PATIENCE: u32 = 3;

/// Whether the file was replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rewritten {
    /// It is under the new key.
    Yes,
    /// It was stopped; everything is as it was.
    Stopped,
    /// Somebody wrote meanwhile; everything is as they left it.
    Overtaken,
}

impl Catalogue {
    /// Writes everything into a new file under `new` and puts that in this one's place. Others read and write meanwhile;
    /// what they write makes the new file worthless, and after some tries they have to wait.
    ///
    /// # Errors
    /// [`VaultError::DiskFull`] when there is no room for a second catalogue, or as the disk says. The caller must keep
    /// both keys then, because only the file tells which of them it needs.
    pub fn rewrite(
        &self,
        folder: &Folder,
        new: &SubKey,
        watch: &mut Fraction<'_>,
    ) -> Result<Rewritten, VaultError> {
        for patience in (0..PATIENCE).rev() {
            let writer = (patience == 0).then(|| self.writer());
            folder.sweep();
            let outcome = self.attempt(folder, new, writer, watch);
            folder.sweep();
            match outcome {
                Ok(Rewritten::Overtaken) => {}
                outcome => return outcome,
            }
        }
        Ok(Rewritten::Overtaken)
    }

    fn attempt(
        &self,
        folder: &Folder,
        new: &SubKey,
        writer: Option<MutexGuard<'_, Connection>>,
        watch: &mut Fraction<'_>,
    ) -> Result<Rewritten, VaultError> {
        let fresh = folder.fresh_catalogue();
        folder.touch(&fresh)?;
        let held = self.key.read().unwrap_or_else(PoisonError::into_inner).duplicate();
        let mut source = cipher::open(&self.path, held.as_bytes(), true)?;
        // It changes when another connection has committed something.
        let version = |source: &Connection| -> Result<i64, VaultError> {
            Ok(source.query_row("PRAGMA data_version", [], |row| row.get(0))?)
        };
        let before = version(&source)?;
        let copied = copy(&mut source, &fresh, new, expected_bytes(&self.path), watch)?;
        if copied == Rewritten::Yes {
            let writer = writer.unwrap_or_else(|| self.writer());
            if version(&source)? != before {
                return Ok(Rewritten::Overtaken);
            }
            // Only now that nobody writes: what came meanwhile would pass for damage.
            same_content(&source, &fresh, new)?;
            source.close().map_err(|(_, error)| error)?;
            self.replace(writer, folder, new)?;
        }
        Ok(copied)
    }

    /// The step that counts. Waits for those who are reading.
    fn replace(
        &self,
        mut writer: MutexGuard<'_, Connection>,
        folder: &Folder,
        new: &SubKey,
    ) -> Result<(), VaultError> {
        let mut key = self.key.write().unwrap_or_else(PoisonError::into_inner);
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let old = std::mem::replace(&mut *writer, Connection::open_in_memory()?);
        if let Err(error) = close(old, &self.path) {
            *writer = cipher::open(&self.path, key.as_bytes(), true)?;
            return Err(error);
        }
        let moved = folder.sync().and_then(|()| Ok(fs::rename(folder.fresh_catalogue(), &self.path)?));
        if let Err(error) = moved {
            *writer = cipher::open(&self.path, key.as_bytes(), true)?;
            return Err(error);
        }
        // From here on the file is under the new key, whatever else fails.
        *key = new.duplicate();
        *writer = cipher::open(&self.path, new.as_bytes(), true)?;
        folder.sync()
    }
}

/// Closes the last connection to the old file. A log that stayed behind would be played into the new one.
fn close(old: Connection, path: &Path) -> Result<(), VaultError> {
    let busy: i64 = old.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    old.close().map_err(|(_, error)| error)?;
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let empty = fs::metadata(PathBuf::from(log)).map_or(true, |data| data.len() == 0);
    if busy == 0 && empty { Ok(()) } else { Err(VaultError::InUse) }
}

fn expected_bytes(path: &Path) -> u64 {
    fs::metadata(path).map_or(1, |data| data.len().max(1))
}

fn copy(
    source: &mut Connection,
    fresh: &Path,
    key: &SubKey,
    expected: u64,
    watch: &mut Fraction<'_>,
) -> Result<Rewritten, VaultError> {
    let copied = watched(source, |source| export(source, fresh, key), &mut || {
        let written = fs::metadata(fresh).map_or(0, |data| data.len());
        watch((written as f64 / expected as f64).min(1.0))
    })?;
    Ok(if copied.is_some() { Rewritten::Yes } else { Rewritten::Stopped })
}

fn export(source: &Connection, fresh: &Path, key: &SubKey) -> Result<(), VaultError> {
    let digits = Zeroizing::new(hex::encode(key.as_bytes()));
    let attach = Zeroizing::new(format!("ATTACH DATABASE ?1 AS fresh KEY \"x'{}'\"", digits.as_str()));
    source.execute(&attach, [fresh.to_string_lossy()])?;
    // The file counts only when it is done, and is made durable then: it needs no journal. One transaction, so that
    // all of it is from one moment.
    let copied = source
        .execute_batch(
            "PRAGMA fresh.journal_mode = OFF; PRAGMA fresh.synchronous = OFF; \
             PRAGMA fresh.auto_vacuum = INCREMENTAL; BEGIN;",
        )
        .and_then(|()| source.query_row("SELECT sqlcipher_export('fresh')", [], |_| Ok(())))
        .and_then(|()| {
            source.execute("UPDATE fresh.meta SET value = '0' WHERE key = ?1", [catalogue::ERASED])
        })
        .and_then(|_| source.execute_batch("COMMIT"))
        .and_then(|()| source.pragma_update(Some("fresh"), "user_version", SCHEMA_VERSION));
    if copied.is_err() && !source.is_autocommit() {
        // Nothing of ours was changed: an error here leaves only the connection unusable, and it is closed.
        let _ = source.execute_batch("ROLLBACK");
    }
    let detached = source.execute_batch("DETACH DATABASE fresh");
    copied?;
    detached?;
    // A file of a new connection would be in the mode of the old; see cipher::found.
    let connection = cipher::open(fresh, key.as_bytes(), true)?;
    connection.execute_batch("PRAGMA journal_mode = WAL;")?;
    connection.close().map_err(|(_, error)| error)?;
    OpenOptions::new().write(true).open(fresh)?.sync_all()?;
    Ok(())
}

/// What must be the same before the new file may take the old one's place.
const COUNTS: [&str; 6] = ["meta", "label", "item", "sealed", "raw_block", "search_docsize"];

fn same_content(source: &Connection, fresh: &Path, key: &SubKey) -> Result<(), VaultError> {
    let copy = cipher::open(fresh, key.as_bytes(), false)?;
    let count = |connection: &Connection, table: &str| {
        connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0))
    };
    for table in COUNTS {
        if count(source, table)? != count(&copy, table)? {
            return Err(VaultError::Damaged(Part::Catalogue));
        }
    }
    let id = |connection: &Connection| catalogue::meta(connection, "vault_id");
    if id(source)? == id(&copy)? { Ok(()) } else { Err(VaultError::Damaged(Part::Catalogue)) }
}
