//! What the open vault keeps of the network: the ledger, and the choices that belong to it.

use model::{Purpose, Timestamp};
use rusqlite::OptionalExtension as _;

use crate::catalogue;
use crate::error::VaultError;
use crate::tables::ledger::{self, LedgerDay, LedgerFilter, LedgerIntent, LedgerLine, LedgerOutcome};
use crate::vault::Vault;

impl Vault {
    /// Writes down that a request is about to go; when this is back, the line outlasts a power cut.
    ///
    /// # Errors
    /// When the catalogue can't be written: then the request must not go.
    pub fn open_ledger_line(&self, intent: &LedgerIntent) -> Result<i64, VaultError> {
        let writer = self.catalogue.writer();
        self.touch(&writer)?;
        ledger::insert(&writer, intent)
    }

    /// Completes a line.
    ///
    /// # Errors
    /// When the catalogue can't be written: then the line says that nobody knows.
    pub fn close_ledger_line(&self, id: i64, outcome: LedgerOutcome) -> Result<(), VaultError> {
        ledger::complete(&self.catalogue.writer(), id, outcome)
    }

    /// Lines of the ledger before one, newest first; without one from the newest on.
    ///
    /// # Errors
    /// When the catalogue can't be read.
    pub fn ledger(
        &self,
        filter: &LedgerFilter,
        before: Option<i64>,
        most: u32,
    ) -> Result<Vec<LedgerLine>, VaultError> {
        self.catalogue.read(|connection| ledger::before(connection, filter, before, most))
    }

    /// Days since a time that saw a request, in order; `east` is how many milliseconds the zone is before UTC.
    ///
    /// # Errors
    /// When the catalogue can't be read.
    pub fn ledger_days(
        &self,
        filter: &LedgerFilter,
        since: Timestamp,
        east: i64,
    ) -> Result<Vec<LedgerDay>, VaultError> {
        self.catalogue.read(|connection| ledger::days(connection, filter, since, east))
    }

    /// Every place that a request went to.
    ///
    /// # Errors
    /// When the catalogue can't be read.
    pub fn ledger_origins(&self) -> Result<Vec<String>, VaultError> {
        self.catalogue.read(|connection| ledger::origins(connection))
    }

    /// How many lines the ledger has, and the time of the oldest.
    ///
    /// # Errors
    /// When the catalogue can't be read.
    pub fn ledger_extent(&self) -> Result<(u64, Option<Timestamp>), VaultError> {
        self.catalogue.read(|connection| ledger::extent(connection))
    }

    /// Takes out the lines from before a time, and tells how many there were. Those that wait for their answer since `running`,
    /// when the program was started, stay.
    ///
    /// # Errors
    /// When the catalogue can't be written; then all of them stay.
    pub fn clear_ledger(&self, before: Timestamp, running: Timestamp) -> Result<usize, VaultError> {
        let mut writer = self.catalogue.writer();
        self.touch(&writer)?;
        let transaction = writer.transaction()?;
        let cleared = ledger::clear(&transaction, before, running)?;
        if cleared > 0 {
            // What stood in them goes for good with the next renewal.
            catalogue::set_meta(&transaction, catalogue::ERASED, "1")?;
        }
        transaction.commit()?;
        Ok(cleared)
    }

    /// How many requests went since a time, of each purpose that had some.
    ///
    /// # Errors
    /// When the catalogue can't be read.
    pub fn ledger_counts(&self, since: Timestamp) -> Result<Vec<(Purpose, u64)>, VaultError> {
        self.catalogue.read(|connection| ledger::counts(connection, since))
    }

    /// What the person chose under this name.
    ///
    /// # Errors
    /// When the catalogue can't be read.
    pub fn choice(&self, name: &str) -> Result<Option<String>, VaultError> {
        self.catalogue.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT value FROM choice WHERE name = ?1")?;
            Ok(statement.query_row([name], |row| row.get(0)).optional()?)
        })
    }

    /// Keeps a choice in place of the one before; `None` takes it away.
    ///
    /// # Errors
    /// When the catalogue can't be written; then the one before stays.
    pub fn choose(&self, name: &str, value: Option<&str>) -> Result<(), VaultError> {
        let writer = self.catalogue.writer();
        self.touch(&writer)?;
        match value {
            Some(value) => writer.execute(
                "INSERT INTO choice VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
                [name, value],
            )?,
            None => writer.execute("DELETE FROM choice WHERE name = ?1", [name])?,
        };
        Ok(())
    }
}
