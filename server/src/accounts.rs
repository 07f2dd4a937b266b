//! What can be done with accounts. Every call blocks while the database works; [`crate::http`] keeps them off its threads.
//!
//! **Invariant:** whether there is an account for an address shows in no answer, no length, no work that is done before the
//! answer, but to who reads that address's mail.

mod challenge;
mod deletion;
mod events;
mod export;
mod login;
mod outbox;
mod profile;
mod quota;
mod registration;
mod retention;
mod session;
mod throttle;
mod ticket;

use std::net::IpAddr;
use std::sync::Arc;

use model::Clock;
use wire::messages::ProblemKind;
use wire::{Email, Id};

use crate::keys::{Digests, Keys, Seals};
use crate::store::{Row, Store, StoreError, Transaction};

pub use export::Export;
pub use outbox::Due;
pub use session::Caller;
pub use ticket::TicketPurpose;

/// Seconds of a day.
pub const DAY: i64 = 86_400;

/// The service without its doors.
pub struct Accounts {
    store: Store,
    keys: Keys,
    clock: Arc<dyn Clock>,
}

/// Where a request came from; for throttles and the log for security only.
#[derive(Debug, Clone, Copy, Default)]
pub struct Whence {
    /// The address.
    pub ip: Option<IpAddr>,
}

/// Why a request was refused.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Nothing that was given opens anything. By design it is not told what was wrong.
    #[error("refused")]
    Unauthorized,
    /// The account has no such device (any more).
    #[error("no such device")]
    NotFound,
    /// Bytes that are no message of this step.
    #[error("malformed")]
    BadRequest,
    /// Too many tries; seconds to wait.
    #[error("too many tries")]
    TooMany(u32),
    /// The account's share of the day is used up; seconds until the next.
    #[error("the day's share is used up")]
    QuotaExceeded(u32),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Refusal {
    /// As it is told to the client.
    #[must_use]
    pub fn kind(&self) -> ProblemKind {
        match self {
            Self::Unauthorized => ProblemKind::Unauthorized,
            Self::NotFound => ProblemKind::NotFound,
            Self::BadRequest => ProblemKind::BadRequest,
            Self::TooMany(_) => ProblemKind::TooMany,
            Self::QuotaExceeded(_) => ProblemKind::QuotaExceeded,
            Self::Store(_) => ProblemKind::Unavailable,
        }
    }

    /// Seconds after which it may be tried again.
    #[must_use]
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            Self::TooMany(seconds) | Self::QuotaExceeded(seconds) => Some(*seconds),
            Self::Store(_) => Some(10),
            Self::Unauthorized | Self::NotFound | Self::BadRequest => None,
        }
    }
}

/// What a transaction comes to. A refusal commits what was counted on the way to it and the tickets that were used up: who refuses
/// has written nothing else.
type Answer<T> = Result<Result<T, Refusal>, StoreError>;

impl Accounts {
    /// Puts it together.
    pub fn new(store: Store, keys: Keys, clock: Arc<dyn Clock>) -> Self {
        Self { store, keys, clock }
    }

    /// The secrets.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`Refusal::Store`].
    pub fn is_alive(&self) -> Result<(), Refusal> {
        self.jot(|tx| tx.rows("SELECT 1", &[]).map(|_| Ok(())))
    }

    fn now(&self) -> i64 {
        self.clock.now().millis().div_euclid(1000)
    }

    fn write<T>(&self, work: impl FnMut(&mut dyn Transaction) -> Answer<T>) -> Result<T, Refusal> {
        self.store.write(work)?
    }

    fn jot<T>(&self, work: impl FnMut(&mut dyn Transaction) -> Answer<T>) -> Result<T, Refusal> {
        self.store.jot(work)?
    }

    fn email_idx(&self, email: &Email) -> [u8; 32] {
        self.keys.digest(Digests::Address, &[email.index_form().as_bytes()])
    }

    /// What stands sealed in a column.
    fn unsealed(&self, what: Seals, row: &[u8], sealed: &[u8]) -> Result<String, StoreError> {
        let plain = self.keys.open(what, row, sealed).ok_or(StoreError::Shape)?;
        String::from_utf8(plain.to_vec()).map_err(|_| StoreError::Shape)
    }
}

/// A day as it stands in messages: `YYYY-MM-DD` in UTC.
fn day_text(day: i64) -> String {
    let time = jiff::Timestamp::from_second(day.saturating_mul(DAY)).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    time.strftime("%Y-%m-%d").to_string()
}

fn day_of(second: i64) -> i64 {
    second.div_euclid(DAY)
}

fn id(row: &Row, column: usize) -> Result<Id, StoreError> {
    row.exactly(column).map(Id::from_bytes)
}

fn seconds(number: i64) -> u32 {
    u32::try_from(number.max(1)).unwrap_or(u32::MAX)
}
