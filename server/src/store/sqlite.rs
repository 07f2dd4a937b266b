//! SQLite: a file beside the service, with one writer at a time.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, TransactionBehavior};

use super::{Cell, Lasting, Row, SCHEMA, StoreError, Transaction, VERSION, Value, Work};

/// An open file.
pub struct Sqlite(Mutex<Connection>);

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        // Messages of SQLite name columns and may quote values; its code does neither.
        let code = error.sqlite_error().map_or(0, |error| error.extended_code);
        Self::Failed(format!("sqlite {code}"))
    }
}

impl Sqlite {
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        private(path)?;
        let mut connection = Connection::open(path)?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON;
             PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; PRAGMA busy_timeout = 5000;",
        )?;
        connection.set_prepared_statement_cache_capacity(128);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let version: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if version > VERSION {
            return Err(StoreError::Newer);
        }
        if version == 0 {
            let schema =
                SCHEMA.replace("BYTES", "BLOB").replace("WHOLE", "INTEGER").replace("\n);", "\n) STRICT;");
            transaction.execute_batch(&schema)?;
            transaction.pragma_update(None, "user_version", VERSION)?;
        }
        transaction.commit()?;
        Ok(Self(Mutex::new(connection)))
    }

    pub(super) fn settle(&self) -> Result<(), StoreError> {
        let connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
    }

    pub(super) fn run<T, E: From<StoreError>>(&self, lasting: Lasting, work: Work<'_, T, E>) -> Result<T, E> {
        let mut connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let synchronous = if lasting == Lasting::Always { "FULL" } else { "NORMAL" };
        connection.pragma_update(None, "synchronous", synchronous).map_err(StoreError::from)?;
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
        let value = work(&mut Open(&transaction))?;
        transaction.commit().map_err(StoreError::from)?;
        Ok(value)
    }
}

/// What is in no copy: keys of days, and what tells from where somebody came. It is worth nothing when a copy is needed.
const LEFT_OUT: [&str; 3] = ["day_key", "login", "throttle"];

/// Copies every other row, as the database is at one moment.
pub(super) fn copy(path: &Path, to: &Path) -> Result<(), StoreError> {
    let failed = |error: std::io::Error| StoreError::Failed(format!("{:?}", error.kind()));
    std::fs::File::open(path).map_err(failed)?;
    if to.try_exists().map_err(failed)? {
        return Err(StoreError::Failed("AlreadyExists".to_owned()));
    }
    // Whatever is there under the name that was asked for is whole.
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    let part = std::path::PathBuf::from(part);
    match std::fs::remove_file(&part) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    copy_into(path, &part).inspect_err(|_| drop(std::fs::remove_file(&part)))?;
    std::fs::rename(&part, to).map_err(failed)
}

fn copy_into(path: &Path, to: &Path) -> Result<(), StoreError> {
    let mut copy = Sqlite::open(to)?.0.into_inner().unwrap_or_else(PoisonError::into_inner);
    copy.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA foreign_keys = OFF;")?;
    copy.execute("ATTACH ?1 AS live", [path.to_str().ok_or(StoreError::Shape)?])?;
    let version: i64 = copy.query_row("PRAGMA live.user_version", [], |row| row.get(0))?;
    if version != VERSION {
        return Err(StoreError::Newer);
    }
    let transaction = copy.transaction()?;
    let tables: Vec<String> = transaction
        .prepare("SELECT name FROM live.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for table in tables.iter().filter(|table| !LEFT_OUT.contains(&table.as_str())) {
        transaction.execute(&format!("INSERT INTO main.\"{table}\" SELECT * FROM live.\"{table}\""), [])?;
    }
    Ok(transaction.commit()?)
}

/// Makes the file, where there is none, for the service alone; those beside it get the same rights.
fn private(path: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|error| StoreError::Failed(format!("{:?}", error.kind())))
}

struct Open<'a>(&'a Connection);

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Whole(number) => ValueRef::Integer(*number),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

fn cell(value: ValueRef<'_>) -> Result<Cell, StoreError> {
    match value {
        ValueRef::Null => Ok(Cell::Null),
        ValueRef::Integer(number) => Ok(Cell::Whole(number)),
        ValueRef::Blob(bytes) => Ok(Cell::Bytes(bytes.to_vec())),
        ValueRef::Text(text) => {
            String::from_utf8(text.to_vec()).map(Cell::Text).map_err(|_| StoreError::Shape)
        }
        ValueRef::Real(_) => Err(StoreError::Shape),
    }
}

impl Transaction for Open<'_> {
    fn execute(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<u64, StoreError> {
        let mut statement = self.0.prepare_cached(sql)?;
        Ok(statement.execute(rusqlite::params_from_iter(values))? as u64)
    }

    fn rows(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        let mut statement = self.0.prepare_cached(sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query(rusqlite::params_from_iter(values))?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let cells = (0..columns).map(|column| cell(row.get_ref(column)?));
            all.push(Row(cells.collect::<Result<_, _>>()?));
        }
        Ok(all)
    }
}
