//! Store, load and remove, on a store that is open.
//!
//! **Invariant:** an error of the store is turned into a bare [`KeychainError`] here and is never printed.

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crypto::Kek;
use keyring::{Error, Result as StoreResult};
use keyring_core::{CredentialStore, Entry};
use zeroize::Zeroizing;

use crate::KeychainError;
use crate::anchor::{Anchor, Standing};
use crate::item::{Item, SERVICE};
use crate::platform;
use crate::record::Record;
pub(crate) use crate::worker::Attempt;

/// A store that has answered.
pub(crate) struct Opened {
    pub(crate) backend: &'static str,
    pub(crate) store: Arc<CredentialStore>,
    /// What the store is to know about each record, in its own words.
    pub(crate) modifiers: HashMap<&'static str, &'static str>,
    /// Asks the person to open the default collection if it is locked; true if it was and is open now.
    pub(crate) unlock: fn() -> Result<bool, KeychainError>,
    /// Whether it can be asked without a question to the person.
    pub(crate) is_quiet: fn() -> bool,
}

/// A record as it lies in the store.
struct Found {
    entry: Entry,
    secret: Zeroizing<Vec<u8>>,
}

impl Opened {
    fn entry(&self, item: &Item) -> Result<Entry, KeychainError> {
        self.store.build(SERVICE, item.account(), Some(&self.modifiers)).map_err(failure)
    }

    /// Every record of this name. None found while the default collection is locked means little (KeePassXC hides
    /// what is locked), so it is opened first, with the person's consent, and asked again.
    fn find(&self, item: &Item) -> Result<Vec<Found>, KeychainError> {
        let found = all(self.entry(item)?).map_err(failure)?;
        if found.is_empty() && (self.unlock)()? {
            return all(self.entry(item)?).map_err(failure);
        }
        Ok(found)
    }
}

/// What becomes of the key that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    /// It goes, and duplicates with it.
    Replace,
    /// It stays: what it opens has not been written anew yet.
    Keep,
}

/// Writes the key into the first record of this name, or as a new one; reads it back; then drops duplicates.
pub(crate) fn store(
    open: &Opened,
    item: &Item,
    (kek, keep): (&Kek, Before),
    attempt: &Attempt,
) -> Result<(), KeychainError> {
    let line = |before: Option<&[u8]>| {
        let kek = Kek::from_bytes(*kek.as_bytes());
        let record = match before.and_then(Record::decode) {
            Some(record) if keep == Before::Keep => record.with_next(kek),
            Some(record) => record.with_key(kek),
            None => Record::new(kek),
        };
        record.encode()
    };
    write(open, item, line, keep, attempt)
}

/// Writes bytes under this name in place of what is there, and reads them back.
pub(crate) fn keep(open: &Opened, item: &Item, bytes: &[u8], attempt: &Attempt) -> Result<(), KeychainError> {
    write(open, item, |_| Zeroizing::new(STANDARD.encode(bytes)), Before::Replace, attempt)
}

/// Writes a line that is made of the one before; what was written too late, or does not come back, is withdrawn.
fn write(
    open: &Opened,
    item: &Item,
    line: impl FnOnce(Option<&[u8]>) -> Zeroizing<String>,
    keep: Before,
    attempt: &Attempt,
) -> Result<(), KeychainError> {
    let mut found = open.find(item)?.into_iter();
    let (entry, before) = match found.next() {
        Some(Found { entry, secret }) => (entry, Some(secret)),
        None => (open.entry(item)?, None),
    };
    // The person's answer may have come after the caller was told that none did.
    if attempt.given_up() {
        return Err(KeychainError::Unanswered);
    }
    let line = line(before.as_ref().map(|secret| secret.as_slice()));
    // What could not be written has changed nothing.
    entry.set_secret(line.as_bytes()).map_err(failure)?;
    let outcome =
        if attempt.given_up() { Err(KeychainError::Unanswered) } else { verify(&entry, line.as_bytes()) };
    if outcome.is_err() {
        withdraw(&entry, before.as_ref());
        return outcome;
    }
    for duplicate in found.filter(|_| keep == Before::Replace) {
        // One that stays is tried by `load` and does no harm.
        let _ = duplicate.entry.delete_credential();
    }
    Ok(())
}

/// The keys under this name that can be read.
pub(crate) fn load(open: &Opened, item: &Item) -> Result<Vec<Kek>, KeychainError> {
    let found = open.find(item)?;
    if found.is_empty() {
        return Err(KeychainError::Missing);
    }
    let keys: Vec<Kek> =
        found.iter().filter_map(|f| Record::decode(&f.secret)).flat_map(Record::keys).collect();
    if keys.is_empty() { Err(KeychainError::Garbage) } else { Ok(keys) }
}

/// The bytes under this name, of each record that can be read.
pub(crate) fn kept(open: &Opened, item: &Item) -> Result<Vec<Zeroizing<Vec<u8>>>, KeychainError> {
    let found = open.find(item)?;
    if found.is_empty() {
        return Err(KeychainError::Missing);
    }
    let read = |found: &Found| STANDARD.decode(found.secret.trim_ascii()).ok().map(Zeroizing::new);
    let all: Vec<_> = found.iter().filter_map(read).collect();
    if all.is_empty() { Err(KeychainError::Garbage) } else { Ok(all) }
}

/// Deletes every record of this name.
pub(crate) fn remove(open: &Opened, item: &Item) -> Result<(), KeychainError> {
    for found in open.find(item)? {
        gone(found.entry.delete_credential()).map_err(failure)?;
    }
    Ok(())
}

/// Notes how a vault stands. Never asks the person anything: a store that is locked says so.
pub(crate) fn note(open: &Opened, item: &Item, vault: &Standing) -> Result<(), KeychainError> {
    let mut found = quietly(open, item)?;
    let before = together(&found);
    let entry = if found.is_empty() { open.entry(item)? } else { found.remove(0).entry };
    entry.set_secret(before.unwrap_or_default().at(vault).encode().as_bytes()).map_err(failure)?;
    for duplicate in found {
        // One that stays is older: what is in it counts already.
        let _ = duplicate.entry.delete_credential();
    }
    Ok(())
}

/// What was noted; `None` without a note. Never asks the person anything.
pub(crate) fn noted(open: &Opened, item: &Item) -> Result<Option<Anchor>, KeychainError> {
    Ok(together(&quietly(open, item)?))
}

fn together(found: &[Found]) -> Option<Anchor> {
    found.iter().filter_map(|found| Anchor::decode(&found.secret)).reduce(Anchor::with)
}

fn quietly(open: &Opened, item: &Item) -> Result<Vec<Found>, KeychainError> {
    if !(open.is_quiet)() {
        return Err(KeychainError::Locked);
    }
    all(open.entry(item)?).map_err(failure)
}

/// What the store's error means, and nothing of what it says.
pub(crate) fn failure(error: Error) -> KeychainError {
    match error {
        Error::NoEntry => KeychainError::Missing,
        Error::NoStorageAccess(_) => KeychainError::Locked,
        Error::PlatformFailure(_) => platform::FAILURE,
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) => KeychainError::Garbage,
        _ => KeychainError::Unavailable,
    }
}

fn verify(entry: &Entry, line: &[u8]) -> Result<(), KeychainError> {
    let back = Zeroizing::new(entry.get_secret().map_err(failure)?);
    if back.as_slice() == line { Ok(()) } else { Err(KeychainError::Garbage) }
}

/// Undoes a write that does not count. The store has failed already: it is asked once and cannot be helped.
fn withdraw(entry: &Entry, before: Option<&Zeroizing<Vec<u8>>>) {
    let _ = match before {
        Some(secret) => entry.set_secret(secret),
        None => entry.delete_credential(),
    };
}

fn all(entry: Entry) -> StoreResult<Vec<Found>> {
    match entry.get_secret() {
        Ok(secret) => Ok(vec![Found { entry, secret: Zeroizing::new(secret) }]),
        Err(Error::NoEntry) => Ok(Vec::new()),
        Err(Error::Ambiguous(entries)) => entries
            .into_iter()
            .map(|entry| {
                let secret = Zeroizing::new(entry.get_secret()?);
                Ok(Found { entry, secret })
            })
            .collect(),
        Err(error) => Err(error),
    }
}

fn gone(answer: StoreResult<()>) -> StoreResult<()> {
    match answer {
        Err(Error::NoEntry) => Ok(()),
        answer => answer,
    }
}

#[cfg(test)]
mod tests;
