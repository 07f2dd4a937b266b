//! Sessions: tokens that rotate, and the list of devices.

use wire::messages::{Platform, RefreshRequest, SessionLabel, SessionTokens, SessionView};
use wire::{AccessToken, DeviceLabel, Id, RefreshToken};

use super::events::Kind;
use super::{Accounts, DAY, Refusal, Whence, day_of, day_text, id, seconds};
use crate::keys::Seals;
use crate::mail::Text;
use crate::store::{StoreError, Transaction};
use crate::values;

/// Seconds that an access token lasts.
pub(super) const ACCESS_LASTS: i64 = 900;
/// Seconds that a session lasts, whatever is done with it.
pub(super) const SESSION_LASTS: i64 = 180 * DAY;
/// Days that it lasts unused.
pub(super) const IDLE_DAYS: i64 = 30;
/// Seconds in which the token before works once more, since the answer may have been lost.
const GRACE: i64 = 60;
/// Devices of an account; one more takes the place of the one that was used longest ago.
const MOST: i64 = 50;

/// Who a request with an access token speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub account: Id,
    /// The session.
    pub session: Id,
}

/// Ends the sessions that are one too many.
pub(super) fn make_room(tx: &mut dyn Transaction, account: &Id) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM session WHERE id IN (SELECT id FROM session WHERE account_id = ?1
           ORDER BY last_used_day DESC, created_day DESC, id LIMIT 1000 OFFSET ?2)",
        values![account.as_bytes(), MOST - 1],
    )?;
    Ok(())
}

impl Accounts {
    /// Who an access token speaks for.
    ///
    /// # Errors
    /// [`Refusal::Unauthorized`].
    pub fn caller(&self, access: &AccessToken) -> Result<Caller, Refusal> {
        let now = self.now();
        self.jot(|tx| {
            let row = tx.row(
                "SELECT account_id, id FROM session WHERE access_hash = ?1 AND access_expires > ?2 AND expires > ?2",
                values![&access.hash().0, now],
            )?;
            let Some(row) = row else { return Ok(Err(Refusal::Unauthorized)) };
            Ok(Ok(Caller { account: id(&row, 0)?, session: id(&row, 1)? }))
        })
    }

    /// Gives the next pair of tokens for the last one. The one before works once more for a minute; after that its use
    /// shows that somebody else has it, and the session ends.
    ///
    /// # Errors
    /// [`Refusal::Unauthorized`].
    pub fn refresh(&self, request: &RefreshRequest, whence: Whence) -> Result<SessionTokens, Refusal> {
        let (now, hash) = (self.now(), request.refresh.hash());
        let (access, refresh) = (AccessToken::random(), RefreshToken::random());
        let session = self.write(|tx| {
            let row = tx.row(
                "SELECT id, account_id, refresh_hash, prev_valid_until FROM session
                 WHERE (refresh_hash = ?1 OR prev_hash = ?1) AND expires > ?2 AND last_used_day >= ?3",
                values![&hash.0, now, day_of(now) - IDLE_DAYS],
            )?;
            let Some(row) = row else { return Ok(Err(Refusal::Unauthorized)) };
            let (session, account) = (id(&row, 0)?, id(&row, 1)?);
            let is_last = row.bytes(2)? == hash.0;
            let until = if is_last { now + GRACE } else { row.maybe_whole(3)?.unwrap_or(0) };
            if until <= now {
                tx.execute("DELETE FROM session WHERE id = ?1", values![session.as_bytes()])?;
                self.note(tx, Kind::TokenReused, Some(&account), whence, now)?;
                self.post_to_owner(tx, &account, Text::SessionEnded, now)?;
                return Ok(Err(Refusal::Unauthorized));
            }
            tx.execute(
                "UPDATE session SET refresh_hash = ?1, prev_hash = ?2, prev_valid_until = ?3, access_hash = ?4,
                   access_expires = ?5, last_used_day = ?6 WHERE id = ?7",
                values![
                    &refresh.hash().0,
                    &hash.0,
                    until,
                    &access.hash().0,
                    now + ACCESS_LASTS,
                    day_of(now),
                    session.as_bytes()
                ],
            )?;
            Ok(Ok(session))
        })?;
        Ok(SessionTokens {
            session_id: session,
            access: access.clone(),
            expires_in: seconds(ACCESS_LASTS),
            refresh: refresh.clone(),
            device: None,
        })
    }

    /// The devices of an account, those that were used last first.
    ///
    /// # Errors
    /// [`Refusal::Store`].
    pub fn sessions(&self, caller: Caller) -> Result<Vec<SessionView>, Refusal> {
        let now = self.now();
        self.jot(|tx| {
            let rows = tx.rows(
                "SELECT id, device_label_enc, platform, created_day, last_used_day FROM session
                 WHERE account_id = ?1 AND expires > ?2 AND last_used_day >= ?3 ORDER BY last_used_day DESC, created_day DESC, id",
                values![caller.account.as_bytes(), now, day_of(now) - IDLE_DAYS],
            )?;
            let view = |row: &crate::store::Row| {
                let session = id(row, 0)?;
                let label = self.unsealed(Seals::Person, session.as_bytes(), row.bytes(1)?)?;
                Ok::<_, StoreError>(SessionView {
                    id: session,
                    device_label: DeviceLabel::new(&label).map_err(|_| StoreError::Shape)?,
                    platform: Platform::named(row.text(2)?).ok_or(StoreError::Shape)?,
                    created_day: day_text(row.whole(3)?),
                    last_used_day: day_text(row.whole(4)?),
                    current: session == caller.session,
                })
            };
            Ok(Ok(rows.iter().map(view).collect::<Result<_, _>>()?))
        })
    }

    /// Names a device of the account.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] when the account has no such device.
    pub fn name_session(&self, caller: Caller, session: &Id, request: &SessionLabel) -> Result<(), Refusal> {
        let sealed =
            self.keys.seal(Seals::Person, session.as_bytes(), request.device_label.as_str().as_bytes());
        self.write(|tx| {
            let named = tx.execute(
                "UPDATE session SET device_label_enc = ?1 WHERE id = ?2 AND account_id = ?3",
                values![&sealed, session.as_bytes(), caller.account.as_bytes()],
            )?;
            Ok(if named == 1 { Ok(()) } else { Err(Refusal::NotFound) })
        })
    }

    /// Ends a session of the account. One that is gone already is no error.
    ///
    /// # Errors
    /// [`Refusal::Store`].
    pub fn end_session(&self, caller: Caller, session: &Id) -> Result<(), Refusal> {
        self.write(|tx| {
            tx.execute(
                "DELETE FROM session WHERE id = ?1 AND account_id = ?2",
                values![session.as_bytes(), caller.account.as_bytes()],
            )?;
            Ok(Ok(()))
        })
    }

    /// Ends all sessions of the account but the one that asks.
    ///
    /// # Errors
    /// [`Refusal::Store`].
    pub fn end_other_sessions(&self, caller: Caller) -> Result<(), Refusal> {
        self.write(|tx| {
            tx.execute(
                "DELETE FROM session WHERE account_id = ?1 AND id <> ?2",
                values![caller.account.as_bytes(), caller.session.as_bytes()],
            )?;
            Ok(Ok(()))
        })
    }
}
