//! The name of a record in the store.

/// The service under which the store lists every record of this application.
pub(crate) const SERVICE: &str = "ai.z-image.desktop";

/// Which secret is meant. It names what is kept and carries no secret itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    account: String,
}

impl Item {
    /// The key to a vault's `keychain` slot.
    pub fn vault(id: &model::VaultId) -> Self {
        Self { account: format!("vault:{id}") }
    }

    /// How new a vault was when it was last closed here.
    pub fn anchor(id: &model::VaultId) -> Self {
        Self { account: format!("anchor:{id}") }
    }

    /// The session with the account service that belongs to a vault.
    pub fn session(id: &model::VaultId) -> Self {
        Self { account: format!("account:{id}") }
    }

    pub(crate) fn account(&self) -> &str {
        &self.account
    }
}
