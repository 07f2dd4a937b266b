//! A locked vault has no answer to anything that is inside.

use std::path::Path;
use std::thread;

use api::{COMMANDS, Needs};
use serde_json::{Value, json};
use studio::Code;
use testkit::{markers, samples};

use crate::app::{App, PASSPHRASE};
use crate::keys::until;
use crate::residue;

/// A request that each command takes, so that the refusal is not about its form.
fn request_for(command: &str) -> Value {
    match command {
        "vaults_label" => json!({ "label": "" }),
        "key_replace" => json!({ "passphrase": null }),
        "slot_remove" => json!({ "kind": "recovery" }),
        "protection_change" => json!({ "protection": { "by": "keychain" } }),
        "recovery_confirm" => json!({ "answers": [] }),
        "gallery_query" => json!({ "text": "夜" }),
        "gallery_facets" => json!({ "scope": "library" }),
        "gallery_cells" | "items_discard" | "items_restore" | "items_erase" => json!({ "seqs": [1] }),
        "item_show" => json!({ "seq": 1 }),
        "items_edit" => json!({ "edits": [{ "seq": 1, "edit": { "rating": 1 } }] }),
        "item_copy" => json!({ "seq": 1, "what": "prompt" }),
        "import_pick" => json!({ "what": "folders" }),
        "import_plan" | "import_start" => json!({ "offers": [0], "label": "" }),
        "export_start" => json!({ "seqs": null }),
        "settings_edit" => json!({}),
        "passphrase_strength" => json!({ "passphrase": "x" }),
        "failure_copy" => json!({ "code": "disk_full" }),
        "vault_create" => json!({ "protection": { "by": "passphrase", "passphrase": PASSPHRASE } }),
        "vault_unlock" | "vault_salvage" | "vault_prove" => {
            json!({ "with": { "by": "passphrase", "passphrase": "wrong" } })
        }
        "vaults_create" => {
            json!({ "protection": { "by": "passphrase", "passphrase": PASSPHRASE }, "label": "" })
        }
        "vaults_switch" => json!({ "vault": "another" }),
        "vaults_hide_labels" => json!({ "hide": true }),
        "account_age" => json!({ "country": "JP", "year": 1990, "month": 1 }),
        "account_service" => json!({ "address": null }),
        "account_code" => json!({ "purpose": "register", "email": "hana@example.com" }),
        "account_verify" => json!({ "typed": "7KQ0-M1XZ" }),
        "account_password" => json!({ "password": PASSPHRASE, "keep": true }),
        "account_sign_in" => json!({ "email": "hana@example.com", "password": PASSPHRASE, "keep": true }),
        "account_prove" => json!({ "purpose": "export", "password": PASSPHRASE }),
        "account_profile" => json!({}),
        "account_device_name" => json!({ "device": "AAAAAAAAAAAAAAAAAAAAAA", "label": "x" }),
        "account_device_end" => json!({ "device": null }),
        "account_email_undo" => json!({ "line": format!("zis_t_{}", "A".repeat(43)) }),
        "ledger" | "ledger_clear" => json!({ "before": null }),
        "ledger_days" => json!({ "since": 0, "zone": 540 }),
        "ledger_keep" => json!({ "days": 1 }),
        "rights_letter" | "rights_copy" => {
            json!({ "right": "access", "email": "hana@example.com", "details": "", "authority": null, "zone": 540 })
        }
        "rights_answered" | "rights_forget" => json!({ "at": 0 }),
        "notice_save" => json!({ "version": "2026-11" }),
        "job_cancel" | "job_dismiss" => json!({ "job": 1 }),
        _ => Value::Null,
    }
}

/// What takes the vault's place or the vault itself away: it comes after everything else, each by its name.
const LAST: [&str; 2] = ["vaults_create", "vault_destroy"];

/// A vault whose prompt, tag, title, file name and label are words that are nowhere else.
fn marked(place: &Path) -> (App, Vec<String>) {
    let words: Vec<String> = ["prompt", "tag", "title", "file", "label"]
        .map(|kind| markers::Marker::random(kind).text().to_owned())
        .into();
    let pictures = place.join("outputs");
    std::fs::create_dir_all(&pictures).unwrap();
    let text =
        format!("a lantern {}\nSteps: 9, Sampler: Euler, CFG scale: 1, Seed: 7, Size: 64x64", words[0]);
    let file = pictures.join(format!("{}.png", words[3]));
    std::fs::write(file, residue::with_parameters(&text)).unwrap();
    let (app, _) = App::with_vault(&place.join("data"));
    app.ask("vaults_hide_labels", json!({ "hide": true }));
    app.ask("vaults_label", json!({ "label": words[4] }));
    app.import(&pictures);
    let edits = json!({ "edits": [
        { "seq": 1, "edit": { "title": words[2] } },
        { "seq": 1, "edit": { "tags": [words[1]] } },
    ] });
    app.ask("items_edit", edits);
    let shown = app.ask("item_show", json!({ "seq": 1 })).to_string();
    for word in &words[..4] {
        assert!(shown.contains(word), "{word}: {shown}");
    }
    assert!(app.ask("vaults", Value::Null).to_string().contains(&words[4]), "an open vault has its label");
    (app, words)
}

/// Tries everything against a vault that is locked.
fn nothing_is_told(app: &App, words: &[String]) {
    let silent = |command: &str, answer: &str| {
        for word in words {
            assert!(!answer.contains(word.as_str()), "{command}: {answer}");
        }
    };
    let (last, rest): (Vec<&api::Command>, Vec<&api::Command>) =
        COMMANDS.iter().partition(|row| LAST.contains(&row.name));
    for command in rest {
        let outcome = api::call(&app.studio, command.name, request_for(command.name));
        match (command.needs, outcome) {
            (Needs::OpenVault, outcome) => {
                assert_eq!(outcome.expect_err(command.name).code, Code::Locked, "{}", command.name);
            }
            (Needs::Nothing, Ok(answer)) => silent(command.name, &answer.to_string()),
            (Needs::Nothing, Err(failure)) => {
                assert_ne!(failure.code, Code::BadRequest, "{}: the request is a good one", command.name);
                silent(command.name, &serde_json::to_string(&failure).unwrap());
            }
        }
        let status = app.ask("status", Value::Null);
        assert_eq!(status["vault"], "locked", "after {} it is the locked vault still", command.name);
    }
    assert_eq!(last.len(), LAST.len());
    for name in LAST {
        silent(name, &app.ask(name, request_for(name)).to_string());
    }
}

#[test]
fn every_command_that_needs_the_vault_is_refused_while_it_is_locked_and_the_others_tell_nothing() {
    let place = tempfile::tempdir().unwrap();
    let (app, words) = marked(place.path());
    let address =
        app.ask("status", Value::Null)["pictures"].as_str().unwrap().replace("vault://localhost", "");
    app.studio.picture_at(&format!("{address}thumb/1")).expect("a picture while the vault is open");
    app.ask("vault_lock", Value::Null);
    assert!(app.studio.jobs().is_empty(), "reports name files, so none stays");
    for kind in ["thumb", "full"] {
        let refused = app.studio.picture_at(&format!("{address}{kind}/1"));
        assert_eq!(refused.err().map(|failure| failure.code), Some(Code::Locked));
    }
    nothing_is_told(&app, &words);
}

#[test]
fn a_soft_lock_refuses_and_keeps_silent_about_the_same_while_its_work_goes_on() {
    let place = tempfile::tempdir().unwrap();
    let (app, mut words) = marked(place.path());
    let target = place.path().join("mk-export.zip");
    words.push("mk-export".to_owned());
    app.hold(true);
    app.lay(&[&target]);
    app.ask("export_start", json!({ "seqs": null }));
    until("the export is at work", || app.stands());
    app.studio.lock_softly();
    assert_eq!(app.ask("status", Value::Null)["resting"], true);
    assert_eq!(app.studio.jobs().len(), 1 + 2, "an import was planned and made before");
    thread::scope(|scope| {
        // What comes last locks for good, and waits for the export.
        scope.spawn(|| {
            until("it is to stop", || app.studio.jobs().iter().all(|job| job.stopping || !job.is_running()));
            app.hold(false);
        });
        nothing_is_told(&app, &words);
    });
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
    app.ask("vault_unlock", json!({ "with": { "by": "passphrase", "passphrase": PASSPHRASE } }));
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
