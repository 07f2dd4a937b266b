//! Codes by mail.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;
use wire::messages::{Challenge, ChallengeRequest, CodeRequest, MailPurpose, TicketAnswer};
use wire::{Id, MailCode, Ticket};

use super::throttle::{self, Schedule};
use super::ticket::{self, Stub, TicketPurpose};
use super::{Accounts, Refusal, Whence, seconds};
use crate::keys::{Digests, Seals};
use crate::mail::{Mail, Text};
use crate::store::StoreError;
use crate::values;

/// Seconds that a code lasts (ASVS 6.5.5).
const LASTS: i64 = 600;
/// Tries that a code allows: of 2^40 codes.
const TRIES: i64 = 5;
/// Mails that one address, and one part of the network, can cause within an hour.
const PER_ADDRESS: i64 = 3;
/// Mails an hour that an address gets from all of the network together.
const PER_ADDRESS_IN_ALL: i64 = 12;
const PER_NETWORK: i64 = 10;

impl Accounts {
    /// Sends a code to an address that may have one for this purpose; to another address goes what its owner should know,
    /// or nothing. The answer is the same.
    ///
    /// # Errors
    /// [`Refusal::TooMany`], [`Refusal::Store`].
    pub fn challenge(&self, request: &ChallengeRequest, whence: Whence) -> Result<Challenge, Refusal> {
        let (now, challenge) = (self.now(), Id::random());
        let (idx, code) = (self.email_idx(&request.email), MailCode::random());
        let sealed = self.keys.seal(Seals::Address, challenge.as_bytes(), request.email.as_str().as_bytes());
        let code_hash = self.keys.digest(Digests::Code, &[challenge.as_bytes(), code.as_str().as_bytes()]);
        let network = self.bucket_of_network("mail", whence, now);
        let address = self.bucket(&[b"mail", &idx]);
        // Who asks from elsewhere does not use up the owner's share.
        let from = network.map(|network| self.bucket(&[b"mail", &idx, &network.0]));
        let shares = match from {
            Some(from) => vec![(from, PER_ADDRESS), (address, PER_ADDRESS_IN_ALL)],
            None => vec![(address, PER_ADDRESS)],
        };
        self.write(|tx| {
            let counted = network.map(|bucket| (bucket, PER_NETWORK)).into_iter().chain(shares.iter().copied());
            let counted: Vec<_> = counted.map(|(bucket, most)| (bucket, Schedule::Hourly(most))).collect();
            if let Err(refusal) = throttle::count(tx, &counted, now)? {
                return Ok(Err(refusal));
            }
            let owner = tx.row("SELECT id FROM account WHERE email_idx = ?1", values![&idx])?;
            let owner = owner.map(|row| row.exactly::<16>(0)).transpose()?;
            let (eligible, text) = match (request.purpose, owner) {
                (MailPurpose::Register, None) | (MailPurpose::ChangeEmail, None) => (true, Text::code(request.purpose, &code)),
                (MailPurpose::Register, Some(_)) => (false, Text::AlreadyHere),
                (MailPurpose::ResetPassword | MailPurpose::DeleteAccount, Some(_)) => {
                    (true, Text::code(request.purpose, &code))
                }
                // A mail that is not sent is put into the outbox all the same: the work shows nothing.
                _ => (false, Text::Nothing),
            };
            tx.execute(
                "INSERT INTO challenge (id, purpose, email_idx, email_enc, account_id, code_hash, tries, expires)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7)",
                values![
                    challenge.as_bytes(),
                    request.purpose.name(),
                    &idx,
                    &sealed,
                    owner.as_ref(),
                    eligible.then_some(&code_hash),
                    now + LASTS
                ],
            )?;
            let owner = owner.map(Id::from_bytes);
            // An account is found by a form in which several addresses are one: what opens it goes to its own.
            // Where there is none, as much is looked for and unsealed: the time shows nothing.
            let to = match self.maybe_owner(tx, owner.as_ref().unwrap_or(&challenge))? {
                Some((_, to, _)) => to,
                None => {
                    self.unsealed(Seals::Address, challenge.as_bytes(), &sealed)?;
                    request.email.clone()
                }
            };
            let mail = Mail { to, locale: request.locale, text };
            self.post(tx, &mail, &idx, owner.as_ref(), now)?;
            Ok(Ok(()))
        })?;
        Ok(Challenge { challenge_id: challenge, expires_in: seconds(LASTS) })
    }

    /// Exchanges a code for a ticket; the same one again for whoever did not hear the answer, until it is used.
    ///
    /// # Errors
    /// [`Refusal::Unauthorized`] for a code that is wrong, old, or was never sent.
    pub fn verify(&self, challenge: &Id, request: &CodeRequest) -> Result<TicketAnswer, Refusal> {
        let (now, ticket) = (self.now(), self.ticket_of(challenge, request)?);
        let hash = self.keys.digest(Digests::Code, &[challenge.as_bytes(), request.code.as_str().as_bytes()]);
        self.write(|tx| {
            let row = tx.row(
                "SELECT purpose, email_idx, email_enc, account_id, code_hash FROM challenge
                 WHERE id = ?1 AND expires > ?2 AND tries < ?3",
                values![challenge.as_bytes(), now, TRIES],
            )?;
            let Some(row) = row else { return Ok(ticket::look(tx, &ticket, now)?.map(drop)) };
            // A code that was never sent is compared as well.
            let sent = row.maybe_exactly::<32>(4)?;
            let right = bool::from(sent.unwrap_or([0; 32]).ct_eq(&hash)) && sent.is_some();
            let purpose = MailPurpose::named(row.text(0)?);
            let Some(purpose) = purpose.filter(|_| right) else {
                tx.execute(
                    "UPDATE challenge SET tries = tries + 1 WHERE id = ?1",
                    values![challenge.as_bytes()],
                )?;
                return Ok(Err(Refusal::Unauthorized));
            };
            tx.execute("DELETE FROM challenge WHERE id = ?1", values![challenge.as_bytes()])?;
            let email = self.unsealed(Seals::Address, challenge.as_bytes(), row.bytes(2)?)?;
            let stub = Stub {
                purpose: TicketPurpose::Mail(purpose),
                account: row.maybe_exactly(3)?.map(Id::from_bytes),
                email: Some((
                    row.exactly(1)?,
                    self.keys.seal(Seals::Address, &ticket.hash().0, email.as_bytes()),
                )),
                credential: None,
            };
            ticket::issue(tx, &ticket, &stub, now + ticket::LASTS)?;
            Ok(Ok(()))
        })?;
        Ok(TicketAnswer { ticket, expires_in: seconds(ticket::LASTS) })
    }

    /// The ticket that a code is worth. Nobody can tell it who has not the keys.
    fn ticket_of(&self, challenge: &Id, request: &CodeRequest) -> Result<Ticket, StoreError> {
        let parts = [challenge.as_bytes().as_slice(), request.code.as_str().as_bytes()];
        let digest = URL_SAFE_NO_PAD.encode(self.keys.digest(Digests::Ticket, &parts));
        Ticket::parse(&format!("{}{digest}", Ticket::PREFIX)).map_err(|_| StoreError::Shape)
    }
}
