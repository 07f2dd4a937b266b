//! Tickets: a step that was just finished, to be used once, within ten minutes.

use wire::messages::MailPurpose;
use wire::{Id, Purpose, Ticket};

use super::{Accounts, Answer, Refusal, id};
use crate::store::{Row, StoreError, Transaction};
use crate::values;

/// Seconds that a ticket lasts.
pub(super) const LASTS: i64 = 600;

/// What a ticket is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketPurpose {
    /// A code that came by mail was right.
    Mail(MailPurpose),
    /// A password was proved.
    Proof(Purpose),
    /// A move to another address may be taken back.
    UndoEmail,
}

impl TicketPurpose {
    fn name(self) -> String {
        match self {
            Self::Mail(purpose) => format!("mail {}", purpose.name()),
            Self::Proof(purpose) => format!("proof {}", purpose.name()),
            Self::UndoEmail => "undo".to_owned(),
        }
    }

    fn named(name: &str) -> Option<Self> {
        match name.split_once(' ') {
            Some(("mail", name)) => MailPurpose::named(name).map(Self::Mail),
            Some(("proof", name)) => Purpose::named(name).map(Self::Proof),
            None if name == "undo" => Some(Self::UndoEmail),
            _ => None,
        }
    }
}

/// What a ticket stands for.
#[derive(Debug, Clone)]
pub(super) struct Stub {
    pub purpose: TicketPurpose,
    pub account: Option<Id>,
    /// The address's index and the address itself, sealed for the ticket's row.
    pub email: Option<([u8; 32], Vec<u8>)>,
    /// The credential of a registration that has begun, and the secret it goes under.
    pub credential: Option<(Id, i64)>,
}

impl Stub {
    fn read(row: &Row) -> Result<Self, StoreError> {
        let email = match (row.maybe_exactly(2)?, row.maybe_bytes(3)?) {
            (Some(idx), Some(enc)) => Some((idx, enc.to_vec())),
            _ => None,
        };
        let credential = match (row.maybe_exactly(4)?, row.maybe_whole(5)?) {
            (Some(credential), Some(setup)) => Some((Id::from_bytes(credential), setup)),
            _ => None,
        };
        Ok(Self {
            purpose: TicketPurpose::named(row.text(0)?).ok_or(StoreError::Shape)?,
            account: row.maybe_exactly(1)?.map(Id::from_bytes),
            email,
            credential,
        })
    }
}

/// Keeps what a new ticket stands for.
pub(super) fn issue(
    tx: &mut dyn Transaction,
    ticket: &Ticket,
    stub: &Stub,
    expires: i64,
) -> Result<(), StoreError> {
    let (idx, enc) = stub.email.as_ref().map(|(idx, enc)| (idx, enc)).unzip();
    tx.execute(
        "INSERT INTO ticket (token_hash, purpose, account_id, email_idx, email_enc, expires)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        values![
            &ticket.hash().0,
            stub.purpose.name().as_str(),
            stub.account.as_ref().map(Id::as_bytes),
            idx,
            enc,
            expires
        ],
    )?;
    Ok(())
}

/// Looks at a ticket and leaves it.
pub(super) fn look(tx: &mut dyn Transaction, ticket: &Ticket, now: i64) -> Answer<Stub> {
    let row = tx.row(
        "SELECT purpose, account_id, email_idx, email_enc, cred_id, setup_id FROM ticket
         WHERE token_hash = ?1 AND expires > ?2",
        values![&ticket.hash().0, now],
    )?;
    row.map_or(Ok(Err(Refusal::Unauthorized)), |row| Stub::read(&row).map(Ok))
}

/// Uses a ticket up, if it is for one of these purposes.
pub(super) fn redeem(
    tx: &mut dyn Transaction,
    ticket: &Ticket,
    purposes: &[TicketPurpose],
    now: i64,
) -> Answer<Stub> {
    let stub = match look(tx, ticket, now)? {
        Ok(stub) if purposes.contains(&stub.purpose) => stub,
        _ => return Ok(Err(Refusal::Unauthorized)),
    };
    tx.execute("DELETE FROM ticket WHERE token_hash = ?1", values![&ticket.hash().0])?;
    Ok(Ok(stub))
}

/// Notes which credential a registration has begun.
pub(super) fn note_credential(
    tx: &mut dyn Transaction,
    ticket: &Ticket,
    (credential, setup): (&Id, i64),
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE ticket SET cred_id = ?1, setup_id = ?2 WHERE token_hash = ?3",
        values![credential.as_bytes(), setup, &ticket.hash().0],
    )?;
    Ok(())
}

impl Accounts {
    /// Whose account a ticket of this purpose speaks for. It is used up.
    pub(super) fn redeem_for_account(
        tx: &mut dyn Transaction,
        ticket: &Ticket,
        purposes: &[TicketPurpose],
        now: i64,
    ) -> Answer<(Id, Stub)> {
        let stub = match redeem(tx, ticket, purposes, now)? {
            Ok(stub) => stub,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Some(account) = stub.account else { return Ok(Err(Refusal::Unauthorized)) };
        let there = tx.row("SELECT id FROM account WHERE id = ?1", values![account.as_bytes()])?;
        match there {
            Some(row) => Ok(Ok((id(&row, 0)?, stub))),
            None => Ok(Err(Refusal::Unauthorized)),
        }
    }
}
