//! The end of an account.

use wire::messages::{MailPurpose, Message, Receipt, Retained, RetainedKind};
use wire::{Id, Purpose, Ticket};

use super::events::{self, Kind};
use super::ticket::TicketPurpose;
use super::{Accounts, Refusal, Whence, day_of, day_text};
use crate::keys::Digests;
use crate::store::StoreError;
use crate::values;

/// Days that a receipt is kept.
const RECEIPT_DAYS: i64 = 3650;

impl Accounts {
    /// Takes out every row about an account, in one step, and gives a signed receipt; the same one again to whoever did not
    /// hear the answer. What stays names nobody: the log for security, which the account can no longer be told from when
    /// its day's key is gone, counts of tries for a day, and the receipt.
    ///
    /// # Errors
    /// [`Refusal::Unauthorized`] for a ticket that is for something else, used or old.
    pub fn delete(&self, ticket: &Ticket, whence: Whence) -> Result<Receipt, Refusal> {
        let now = self.now();
        // Its number follows from the ticket, which nobody keeps: so it is found again, and tells nothing.
        let receipt = self.receipt_of(ticket);
        let purposes =
            [TicketPurpose::Proof(Purpose::DeleteAccount), TicketPurpose::Mail(MailPurpose::DeleteAccount)];
        let day = self.write(|tx| {
            let told = "SELECT deleted_day FROM receipt WHERE id = ?1";
            if let Some(row) = tx.row(told, values![receipt.as_bytes()])? {
                return Ok(Ok(row.whole(0)?));
            }
            let account = match Self::redeem_for_account(tx, ticket, &purposes, now)? {
                Ok((account, _)) => account,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let row = tx.row(
                "SELECT a.email_idx, c.cred_id FROM account a LEFT JOIN credential c ON c.account_id = a.id WHERE a.id = ?1",
                values![account.as_bytes()],
            )?;
            let row = row.ok_or(StoreError::Shape)?;
            let idx: [u8; 32] = row.exactly(0)?;
            self.note(tx, Kind::Deleted, Some(&account), whence, now)?;
            tx.execute("DELETE FROM login WHERE account_id = ?1", values![account.as_bytes()])?;
            for sql in [
                "DELETE FROM ticket WHERE account_id = ?1 OR email_idx = ?2",
                "DELETE FROM challenge WHERE account_id = ?1 OR email_idx = ?2",
                "DELETE FROM outbox WHERE account_id = ?1 OR email_idx = ?2",
            ] {
                tx.execute(sql, values![account.as_bytes(), &idx])?;
            }
            let guesses = row.maybe_bytes(1)?.map(|credential| self.bucket(&[b"account", credential]));
            for bucket in guesses.into_iter().chain([self.bucket(&[b"mail", &idx])]) {
                tx.execute("DELETE FROM throttle WHERE bucket = ?1", values![&bucket.0])?;
            }
            // Credential, sessions and quota go with it.
            tx.execute("DELETE FROM account WHERE id = ?1", values![account.as_bytes()])?;
            tx.execute(
                "INSERT INTO receipt (id, deleted_day) VALUES (?1, ?2)",
                values![receipt.as_bytes(), day_of(now)],
            )?;
            Ok(Ok(day_of(now)))
        })?;
        // The account is gone whatever this comes to; the next one of its kind tries again.
        let _ = self.store.settle();
        let retained = vec![
            Retained { what: RetainedKind::SecurityLog, until_day: day_text(day + events::DAYS) },
            Retained { what: RetainedKind::Receipt, until_day: day_text(day + RECEIPT_DAYS) },
        ];
        let deleted_day = day_text(day);
        let signature = self.keys.sign(&Receipt::signed(&receipt, &deleted_day, &retained));
        let signature = Message::new(&signature).map_err(|_| Refusal::BadRequest)?;
        Ok(Receipt { receipt_id: receipt, deleted_day, retained, signature })
    }
}

impl Accounts {
    fn receipt_of(&self, ticket: &Ticket) -> Id {
        let digest = self.keys.digest(Digests::Receipt, &[&ticket.hash().0]);
        Id::from_bytes(*digest.first_chunk().unwrap_or(&[0; 16]))
    }

    pub(super) const RECEIPT_DAYS: i64 = RECEIPT_DAYS;
}
