//! PostgreSQL: a server that several services may share.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use postgres::error::SqlState;
use postgres::types::{IsNull, ToSql, Type};
use postgres::{Client, Config, IsolationLevel, NoTls, Statement};

use super::{Cell, Lasting, Row, SCHEMA, StoreError, Transaction, VERSION, Value, Work};

/// So often a transaction is tried that others came in the way of.
const TRIES: u32 = 20;
/// How long a server may take to be reached, to take what was sent, or to have a connection free.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long one statement may take, by the server's own clock.
const STATEMENT_TIME: &str = "-c statement_timeout=10s";
/// A number for the lock under which the schema is made; any will do.
const SCHEMA_LOCK: i64 = 0x7a69_6d67;

/// Connections that are idle, and how many may be made yet.
struct Pool {
    idle: Vec<Connected>,
    left: usize,
}

/// A server and the connections to it.
pub struct Postgres {
    config: Box<Config>,
    pool: Mutex<Pool>,
    freed: Condvar,
}

struct Connected {
    client: Client,
    /// By their text, which is the same object in every call.
    prepared: HashMap<&'static str, Statement>,
    /// It was idle: the server may have ended it since, which shows at its next use.
    rested: bool,
}

/// What became of an attempt.
enum Tried<R> {
    Done(R),
    /// Others came in the way.
    Crossed,
    /// The transaction did not even begin.
    NotBegun(StoreError),
}

impl From<postgres::Error> for StoreError {
    fn from(error: postgres::Error) -> Self {
        // Messages of the server may quote values; its state does not.
        Self::Failed(format!("postgres {}", error.code().map_or("connection", SqlState::code)))
    }
}

fn is_conflict(error: &StoreError) -> bool {
    let states = [&SqlState::T_R_SERIALIZATION_FAILURE, &SqlState::T_R_DEADLOCK_DETECTED];
    matches!(error, StoreError::Failed(text) if states.iter().any(|state| text.ends_with(state.code())))
}

impl Postgres {
    pub(super) fn connect(url: &str, connections: usize) -> Result<Self, StoreError> {
        let pool = Mutex::new(Pool { idle: Vec::new(), left: connections.max(1) });
        let mut config: Config = url.parse()?;
        let options = format!("{} {STATEMENT_TIME}", config.get_options().unwrap_or_default());
        config.options(options.trim()).connect_timeout(PATIENCE).tcp_user_timeout(PATIENCE);
        let this = Self { config: Box::new(config), pool, freed: Condvar::new() };
        let mut connected = this.take()?;
        let made = make(&mut connected.client);
        this.give(Some(connected));
        made.map(|()| this)
    }

    /// An idle connection or a new one; waits while all are busy.
    fn take(&self) -> Result<Connected, StoreError> {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match pool.idle.pop() {
                Some(connected) if connected.client.is_closed() => pool.left += 1,
                Some(connected) => return Ok(Connected { rested: true, ..connected }),
                None if pool.left > 0 => break,
                None => {
                    let waited =
                        self.freed.wait_timeout(pool, PATIENCE).unwrap_or_else(PoisonError::into_inner);
                    if waited.1.timed_out() {
                        return Err(StoreError::Busy);
                    }
                    pool = waited.0;
                }
            }
        }
        pool.left -= 1;
        drop(pool);
        match self.config.connect(NoTls) {
            Ok(client) => Ok(Connected { client, prepared: HashMap::new(), rested: false }),
            Err(error) => {
                self.give(None);
                Err(error.into())
            }
        }
    }

    /// Puts a connection back, or its place where it is gone.
    fn give(&self, connected: Option<Connected>) {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        match connected.filter(|connected| !connected.client.is_closed()) {
            Some(connected) => pool.idle.push(connected),
            None => pool.left += 1,
        }
        drop(pool);
        self.freed.notify_one();
    }

    pub(super) fn run<T, E: From<StoreError>>(&self, lasting: Lasting, work: Work<'_, T, E>) -> Result<T, E> {
        let mut tries = 0;
        while tries < TRIES {
            let mut connected = self.take()?;
            match attempt(&mut connected, lasting, work) {
                Tried::Done(result) => {
                    self.give(Some(connected));
                    return result;
                }
                Tried::Crossed => {
                    self.give(Some(connected));
                    tries += 1;
                }
                // The server was away for a while; another connection tells whether it is back.
                Tried::NotBegun(_) if connected.rested => self.give(None),
                Tried::NotBegun(error) => {
                    self.give(None);
                    return Err(error.into());
                }
            }
        }
        Err(StoreError::Busy.into())
    }
}

fn attempt<T, E: From<StoreError>>(
    connected: &mut Connected,
    lasting: Lasting,
    work: Work<'_, T, E>,
) -> Tried<Result<T, E>> {
    let Connected { client, prepared, .. } = connected;
    let begun = client.build_transaction().isolation_level(IsolationLevel::Serializable).start();
    let transaction = match begun.and_then(|transaction| lasts(transaction, lasting)) {
        Ok(transaction) => transaction,
        Err(error) => return Tried::NotBegun(error.into()),
    };
    let mut open = Open { transaction, prepared, conflict: false };
    let result = work(&mut open);
    if open.conflict {
        return Tried::Crossed;
    }
    match result {
        Ok(value) => match open.transaction.commit().map_err(StoreError::from) {
            Ok(()) => Tried::Done(Ok(value)),
            Err(error) if is_conflict(&error) => Tried::Crossed,
            Err(error) => Tried::Done(Err(error.into())),
        },
        // Dropped, it is rolled back.
        Err(error) => Tried::Done(Err(error)),
    }
}

fn lasts(
    mut transaction: postgres::Transaction<'_>,
    lasting: Lasting,
) -> Result<postgres::Transaction<'_>, postgres::Error> {
    if lasting == Lasting::Soon {
        transaction.batch_execute("SET LOCAL synchronous_commit = off")?;
    }
    Ok(transaction)
}

fn make(client: &mut Client) -> Result<(), StoreError> {
    let mut transaction = client.transaction()?;
    transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&SCHEMA_LOCK])?;
    transaction.batch_execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)")?;
    let version = transaction.query_opt("SELECT version FROM schema_version", &[])?;
    match version.map(|row| row.get::<_, i64>(0)) {
        Some(version) if version > VERSION => return Err(StoreError::Newer),
        Some(_) => {}
        None => {
            let schema = SCHEMA.replace("BYTES", "BYTEA").replace("WHOLE", "BIGINT");
            transaction.batch_execute(&schema)?;
            transaction.execute("INSERT INTO schema_version VALUES ($1)", &[&VERSION])?;
        }
    }
    Ok(transaction.commit()?)
}

struct Open<'a> {
    transaction: postgres::Transaction<'a>,
    prepared: &'a mut HashMap<&'static str, Statement>,
    conflict: bool,
}

impl Open<'_> {
    fn statement(&mut self, sql: &'static str) -> Result<Statement, StoreError> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.transaction.prepare(&sql.replace('?', "$"))?;
        self.prepared.insert(sql, statement.clone());
        Ok(statement)
    }

    /// Remembers that others came in the way: whatever the work makes of it, it is done again.
    fn heard<T>(&mut self, result: Result<T, postgres::Error>) -> Result<T, StoreError> {
        let result = result.map_err(StoreError::from);
        self.conflict |= result.as_ref().is_err_and(is_conflict);
        result
    }
}

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut postgres::types::private::BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Whole(number) => number.to_sql(ty, out),
            Self::Bytes(bytes) => bytes.to_sql(ty, out),
            Self::Text(text) => text.to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        [Type::INT8, Type::BYTEA, Type::TEXT].contains(ty)
    }

    postgres::types::to_sql_checked!();
}

fn row(row: &postgres::Row) -> Result<Row, StoreError> {
    let cells = row.columns().iter().enumerate().map(|(place, column)| match *column.type_() {
        Type::INT8 => Ok(row.try_get::<_, Option<i64>>(place)?.map_or(Cell::Null, Cell::Whole)),
        // What a statement itself counts.
        Type::INT4 => Ok(row.try_get::<_, Option<i32>>(place)?.map_or(Cell::Null, |n| Cell::Whole(n.into()))),
        Type::BYTEA => Ok(row.try_get::<_, Option<Vec<u8>>>(place)?.map_or(Cell::Null, Cell::Bytes)),
        Type::TEXT => Ok(row.try_get::<_, Option<String>>(place)?.map_or(Cell::Null, Cell::Text)),
        _ => Err(StoreError::Shape),
    });
    Ok(Row(cells.collect::<Result<_, _>>()?))
}

impl Transaction for Open<'_> {
    fn execute(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<u64, StoreError> {
        let statement = self.statement(sql)?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
        let result = self.transaction.execute(&statement, &values);
        self.heard(result)
    }

    fn rows(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        let statement = self.statement(sql)?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
        let result = self.transaction.query(&statement, &values);
        self.heard(result)?.iter().map(row).collect()
    }
}
