//! A locked vault has no answer to anything that is inside.

use api::{COMMANDS, Needs};
use serde_json::{Value, json};
use studio::Code;
use testkit::samples;

use crate::app::App;

/// A request that each command takes, so that the refusal is not about its form.
fn request_for(command: &str) -> Value {
    match command {
        "vaults_label" => json!({ "label": "" }),
        "key_replace" => json!({ "passphrase": null }),
        "slot_remove" => json!({ "kind": "recovery" }),
        "protection_change" => json!({ "protection": { "by": "keychain" } }),
        "recovery_confirm" => json!({ "answers": [] }),
        "gallery_query" => json!({ "text": "夜" }),
        "gallery_cells" | "items_discard" | "items_restore" | "items_erase" => json!({ "seqs": [1] }),
        "item_show" => json!({ "seq": 1 }),
        "items_edit" => json!({ "edits": [{ "seq": 1, "edit": { "rating": 1 } }] }),
        "item_copy" => json!({ "seq": 1, "what": "prompt" }),
        "import_pick" => json!({ "what": "folders" }),
        "import_plan" | "import_start" => json!({ "offers": [0], "label": "" }),
        "export_start" => json!({ "seqs": null }),
        "job_cancel" | "job_dismiss" => json!({ "job": 1 }),
        _ => Value::Null,
    }
}

#[test]
fn every_command_that_needs_the_vault_is_refused_while_it_is_locked() {
    let place = tempfile::tempdir().unwrap();
    let pictures = place.path().join("outputs");
    samples::write_to(&pictures, &samples::all(&samples::Options { edge: 48 })[..2]).unwrap();
    let (app, _) = App::with_vault(&place.path().join("data"));
    app.import(&pictures);
    let address =
        app.ask("status", Value::Null)["pictures"].as_str().unwrap().replace("vault://localhost", "");
    app.studio.picture_at(&format!("{address}thumb/1")).expect("a picture while the vault is open");
    app.ask("vault_lock", Value::Null);

    for command in COMMANDS {
        let outcome = api::call(&app.studio, command.name, request_for(command.name));
        if command.needs == Needs::OpenVault {
            assert_eq!(outcome.expect_err(command.name).code, Code::Locked, "{}", command.name);
        }
    }
    for kind in ["thumb", "full"] {
        let refused = app.studio.picture_at(&format!("{address}{kind}/1"));
        assert_eq!(refused.err().map(|failure| failure.code), Some(Code::Locked));
    }
    assert!(app.studio.jobs().is_empty(), "reports name files, so none stays");
}

#[test]
fn an_address_from_before_the_lock_shows_nothing_afterwards() {
    let place = tempfile::tempdir().unwrap();
    let pictures = place.path().join("outputs");
    samples::write_to(&pictures, &samples::all(&samples::Options { edge: 48 })[..1]).unwrap();
    let (app, _) = App::with_vault(&place.path().join("data"));
    app.import(&pictures);
    let old = app.ask("status", Value::Null)["pictures"].as_str().unwrap().replace("vault://localhost", "");
    app.ask("vault_lock", Value::Null);
    app.ask("vault_unlock", json!({ "with": { "by": "passphrase", "passphrase": crate::app::PASSPHRASE } }));
    let seq = app.hits(json!({}))[0];
    let refused = app.studio.picture_at(&format!("{old}thumb/{seq}"));
    assert_eq!(refused.err().map(|failure| failure.code), Some(Code::Locked));
}

#[test]
fn unknown_commands_and_fields_are_refused() {
    let place = tempfile::tempdir().unwrap();
    let app = App::start(place.path());
    assert_eq!(app.refused("vault_open", Value::Null), Code::NoSuchCommand);
    assert_eq!(app.refused("settings_edit", json!({ "path": "/etc" })), Code::BadRequest);
    assert_eq!(app.refused("status", json!({ "x": 1 })), Code::BadRequest);
}

#[test]
fn a_picture_for_the_window_is_never_the_imported_file() {
    let place = tempfile::tempdir().unwrap();
    let pictures = place.path().join("outputs");
    let samples = samples::all(&samples::Options { edge: 64 });
    samples::write_to(&pictures, &samples).unwrap();
    let (app, _) = App::with_vault(&place.path().join("data"));
    app.import(&pictures);
    for seq in app.hits(json!({})) {
        for kind in [studio::PictureKind::Thumbnail, studio::PictureKind::Full] {
            let shown = app.studio.picture(seq, kind).unwrap();
            assert!(["image/png", "image/jpeg"].contains(&shown.mime.as_str()));
            let reading = metadata::read(&shown.bytes, None);
            assert!(reading.recipe.is_none() && reading.raw.is_empty() && !reading.provenance.c2pa);
        }
    }
}
