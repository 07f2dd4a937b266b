//! Linux and the BSDs: the Secret Service on the session bus, whoever offers it.

use std::collections::HashMap;

use keyring::Result as StoreResult;
use secret_service::EncryptionType;
use secret_service::blocking::SecretService;
use zbus::blocking::Connection;
use zbus::blocking::fdo::DBusProxy;
use zbus::zvariant::{OwnedObjectPath, OwnedValue};
use zbus_secret_service_keyring_store::Store;

use crate::KeychainError;
use crate::operations::Opened;

/// A failure on the bus: the service is not there.
pub(crate) const FAILURE: KeychainError = KeychainError::Unavailable;

const SECRETS: &str = "org.freedesktop.secrets";
const SERVICE: &str = "/org/freedesktop/secrets";

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
        is_quiet: || is_locked().is_ok_and(|locked| locked == Some(false)),
    })
}

fn unlock_default_collection() -> Result<bool, KeychainError> {
    if is_locked().map_err(|_| FAILURE)? != Some(true) {
        return Ok(false);
    }
    // No secret passes over this session.
    let service = SecretService::connect(EncryptionType::Plain).map_err(failure)?;
    service.get_default_collection().and_then(|collection| collection.unlock()).map_err(failure)?;
    Ok(true)
}

/// Whether the default collection is locked; `None` without one. Asked without a session: gnome-keyring 42 may crash when
/// many are begun and ended quickly.
fn is_locked() -> zbus::Result<Option<bool>> {
    let bus = Connection::session()?;
    let collection: OwnedObjectPath = bus
        .call_method(
            Some(SECRETS),
            SERVICE,
            Some("org.freedesktop.Secret.Service"),
            "ReadAlias",
            &("default",),
        )?
        .body()
        .deserialize()?;
    if collection.as_str() == "/" {
        return Ok(None);
    }
    let locked: OwnedValue = bus
        .call_method(
            Some(SECRETS),
            &collection,
            Some("org.freedesktop.DBus.Properties"),
            "Get",
            &("org.freedesktop.Secret.Collection", "Locked"),
        )?
        .body()
        .deserialize()?;
    Ok(Some(locked.try_into()?))
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
