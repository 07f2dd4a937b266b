//! Everything that is held about an account, to take along.

use serde::Serialize;
use utoipa::ToSchema;
use wire::messages::{AccountView, SessionView};
use wire::{Purpose, Ticket};

use super::events::Kind;
use super::ticket::TicketPurpose;
use super::{Accounts, Caller, Refusal, Whence, day_text};
use crate::store::StoreError;
use crate::values;

/// Every row about an account: JSON, version 1. Secrets that are no use to a person (digests of tokens, the record that a
/// password is proved against) are counted by their kind and length.
#[derive(Debug, Serialize, ToSchema)]
pub struct Export {
    /// `zimage-account-export/1`.
    format: &'static str,
    /// When, RFC 3339.
    made_at: String,
    account: AccountView,
    credential: Credential,
    sessions: Vec<SessionView>,
    security_events: Vec<Event>,
    /// Pictures that were made, by day.
    pictures: Vec<Pictures>,
    /// Steps that are under way: codes, tickets and sign-ins, all gone within ten minutes, the way back to an earlier
    /// address within three days.
    pending: Pending,
}

#[derive(Debug, Serialize, ToSchema)]
struct Credential {
    suite: i64,
    ksf_id: i64,
    /// Bytes of the record. The password is not in it.
    record_bytes: usize,
    created_day: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct Event {
    at: String,
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Pictures {
    day: String,
    count: i64,
}

#[derive(Debug, Serialize, ToSchema)]
struct Pending {
    codes: i64,
    tickets: i64,
    sign_ins: i64,
    mails: i64,
}

fn time_text(second: i64) -> String {
    jiff::Timestamp::from_second(second).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string()
}

impl Accounts {
    /// Gives every row about the account of a ticket from a sign-in for this purpose.
    ///
    /// # Errors
    /// [`Refusal::Unauthorized`] for another ticket.
    pub fn export(&self, ticket: &Ticket, whence: Whence) -> Result<Export, Refusal> {
        let now = self.now();
        let account = self.write(|tx| {
            let redeemed =
                Self::redeem_for_account(tx, ticket, &[TicketPurpose::Proof(Purpose::Export)], now)?;
            let (account, _) = match redeemed {
                Ok(redeemed) => redeemed,
                Err(refusal) => return Ok(Err(refusal)),
            };
            self.note(tx, Kind::Exported, Some(&account), whence, now)?;
            Ok(Ok(account))
        })?;
        let nowhere = wire::Id::from_bytes([0; 16]);
        let sessions = self.sessions(Caller { account, session: nowhere })?;
        self.jot(|tx| {
            let view = match self.view(tx, &account)? {
                Ok(view) => view,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let row = tx.row(
                "SELECT suite, ksf_id, record, created_day FROM credential WHERE account_id = ?1",
                values![account.as_bytes()],
            )?;
            let row = row.ok_or(StoreError::Shape)?;
            let credential = Credential {
                suite: row.whole(0)?,
                ksf_id: row.whole(1)?,
                record_bytes: row.bytes(2)?.len(),
                created_day: day_text(row.whole(3)?),
            };
            let event = |event: super::events::Event| Event {
                at: time_text(event.at),
                kind: event.kind,
                ip: event.ip,
            };
            let pictures = tx.rows(
                "SELECT day, used FROM quota WHERE account_id = ?1 ORDER BY day",
                values![account.as_bytes()],
            )?;
            let pictures = pictures.iter().map(|row| {
                Ok::<_, StoreError>(Pictures { day: day_text(row.whole(0)?), count: row.whole(1)? })
            });
            let mut count = |sql: &'static str| {
                let row = tx.row(sql, values![account.as_bytes()])?;
                row.ok_or(StoreError::Shape)?.whole(0)
            };
            let pending = Pending {
                codes: count("SELECT count(*) FROM challenge WHERE account_id = ?1")?,
                tickets: count("SELECT count(*) FROM ticket WHERE account_id = ?1")?,
                sign_ins: count("SELECT count(*) FROM login WHERE account_id = ?1")?,
                mails: count("SELECT count(*) FROM outbox WHERE account_id = ?1")?,
            };
            Ok(Ok(Export {
                format: "zimage-account-export/1",
                made_at: time_text(now),
                account: view,
                credential,
                sessions: sessions.clone(),
                pictures: pictures.collect::<Result<_, _>>()?,
                pending,
                security_events: self.events_of(tx, &account)?.into_iter().map(event).collect(),
            }))
        })
    }
}
