//! The log for security: what happened to an account, and from where. A day's part is sealed under that day's key, which
//! is gone after thirty days and is never in a backup: then the addresses can be read nowhere.

use std::net::IpAddr;

use wire::{Id, Purpose};
use zeroize::Zeroizing;

use super::{Accounts, Whence, day_of};
use crate::keys::{self, Seals};
use crate::store::{StoreError, Transaction};
use crate::values;

/// Days that a key of a day is kept.
pub(super) const DAYS: i64 = 30;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An account was made.
    Registered,
    /// A password was proved, for this.
    Proved(Purpose),
    /// A password was replaced.
    PasswordChanged,
    /// The account moved to another address.
    EmailChanged,
    /// It moved back.
    EmailChangeUndone,
    /// Everything that is held was asked for.
    Exported,
    /// A token was used that had been replaced.
    TokenReused,
    /// An account was deleted.
    Deleted,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Proved(Purpose::Login) => "signed_in",
            Self::Proved(Purpose::ChangePassword) => "proved_for_change_password",
            Self::Proved(Purpose::ChangeEmail) => "proved_for_change_email",
            Self::Proved(Purpose::DeleteAccount) => "proved_for_delete_account",
            Self::Proved(Purpose::Export) => "proved_for_export",
            Self::PasswordChanged => "password_changed",
            Self::EmailChanged => "email_changed",
            Self::EmailChangeUndone => "email_change_undone",
            Self::Exported => "exported",
            Self::TokenReused => "token_reused",
            Self::Deleted => "deleted",
        }
    }
}

/// An event as its account's owner may see it.
pub(super) struct Event {
    pub at: i64,
    pub kind: String,
    pub ip: Option<String>,
}

impl Accounts {
    /// Writes an event down.
    pub(super) fn note(
        &self,
        tx: &mut dyn Transaction,
        kind: Kind,
        account: Option<&Id>,
        whence: Whence,
        now: i64,
    ) -> Result<(), StoreError> {
        let (event, day) = (Id::random(), day_of(now));
        let key = self.day_key(tx, day)?;
        let account_ref = account.map(|account| reference(&key, account));
        let ip =
            whence.ip.map(|ip| keys::seal(&key, event.as_bytes(), ip.to_canonical().to_string().as_bytes()));
        tx.execute(
            "INSERT INTO security_event (id, at, day, kind, account_ref, ip_enc) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            values![event.as_bytes(), now, day, kind.name(), account_ref.as_ref(), ip.as_ref()],
        )?;
        Ok(())
    }

    /// The key of a day; drawn when it is first needed.
    fn day_key(&self, tx: &mut dyn Transaction, day: i64) -> Result<Zeroizing<[u8; 32]>, StoreError> {
        let known = tx.row("SELECT key_enc FROM day_key WHERE day = ?1", values![day])?;
        if let Some(row) = known {
            return self.opened_day_key(day, row.bytes(0)?);
        }
        let mut key = Zeroizing::new([0; 32]);
        crypto::fill(&mut *key);
        let sealed = self.keys.seal(Seals::Day, &day.to_be_bytes(), &*key);
        tx.execute("INSERT INTO day_key (day, key_enc) VALUES (?1, ?2)", values![day, &sealed])?;
        Ok(key)
    }

    fn opened_day_key(&self, day: i64, sealed: &[u8]) -> Result<Zeroizing<[u8; 32]>, StoreError> {
        let plain = self.keys.open(Seals::Day, &day.to_be_bytes(), sealed).ok_or(StoreError::Shape)?;
        let mut key = Zeroizing::new([0; 32]);
        if plain.len() != key.len() {
            return Err(StoreError::Shape);
        }
        key.copy_from_slice(&plain);
        Ok(key)
    }

    /// The events of an account as far as their days' keys are still there, the newest first.
    pub(super) fn events_of(&self, tx: &mut dyn Transaction, account: &Id) -> Result<Vec<Event>, StoreError> {
        let mut events = Vec::new();
        for row in tx.rows("SELECT day, key_enc FROM day_key ORDER BY day DESC", &[])? {
            let day = row.whole(0)?;
            let key = self.opened_day_key(day, row.bytes(1)?)?;
            let found = tx.rows(
                "SELECT id, at, kind, ip_enc FROM security_event WHERE day = ?1 AND account_ref = ?2 ORDER BY at DESC",
                values![day, &reference(&key, account)],
            )?;
            for row in found {
                let ip = row.maybe_bytes(3)?.and_then(|sealed| keys::open(&key, row.bytes(0).ok()?, sealed));
                let ip = ip.and_then(|text| String::from_utf8(text.to_vec()).ok());
                let ip = ip.filter(|text| text.parse::<IpAddr>().is_ok());
                events.push(Event { at: row.whole(1)?, kind: row.text(2)?.to_owned(), ip });
            }
        }
        Ok(events)
    }
}

/// What stands for an account within a day.
fn reference(key: &[u8; 32], account: &Id) -> [u8; 32] {
    keys::digest(key, &[b"account", account.as_bytes()])
}
