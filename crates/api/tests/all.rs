//! The command table beside what the window was built for.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

#[test]
fn the_windows_types_are_those_of_the_table() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/api/bindings.ts");
    let expected = api::bindings::typescript();
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    if committed != expected {
        std::fs::write(&file, expected).unwrap();
        panic!("ui/src/api/bindings.ts was out of date and has been written anew: look at it and commit it");
    }
}

#[test]
fn every_command_has_its_own_name() {
    let mut names: Vec<_> = api::COMMANDS.iter().map(|command| command.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}

/// Types of the window by name, as they are declared.
fn declarations() -> BTreeMap<String, String> {
    let text = api::bindings::typescript();
    let declared = text.split("\nexport type ").skip(1).filter_map(|one| one.split_once(" = "));
    declared
        .map(|(name, what)| {
            (name.to_owned(), what.split_once("\n\n").map_or(what, |(own, _)| own).to_owned())
        })
        .collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// A type's declaration with those of everything in it.
fn in_full(name: &str, types: &BTreeMap<String, String>, seen: &mut BTreeSet<String>) -> String {
    let Some(own) = types.get(name).filter(|_| seen.insert(name.to_owned())) else { return String::new() };
    words(own).fold(own.clone(), |all, word| all + &in_full(word, types, seen))
}

fn carries_a_secret(request: &str, types: &BTreeMap<String, String>) -> bool {
    let whole = in_full(request, types, &mut BTreeSet::new()).replace("?: ", ": ");
    ["passphrase", "password", "code", "secret"].iter().any(|name| whole.contains(&format!("{name}: string")))
}

/// Requests of this type that carry one, with nothing typed.
fn empty(request: &str) -> Vec<Value> {
    let ways = [json!({"by": "passphrase", "passphrase": ""}), json!({"by": "recovery", "code": ""})];
    match request {
        "ProtectRequest" => vec![json!({"protection": ways[0]})],
        "AnotherRequest" => vec![json!({"protection": ways[0], "label": "second"})],
        "PasswordRequest" => vec![json!({"password": "", "keep": true})],
        "SignIn" => vec![json!({"email": "hana@example.com", "password": "", "keep": false})],
        "ProofRequest" => vec![json!({"purpose": "export", "password": ""})],
        "UnlockRequest" | "SalvageRequest" => ways.map(|way| json!({ "with": way })).to_vec(),
        "ReplaceKeyRequest" => vec![json!({"passphrase": ""})],
        other => {
            panic!("{other} carries a secret: lead it through `api::without_secret`, and lay it in here")
        }
    }
}

#[test]
fn every_command_with_a_typed_secret_comes_without_it_and_gets_it_in_the_window_for_typing() {
    let types = declarations();
    let mut found = Vec::new();
    for command in api::COMMANDS {
        let (request, _) = (command.types)();
        if api::WHILE_TYPING.contains(&command.name) || !carries_a_secret(&request, &types) {
            continue;
        }
        for asked in empty(&request) {
            let name = command.name;
            let waits = api::without_secret(name, &asked).unwrap_or_else(|| panic!("{name}: {asked}"));
            assert!(waits.is_empty());
            let whole = waits.with("typed".to_owned());
            assert_eq!(
                whole,
                serde_json::from_str::<Value>(&asked.to_string().replace("\"\"", "\"typed\"")).unwrap()
            );
            assert!(
                !api::without_secret(name, &whole).unwrap().is_empty(),
                "{name} may come with its secret"
            );
        }
        found.push(command.name);
    }
    let known = [
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
    assert_eq!(found, known);
}

#[test]
fn what_needs_no_typing_is_not_asked_for() {
    for (name, request) in [
        ("vault_create", json!({"protection": {"by": "keychain"}})),
        ("vault_unlock", json!({"with": {"by": "keychain"}})),
        ("vault_salvage", json!({"with": null})),
        ("key_replace", json!({"passphrase": null})),
        ("gallery_query", json!({"text": "passphrase"})),
        ("vault_unlock", json!("passphrase")),
    ] {
        assert!(api::without_secret(name, &request).is_none(), "{name}: {request}");
    }
}
