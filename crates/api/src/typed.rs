//! Which commands carry what a person types to open or to protect a vault, or to show that the account is theirs. Where typing has a window of its own, the
//! page with the pictures asks for these commands without it: the window fills it in.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use studio::{Code, Settings};
use ts_rs::TS;

/// What is to be typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Typed {
    /// The passphrase that opens the vault.
    Passphrase,
    /// The recovery key.
    Recovery,
    /// A passphrase that is to protect the vault from now on, twice.
    NewPassphrase,
    /// The account's password.
    Password,
    /// A password that is to be the account's from now on, twice.
    NewPassword,
}

/// What a person at the window for typing is asked.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Asked {
    /// Its number: the answer says which question it is for, as another may have taken its place meanwhile.
    pub id: u32,
    /// What to type.
    pub typed: Typed,
    /// Name of the command that it is for.
    pub name: String,
    /// How the window speaks and looks.
    pub settings: Settings,
    /// Milliseconds to wait before the next passphrase or recovery key is looked at.
    #[ts(type = "number")]
    pub wait_ms: i64,
}

/// Commands about a passphrase that is only being chosen: they are the typing window's alone.
pub const WHILE_TYPING: &[&str] = &["passphrase_strength", "passphrase_suggest"];

/// Commands whose requests may hold what a person types.
const WITH_SECRETS: &[&str] = &[
    "vault_create",
    "vault_unlock",
    "vault_salvage",
    "vaults_create",
    "vault_prove",
    "protection_change",
    "key_replace",
    "account_password",
    "account_sign_in",
    "account_prove",
];

/// What both pages may ask for: locking and quitting go before everything else.
pub const ANYWHERE: &[&str] = &["app_quit", "vault_lock"];

/// A request that lacks what is to be typed.
#[derive(Debug, Clone)]
pub struct WithoutSecret {
    request: Value,
    place: &'static str,
    /// What is to be typed.
    pub typed: Typed,
}

impl WithoutSecret {
    /// The whole request.
    pub fn with(&self, secret: String) -> Value {
        let mut request = self.request.clone();
        if let Some(place) = request.pointer_mut(self.place) {
            *place = Value::String(secret);
        }
        request
    }

    /// The page did not send one all the same.
    pub fn is_empty(&self) -> bool {
        let there = self.request.pointer(self.place);
        there.is_none_or(|there| there.as_str() == Some("") || there.is_null())
    }
}

/// Where a request of these commands may hold a secret, it stands under a name: one that came in a list, which serde takes
/// for a structure as well, would be overlooked.
pub fn names_its_parts(name: &str, request: &Value) -> bool {
    if !WITH_SECRETS.contains(&name) {
        return true;
    }
    let named = |part: &str| request.get(part).is_none_or(|part| part.is_object() || part.is_null());
    request.is_object() && named("with") && named("protection")
}

/// What is to be typed for this request; `None` where it carries nothing of the kind, such as with a keychain.
pub fn without_secret(name: &str, request: &Value) -> Option<WithoutSecret> {
    let has = |place: &str| request.pointer(place).is_some();
    let (place, typed) = match name {
        "vault_create" | "vaults_create" | "protection_change" if has("/protection/passphrase") => {
            ("/protection/passphrase", Typed::NewPassphrase)
        }
        "vault_unlock" | "vault_prove" | "vault_salvage" if has("/with/passphrase") => {
            ("/with/passphrase", Typed::Passphrase)
        }
        "vault_unlock" | "vault_prove" | "vault_salvage" if has("/with/code") => {
            ("/with/code", Typed::Recovery)
        }
        "key_replace" if request.pointer("/passphrase").is_some_and(|given| !given.is_null()) => {
            ("/passphrase", Typed::Passphrase)
        }
        "account_password" if has("/password") => ("/password", Typed::NewPassword),
        "account_sign_in" | "account_prove" if has("/password") => ("/password", Typed::Password),
        _ => return None,
    };
    Some(WithoutSecret { request: request.clone(), place, typed })
}

/// Typing again may mend it.
pub fn may_be_mistyped(code: Code) -> bool {
    matches!(
        code,
        Code::WrongSecret
            | Code::TooManyAttempts
            | Code::RecoveryMalformed
            | Code::RecoveryMistyped
            | Code::RecoveryOtherVault
            | Code::PassphraseWeak
            | Code::AccountRefused
            | Code::PasswordWrong
            | Code::TooManyRequests
            | Code::PasswordWeak
    )
}
