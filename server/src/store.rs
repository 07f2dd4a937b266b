//! The database: one set of statements over SQLite and PostgreSQL.
//!
//! **Invariant:** what is done in one call of [`Store::write`] is done whole or not at all, and as if nobody else had
//! written meanwhile. What a statement holds is given as a value, never as part of its text.

mod postgres;
mod sqlite;
mod value;

use std::path::Path;

pub use value::{Cell, Row, Value};

/// The schema, whose types are put in for each database.
const SCHEMA: &str = include_str!("../sql/0001_accounts.sql");
/// Its version.
const VERSION: i64 = 1;

/// Why the database gave no answer. No message holds a value.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It can't be reached, or a statement failed; SQLite's extended code or PostgreSQL's state.
    #[error("the database failed: {0}")]
    Failed(String),
    /// A row is not what the schema says.
    #[error("a row has another shape")]
    Shape,
    /// A newer version of the service wrote it.
    #[error("the database was made by a newer version")]
    Newer,
    /// Others wrote meanwhile, again and again.
    #[error("the database is busy")]
    Busy,
}

/// A transaction.
pub trait Transaction {
    /// Carries a statement out and gives how many rows it changed.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    fn execute(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<u64, StoreError>;

    /// Gives the rows of a statement.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    fn rows(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>, StoreError>;

    /// Gives the first row.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    fn row(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, values)?.into_iter().next())
    }
}

/// When what was written outlasts a power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lasting {
    /// As soon as the call is back.
    Always,
    /// A moment later.
    Soon,
}

type Work<'a, T, E> = &'a mut dyn FnMut(&mut dyn Transaction) -> Result<T, E>;

/// An open database.
pub enum Store {
    /// A file beside the service.
    Sqlite(sqlite::Sqlite),
    /// One that several services may share.
    Postgres(postgres::Postgres),
}

impl Store {
    /// Opens or makes a file.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn sqlite(path: &Path) -> Result<Self, StoreError> {
        Ok(Self::Sqlite(sqlite::Sqlite::open(path)?))
    }

    /// Makes a whole copy of a file that may be in use, for a backup. What tells from where somebody came is left out,
    /// with the keys of days.
    ///
    /// # Errors
    /// See [`StoreError`]; there may be nothing where the copy is to be.
    pub fn copy_sqlite(path: &Path, to: &Path) -> Result<(), StoreError> {
        sqlite::copy(path, to)
    }

    /// Connects to a server, with up to so many connections at a time.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn postgres(url: &str, connections: usize) -> Result<Self, StoreError> {
        Ok(Self::Postgres(postgres::Postgres::connect(url, connections)?))
    }

    /// Does all of `work` or nothing of it; what was done outlasts a power cut. Where others wrote meanwhile it is done again, so it must not do anything but
    /// talk to the database. An error of `work` undoes what it did.
    ///
    /// # Errors
    /// Those of `work`; [`StoreError`].
    pub fn write<T, E: From<StoreError>>(
        &self,
        mut work: impl FnMut(&mut dyn Transaction) -> Result<T, E>,
    ) -> Result<T, E> {
        self.run(Lasting::Always, &mut work)
    }

    /// The same for what is worth little after some minutes, such as a sign-in that is under way: a power cut may take the
    /// last of it, and nothing waits for the disk.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn jot<T, E: From<StoreError>>(
        &self,
        mut work: impl FnMut(&mut dyn Transaction) -> Result<T, E>,
    ) -> Result<T, E> {
        self.run(Lasting::Soon, &mut work)
    }

    /// Whether somebody has an account.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn has_accounts(&self) -> Result<bool, StoreError> {
        self.jot(|tx| Ok::<_, StoreError>(tx.row("SELECT 1 FROM account LIMIT 1", &[])?.is_some()))
    }

    /// What was taken out is gone from the file, its log included. On PostgreSQL this is for its own housekeeping.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    pub fn settle(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.settle(),
            Self::Postgres(_) => Ok(()),
        }
    }

    fn run<T, E: From<StoreError>>(&self, lasting: Lasting, work: Work<'_, T, E>) -> Result<T, E> {
        match self {
            Self::Sqlite(sqlite) => sqlite.run(lasting, work),
            Self::Postgres(postgres) => postgres.run(lasting, work),
        }
    }
}
