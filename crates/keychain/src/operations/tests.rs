//! Stores that fail in ways a real one cannot be made to.

use std::any::Any;
use std::sync::Mutex;

use keyring_core::api::{CredentialApi, CredentialStoreApi};
use keyring_core::{Credential, CredentialStore};

use super::*;
use crate::worker::Worker;

/// Holds one record, and does to each write what the test says.
#[derive(Clone)]
struct Odd {
    kept: Arc<Mutex<Option<Vec<u8>>>>,
    on_write: fn(&[u8]) -> StoreResult<Vec<u8>>,
}

impl Odd {
    fn opened(kept: Option<&str>, on_write: fn(&[u8]) -> StoreResult<Vec<u8>>) -> (Self, Opened) {
        let kept = Arc::new(Mutex::new(kept.map(|text| text.as_bytes().to_vec())));
        let odd = Self { kept, on_write };
        let store: Arc<CredentialStore> = Arc::new(odd.clone());
        (
            odd,
            Opened {
                backend: "odd",
                store,
                modifiers: HashMap::new(),
                unlock: || Ok(false),
                is_quiet: || true,
            },
        )
    }

    fn kept(&self) -> Option<Vec<u8>> {
        self.kept.lock().unwrap().clone()
    }
}

impl CredentialStoreApi for Odd {
    fn vendor(&self) -> String {
        "odd".into()
    }
    fn id(&self) -> String {
        "odd".into()
    }
    fn build(&self, _: &str, _: &str, _: Option<&HashMap<&str, &str>>) -> StoreResult<Entry> {
        Ok(Entry::new_with_credential(Arc::new(self.clone())))
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn debug_fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Odd")
    }
}

impl CredentialApi for Odd {
    fn set_secret(&self, secret: &[u8]) -> StoreResult<()> {
        let secret = (self.on_write)(secret)?;
        *self.kept.lock().unwrap() = Some(secret);
        Ok(())
    }
    fn get_secret(&self) -> StoreResult<Vec<u8>> {
        self.kept().ok_or(Error::NoEntry)
    }
    fn delete_credential(&self) -> StoreResult<()> {
        self.kept.lock().unwrap().take().map(drop).ok_or(Error::NoEntry)
    }
    fn get_credential(&self) -> StoreResult<Option<Arc<Credential>>> {
        Ok(None)
    }
    fn get_specifiers(&self) -> Option<(String, String)> {
        None
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn debug_fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Odd")
    }
}

fn item() -> Item {
    Item::vault(&model::VaultId::from_bytes([1; 16]))
}

fn key() -> Kek {
    Kek::from_bytes([3; 32])
}

/// Keeps what is no record as it is (so that an earlier one can be put back) and cuts off the end of one.
fn cut_short(secret: &[u8]) -> StoreResult<Vec<u8>> {
    let length = if Record::decode(secret).is_some() { secret.len() - 1 } else { secret.len() };
    Ok(secret[..length].to_vec())
}

#[test]
fn a_write_that_does_not_come_back_is_removed_and_does_not_count() {
    let (odd, open) = Odd::opened(None, cut_short);
    assert_eq!(
        store(&open, &item(), (&key(), Before::Replace), &Attempt::default()).unwrap_err(),
        KeychainError::Garbage
    );
    assert_eq!(odd.kept(), None);
}

#[test]
fn a_write_that_does_not_come_back_leaves_what_was_there_before() {
    let (odd, open) = Odd::opened(Some("earlier"), cut_short);
    assert_eq!(
        store(&open, &item(), (&key(), Before::Replace), &Attempt::default()).unwrap_err(),
        KeychainError::Garbage
    );
    assert_eq!(odd.kept().unwrap(), b"earlier");
}

#[test]
fn a_refused_write_changes_nothing() {
    let (odd, open) = Odd::opened(Some("earlier"), |_| Err(Error::TooLong("secret".into(), 8)));
    assert_eq!(
        store(&open, &item(), (&key(), Before::Replace), &Attempt::default()).unwrap_err(),
        KeychainError::Unavailable
    );
    assert_eq!(odd.kept().unwrap(), b"earlier");
}

#[test]
fn a_write_that_ends_after_the_caller_gave_up_is_taken_back() {
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::time::Duration;
    type Gate = (Sender<()>, Mutex<Receiver<()>>);
    static GATE: Mutex<Option<Gate>> = Mutex::new(None);

    let (tell_writing, writing) = channel();
    let (release, released) = channel();
    *GATE.lock().unwrap() = Some((tell_writing, Mutex::new(released)));
    let (odd, open) = Odd::opened(Some("earlier"), |secret| {
        if let Some((writing, released)) = GATE.lock().unwrap().take() {
            writing.send(()).unwrap();
            released.lock().unwrap().recv().unwrap();
        }
        Ok(secret.to_vec())
    });
    let worker = Worker::start();
    let call = move |attempt: &Attempt| store(&open, &item(), (&key(), Before::Replace), attempt);
    assert_eq!(worker.call(Duration::from_millis(50), call).unwrap_err(), KeychainError::Unanswered);
    writing.recv().unwrap();
    release.send(()).unwrap();
    // The thread does one thing after another: when it does this, it has done the other.
    while worker.call(Duration::from_secs(30), |_| Ok(())).is_err() {
        std::thread::yield_now();
    }
    assert_eq!(odd.kept().unwrap(), b"earlier");
}

#[test]
fn no_error_of_a_store_keeps_what_it_says() {
    let box_of = |text: &str| text.to_owned().into();
    for (error, meaning) in [
        (Error::NoEntry, KeychainError::Missing),
        (Error::NoStorageAccess(box_of("locked")), KeychainError::Locked),
        (Error::BadEncoding(b"secret".to_vec()), KeychainError::Garbage),
        (Error::BadDataFormat(b"secret".to_vec(), box_of("odd")), KeychainError::Garbage),
        (Error::NoDefaultStore, KeychainError::Unavailable),
        (Error::PlatformFailure(box_of("secret")), platform::FAILURE),
    ] {
        let found = failure(error);
        assert_eq!(found, meaning);
        assert!(!format!("{found} {found:?}").contains("secret"));
    }
}
