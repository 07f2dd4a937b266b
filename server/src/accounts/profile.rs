//! The account's own record, and its move to another address.

use wire::messages::{AccountView, Age, EmailChange, EmailUndo, Locale, MailPurpose, ProfileChange};
use wire::{DisplayName, Id, NoticeVersion, Purpose, Ticket};

use super::events::Kind;
use super::ticket::{self, Stub, TicketPurpose};
use super::{Accounts, Answer, DAY, Refusal, Whence, day_text};
use crate::keys::Seals;
use crate::mail::{Mail, Text};
use crate::store::{StoreError, Transaction};
use crate::values;

/// Seconds in which a move to another address can be taken back.
const UNDO_LASTS: i64 = 3 * DAY;

impl Accounts {
    /// All that is held of the person.
    ///
    /// # Errors
    /// [`Refusal::Unauthorized`] when the account is gone.
    pub fn account(&self, account: &Id) -> Result<AccountView, Refusal> {
        self.jot(|tx| self.view(tx, account))
    }

    pub(super) fn view(&self, tx: &mut dyn Transaction, account: &Id) -> Answer<AccountView> {
        let row = tx.row(
            "SELECT email_enc, display_name_enc, locale, created_day, age_min_attested, notice_version
             FROM account WHERE id = ?1",
            values![account.as_bytes()],
        )?;
        let Some(row) = row else { return Ok(Err(Refusal::Unauthorized)) };
        let name = row.maybe_bytes(1)?.map(|sealed| self.unsealed(Seals::Person, account.as_bytes(), sealed));
        let name = name.transpose()?.map(|name| DisplayName::new(&name).map_err(|_| StoreError::Shape));
        let age = u8::try_from(row.whole(4)?).ok().and_then(|age| Age::try_from(age).ok());
        Ok(Ok(AccountView {
            email: self.address(account, row.bytes(0)?)?,
            display_name: name.transpose()?,
            locale: Locale::named(row.text(2)?).ok_or(StoreError::Shape)?,
            created_day: day_text(row.whole(3)?),
            age_min_attested: age.ok_or(StoreError::Shape)?,
            notice_version: NoticeVersion::new(row.text(5)?).map_err(|_| StoreError::Shape)?,
        }))
    }

    /// Changes parts of it and gives it as it stands.
    ///
    /// # Errors
    /// [`Refusal::Unauthorized`] when the account is gone.
    pub fn change_profile(&self, account: &Id, change: &ProfileChange) -> Result<AccountView, Refusal> {
        let sealed =
            |name: &DisplayName| self.keys.seal(Seals::Person, account.as_bytes(), name.as_str().as_bytes());
        self.write(|tx| {
            if let Some(name) = &change.display_name {
                tx.execute(
                    "UPDATE account SET display_name_enc = ?1 WHERE id = ?2",
                    values![name.as_ref().map(sealed).as_ref(), account.as_bytes()],
                )?;
            }
            if let Some(locale) = change.locale {
                tx.execute(
                    "UPDATE account SET locale = ?1 WHERE id = ?2",
                    values![locale.name(), account.as_bytes()],
                )?;
            }
            if let Some(notice) = &change.notice_version {
                tx.execute(
                    "UPDATE account SET notice_version = ?1 WHERE id = ?2",
                    values![notice.as_str(), account.as_bytes()],
                )?;
            }
            self.view(tx, account)
        })
    }

    /// Moves an account to an address whose code was right. The address before gets a mail by which it can be taken back
    /// for three days. The password stays as it is: the address is in no key.
    ///
    /// # Errors
    /// [`Refusal::Unauthorized`] for a ticket that is for something else, used or old, and where the address got an account
    /// meanwhile.
    pub fn change_email(&self, request: &EmailChange, whence: Whence) -> Result<(), Refusal> {
        let (now, undo) = (self.now(), Ticket::random());
        self.write(|tx| {
            let proof = [TicketPurpose::Proof(Purpose::ChangeEmail)];
            let (account, _) = match Self::redeem_for_account(tx, &request.ticket, &proof, now)? {
                Ok(redeemed) => redeemed,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let code = [TicketPurpose::Mail(MailPurpose::ChangeEmail)];
            let stub = match ticket::redeem(tx, &request.address_ticket, &code, now)? {
                Ok(stub) => stub,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let Some((idx, sealed)) = stub.email else { return Ok(Err(Refusal::Unauthorized)) };
            let email = self.unsealed(Seals::Address, &request.address_ticket.hash().0, &sealed)?;
            if !self.is_free(tx, &idx)? {
                return Ok(Err(Refusal::Unauthorized));
            }
            self.offer_undo(tx, &account, &undo, now)?;
            self.move_to(tx, &account, &idx, &email)?;
            self.post_to_owner(tx, &account, Text::EmailIsNowHere, now)?;
            self.note(tx, Kind::EmailChanged, Some(&account), whence, now)?;
            Ok(Ok(()))
        })
    }

    fn is_free(&self, tx: &mut dyn Transaction, idx: &[u8; 32]) -> Result<bool, StoreError> {
        Ok(tx.row("SELECT 1 FROM account WHERE email_idx = ?1", values![idx])?.is_none())
    }

    /// Sends the present address the ticket by which it becomes the account's again.
    fn offer_undo(
        &self,
        tx: &mut dyn Transaction,
        account: &Id,
        undo: &Ticket,
        now: i64,
    ) -> Result<(), StoreError> {
        let (idx, email, locale) = self.owner(tx, account)?;
        let stub = Stub {
            purpose: TicketPurpose::UndoEmail,
            account: Some(*account),
            email: Some((idx, self.keys.seal(Seals::Address, &undo.hash().0, email.as_str().as_bytes()))),
            credential: None,
        };
        // Later ones end later: by that their order is known.
        let last = tx.row(
            "SELECT expires FROM ticket WHERE account_id = ?1 AND purpose = 'undo' ORDER BY expires DESC LIMIT 1",
            values![account.as_bytes()],
        )?;
        let last = last.map_or(Ok(0), |row| row.whole(0))?;
        ticket::issue(tx, undo, &stub, (now + UNDO_LASTS).max(last + 1))?;
        let text = Text::EmailMoved { undo: undo.text().to_string() };
        self.post(tx, &Mail { to: email, locale, text }, &idx, Some(account), now)
    }

    fn move_to(
        &self,
        tx: &mut dyn Transaction,
        account: &Id,
        idx: &[u8; 32],
        email: &str,
    ) -> Result<(), StoreError> {
        let sealed = self.keys.seal(Seals::Person, account.as_bytes(), email.as_bytes());
        tx.execute(
            "UPDATE account SET email_idx = ?1, email_enc = ?2 WHERE id = ?3",
            values![idx, &sealed, account.as_bytes()],
        )?;
        // A code that went to the address before opens nothing any more.
        Self::end_steps(tx, account)
    }

    /// Takes such a move back, and ends every session: who needs this does not know who else is signed in.
    ///
    /// # Errors
    /// As [`Accounts::change_email`].
    pub fn undo_email(&self, request: &EmailUndo, whence: Whence) -> Result<(), Refusal> {
        let now = self.now();
        self.write(|tx| {
            let ends = tx
                .row("SELECT expires FROM ticket WHERE token_hash = ?1", values![&request.ticket.hash().0])?;
            let ends = ends.map_or(Ok(0), |row| row.whole(0))?;
            let redeemed = Self::redeem_for_account(tx, &request.ticket, &[TicketPurpose::UndoEmail], now)?;
            let (account, stub) = match redeemed {
                Ok(redeemed) => redeemed,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let Some((idx, sealed)) = stub.email else { return Ok(Err(Refusal::Unauthorized)) };
            let email = self.unsealed(Seals::Address, &request.ticket.hash().0, &sealed)?;
            if !self.is_free(tx, &idx)? {
                return Ok(Err(Refusal::Unauthorized));
            }
            self.move_to(tx, &account, &idx, &email)?;
            tx.execute("DELETE FROM session WHERE account_id = ?1", values![account.as_bytes()])?;
            // Lines of later moves go with them. Those of earlier ones stay: whoever moved it twice must not take away the
            // line of the first owner by their own.
            tx.execute(
                "DELETE FROM ticket WHERE account_id = ?1 AND purpose = 'undo' AND expires > ?2",
                values![account.as_bytes(), ends],
            )?;
            self.note(tx, Kind::EmailChangeUndone, Some(&account), whence, now)?;
            Ok(Ok(()))
        })
    }
}
