//! Proof of a password.

use subtle::ConstantTimeEq as _;
use wire::messages::{Granted, LoginAnswer, LoginFinish, LoginStart, Message, SealedAnswer, SessionTokens};
use wire::{AccessToken, DeviceLabel, Id, Purpose, RefreshToken, SUITE, Sealed, Stretching, Ticket};
use zeroize::Zeroizing;

use super::events::Kind;
use super::throttle::{self, Bucket, Schedule};
use super::ticket::{self, Stub, TicketPurpose};
use super::{Accounts, Refusal, Whence, day_of, seconds, session};
use crate::keys::{Digests, Seals};
use crate::store::{StoreError, Transaction};
use crate::values;

/// Seconds between the two messages.
const LASTS: i64 = 120;
/// Failures that one part of the network may cause within an hour.
const PER_NETWORK: i64 = 300;

/// An account's record, or what stands for it where there is none.
struct Held {
    account: Option<Id>,
    credential: Id,
    setup: i64,
    record: Option<Vec<u8>>,
    buckets: Vec<Bucket>,
}

impl Accounts {
    /// The first step. It counts as a failure until the last one succeeds.
    ///
    /// # Errors
    /// [`Refusal::TooMany`], [`Refusal::BadRequest`], [`Refusal::Store`].
    pub fn login_start(&self, request: &LoginStart, whence: Whence) -> Result<LoginAnswer, Refusal> {
        let (now, login) = (self.now(), Id::random());
        let held = self.held(request, whence, now)?;
        let secret = self.keys.opaque(held.setup).ok_or(StoreError::Shape)?;
        let record = held.record.as_deref();
        let (state, ke2) = secret
            .begin(record, &held.credential, request.ke1.as_bytes(), request.purpose)
            .map_err(|_| Refusal::BadRequest)?;
        let state = Zeroizing::new([held.credential.as_bytes().as_slice(), &state].concat());
        let state = self.keys.seal(Seals::Login, login.as_bytes(), &state);
        let buckets: Vec<u8> = held.buckets.iter().flat_map(|bucket| bucket.0).collect();
        self.jot(|tx| {
            tx.execute(
                "INSERT INTO login (id, account_id, buckets, state_enc, expires) VALUES (?1, ?2, ?3, ?4, ?5)",
                values![
                    login.as_bytes(),
                    held.account.as_ref().map(Id::as_bytes),
                    &buckets,
                    &state,
                    now + LASTS
                ],
            )?;
            Ok(Ok(()))
        })?;
        let ke2 = Message::new(&ke2).map_err(|_| Refusal::BadRequest)?;
        Ok(LoginAnswer { login_id: login, ke2, suite: SUITE, ksf_id: Stretching::V1.id() })
    }

    fn held(&self, request: &LoginStart, whence: Whence, now: i64) -> Result<Held, Refusal> {
        let idx = self.email_idx(&request.email);
        let fake = self.keys.fake_credential(&idx);
        let network = self.bucket_of_network("login", whence, now);
        self.jot(|tx| {
            let row = tx.row(
                "SELECT c.account_id, c.cred_id, c.setup_id, c.record
                 FROM account a JOIN credential c ON c.account_id = a.id WHERE a.email_idx = ?1",
                values![&idx],
            )?;
            let (account, credential, setup, record) = match &row {
                Some(row) => (
                    Some(Id::from_bytes(row.exactly(0)?)),
                    Id::from_bytes(row.exactly(1)?),
                    row.whole(2)?,
                    Some(row.bytes(3)?.to_vec()),
                ),
                None => (None, fake, self.keys.newest().0, None),
            };
            let known = request.device.as_ref().filter(|device| self.is_device_of(account.as_ref(), device));
            let who = match known {
                Some(device) => self.bucket(&[b"device", device.as_bytes()]),
                None => self.bucket(&[b"account", credential.as_bytes()]),
            };
            let mut counted = vec![(who, Schedule::Guesses)];
            // A device that was signed in before is not held up by others in its network.
            counted.extend(network.filter(|_| known.is_none()).map(|b| (b, Schedule::Hourly(PER_NETWORK))));
            if let Err(refusal) = throttle::count(tx, &counted, now)? {
                return Ok(Err(refusal));
            }
            let buckets = counted.into_iter().map(|(bucket, _)| bucket).collect();
            Ok(Ok(Held { account, credential, setup, record, buckets }))
        })
    }

    /// The last step: a session, or a ticket for what the password was proved for.
    ///
    /// # Errors
    /// [`Refusal::Unauthorized`] for every proof that proves nothing, whatever is wrong with it.
    pub fn login_finish(&self, request: &LoginFinish, whence: Whence) -> Result<SealedAnswer, Refusal> {
        let now = self.now();
        let (account, buckets, state) = self.jot(|tx| {
            let row = tx.row(
                "DELETE FROM login WHERE id = ?1 AND expires > ?2 RETURNING account_id, buckets, state_enc",
                values![request.login_id.as_bytes(), now],
            )?;
            let Some(row) = row else { return Ok(Err(Refusal::Unauthorized)) };
            let account = row.maybe_exactly(0)?.map(Id::from_bytes);
            Ok(Ok((account, row.bytes(1)?.to_vec(), row.bytes(2)?.to_vec())))
        })?;
        let state =
            self.keys.open(Seals::Login, request.login_id.as_bytes(), &state).ok_or(Refusal::Unauthorized)?;
        let (credential, state) = state.split_first_chunk().ok_or(StoreError::Shape)?;
        let proved = wire::server::finish(state, request.ke3.as_bytes());
        let (Ok((purpose, key)), Some(account)) = (proved, account) else {
            return Err(Refusal::Unauthorized);
        };
        let whose = (&account, credential);
        let granted = self.grant(purpose, whose, &buckets, request, whence, now)?;
        let plain = serde_json::to_vec(&granted).map_err(|_| Refusal::BadRequest)?;
        let sealed = wire::seal(key, purpose, plain);
        Ok(SealedAnswer { sealed: Sealed::new(sealed).map_err(|_| Refusal::BadRequest)? })
    }

    fn grant(
        &self,
        purpose: Purpose,
        (account, credential): (&Id, &[u8; 16]),
        buckets: &[u8],
        request: &LoginFinish,
        whence: Whence,
        now: i64,
    ) -> Result<Granted, Refusal> {
        self.write(|tx| {
            // Since the first step, or even since this one began, the account may have been deleted or got another password.
            let sql = "SELECT 1 FROM credential WHERE account_id = ?1 AND cred_id = ?2";
            if tx.row(sql, values![account.as_bytes(), credential])?.is_none() {
                return Ok(Err(Refusal::Unauthorized));
            }
            // Who signs in to an account of their own has guessed at the others all the same.
            let mut buckets =
                buckets.chunks_exact(32).filter_map(|bucket| bucket.try_into().ok()).map(Bucket);
            if let Some(account) = buckets.next() {
                throttle::forgive(tx, account)?;
            }
            for network in buckets {
                throttle::take_back(tx, network)?;
            }
            let granted = match purpose {
                Purpose::Login => Granted::Session(self.begin_session(tx, account, request, now)?),
                _ => {
                    let ticket = Ticket::random();
                    let stub = Stub {
                        purpose: TicketPurpose::Proof(purpose),
                        account: Some(*account),
                        email: None,
                        credential: None,
                    };
                    ticket::issue(tx, &ticket, &stub, now + ticket::LASTS)?;
                    Granted::Ticket { ticket, expires_in: seconds(ticket::LASTS) }
                }
            };
            self.note(tx, Kind::Proved(purpose), Some(account), whence, now)?;
            Ok(Ok(granted))
        })
    }

    fn begin_session(
        &self,
        tx: &mut dyn Transaction,
        account: &Id,
        request: &LoginFinish,
        now: i64,
    ) -> Result<SessionTokens, StoreError> {
        let platform = request.platform.map_or("linux", wire::messages::Platform::name);
        let label = request.device_label.as_ref().map_or("Desktop", DeviceLabel::as_str);
        let (session, access, refresh) = (Id::random(), AccessToken::random(), RefreshToken::random());
        session::make_room(tx, account)?;
        tx.execute(
            "INSERT INTO session (id, account_id, refresh_hash, access_hash, access_expires, device_label_enc, platform,
               created_day, last_used_day, expires)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9)",
            values![
                session.as_bytes(),
                account.as_bytes(),
                &refresh.hash().0,
                &access.hash().0,
                now + session::ACCESS_LASTS,
                &self.keys.seal(Seals::Person, session.as_bytes(), label.as_bytes()),
                platform,
                day_of(now),
                now + session::SESSION_LASTS
            ],
        )?;
        Ok(SessionTokens {
            session_id: session,
            access,
            expires_in: seconds(session::ACCESS_LASTS),
            refresh,
            device: Some(self.device_of(account)),
        })
    }

    /// A token that shows later that a device was signed in to this account before: a nonce and its digest.
    fn device_of(&self, account: &Id) -> Message<48> {
        let nonce = crypto::random::<16>();
        let digest = self.keys.digest(Digests::Device, &[account.as_bytes(), &nonce]);
        match Message::new(&[nonce.as_slice(), &digest].concat()) {
            Ok(device) => device,
            Err(_) => unreachable!("16 and 32 bytes are 48"),
        }
    }

    fn is_device_of(&self, account: Option<&Id>, device: &Message<48>) -> bool {
        let (nonce, digest) = device.as_bytes().split_at(16);
        let nobody = Id::from_bytes([0; 16]);
        let right = self.keys.digest(Digests::Device, &[account.unwrap_or(&nobody).as_bytes(), nonce]);
        bool::from(right.as_slice().ct_eq(digest)) && account.is_some()
    }
}
