//! What is written down of each request. The ledger itself is kept elsewhere: the door only asks for it.

use model::{Purpose, Timestamp};

/// A request that is about to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// When.
    pub at: Timestamp,
    /// What for.
    pub purpose: Purpose,
    /// Whom to: scheme, host and port.
    pub origin: String,
    /// The proxy that it goes through, if there is one.
    pub proxy: Option<String>,
    /// The names of the fields in it. Never what stands in them.
    pub fields: Vec<&'static str>,
    /// Bytes of its body.
    pub bytes: u64,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// An answer, by its status and the bytes of its body.
    Answered {
        /// Of HTTP.
        status: u16,
        /// Bytes.
        bytes: u64,
    },
    /// No answer, or none that was taken. Whether the request arrived is not known.
    Failed,
    /// It was called back before an answer came.
    Cancelled,
}

/// A line of the ledger, to be completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Entry(pub i64);

/// The ledger can't be written: then nothing goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the ledger can't be written")]
pub struct LedgerError;

/// Who says what may go, and keeps what went.
pub trait Ledger: Send + Sync {
    /// Whether requests for this may go now. Asked before each.
    fn may(&self, purpose: Purpose) -> bool;

    /// Writes a request down. When this is back, the line outlasts a power cut.
    ///
    /// # Errors
    /// [`LedgerError`]; then the request does not go.
    fn open(&self, intent: &Intent) -> Result<Entry, LedgerError>;

    /// Completes a line. One that is never completed says that it is not known what came of it.
    fn close(&self, entry: Entry, outcome: Outcome);
}
