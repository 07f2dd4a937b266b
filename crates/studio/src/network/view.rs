//! What a person is told of the ledger.

use model::{Basis, Purpose, Timestamp};
use serde::{Deserialize, Serialize};
use vault::{LedgerDay, LedgerFilter, LedgerIntent, LedgerLine, LedgerOutcome};

use super::keeping::LedgerChoice;
use crate::{Failure, Studio};

/// Lines that are told at once.
const PAGE: u32 = 200;

/// Which lines.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct LedgerRequest {
    /// Those before this line; `null` for the newest.
    #[ts(type = "number | null")]
    pub before: Option<i64>,
    /// Those of this purpose alone.
    #[serde(default)]
    pub purpose: Option<Purpose>,
    /// Those to this place alone.
    #[serde(default)]
    pub origin: Option<String>,
}

/// Which days.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct LedgerDaysRequest {
    /// Requests since then.
    pub since: Timestamp,
    /// Minutes that the zone of the days is before UTC: 540 in Japan.
    pub zone: i32,
    /// Those of this purpose alone.
    #[serde(default)]
    pub purpose: Option<Purpose>,
    /// Those to this place alone.
    #[serde(default)]
    pub origin: Option<String>,
}

/// What a day saw of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct LedgerDayRow {
    /// Days since 1970 in the zone that was asked for.
    #[ts(type = "number")]
    pub day: i64,
    /// Requests.
    #[ts(type = "number")]
    pub requests: u64,
    /// Bytes of their bodies.
    #[ts(type = "number")]
    pub sent: u64,
    /// Bytes of the answers' bodies.
    #[ts(type = "number")]
    pub received: u64,
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
    /// Every place that a request went to.
    pub origins: Vec<String>,
    /// Lines from before this were taken out.
    pub cleared: Option<Timestamp>,
    /// Days that a line is kept; `null` as long as the vault.
    pub keep_days: Option<u16>,
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
    /// What allows it.
    pub basis: Basis,
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
        Self {
            id: line.id,
            at,
            purpose,
            basis: purpose.basis(),
            origin,
            proxy,
            fields,
            sent,
            outcome,
            status,
            received,
        }
    }
}

impl Studio {
    /// What has left this computer, as far as this vault knows.
    ///
    /// # Errors
    /// [`crate::Code::Locked`], or when the vault can't be read.
    pub fn ledger(&self, request: &LedgerRequest) -> Result<LedgerView, Failure> {
        let vault = self.vault()?;
        let filter = LedgerFilter { purpose: request.purpose, origin: request.origin.clone() };
        let counts = vault.ledger_counts(self.inner.started_at)?;
        let since_start =
            counts.into_iter().map(|(purpose, requests)| LedgerCount { purpose, requests }).collect();
        let lines = vault.ledger(&filter, request.before, PAGE)?;
        let more = match lines.last() {
            Some(last) => !vault.ledger(&filter, Some(last.id), 1)?.is_empty(),
            None => false,
        };
        let LedgerChoice { keep_days, cleared } = LedgerChoice::of(&vault)?;
        let lines = lines.into_iter().map(LedgerRow::from).collect();
        Ok(LedgerView { since_start, lines, more, origins: vault.ledger_origins()?, cleared, keep_days })
    }

    /// What each day saw of the network; days without a request are left out.
    ///
    /// # Errors
    /// As [`Studio::ledger`].
    pub fn ledger_days(&self, request: &LedgerDaysRequest) -> Result<Vec<LedgerDayRow>, Failure> {
        let filter = LedgerFilter { purpose: request.purpose, origin: request.origin.clone() };
        // No zone is farther from UTC than a day.
        let east = i64::from(request.zone.clamp(-1440, 1440)) * 60_000;
        let days = self.vault()?.ledger_days(&filter, request.since, east)?;
        let row =
            |LedgerDay { day, requests, sent, received }| LedgerDayRow { day, requests, sent, received };
        Ok(days.into_iter().map(row).collect())
    }
}
