//! The ledger: what has left this computer.

use model::{Purpose, Timestamp};
use rusqlite::{Connection, Row, params};

use crate::error::VaultError;

/// What came of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LedgerOutcome {
    /// Nobody knows: the program ended, or the vault was locked, before there was an answer.
    Open,
    /// There was an answer.
    Answered {
        /// Of HTTP.
        status: u16,
        /// Bytes of its body.
        received: u64,
    },
    /// There was no answer.
    Failed,
    /// It was called back before the answer.
    Cancelled,
}

/// A request that is about to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerIntent {
    /// When.
    pub at: Timestamp,
    /// What for.
    pub purpose: Purpose,
    /// Whom to: scheme, host and port.
    pub origin: String,
    /// What it goes through, where that is something.
    pub proxy: Option<String>,
    /// Names of the fields in it.
    pub fields: Vec<String>,
    /// Bytes of the body.
    pub sent: u64,
}

/// A line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerLine {
    /// Counts up.
    pub id: i64,
    /// The request.
    pub intent: LedgerIntent,
    /// What came of it.
    pub outcome: LedgerOutcome,
}

/// Adds a line and gives its number.
pub fn insert(connection: &Connection, intent: &LedgerIntent) -> Result<i64, VaultError> {
    let fields = serde_json::to_string(&intent.fields).map_err(|_| VaultError::Internal(0))?;
    connection
        .prepare_cached(
            "INSERT INTO ledger (at, purpose, origin, proxy, fields, sent) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            intent.at.millis(),
            intent.purpose.name(),
            intent.origin,
            intent.proxy.as_deref().unwrap_or_default(),
            fields,
            whole(intent.sent),
        ])?;
    Ok(connection.last_insert_rowid())
}

/// Completes a line.
pub fn complete(connection: &Connection, id: i64, outcome: LedgerOutcome) -> Result<(), VaultError> {
    let (name, status, received) = match outcome {
        LedgerOutcome::Open => ("open", 0, 0),
        LedgerOutcome::Answered { status, received } => ("answered", status, received),
        LedgerOutcome::Failed => ("failed", 0, 0),
        LedgerOutcome::Cancelled => ("cancelled", 0, 0),
    };
    connection
        .prepare_cached("UPDATE ledger SET outcome = ?2, status = ?3, received = ?4 WHERE id = ?1")?
        .execute(params![id, name, status, whole(received)])?;
    Ok(())
}

/// Which lines are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LedgerFilter {
    /// Of this purpose alone.
    pub purpose: Option<Purpose>,
    /// To this place alone.
    pub origin: Option<String>,
}

/// What a day saw of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerDay {
    /// Days since 1970 in the zone that was asked for.
    pub day: i64,
    /// Requests.
    pub requests: u64,
    /// Bytes of their bodies.
    pub sent: u64,
    /// Bytes of the answers' bodies.
    pub received: u64,
}

/// So many lines before a number, newest first.
pub fn before(
    connection: &Connection,
    filter: &LedgerFilter,
    id: Option<i64>,
    most: u32,
) -> Result<Vec<LedgerLine>, VaultError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, at, purpose, origin, proxy, fields, sent, outcome, status, received FROM ledger \
         WHERE id < ?1 AND purpose = coalesce(?3, purpose) AND origin = coalesce(?4, origin) \
         ORDER BY id DESC LIMIT ?2",
    )?;
    let purpose = filter.purpose.map(Purpose::name);
    let rows = statement.query_map(params![id.unwrap_or(i64::MAX), most, purpose, filter.origin], line)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Days since a time that saw a request, in order. `east` is how many milliseconds the zone is before UTC.
pub fn days(
    connection: &Connection,
    filter: &LedgerFilter,
    since: Timestamp,
    east: i64,
) -> Result<Vec<LedgerDay>, VaultError> {
    let mut statement = connection.prepare_cached(
        "SELECT (at + ?2) / 86400000 AS day, count(*), sum(sent), sum(received) FROM ledger \
         WHERE at >= ?1 AND purpose = coalesce(?3, purpose) AND origin = coalesce(?4, origin) \
         GROUP BY day ORDER BY day",
    )?;
    let purpose = filter.purpose.map(Purpose::name);
    let number = |row: &Row<'_>, at: usize| row.get::<_, i64>(at).map(|n| u64::try_from(n).unwrap_or(0));
    let rows = statement.query_map(params![since.millis(), east, purpose, filter.origin], |row| {
        let (requests, sent, received) = (number(row, 1)?, number(row, 2)?, number(row, 3)?);
        Ok(LedgerDay { day: row.get(0)?, requests, sent, received })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Where requests went, in order of their names.
pub fn origins(connection: &Connection) -> Result<Vec<String>, VaultError> {
    let mut statement = connection.prepare_cached("SELECT DISTINCT origin FROM ledger ORDER BY origin")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many lines there are, and the time of the oldest.
pub fn extent(connection: &Connection) -> Result<(u64, Option<Timestamp>), VaultError> {
    let mut statement = connection.prepare_cached("SELECT count(*), min(at) FROM ledger")?;
    Ok(statement.query_row([], |row| {
        let count = u64::try_from(row.get::<_, i64>(0)?).unwrap_or(0);
        Ok((count, row.get::<_, Option<i64>>(1)?.map(Timestamp::from_millis)))
    })?)
}

/// Takes out the lines from before a time, and tells how many there were. Those that wait for their answer since `running` stay.
pub fn clear(connection: &Connection, before: Timestamp, running: Timestamp) -> Result<usize, VaultError> {
    let sql = "DELETE FROM ledger WHERE at < ?1 AND (outcome <> 'open' OR at < ?2)";
    Ok(connection.prepare_cached(sql)?.execute([before.millis(), running.millis()])?)
}

/// How many lines there are since a time, of each purpose that has some.
pub fn counts(connection: &Connection, since: Timestamp) -> Result<Vec<(Purpose, u64)>, VaultError> {
    let mut statement = connection
        .prepare_cached("SELECT purpose, count(*) FROM ledger WHERE at >= ?1 GROUP BY purpose ORDER BY 1")?;
    let rows = statement
        .query_map([since.millis()], |row| Ok((purpose(&row.get::<_, String>(0)?), row.get::<_, i64>(1)?)))?;
    let counts = rows.collect::<Result<Vec<_>, _>>()?;
    Ok(counts.into_iter().map(|(purpose, count)| (purpose, u64::try_from(count).unwrap_or(0))).collect())
}

fn line(row: &Row<'_>) -> Result<LedgerLine, rusqlite::Error> {
    let fields: String = row.get(5)?;
    let proxy: String = row.get(4)?;
    let received = u64::try_from(row.get::<_, i64>(9)?).unwrap_or(0);
    let outcome = match row.get::<_, String>(7)?.as_str() {
        "answered" => LedgerOutcome::Answered { status: row.get(8)?, received },
        "failed" => LedgerOutcome::Failed,
        "cancelled" => LedgerOutcome::Cancelled,
        _ => LedgerOutcome::Open,
    };
    Ok(LedgerLine {
        id: row.get(0)?,
        intent: LedgerIntent {
            at: Timestamp::from_millis(row.get(1)?),
            purpose: purpose(&row.get::<_, String>(2)?),
            origin: row.get(3)?,
            proxy: Some(proxy).filter(|proxy| !proxy.is_empty()),
            fields: serde_json::from_str(&fields).unwrap_or_default(),
            sent: u64::try_from(row.get::<_, i64>(6)?).unwrap_or(0),
        },
        outcome,
    })
}

/// Every version so far knows every purpose that it wrote; a catalogue of a newer one is not opened.
fn purpose(name: &str) -> Purpose {
    Purpose::named(name).unwrap_or(Purpose::Account)
}

fn whole(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
