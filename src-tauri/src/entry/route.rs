//! Which page may ask for what.

use api::WithoutSecret;
use serde_json::Value;
use studio::Code;

use super::ENTRY;
use crate::window::MAIN;

/// What becomes of a page's request.
#[derive(Debug)]
pub(super) enum Route {
    /// It is carried out as it is.
    Runs,
    /// A person types what it lacks first.
    Waits(WithoutSecret),
    /// It is none of this page's.
    Refused(Code),
}

/// The page with the pictures never has a secret in a request, and the one for typing has no other command than those
/// about what is being typed.
pub(super) fn route(window: &str, apart: bool, name: &str, request: &Value) -> Route {
    let while_typing = api::WHILE_TYPING.contains(&name);
    match (window, apart) {
        (MAIN, false) => Route::Runs,
        (MAIN, true) if while_typing => Route::Refused(Code::NoSuchCommand),
        (MAIN, true) if !api::names_its_parts(name, request) => Route::Refused(Code::BadRequest),
        (MAIN, true) => match api::without_secret(name, request) {
            Some(lacking) if lacking.is_empty() => Route::Waits(lacking),
            Some(_) => Route::Refused(Code::BadRequest),
            None => Route::Runs,
        },
        (ENTRY, true) if while_typing || api::ANYWHERE.contains(&name) => Route::Runs,
        _ => Route::Refused(Code::NoSuchCommand),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_secret_comes_from_the_page_with_the_pictures_in_any_form() {
        let route = |name: &str, request: Value| route(MAIN, true, name, &request);
        let secret = "x";
        for (name, request) in [
            ("vault_unlock", json!({"with": {"by": "passphrase", "passphrase": secret}})),
            ("vault_unlock", json!({"with": ["passphrase", secret]})),
            ("vault_unlock", json!([{"by": "passphrase", "passphrase": secret}])),
            ("vault_prove", json!([["recovery", secret]])),
            ("vault_salvage", json!({"with": ["recovery", secret]})),
            ("vault_create", json!({"protection": ["passphrase", secret]})),
            ("vaults_create", json!([["passphrase", secret], "label"])),
            ("protection_change", json!([{"by": "passphrase", "passphrase": secret}])),
            ("key_replace", json!([secret])),
            ("key_replace", json!({"passphrase": secret})),
            ("account_prove", json!({"purpose": "export", "password": secret})),
            ("account_prove", json!(["export", secret])),
            ("account_password", json!([secret, true])),
            ("account_sign_in", json!({"email": "a@b", "password": secret, "keep": true})),
            ("account_sign_in", json!(["a@b", secret, true])),
        ] {
            assert!(
                matches!(route(name, request.clone()), Route::Refused(Code::BadRequest)),
                "{name} {request}"
            );
        }
        let empty = json!({"with": {"by": "passphrase", "passphrase": ""}});
        assert!(matches!(route("vault_unlock", empty), Route::Waits(_)));
        assert!(matches!(route("vault_unlock", json!({"with": {"by": "keychain"}})), Route::Runs));
        assert!(matches!(route("vault_salvage", json!({"with": null})), Route::Runs));
        assert!(matches!(route("gallery_query", Value::Null), Route::Runs));
    }

    #[test]
    fn the_page_for_typing_may_do_nothing_else() {
        for command in api::COMMANDS {
            let routed = route(ENTRY, true, command.name, &Value::Null);
            let allowed = [api::WHILE_TYPING, api::ANYWHERE].concat().contains(&command.name);
            assert_eq!(matches!(routed, Route::Runs), allowed, "{}", command.name);
        }
    }
}
