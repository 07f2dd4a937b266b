//! The ledger of the network on the open vault. Without an open vault nothing is written down, so nothing goes.

use std::sync::{Arc, Weak};

use egress::{Entry, Intent, Ledger, LedgerError, Outcome};
use model::{Purpose, Timestamp};
use serde::{Deserialize, Serialize};
use vault::{LedgerIntent, LedgerLine, LedgerOutcome, Vault};

use crate::{Event, Failure, Studio, Topic};

/// Lines that are told at once.
const PAGE: u32 = 200;

/// The ledger of one opening of a vault. It does not hold the vault: a lock does not wait for it.
pub(crate) struct VaultLedger {
    pub vault: Weak<Vault>,
    pub tell: Arc<dyn Fn(Event) + Send + Sync>,
}

impl VaultLedger {
    fn told(&self) {
        (self.tell)(Event::Changed { topics: vec![Topic::Ledger] });
    }
}

impl Ledger for VaultLedger {
    fn may(&self, purpose: Purpose) -> bool {
        match purpose {
            // Each such request is a step that the person takes.
            Purpose::Account => self.vault.strong_count() > 0,
        }
    }

    fn open(&self, intent: &Intent) -> Result<Entry, LedgerError> {
        let vault = self.vault.upgrade().ok_or(LedgerError)?;
        let line = LedgerIntent {
            at: intent.at,
            purpose: intent.purpose,
            origin: intent.origin.clone(),
            proxy: intent.proxy.clone(),
            fields: intent.fields.iter().map(|&field| field.to_owned()).collect(),
            sent: intent.bytes,
        };
        let id = vault.open_ledger_line(&line).map_err(|_| LedgerError)?;
        self.told();
        Ok(Entry(id))
    }

    fn close(&self, entry: Entry, outcome: Outcome) {
        let outcome = match outcome {
            Outcome::Answered { status, bytes } => LedgerOutcome::Answered { status, received: bytes },
            Outcome::Failed => LedgerOutcome::Failed,
            Outcome::Cancelled => LedgerOutcome::Cancelled,
        };
        if let Some(vault) = self.vault.upgrade() {
            // The line then says that nobody knows, which is true.
            let _ = vault.close_ledger_line(entry.0, outcome);
        }
        self.told();
    }
}

/// Which lines.
#[derive(Debug, Clone, Copy, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct LedgerRequest {
    /// Those before this line; `null` for the newest.
    #[ts(type = "number | null")]
    pub before: Option<i64>,
}

/// What has left this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct LedgerView {
    /// Requests since the program was started, by what they were for.
    pub since_start: Vec<LedgerCount>,
    /// Newest first.
    pub lines: Vec<LedgerRow>,
    /// There are older ones.
    pub more: bool,
}

/// A number of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct LedgerCount {
    /// What they were for.
    pub purpose: Purpose,
    /// How many.
    #[ts(type = "number")]
    pub requests: u64,
}

/// A request that left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct LedgerRow {
    /// Counts up.
    #[ts(type = "number")]
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// What for.
    pub purpose: Purpose,
    /// Whom to: scheme, host and port.
    pub origin: String,
    /// What it went through.
    pub proxy: Option<String>,
    /// Names of the fields in it.
    pub fields: Vec<String>,
    /// Bytes of its body.
    #[ts(type = "number")]
    pub sent: u64,
    /// What came of it.
    pub outcome: LedgerEnd,
    /// Status of HTTP, 0 without an answer.
    pub status: u16,
    /// Bytes of the answer's body.
    #[ts(type = "number")]
    pub received: u64,
}

/// What came of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum LedgerEnd {
    /// Nobody knows (yet).
    Open,
    /// There was an answer.
    Answered,
    /// There was none.
    Failed,
    /// It was called back.
    Cancelled,
}

impl From<LedgerLine> for LedgerRow {
    fn from(line: LedgerLine) -> Self {
        let (outcome, status, received) = match line.outcome {
            LedgerOutcome::Open => (LedgerEnd::Open, 0, 0),
            LedgerOutcome::Answered { status, received } => (LedgerEnd::Answered, status, received),
            LedgerOutcome::Failed => (LedgerEnd::Failed, 0, 0),
            LedgerOutcome::Cancelled => (LedgerEnd::Cancelled, 0, 0),
        };
        let LedgerIntent { at, purpose, origin, proxy, fields, sent } = line.intent;
        Self { id: line.id, at, purpose, origin, proxy, fields, sent, outcome, status, received }
    }
}

impl Studio {
    /// What has left this computer, as far as this vault knows.
    ///
    /// # Errors
    /// [`crate::Code::Locked`], or when the vault can't be read.
    pub fn ledger(&self, request: LedgerRequest) -> Result<LedgerView, Failure> {
        let vault = self.vault()?;
        let counts = vault.ledger_counts(self.inner.started_at)?;
        let since_start =
            counts.into_iter().map(|(purpose, requests)| LedgerCount { purpose, requests }).collect();
        let lines: Vec<LedgerRow> =
            vault.ledger(request.before, PAGE)?.into_iter().map(LedgerRow::from).collect();
        let more = match lines.last() {
            Some(last) => !vault.ledger(Some(last.id), 1)?.is_empty(),
            None => false,
        };
        Ok(LedgerView { since_start, lines, more })
    }
}
