//! Linux and the BSDs: the Secret Service on the session bus, whoever offers it.

use std::collections::HashMap;

use keyring::Result as StoreResult;
use secret_service::EncryptionType;
use secret_service::blocking::SecretService;
use zbus::blocking::Connection;
use zbus::blocking::fdo::DBusProxy;
use zbus_secret_service_keyring_store::Store;

use crate::KeychainError;
use crate::operations::Opened;

/// A failure on the bus: the service is not there.
pub(crate) const FAILURE: KeychainError = KeychainError::Unavailable;

const SECRETS: &str = "org.freedesktop.secrets";

/// Names on the bus by which the programs that offer the Secret Service are known.
const PROVIDERS: [(&str, &str); 5] = [
    ("org.gnome.keyring", "gnome-keyring"),
    ("org.kde.secretservicecompat", "kwallet"),
    ("org.kde.kwalletd6", "kwallet"),
    ("org.kde.kwalletd5", "kwallet"),
    ("org.keepassxc.KeePassXC.MainWindow", "keepassxc"),
];

/// Opens a session with the service, which the bus may start for it.
pub(crate) fn open() -> StoreResult<Opened> {
    let store = Store::new()?;
    Ok(Opened {
        backend: provider().unwrap_or("secret-service"),
        store,
        // What the person reads in the desktop's own list of secrets.
        modifiers: HashMap::from([("label", "Z-Image Desktop")]),
        unlock: unlock_default_collection,
        is_quiet: || is_open().unwrap_or(false),
    })
}

fn unlock_default_collection() -> Result<bool, KeychainError> {
    // No secret passes over this session.
    let service = SecretService::connect(EncryptionType::Plain).map_err(failure)?;
    let collection = match service.get_default_collection() {
        Ok(collection) => collection,
        Err(secret_service::Error::NoResult) => return Ok(false),
        Err(error) => return Err(failure(error)),
    };
    if !collection.is_locked().map_err(failure)? {
        return Ok(false);
    }
    collection.unlock().map_err(failure)?;
    Ok(true)
}

/// Whether the default collection is there and open.
fn is_open() -> Result<bool, secret_service::Error> {
    let service = SecretService::connect(EncryptionType::Plain)?;
    Ok(!service.get_default_collection()?.is_locked()?)
}

fn failure(error: secret_service::Error) -> KeychainError {
    use secret_service::Error;
    match error {
        Error::Locked | Error::NoResult | Error::Prompt => KeychainError::Locked,
        _ => FAILURE,
    }
}

/// Who offers the service: the owner of its name has another one as well.
fn provider() -> Option<&'static str> {
    let bus = Connection::session().ok()?;
    let bus = DBusProxy::new(&bus).ok()?;
    let owner = bus.get_name_owner(SECRETS.try_into().ok()?).ok()?;
    PROVIDERS.iter().find_map(|(name, provider)| {
        let other = bus.get_name_owner((*name).try_into().ok()?).ok()?;
        (other == owner).then_some(*provider)
    })
}
