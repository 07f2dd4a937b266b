//! The operating system's secret store, and its absence.
//!
//! One record per vault lies in the store: the key that opens the vault's `keychain` slot. Everything happens on
//! one thread of its own, because a store may ask the person for a password and wait for as long as nobody answers.
//!
//! **Invariant:** no caller ever waits longer than the time limit, and no error carries what the store said: two
//! of its variants hold the secret itself.

mod anchor;
mod item;
mod operations;
mod platform;
mod record;
mod worker;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

pub use anchor::{Anchor, Standing};
pub use item::Item;
use operations::{Attempt, Before, Opened};
use worker::Worker;
use zeroize::Zeroizing;

/// How long a call waits for an answer when nothing else is said: long enough to type a password.
pub const TIME_LIMIT: Duration = Duration::from_secs(30);

/// How long [`Keychain::backend`] waits, which is asked while a screen is being drawn, and what can be done without.
const BACKEND_LIMIT: Duration = Duration::from_secs(2);

/// What the store answered, without its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeychainError {
    /// There is no store here, or it does not work: no Secret Service, no session bus.
    #[error("no keychain is available")]
    Unavailable,
    /// The store is locked, or the person refused its question. The secret is not lost.
    #[error("the keychain is locked")]
    Locked,
    /// The store works and has no such record. Another store may have it.
    #[error("the keychain has no such key")]
    Missing,
    /// There is a record and it is not one of ours, or it did not come back as it was written.
    #[error("the key in the keychain cannot be read")]
    Garbage,
    /// The store asked the person something and nobody answered within the time limit.
    #[error("the keychain has not answered yet")]
    Unanswered,
}

/// The system's secret store. One thread of its own does all the work; calls wait at most the time limit.
#[derive(Clone)]
pub struct Keychain {
    worker: Worker,
    limit: Duration,
    last_backend: Arc<Mutex<Option<&'static str>>>,
}

impl Keychain {
    /// Starts the thread. Nothing is opened before the first call, and every call looks afresh: a store that was
    /// unavailable before may be there now.
    pub fn start() -> Self {
        Self::with_time_limit(TIME_LIMIT)
    }

    /// As [`Keychain::start`], with another limit for how long a call waits.
    pub fn with_time_limit(limit: Duration) -> Self {
        Self { worker: Worker::start(), limit, last_backend: Arc::default() }
    }

    /// The store's short name (`gnome-keyring`, `kwallet`, `keepassxc`, `secret-service`, `windows`, `macos`), or
    /// `None` when there is none. Waits two seconds at most; while a question to the person is open, the name that
    /// was last seen.
    pub fn backend(&self) -> Option<String> {
        let seen = Arc::clone(&self.last_backend);
        let answer =
            self.worker.ask(self.limit.min(BACKEND_LIMIT), move |_| open(&seen).map(|open| open.backend));
        let name = match answer {
            Some(answer) => answer.ok(),
            None => *self.last_backend.lock().unwrap_or_else(PoisonError::into_inner),
        };
        name.map(str::to_owned)
    }

    /// Keeps the key as one line of base64, in place of an earlier one, and reads it back before it counts.
    ///
    /// # Errors
    /// [`KeychainError`]; the store then holds what it held before.
    pub fn store(&self, item: &Item, kek: &crypto::Kek) -> Result<(), KeychainError> {
        self.put(item, kek, Before::Replace)
    }

    /// Keeps a second key beside the one that is there, until [`Keychain::store`] leaves one of them: whatever happens
    /// between, what the first key opens and what the second opens can both be opened.
    ///
    /// # Errors
    /// As [`Keychain::store`].
    pub fn store_beside(&self, item: &Item, kek: &crypto::Kek) -> Result<(), KeychainError> {
        self.put(item, kek, Before::Keep)
    }

    fn put(&self, item: &Item, kek: &crypto::Kek, before: Before) -> Result<(), KeychainError> {
        let kek = crypto::Kek::from_bytes(*kek.as_bytes());
        self.run(item, move |open, item, attempt| operations::store(open, item, (&kek, before), attempt))
    }

    /// The keys kept under this name: usually one, several when the store has duplicates. The caller tries each.
    ///
    /// # Errors
    /// [`KeychainError`]; [`KeychainError::Garbage`] only if none of the records can be read.
    pub fn load(&self, item: &Item) -> Result<Vec<crypto::Kek>, KeychainError> {
        self.run(item, |open, item, _| operations::load(open, item))
    }

    /// Keeps some bytes under this name, in place of what is there.
    ///
    /// # Errors
    /// As [`Keychain::store`].
    pub fn keep(&self, item: &Item, bytes: &[u8]) -> Result<(), KeychainError> {
        let bytes = Zeroizing::new(bytes.to_vec());
        self.run(item, move |open, item, attempt| operations::keep(open, item, &bytes, attempt))
    }

    /// What [`Keychain::keep`] kept: usually one, several when the store has duplicates.
    ///
    /// # Errors
    /// As [`Keychain::load`].
    pub fn kept(&self, item: &Item) -> Result<Vec<Zeroizing<Vec<u8>>>, KeychainError> {
        self.run(item, |open, item, _| operations::kept(open, item))
    }

    /// Removes the record and its duplicates. It is fine if there is none.
    ///
    /// # Errors
    /// [`KeychainError`]; the record may then still be there.
    pub fn remove(&self, item: &Item) -> Result<(), KeychainError> {
        self.run(item, |open, item, _| operations::remove(open, item))
    }

    /// Notes how new a vault is, outside its folder, so that an older copy of the folder can be told. The person is never
    /// asked anything for it.
    ///
    /// # Errors
    /// [`KeychainError::Locked`] when the store would have to ask; as [`Keychain::store`] otherwise.
    pub fn note(&self, item: &Item, vault: &Standing) -> Result<(), KeychainError> {
        let (item, vault) = (item.clone(), vault.clone());
        self.quietly(move |open| operations::note(open, &item, &vault))
    }

    /// What [`Keychain::note`] kept; `None` when there is no note.
    ///
    /// # Errors
    /// As [`Keychain::note`].
    pub fn noted(&self, item: &Item) -> Result<Option<Anchor>, KeychainError> {
        let item = item.clone();
        self.quietly(move |open| operations::noted(open, &item))
    }

    /// For what can be done without: no waiting beyond two seconds, and later calls are not held to it.
    fn quietly<T: Send + 'static>(
        &self,
        work: impl Fn(&Opened) -> Result<T, KeychainError> + Send + 'static,
    ) -> Result<T, KeychainError> {
        let seen = Arc::clone(&self.last_backend);
        let answer = self.worker.ask(self.limit.min(BACKEND_LIMIT), move |_| again(&seen, work));
        answer.unwrap_or(Err(KeychainError::Unanswered))
    }

    fn run<T: Send + 'static>(
        &self,
        item: &Item,
        work: impl Fn(&Opened, &Item, &Attempt) -> Result<T, KeychainError> + Send + 'static,
    ) -> Result<T, KeychainError> {
        let (seen, item) = (Arc::clone(&self.last_backend), item.clone());
        self.worker.call(self.limit, move |attempt| again(&seen, |open| work(open, &item, attempt)))
    }
}

/// Does the work, and once more where the store went away in the middle of it: gnome-keyring 42 may crash at any call, and
/// the desktop starts it anew.
fn again<T>(
    seen: &Mutex<Option<&'static str>>,
    work: impl Fn(&Opened) -> Result<T, KeychainError>,
) -> Result<T, KeychainError> {
    let attempt = || open(seen).and_then(|open| work(&open));
    match attempt() {
        Err(KeychainError::Unavailable) => attempt(),
        answer => answer,
    }
}

/// Opens the store afresh and remembers its name. A connection is never kept: one to a service that has been
/// restarted since would fail for ever.
fn open(seen: &Mutex<Option<&'static str>>) -> Result<Opened, KeychainError> {
    let opened = platform::open().map_err(operations::failure);
    *seen.lock().unwrap_or_else(PoisonError::into_inner) = opened.as_ref().ok().map(|open| open.backend);
    opened
}
