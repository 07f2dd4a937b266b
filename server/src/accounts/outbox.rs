//! Mails on their way. They are sent after the answer, by whichever service comes first: no answer's time tells whether one
//! is sent.

use wire::messages::Locale;
use wire::{Email, Id};

use super::{Accounts, DAY, Refusal, id};
use crate::keys::Seals;
use crate::mail::{Mail, Text};
use crate::store::{StoreError, Transaction};
use crate::values;

/// Seconds that a service has a mail to itself for sending it.
const LEASE: i64 = 120;
/// After so many tries it is given up: about a day, by then.
const TRIES: i64 = 10;
/// A code is worth nothing by the time of its fourth.
const TRIES_OF_CODES: i64 = 3;

/// An address with its index, and the language of mails to it.
type Owner = ([u8; 32], Email, Locale);

/// A mail that is to be sent now.
pub struct Due {
    /// Its place in the outbox.
    pub id: Id,
    /// It.
    pub mail: Mail,
}

impl Accounts {
    /// Puts a mail into the outbox.
    pub(super) fn post(
        &self,
        tx: &mut dyn Transaction,
        mail: &Mail,
        email_idx: &[u8; 32],
        account: Option<&Id>,
        now: i64,
    ) -> Result<(), StoreError> {
        let place = Id::random();
        let plain = serde_json::to_vec(mail).map_err(|_| StoreError::Shape)?;
        tx.execute(
            "INSERT INTO outbox (id, account_id, email_idx, mail_enc, not_before, tries) VALUES (?1, ?2, ?3, ?4, ?5, 0)",
            values![
                place.as_bytes(),
                account.map(Id::as_bytes),
                email_idx,
                &self.keys.seal(Seals::Mail, place.as_bytes(), &plain),
                now
            ],
        )?;
        Ok(())
    }

    /// The same to an account's own address, in its language.
    pub(super) fn post_to_owner(
        &self,
        tx: &mut dyn Transaction,
        account: &Id,
        text: Text,
        now: i64,
    ) -> Result<(), StoreError> {
        let (idx, to, locale) = self.owner(tx, account)?;
        self.post(tx, &Mail { to, locale, text }, &idx, Some(account), now)
    }

    /// The address of an account with its index, and the language of its mails.
    pub(super) fn owner(&self, tx: &mut dyn Transaction, account: &Id) -> Result<Owner, StoreError> {
        self.maybe_owner(tx, account)?.ok_or(StoreError::Shape)
    }

    /// The same, where there may be no such account.
    pub(super) fn maybe_owner(
        &self,
        tx: &mut dyn Transaction,
        account: &Id,
    ) -> Result<Option<Owner>, StoreError> {
        let row = tx.row(
            "SELECT email_idx, email_enc, locale FROM account WHERE id = ?1",
            values![account.as_bytes()],
        )?;
        let Some(row) = row else { return Ok(None) };
        let locale = Locale::named(row.text(2)?).ok_or(StoreError::Shape)?;
        Ok(Some((row.exactly(0)?, self.address(account, row.bytes(1)?)?, locale)))
    }

    /// Takes up to so many mails for two minutes.
    ///
    /// # Errors
    /// [`Refusal::Store`].
    pub fn due_mails(&self, most: i64) -> Result<Vec<Due>, Refusal> {
        let now = self.now();
        self.write(|tx| {
            let rows = tx.rows(
                "SELECT id, mail_enc, tries FROM outbox WHERE not_before <= ?1 ORDER BY not_before LIMIT ?2",
                values![now, most],
            )?;
            let mut due = Vec::with_capacity(rows.len());
            for row in rows {
                let (place, tries) = (id(&row, 0)?, row.whole(2)?);
                let mail = self.keys.open(Seals::Mail, place.as_bytes(), row.bytes(1)?);
                let mail = mail.and_then(|plain| serde_json::from_slice::<Mail>(&plain).ok());
                let most =
                    |mail: &Mail| if matches!(mail.text, Text::Code { .. }) { TRIES_OF_CODES } else { TRIES };
                match mail {
                    // The one that shows nothing has done its work; one that can't be read or sent never will.
                    Some(mail) if mail.text != Text::Nothing && tries < most(&mail) => {
                        let wait = LEASE << tries.clamp(0, 8);
                        tx.execute(
                            "UPDATE outbox SET not_before = ?1, tries = tries + 1 WHERE id = ?2",
                            values![now + wait.min(DAY), place.as_bytes()],
                        )?;
                        due.push(Due { id: place, mail });
                    }
                    _ => {
                        tx.execute("DELETE FROM outbox WHERE id = ?1", values![place.as_bytes()])?;
                    }
                }
            }
            Ok(Ok(due))
        })
    }

    /// A mail is sent.
    ///
    /// # Errors
    /// [`Refusal::Store`].
    pub fn mail_sent(&self, place: &Id) -> Result<(), Refusal> {
        self.write(|tx| {
            tx.execute("DELETE FROM outbox WHERE id = ?1", values![place.as_bytes()])?;
            Ok(Ok(()))
        })
    }
}
