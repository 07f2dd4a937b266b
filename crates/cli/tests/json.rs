//! `--json`: one value for each command, with every stored field.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use crate::world::{World, err, out, picture, silent_picture};

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap_or_else(|| panic!("{value}")).keys().map(String::as_str).collect()
}

const STORED: [&str; 18] = [
    "id",
    "sha256",
    "file_name",
    "format",
    "bytes",
    "width",
    "height",
    "animated",
    "created_at",
    "added_at",
    "discarded_at",
    "origin",
    "title",
    "rating",
    "favourite",
    "tags",
    "recipe",
    "provenance",
];

#[test]
fn a_list_is_one_array_of_items_with_every_stored_field() {
    let world = World::with_pictures(300);
    let items = world.json(0, ["list"]);
    let items = items.as_array().unwrap();
    assert_eq!(items.len(), 300);
    for item in items {
        assert_eq!(keys(item), BTreeSet::from(STORED));
        let original = fs::read(world.path("in").join(item["file_name"].as_str().unwrap())).unwrap();
        assert_eq!(item["bytes"], original.len());
        let digest: String = crypto::sha256(&original).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(item["sha256"], digest);
        assert_eq!((&item["format"], &item["origin"]), (&"png".into(), &"imported".into()));
        assert!(item["created_at"].as_str().unwrap().ends_with('Z'));
        assert_eq!(item["recipe"]["cfg"].as_f64(), Some(7.5));
    }
    let whole: BTreeSet<&str> = items.iter().map(|item| item["id"].as_str().unwrap()).collect();
    assert_eq!(whole.len(), 300);
}

#[test]
fn one_item_has_its_raw_metadata_as_well() {
    let world = World::with_pictures(1);
    let listed = world.json(0, ["list"]);
    let id = listed[0]["id"].as_str().unwrap();
    let mut shown = world.json(0, ["show", id]);
    let raw = shown.as_object_mut().unwrap().remove("raw").unwrap();
    assert_eq!(shown, listed[0]);
    assert_eq!((&raw[0]["place"], &raw[0]["key"]), (&"png:iTXt".into(), &"parameters".into()));
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::STANDARD.decode(raw[0]["base64"].as_str().unwrap()).unwrap();
    assert!(String::from_utf8(bytes).unwrap().starts_with("無数の灯籠"));
}

#[test]
fn reports_have_their_fields() {
    let world = World::with_vault();
    world.pictures("in", 0..2);
    world.write("in/copy.png", &picture(0));
    world.write("in/silent.png", &silent_picture(7));
    world.write("in/notes.txt", b"not a picture");
    let folder = world.path("in");
    let folder = folder.to_str().unwrap();

    let plan = world.json(0, ["import", "--plan", folder]);
    assert_eq!((&plan["files"], &plan["new"], &plan["duplicates"]), (&4.into(), &3.into(), &1.into()));
    assert_eq!((&plan["refused"], &plan["skipped"], &plan["restored"]), (&0.into(), &1.into(), &0.into()));
    assert_eq!(world.json(0, ["list"]), json!([]));

    let report = world.json(0, ["import", folder]);
    let left = json!([
        { "path": world.path("in/copy.png"), "why": "already_here" },
        { "path": world.path("in/notes.txt"), "why": "other_kind" },
    ]);
    assert_eq!(
        report,
        json!({
            "added": 3, "duplicates": 1, "restored": 0, "without_prompt": 1, "refused": [], "skipped": 1,
            "not_reached": 0, "undecided": 0, "left": left
        })
    );
    let told = world.run(["import", folder]);
    let told = out(&told);
    assert!(
        told.contains("Left where they are:\n")
            && told.contains("copy.png: Already here")
            && told.contains("notes.txt: Another kind"),
        "{told}"
    );

    let target = world.path("out.zip");
    let report = world.json(0, ["export", "--to", target.to_str().unwrap()]);
    let bytes = fs::metadata(&target).unwrap().len();
    assert_eq!(report, json!({ "items": 3, "damaged": 0, "bytes": bytes, "file": target.to_str().unwrap() }));

    let report = world.json(0, ["verify", target.to_str().unwrap()]);
    assert_eq!(keys(&report), BTreeSet::from(["whole", "items", "files", "changed", "missing", "extra"]));
    let report = world.json(0, ["check"]);
    let expected = json!({
        "whole": true, "quick": false, "items": 3, "damaged": [], "thumbnails": [], "unreadable": 0,
        "catalogue_whole": true, "images_whole": true,
    });
    assert_eq!(report, expected);
}

#[test]
fn metadata_of_one_file_is_one_object_and_of_several_an_array() {
    let world = World::new();
    let file = world.write("夜.png", &picture(4));
    let silent = world.write("silent.png", &silent_picture(5));
    let (file, silent) = (file.to_str().unwrap(), silent.to_str().unwrap());
    let one = world.json(0, ["metadata", file]);
    assert_eq!(one["file"], file);
    assert_eq!((&one["generator"], &one["seed"]), (&"a1111".into(), &"18446744073709551615".into()));
    assert_eq!((&one["steps"], &one["model"]), (&20.into(), &"sea".into()));
    assert_eq!(one["negative_prompt"], "blurry");
    assert!(one.get("scheduler").is_none(), "what is unknown is absent: {one}");
    let text = out(&world.command().args(["metadata", "--json", file]).output().unwrap());
    assert!(text.starts_with(&format!("{{\"file\":\"{file}\"")) && text.contains("\"cfg\":7.5"), "{text}");

    let none = world.json(0, ["metadata", silent]);
    assert_eq!(none["ai_generation_parameters"], false);
    assert!(none.get("prompt").is_none());

    let both = world.json(0, ["metadata", file, silent]);
    assert_eq!(both, json!([one, none]));
}

#[test]
fn a_file_that_can_not_be_read_does_not_keep_the_others_from_being_read() {
    let world = World::new();
    let good = world.write("good.png", &picture(4));
    let text = world.write("text.png", b"just words");
    let (good, text) = (good.to_str().unwrap(), text.to_str().unwrap());
    let answers = world.json(1, ["metadata", "/no/such.png", good, text]);
    let codes: Vec<&Value> =
        answers.as_array().unwrap().iter().map(|answer| &answer["error"]["code"]).collect();
    assert_eq!(codes, [&json!("vanished"), &Value::Null, &json!("unsupported")]);
    assert_eq!(answers[1]["model"], "sea");
    let output = world.run(["metadata", text]);
    assert_eq!((output.status.code(), out(&output).as_str()), (Some(1), ""));
    assert!(err(&output).contains("Not a picture of a known kind"), "{}", err(&output));
}
