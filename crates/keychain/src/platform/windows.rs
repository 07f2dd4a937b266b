//! Windows: the Credential Manager.

use std::collections::HashMap;

use keyring::Result as StoreResult;
use windows_native_keyring_store::Store;

use crate::KeychainError;
use crate::operations::Opened;

/// The store is part of the system: a failure means it cannot be reached in this session.
pub(crate) const FAILURE: KeychainError = KeychainError::Locked;

/// Opens the store.
pub(crate) fn open() -> StoreResult<Opened> {
    Ok(Opened {
        backend: "windows",
        store: Store::new()?,
        // The store's own default would let the key roam with a domain profile.
        modifiers: HashMap::from([("persistence", "Local")]),
        unlock: || Ok(false),
        is_quiet: || true,
    })
}
