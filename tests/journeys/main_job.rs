//! Create → import → look → search → export → import of the archive → erase.

use serde_json::{Value, json};
use testkit::samples;

use crate::app::{App, PASSPHRASE};

#[test]
fn what_comes_in_can_be_found_taken_out_and_brought_back_equal() {
    let place = tempfile::tempdir().unwrap();
    let pictures = place.path().join("outputs");
    let samples = samples::all(&samples::Options { edge: 96 });
    samples::write_to(&pictures, &samples).unwrap();
    let (app, _) = App::with_vault(&place.path().join("first"));
    let report = app.import(&pictures);
    assert_eq!(report["added"], samples.len(), "{report}");
    assert_eq!(report["refused"], json!([]));
    assert_eq!(app.import(&pictures)["duplicates"], samples.len(), "nothing is stored twice");

    every_original_is_kept_bit_for_bit(&app, &samples);
    change_some(&app);
    let archive = place.path().join("everything.zip");
    app.lay(&[&archive]);
    let exported = app.report(&app.ask("export_start", json!({ "seqs": null })));
    assert_eq!(
        (exported["items"].as_u64(), exported["damaged"].as_u64()),
        (Some(samples.len() as u64), Some(0))
    );
    app.lay(&[&archive]);
    let verified = app.report(&app.ask("archive_verify", Value::Null));
    assert_eq!([&verified["changed"], &verified["missing"], &verified["extra"]], [&json!([]); 3]);

    let (other, _) = App::with_vault(&place.path().join("second"));
    other.lay(&[&archive]);
    let restored = other.report(&other.ask("archive_import", Value::Null));
    assert_eq!(restored["added"], samples.len());
    assert_eq!(other.everything(), app.everything());
    assert_eq!(other.originals(), app.originals());
}

fn every_original_is_kept_bit_for_bit(app: &App, samples: &[samples::Sample]) {
    for seq in app.hits(json!({})) {
        let item = app.ask("item_show", json!({ "seq": seq }));
        let sample = samples.iter().find(|s| item["file_name"] == *s.file_name).expect("a known name");
        assert!(app.studio.original(seq).unwrap() == sample.bytes, "{} has changed", sample.file_name);
    }
}

fn change_some(app: &App) {
    let seqs = app.hits(json!({}));
    let edit = json!({ "title": "海の習作", "rating": 4, "favourite": true, "tags": ["海", "study"] });
    app.ask("items_edit", json!({ "edits": [{ "seq": seqs[0], "edit": edit }] }));
    app.ask("items_discard", json!({ "seqs": [seqs[1], seqs[2]] }));
}

#[test]
fn two_japanese_characters_find_a_picture_and_erasing_it_is_for_good() {
    let place = tempfile::tempdir().unwrap();
    let pictures = place.path().join("outputs");
    let samples = samples::all(&samples::Options { edge: 64 });
    samples::write_to(&pictures, &samples).unwrap();
    let (app, _) = App::with_vault(&place.path().join("data"));
    app.import(&pictures);
    let mut items = app.hits(json!({})).into_iter().map(|seq| app.ask("item_show", json!({ "seq": seq })));
    let japanese = |item: &Value| item["recipe"]["prompt"].as_str().is_some_and(|p| kanji_pair(p).is_some());
    let item = items.rfind(japanese).expect("a Japanese prompt");
    let pair = kanji_pair(item["recipe"]["prompt"].as_str().unwrap()).unwrap();
    let seq = u32::try_from(item["seq"].as_u64().unwrap()).unwrap();
    assert!(app.hits(json!({ "text": pair })).contains(&seq));

    app.ask("items_discard", json!({ "seqs": [seq] }));
    assert!(!app.hits(json!({ "text": pair })).contains(&seq), "the trash is not in the library");
    assert_eq!(app.hits(json!({ "scope": "trash" })), [seq]);
    app.ask("items_restore", json!({ "seqs": [seq] }));
    app.ask("items_discard", json!({ "seqs": [seq] }));
    assert_eq!(app.report(&app.ask("trash_empty", Value::Null))["erased"], 1);
    app.refused("item_show", json!({ "seq": seq }));
    let check = app.report(&app.ask("vault_check", Value::Null));
    assert_eq!(
        (check["damaged"].clone(), check["items"].as_u64()),
        (json!([]), Some(samples.len() as u64 - 1))
    );
}

/// Two neighbouring Han characters of a text.
fn kanji_pair(text: &str) -> Option<String> {
    let letters: Vec<char> = text.chars().collect();
    let han = |c: &char| ('\u{4e00}'..='\u{9fff}').contains(c);
    letters.windows(2).find(|pair| pair.iter().all(han)).map(|pair| pair.iter().collect())
}

#[test]
fn a_vault_is_there_again_after_the_program_ended() {
    let place = tempfile::tempdir().unwrap();
    let pictures = place.path().join("outputs");
    samples::write_to(&pictures, samples::all(&samples::Options { edge: 48 })).unwrap();
    let data = place.path().join("data");
    let before = {
        let (app, _) = App::with_vault(&data);
        app.import(&pictures);
        let everything = app.everything();
        app.ask("vault_lock", Value::Null);
        everything
    };
    let app = App::start(&data);
    assert_eq!(app.ask("status", Value::Null)["vault"], "locked");
    let wrong = json!({ "with": { "by": "passphrase", "passphrase": "not the passphrase at all" } });
    assert_eq!(app.refused("vault_unlock", wrong), studio::Code::WrongSecret);
    app.ask("vault_unlock", json!({ "with": { "by": "passphrase", "passphrase": PASSPHRASE } }));
    assert_eq!(app.everything(), before);
}

#[test]
fn the_recovery_key_opens_the_vault_and_a_new_one_ends_the_old() {
    let place = tempfile::tempdir().unwrap();
    let (app, sheet) = App::with_vault(place.path());
    let answer = |sheet: &Value, place: usize| {
        let group = sheet["ask"][place].as_u64().unwrap();
        let text = sheet["groups"][usize::try_from(group).unwrap()].as_str().unwrap().to_lowercase();
        json!({ "group": group, "text": text })
    };
    let wrong = json!({ "answers": [answer(&sheet, 0), { "group": sheet["ask"][1], "text": "0000" }] });
    assert_eq!(app.ask("recovery_confirm", wrong)["done"], false);
    let right = json!({ "answers": [answer(&sheet, 0), answer(&sheet, 1)] });
    assert_eq!(app.ask("recovery_confirm", right)["done"], true);
    assert_eq!(app.ask("status", Value::Null)["recovery_confirmed"], true);

    let newer = app.ask("recovery_new", Value::Null);
    app.ask("recovery_copy", Value::Null);
    assert_eq!(newer["code"], app.copied());
    app.ask("vault_lock", Value::Null);
    assert_eq!(app.copied(), "", "what was copied goes with the lock");
    let old = json!({ "with": { "by": "recovery", "code": sheet["code"] } });
    assert_eq!(app.refused("vault_unlock", old), studio::Code::WrongSecret);
    let typed = newer["code"].as_str().unwrap().to_lowercase().replace('-', " ");
    app.ask("vault_unlock", json!({ "with": { "by": "recovery", "code": typed } }));
}

#[test]
fn an_edit_gives_back_what_undoes_it() {
    let place = tempfile::tempdir().unwrap();
    let pictures = place.path().join("outputs");
    samples::write_to(&pictures, &samples::all(&samples::Options { edge: 48 })[..1]).unwrap();
    let (app, _) = App::with_vault(&place.path().join("data"));
    app.import(&pictures);
    let seq = app.hits(json!({}))[0];
    let before = app.everything();
    let edit =
        json!({ "title": "灯", "rating": 5, "favourite": true, "tags": ["夜"], "prompt": "a lantern" });
    let told = app.changes();
    let undo = app.ask("items_edit", json!({ "edits": [{ "seq": seq, "edit": edit }] }));
    assert_eq!(app.changes(), told + 1, "the gallery is told to look again");
    assert_eq!(app.hits(json!({ "text": "lantern" })), [seq]);
    assert_eq!(app.hits(json!({ "scope": "favourites", "min_rating": 5, "tag": "夜" })), [seq]);
    app.ask("items_edit", json!({ "edits": [{ "seq": seq, "edit": undo[0] }] }));
    assert_eq!(app.everything(), before);
}
