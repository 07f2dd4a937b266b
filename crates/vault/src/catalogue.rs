//! `catalogue.db`: one writer, several readers, and the migrations.

use std::fs::OpenOptions;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use crypto::SubKey;
use model::VaultId;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};

use crate::cipher;
use crate::error::{Part, VaultError};
use crate::folder::Folder;
use crate::tables::items;

/// A step from one version of the catalogue to the next.
struct Migration {
    sql: &'static str,
    /// Fills what SQL alone can't, in the same transaction.
    fill: fn(&Connection) -> Result<(), VaultError>,
}

/// Append only. The n-th takes a catalogue from version n − 1 to n.
const MIGRATIONS: &[Migration] = &[
    Migration { sql: include_str!("../sql/migrations/0001_catalogue.sql"), fill: |_| Ok(()) },
    Migration { sql: include_str!("../sql/migrations/0002_search.sql"), fill: items::index_all },
    Migration { sql: include_str!("../sql/migrations/0003_ledger.sql"), fill: |_| Ok(()) },
];

/// The version that this build writes.
pub const SCHEMA_VERSION: i64 = MIGRATIONS.len() as i64;

/// Readers kept open for the next request.
const IDLE_READERS: usize = 4;

/// The open catalogue.
pub struct Catalogue {
    pub(crate) path: PathBuf,
    /// Held for reading as long as anybody reads, so that the file is not replaced under a reader.
    pub(crate) key: RwLock<SubKey>,
    writer: Mutex<Connection>,
    pub(crate) readers: Mutex<Vec<Connection>>,
}

impl Catalogue {
    /// Makes a new one.
    pub fn create(folder: &Folder, key: SubKey, id: &VaultId) -> Result<Self, VaultError> {
        let path = folder.catalogue();
        folder.touch(&path)?;
        let mut writer = cipher::open(&path, key.as_bytes(), true)?;
        cipher::found(&writer)?;
        migrate(&mut writer, 0)?;
        set_meta(&writer, "vault_id", &id.to_string())?;
        set_meta(&writer, "clean", "1")?;
        Ok(Self { path, key: RwLock::new(key), writer: Mutex::new(writer), readers: Mutex::default() })
    }

    /// Opens an existing one, brings it up to date, and checks that it belongs to this vault.
    pub fn open(folder: &Folder, key: SubKey, id: &VaultId) -> Result<Self, VaultError> {
        let path = folder.catalogue();
        cipher::refuse_plain(&path)?;
        let mut writer = cipher::open(&path, key.as_bytes(), true)?;
        let version: i64 = writer.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if version > SCHEMA_VERSION {
            return Err(VaultError::Newer);
        }
        if version < SCHEMA_VERSION {
            keep_copy(&writer, folder, version)?;
            migrate(&mut writer, version)?;
        } else {
            drop_copies(folder);
        }
        if meta(&writer, "vault_id")?.as_deref() != Some(id.to_string().as_str()) {
            return Err(VaultError::Foreign(Part::Catalogue));
        }
        Ok(Self { path, key: RwLock::new(key), writer: Mutex::new(writer), readers: Mutex::default() })
    }

    /// The one connection that writes. A thread that died while holding it left a rolled-back transaction,
    /// so the guard of a poisoned lock is good.
    pub fn writer(&self) -> MutexGuard<'_, Connection> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` on a connection of its own. FTS5 checks the index against what it remembers of it: on a connection
    /// that searched before somebody wrote it would find damage where there is none.
    pub fn read_afresh<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        let key = self.key.read().unwrap_or_else(PoisonError::into_inner);
        work(&mut cipher::open(&self.path, key.as_bytes(), false)?)
    }

    /// Runs `work` on a reading connection; it must not begin another reading. After an error the connection is dropped: one bad page poisons it.
    pub fn read<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        let key = self.key.read().unwrap_or_else(PoisonError::into_inner);
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut reader = match idle {
            Some(reader) => reader,
            None => cipher::open(&self.path, key.as_bytes(), false)?,
        };
        let value = work(&mut reader)?;
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < IDLE_READERS {
            readers.push(reader);
        }
        Ok(value)
    }
}

/// Starts a transaction that has the write lock from its first statement.
pub fn begin(connection: &mut Connection) -> Result<Transaction<'_>, VaultError> {
    Ok(connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
}

/// The fact that something was erased since the catalogue was last written anew: `1`.
pub const ERASED: &str = "erased";

/// A fact about the catalogue.
pub fn meta(connection: &Connection, key: &str) -> Result<Option<String>, VaultError> {
    Ok(connection.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0)).optional()?)
}

/// Sets a fact about the catalogue.
pub fn set_meta(connection: &Connection, key: &str, value: &str) -> Result<(), VaultError> {
    connection.execute(
        "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2",
        [key, value],
    )?;
    Ok(())
}

/// Settles that a transaction whose commit failed is not there. SQLite may have written all of it to the log and heard only
/// afterwards of an error; whoever opens the log next would take it for committed, as it stands there whole. What is
/// committed now takes its place in the log. It is another value each time, since SQLite does not write what is there.
///
/// # Errors
/// When this can't be written either: then nobody knows before the next opening.
pub fn supersede(connection: &Connection) -> Result<(), VaultError> {
    set_meta(connection, "superseded", &hex::encode(crypto::random::<8>()))
}

fn migrate(connection: &mut Connection, from: i64) -> Result<(), VaultError> {
    for (version, migration) in (1_i64..).zip(MIGRATIONS).filter(|(version, _)| *version > from) {
        let transaction = begin(connection)?;
        transaction.execute_batch(migration.sql)?;
        (migration.fill)(&transaction)?;
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(())
}

/// A copy of the catalogue as it was, under the same key, before a migration touches it. It has its name only when all
/// of it is on the disk: one by that name is whole.
fn keep_copy(connection: &Connection, folder: &Folder, version: i64) -> Result<(), VaultError> {
    let copy = old_copy(folder, version);
    if copy.exists() {
        return Ok(());
    }
    let fresh = folder.fresh_catalogue();
    folder.sweep();
    let written = (|| {
        folder.touch(&fresh)?;
        connection.execute("VACUUM INTO ?1", [fresh.to_string_lossy()])?;
        // SQLite does not promise that such a copy outlives a power cut.
        OpenOptions::new().write(true).open(&fresh)?.sync_all()?;
        std::fs::rename(&fresh, &copy)?;
        folder.sync()
    })();
    folder.sweep();
    written
}

/// The migrated catalogue has opened once more: the copies from before have done their duty.
pub(crate) fn drop_copies(folder: &Folder) {
    for version in 1..SCHEMA_VERSION {
        // Nothing depends on it; the next start tries again.
        let _ = std::fs::remove_file(old_copy(folder, version));
    }
}

pub(crate) fn old_copy(folder: &Folder, version: i64) -> PathBuf {
    folder.root().join(format!("catalogue.v{version}.db"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objects(connection: &Connection) -> Vec<String> {
        let mut statement =
            connection.prepare("SELECT sql FROM sqlite_schema WHERE sql <> '' ORDER BY name").unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(|row| row.unwrap()).collect()
    }

    #[test]
    fn a_copy_that_breaks_off_half_way_does_not_pass_for_one() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path());
        let names = || std::fs::read_dir(home.path()).unwrap().count();
        let open = || Connection::open(folder.catalogue()).unwrap();
        let old = open();
        old.execute_batch(
            "CREATE TABLE leaf (n INTEGER PRIMARY KEY, bytes BLOB);
             WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 2000)
             INSERT INTO leaf SELECT n, zeroblob(3000) FROM up;",
        )
        .unwrap();
        drop(old);
        let whole = std::fs::read(folder.catalogue()).unwrap();
        let mut hurt = whole.clone();
        let middle = whole.len() / 2 / 4096 * 4096;
        hurt[middle..middle + 4096].fill(0xff);

        std::fs::write(folder.catalogue(), &hurt).unwrap();
        assert!(keep_copy(&open(), &folder, 1).is_err());
        assert_eq!(names(), 1, "nothing stays beside the catalogue");

        std::fs::write(folder.catalogue(), &whole).unwrap();
        std::fs::write(folder.fresh_catalogue(), "of an earlier attempt").unwrap();
        keep_copy(&open(), &folder, 1).unwrap();
        assert_eq!(names(), 2);
        let copy = Connection::open(old_copy(&folder, 1)).unwrap();
        let rows: i64 = copy.query_row("SELECT count(*) FROM leaf", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 2000);
    }

    #[test]
    fn every_older_schema_grows_into_the_newest() {
        let mut fresh = Connection::open_in_memory().unwrap();
        migrate(&mut fresh, 0).unwrap();
        for start in 1..SCHEMA_VERSION {
            let mut old = Connection::open_in_memory().unwrap();
            for migration in &MIGRATIONS[..usize::try_from(start).unwrap()] {
                old.execute_batch(migration.sql).unwrap();
            }
            migrate(&mut old, start).unwrap();
            assert_eq!(objects(&old), objects(&fresh), "from version {start}");
        }
    }
}
