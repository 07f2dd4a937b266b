//! The main job, end to end: make, import, find, show, export, bring in again, discard, erase.

use std::fs;

use serde_json::Value;

use crate::world::{World, assert_whole, create_vault, err, open_vault, out, picture};

fn ids(items: &Value) -> Vec<String> {
    items.as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_vault_is_made_with_its_recovery_key_and_opens_with_the_passphrase_file() {
    let world = World::new();
    let file = world.write("secret.txt", "静かな湖に浮かぶ灯籠と月のひかり\n".as_bytes());
    let with_file = |arguments: &[&str]| {
        let mut command = world.command();
        command.env_remove("ZIMAGE_PASSPHRASE").arg("--passphrase-file").arg(&file).args(arguments);
        command.output().unwrap()
    };
    let made: Value = serde_json::from_slice(&with_file(&["init", "--json"]).stdout).unwrap();
    assert_eq!(made["vault"], world.vault().to_str().unwrap());
    assert_eq!(made["protection"], "passphrase");
    let key = made["recovery_key"].as_str().unwrap();
    assert!(key.starts_with("ZV1-") && key.len() == 51, "{key}");

    let listed = with_file(&["list", "--json"]);
    assert_eq!((listed.status.code(), out(&listed).as_str()), (Some(0), "[]\n"), "{}", err(&listed));
    let again = world.json(1, ["init"]);
    assert_eq!(again["error"]["code"], "vault_exists");
}

#[test]
fn a_weak_passphrase_makes_no_vault() {
    let world = World::new();
    let output = world.command().env("ZIMAGE_PASSPHRASE", "password").arg("init").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("at least 15 characters"), "{}", err(&output));
    assert!(!world.vault().exists());
}

#[test]
fn pictures_come_in_are_found_by_two_japanese_characters_and_leave_as_they_came() {
    let world = World::with_vault();
    world.pictures("in", 0..40);
    world.write("in/sub/深い.png", &picture(99));
    let report = world.json(0, ["import", world.path("in").to_str().unwrap()]);
    assert_eq!(report["added"], 41);

    let found = world.json(0, ["search", "灯籠", "lantern-17"]);
    assert_eq!(found.as_array().unwrap().len(), 1);
    assert_eq!(found[0]["file_name"], "0017.png");
    assert_eq!(found[0]["recipe"]["seed"], "18446744073709551615");
    assert_eq!(world.json(0, ["search", "深い"])[0]["file_name"], "深い.png");
    assert_eq!(world.json(0, ["search", "湖", "-lantern-3"]).as_array().unwrap().len(), 41 - 11);
    // An option is one wherever it stands, and what is none is refused.
    let last = world.run(["search", "湖", "-lantern-3", "--json"]);
    let last: Value = serde_json::from_slice(&last.stdout).unwrap();
    assert_eq!(last.as_array().unwrap().len(), 41 - 11);
    assert_eq!(world.run(["search", "湖", "--nonsense"]).status.code(), Some(2));
    assert!(err(&world.run(["search", "猫"])).contains("No pictures"));
    assert_eq!(world.json(0, ["search", "猫"]), serde_json::json!([]));
    assert_eq!(world.json(0, ["search", "@"]), serde_json::json!([]), "a sign is looked for as well");
    let text = out(&world.run(["search", "lantern-17"]));
    assert!(text.contains("0017.png") && text.contains("無数の灯籠"), "{text}");

    let id = found[0]["id"].as_str().unwrap();
    let shown = out(&world.run(["show", id]));
    assert!(shown.contains("Seed") && shown.contains("18446744073709551615"), "{shown}");

    let target = world.path("out.zip");
    let target = target.to_str().unwrap();
    assert_eq!(world.json(0, ["export", "--to", target])["items"], 41);
    assert_eq!(world.json(0, ["verify", target])["whole"], true);
    let part = world.path("part.zip");
    assert_eq!(world.json(0, ["export", "--to", part.to_str().unwrap(), id])["items"], 1);
}

#[test]
fn an_archive_gives_an_equal_vault_again() {
    let world = World::with_pictures(7);
    let all = world.json(0, ["list"]);
    world.json(0, ["discard", &ids(&all)[2]]);
    let target = world.path("out.zip");
    world.json(0, ["export", "--to", target.to_str().unwrap()]);
    let before = world.json(0, ["list", "--all"]);
    assert_eq!(before.as_array().unwrap().len(), 7);

    drop(create_vault(&world.path("second")));
    let second = world.path("second");
    let second = second.to_str().unwrap();
    let report = world.json(0, ["--vault", second, "import-archive", target.to_str().unwrap()]);
    assert_eq!(report, serde_json::json!({ "added": 7, "duplicates": 0, "damaged": 0, "damaged_ids": [] }));
    assert_eq!(world.json(0, ["--vault", second, "list", "--all"]), before);
    for id in ids(&before) {
        assert_eq!(world.json(0, ["--vault", second, "show", &id]), world.json(0, ["show", &id]));
    }
    assert_whole(&open_vault(&world.path("second")));
}

#[test]
fn what_is_discarded_comes_back_and_what_is_erased_does_not() {
    let world = World::with_pictures(5);
    let all = ids(&world.json(0, ["list"]));
    assert_eq!(world.json(0, ["discard", &all[0], &all[1]]), serde_json::json!({ "discarded": 2 }));
    assert_eq!(world.json(0, ["list"]).as_array().unwrap().len(), 3);
    assert_eq!(ids(&world.json(0, ["list", "--trash"])), all[..2]);
    assert_eq!(ids(&world.json(0, ["list", "--all"])), all);
    assert_eq!(world.json(0, ["restore", &all[0]]), serde_json::json!({ "restored": 1 }));

    assert_eq!(world.json(0, ["erase", "--yes", "--trash"]), serde_json::json!({ "erased": 1 }));
    assert_eq!(world.json(0, ["erase", "--yes", &all[4]]), serde_json::json!({ "erased": 1 }));
    let left = ids(&world.json(0, ["list", "--all"]));
    assert_eq!(left, [all[0].clone(), all[2].clone(), all[3].clone()]);
    assert_eq!(world.json(1, ["show", &all[4]])["error"]["code"], "no_such_item");
    assert_eq!(world.json(0, ["check"])["whole"], true);
}

#[test]
fn the_original_bytes_are_kept_bit_for_bit() {
    let world = World::with_pictures(3);
    let vault = world.open();
    for stored in vault.page(0, 10).unwrap() {
        let original = fs::read(world.path("in").join(&stored.item.file_name)).unwrap();
        assert_eq!(vault.original(&stored.item.id).unwrap(), original);
    }
}
