//! Registration of a password: of a new account, or in place of an old one.

use wire::messages::{MailPurpose, NewAccount, RegistrationAnswer, RegistrationFinish, RegistrationStart};
use wire::{Email, Id, Purpose, SUITE, Stretching};

use super::events::Kind;
use super::ticket::{self, Stub, TicketPurpose};
use super::{Accounts, Answer, Refusal, Whence, day_of};
use crate::keys::Seals;
use crate::mail::Text;
use crate::store::{StoreError, Transaction};
use crate::values;

/// What a registration may begin with.
const PURPOSES: [TicketPurpose; 3] = [
    TicketPurpose::Mail(MailPurpose::Register),
    TicketPurpose::Mail(MailPurpose::ResetPassword),
    TicketPurpose::Proof(Purpose::ChangePassword),
];

impl Accounts {
    /// The first step.
    ///
    /// # Errors
    /// [`Refusal::Unauthorized`] for a ticket that is for something else, used or old; [`Refusal::BadRequest`].
    pub fn registration_start(&self, request: &RegistrationStart) -> Result<RegistrationAnswer, Refusal> {
        let now = self.now();
        let (credential, setup) = self.jot(|tx| {
            let begun = match ticket::look(tx, &request.ticket, now)? {
                Ok(stub) if PURPOSES.contains(&stub.purpose) => stub.credential,
                _ => return Ok(Err(Refusal::Unauthorized)),
            };
            // Who begins twice with one ticket may end with either: both are of one credential.
            if let Some(begun) = begun {
                return Ok(Ok(begun));
            }
            let fresh = (Id::random(), self.keys.newest().0);
            ticket::note_credential(tx, &request.ticket, (&fresh.0, fresh.1))?;
            Ok(Ok(fresh))
        })?;
        let secret = self.keys.opaque(setup).ok_or(StoreError::Shape)?;
        let response =
            secret.register(request.request.as_bytes(), &credential).map_err(|_| Refusal::BadRequest)?;
        let response = wire::messages::Message::new(&response).map_err(|_| Refusal::BadRequest)?;
        Ok(RegistrationAnswer { response, suite: SUITE, ksf_id: Stretching::V1.id() })
    }

    /// The last step: makes the account, or replaces its password and ends its sessions. No session comes of it.
    ///
    /// # Errors
    /// [`Refusal::Unauthorized`], also where the address got an account meanwhile; [`Refusal::BadRequest`].
    pub fn registration_finish(&self, request: &RegistrationFinish, whence: Whence) -> Result<(), Refusal> {
        let now = self.now();
        let record = wire::server::record(request.upload.as_bytes()).map_err(|_| Refusal::BadRequest)?;
        self.write(|tx| {
            let stub = match ticket::look(tx, &request.ticket, now)? {
                Ok(stub) => stub,
                Err(refusal) => return Ok(Err(refusal)),
            };
            // A request that misses a part must not use the ticket up.
            if (stub.purpose == TicketPurpose::Mail(MailPurpose::Register)) != request.new.is_some() {
                return Ok(Err(Refusal::BadRequest));
            }
            let stub = match ticket::redeem(tx, &request.ticket, &PURPOSES, now)? {
                Ok(stub) => stub,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let Some((credential, setup)) = stub.credential else { return Ok(Err(Refusal::Unauthorized)) };
            let account = match &request.new {
                Some(new) => self.make(tx, &stub, &request.ticket.hash().0, new, now)?,
                None => self.change(tx, &stub, now)?,
            };
            let account = match account {
                Ok(account) => account,
                Err(refusal) => return Ok(Err(refusal)),
            };
            tx.execute(
                "INSERT INTO credential (cred_id, account_id, suite, ksf_id, setup_id, record, created_day)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                values![
                    credential.as_bytes(),
                    account.as_bytes(),
                    i64::from(SUITE),
                    i64::from(Stretching::V1.id()),
                    setup,
                    &record,
                    day_of(now)
                ],
            )?;
            let kind = if request.new.is_some() { Kind::Registered } else { Kind::PasswordChanged };
            self.note(tx, kind, Some(&account), whence, now)?;
            Ok(Ok(()))
        })
    }

    fn make(
        &self,
        tx: &mut dyn Transaction,
        stub: &Stub,
        ticket_hash: &[u8; 32],
        new: &NewAccount,
        now: i64,
    ) -> Answer<Id> {
        let Some((idx, sealed)) = &stub.email else { return Ok(Err(Refusal::Unauthorized)) };
        if tx.row("SELECT 1 FROM account WHERE email_idx = ?1", values![idx])?.is_some() {
            return Ok(Err(Refusal::Unauthorized));
        }
        let (account, email) = (Id::random(), self.unsealed(Seals::Address, ticket_hash, sealed)?);
        tx.execute(
            "INSERT INTO account (id, email_idx, email_enc, locale, created_day, age_min_attested, notice_version)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            values![
                account.as_bytes(),
                idx,
                &self.keys.seal(Seals::Person, account.as_bytes(), email.as_bytes()),
                new.locale.name(),
                day_of(now),
                i64::from(u8::from(new.age_min_attested)),
                new.notice_version.as_str()
            ],
        )?;
        Ok(Ok(account))
    }

    /// Takes the old password away, with every session, and tells the owner.
    fn change(&self, tx: &mut dyn Transaction, stub: &Stub, now: i64) -> Answer<Id> {
        let Some(account) = stub.account else { return Ok(Err(Refusal::Unauthorized)) };
        let gone = tx.execute("DELETE FROM credential WHERE account_id = ?1", values![account.as_bytes()])?;
        if gone == 0 {
            return Ok(Err(Refusal::Unauthorized));
        }
        tx.execute("DELETE FROM session WHERE account_id = ?1", values![account.as_bytes()])?;
        Self::end_steps(tx, &account)?;
        self.post_to_owner(tx, &account, Text::PasswordChanged, now)?;
        Ok(Ok(account))
    }

    /// What began before password or address changed comes to nothing: sign-ins under way, codes that were sent, proofs.
    pub(super) fn end_steps(tx: &mut dyn Transaction, account: &Id) -> Result<(), StoreError> {
        for sql in [
            "DELETE FROM login WHERE account_id = ?1",
            "DELETE FROM challenge WHERE account_id = ?1",
            "DELETE FROM ticket WHERE account_id = ?1 AND purpose <> 'undo'",
        ] {
            tx.execute(sql, values![account.as_bytes()])?;
        }
        Ok(())
    }

    /// Opens an address that is sealed for an account's row.
    pub(super) fn address(&self, account: &Id, sealed: &[u8]) -> Result<Email, StoreError> {
        let text = self.unsealed(Seals::Person, account.as_bytes(), sealed)?;
        Email::new(&text).map_err(|_| StoreError::Shape)
    }
}
