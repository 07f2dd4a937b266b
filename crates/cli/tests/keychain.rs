//! The computer's keychain, in a session of its own.

use serde_json::Value;
use testkit::keyring::KeyringSession;

use crate::world::{PASSPHRASE, World, err, out};

/// Runs the program in a session, without a passphrase.
fn run(world: &World, session: &KeyringSession, arguments: &[&str]) -> (Option<i32>, Value) {
    let mut command = session.command(env!("CARGO_BIN_EXE_zimage"));
    command.env("ZIMAGE_VAULT", world.vault()).env_remove("ZIMAGE_PASSPHRASE").arg("--json").args(arguments);
    let output = command.stdin(std::process::Stdio::null()).output().unwrap();
    let value = serde_json::from_slice(&output.stdout);
    (output.status.code(), value.unwrap_or_else(|e| panic!("{e}: {}{}", out(&output), err(&output))))
}

#[test]
fn a_vault_in_the_keychain_opens_without_a_question() {
    let (world, session) = (World::new(), KeyringSession::start());
    let (code, made) = run(&world, &session, &["init", "--keychain"]);
    assert_eq!((code, &made["protection"]), (Some(0), &"keychain".into()), "{made}");
    world.pictures("in", 0..2);
    let folder = world.path("in");
    let (_, report) = run(&world, &session, &["import", folder.to_str().unwrap()]);
    assert_eq!(report["added"], 2, "{report}");

    // A passphrase that is given is meant, and this vault has none.
    let error = world.json(3, ["list"]);
    assert_eq!(error["error"]["code"], "no_such_slot");
    assert!(error["error"]["message"].as_str().unwrap().contains("no passphrase"), "not {PASSPHRASE}");

    let (code, error) = run(&world, &KeyringSession::start(), &["list"]);
    assert_eq!((code, &error["error"]["code"]), (Some(3), &"keychain_missing".into()));
}

#[test]
fn without_a_keychain_no_vault_is_made() {
    let (world, session) = (World::new(), KeyringSession::without_keyring());
    let (code, error) = run(&world, &session, &["init", "--keychain"]);
    assert_eq!((code, &error["error"]["code"]), (Some(3), &"keychain_unavailable".into()));
    assert!(!world.vault().exists());
}
