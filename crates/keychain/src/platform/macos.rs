//! macOS: the login keychain. (The protected store would need a provisioning profile.)

use std::collections::HashMap;

use apple_native_keyring_store::keychain::Store;
use keyring::Result as StoreResult;

use crate::KeychainError;
use crate::operations::Opened;

/// The store is part of the system: a failure means that it is locked or the person refused.
pub(crate) const FAILURE: KeychainError = KeychainError::Locked;

/// Opens the store.
pub(crate) fn open() -> StoreResult<Opened> {
    Ok(Opened { backend: "macos", store: Store::new()? })
}

/// The store's default is the login keychain.
pub(crate) fn modifiers() -> HashMap<&'static str, &'static str> {
    HashMap::new()
}

/// Reading an item asks by itself.
pub(crate) fn unlock_default_collection() -> Result<bool, KeychainError> {
    Ok(false)
}
