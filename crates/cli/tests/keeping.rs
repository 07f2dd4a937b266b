//! Check, salvage, backup, room, destruction and several vaults, as a person or a script meets them.

use std::fs;

use serde_json::{Value, json};

use crate::world::{PASSPHRASE, World, assert_whole, err, open_vault, out};

fn text(path: &std::path::Path) -> &str {
    path.to_str().unwrap()
}

#[cfg(unix)]
#[test]
fn destroying_reaches_keys_behind_a_link_and_tells_of_pictures_behind_one() {
    let world = World::with_pictures(2);
    let elsewhere = world.path("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    for name in ["vault.keys", "images.db"] {
        fs::rename(world.vault().join(name), elsewhere.join(name)).unwrap();
        std::os::unix::fs::symlink(elsewhere.join(name), world.vault().join(name)).unwrap();
    }
    let before = fs::read(elsewhere.join("vault.keys")).unwrap();
    let gone = world.json(6, ["destroy", "--yes"]);
    assert!(gone["left"].as_array().unwrap().contains(&json!("images.db")), "{gone}");
    let keys = fs::read(elsewhere.join("vault.keys")).unwrap();
    assert_eq!(keys.len(), before.len());
    assert!(crypto::Header::parse(&keys).is_err(), "the keys are still there");
    assert!(elsewhere.join("images.db").exists());
}

#[cfg(unix)]
#[test]
fn nothing_but_a_file_is_replaced_by_an_export() {
    let world = World::with_pictures(1);
    let pipe = world.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for target in [pipe.clone(), world.path("in")] {
        let said = world.json(1, ["export", "--force", "--to", target.to_str().unwrap()]);
        assert_eq!(said["error"]["code"], "target_exists", "{said}");
    }
    assert!(!fs::metadata(&pipe).unwrap().is_file());
}

#[test]
fn a_backup_is_made_verified_and_becomes_a_vault_beside_the_present_one() {
    let world = World::with_pictures(9);
    let (file, second) = (world.path("backup"), world.path("second"));
    let made = world.json(0, ["backup", "--to", text(&file)]);
    let bytes = fs::metadata(&file).unwrap().len();
    assert_eq!(made, json!({ "items": 9, "incomplete": 0, "bytes": bytes, "file": text(&file) }));
    let known = world.json(0, ["verify-backup", text(&file)]);
    assert!(known["whole"] == true && known["items"] == 9, "{known}");
    let restored = world.json(0, ["restore-backup", text(&file), "--to", text(&second)]);
    assert_eq!((&restored["items"], &restored["folder"]), (&json!(9), &json!(text(&second))));
    assert_whole(&open_vault(&second));
    assert_eq!(world.json(0, ["--vault", text(&second), "list"]), world.json(0, ["list"]));

    let again = world.json(1, ["restore-backup", text(&file), "--to", text(&second)]);
    assert_eq!(again["error"]["code"], "target_exists");
    let again = world.json(1, ["backup", "--to", text(&file)]);
    assert_eq!(again["error"]["code"], "target_exists");
    assert_eq!(world.json(0, ["backup", "--force", "--to", text(&file)])["items"], 9);
    let inside = world.json(1, ["backup", "--to", text(&world.vault().join("b"))]);
    assert_eq!(inside["error"]["code"], "target_inside_vault");
    // What it says to a person: what to do on the other computer.
    let said = out(&world.run(["backup", "--force", "--to", text(&file)]));
    assert!(said.contains("9 pictures backed up") && said.contains("zimage restore-backup"), "{said}");
    let created = known["created_at"].as_str().unwrap();
    let in_zone = |language: &str, zone: &str| {
        let arguments = ["--language", language, "verify-backup", text(&file)];
        out(&world.command().env("TZ", zone).args(arguments).output().unwrap())
    };
    let local: jiff::Timestamp = created.parse().unwrap();
    let told = |form: &str| {
        local.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(9))).strftime(form).to_string()
    };
    let said = in_zone("ja", "<+09>-9");
    assert!(said.starts_with(&told("%Y年%-m月%-d日 %H:%M のバックアップは正常です")), "{said}");
    let said = in_zone("en", "<+09>-9");
    assert!(said.starts_with(&told("The backup of %-d %b %Y, %H:%M is whole")), "{said}");
}

#[test]
fn a_backup_is_restored_beside_the_present_vault_without_being_told_where() {
    let world = World::with_pictures(2);
    let file = world.path("backup");
    world.json(0, ["backup", "--to", text(&file)]);
    let first = world.json(0, ["restore-backup", text(&file)]);
    let second = world.json(0, ["restore-backup", text(&file)]);
    assert!(first["folder"] != second["folder"], "{first} {second}");
    for made in [first, second] {
        let folder = std::path::PathBuf::from(made["folder"].as_str().unwrap());
        assert_eq!(folder.parent(), world.vault().parent());
        assert_whole(&open_vault(&folder));
    }
    assert_whole(&world.open());
}

#[test]
fn what_is_no_backup_or_is_hurt_is_said_to_be_so() {
    let world = World::with_pictures(2);
    let (file, export) = (world.path("backup"), world.path("out.zip"));
    world.json(0, ["backup", "--to", text(&file)]);
    world.json(0, ["export", "--to", text(&export)]);
    let refused = |arguments: [&str; 2]| world.json(1, arguments)["error"]["code"].clone();
    assert_eq!(refused(["restore-backup", text(&export)]), "backup_not_ours");
    assert_eq!(refused(["import-archive", text(&file)]), "archive_not_ours");
    let good = fs::read(&file).unwrap();
    fs::write(&file, &good[..good.len() / 2]).unwrap();
    let verdict = world.json(6, ["verify-backup", text(&file)]);
    assert!(verdict["whole"] == false && verdict["error"]["code"] == "backup_damaged", "{verdict}");
    assert_eq!(refused(["restore-backup", text(&file)]), "backup_damaged");
}

#[test]
fn a_damaged_vault_is_described_and_what_is_left_is_salvaged() {
    let world = World::with_pictures(6);
    assert_eq!(world.json(0, ["check", "--quick"])["quick"], true);
    let whole = world.json(0, ["check"]);
    assert!(whole["whole"] == true && whole["items"] == 6 && whole["quick"] == false, "{whole}");
    let images = world.vault().join("images.db");
    let container = rusqlite::Connection::open(&images).unwrap();
    container.execute("UPDATE chunk SET sealed = zeroblob(length(sealed)) WHERE seq = 1", []).unwrap();
    drop(container);
    let found = world.json(6, ["check"]);
    let hurt = found["damaged"].as_array().unwrap().len() + found["thumbnails"].as_array().unwrap().len();
    assert!(hurt == 1 && found["catalogue_whole"] == true && found["images_whole"] == true, "{found}");
    let said = out(&world.run(["check"]));
    assert!(said.contains("zimage salvage") && said.contains("5 pictures"), "{said}");

    // Without the file of the pictures the vault does not open, and the texts are still there.
    fs::remove_file(&images).unwrap();
    let refused = world.json(1, ["list"]);
    assert_eq!(refused["error"]["code"], "images_missing");
    let saved = world.path("saved.zip");
    let report = world.json(6, ["salvage", "--to", text(&saved)]);
    assert_eq!((&report["items"], &report["pictures"]), (&json!(6), &json!(0)));
    assert_eq!((&report["images"], &report["all_known"]), (&json!("images_missing"), &json!(true)));
    assert_eq!(report["losses"].as_array().unwrap().len(), 6);
    assert!(!images.exists(), "nothing was made in the damaged vault");
    assert_eq!(world.json(0, ["verify", text(&saved)])["whole"], true);

    let wrong = world
        .command()
        .env("ZIMAGE_PASSPHRASE", "another lantern altogether")
        .args(["--json", "salvage", "--force", "--to", text(&saved)])
        .output()
        .unwrap();
    assert_eq!(wrong.status.code(), Some(3), "{}", out(&wrong));
}

#[test]
fn compacting_says_what_it_gives_back() {
    let world = World::with_pictures(40);
    let ids: Vec<String> = world.json(0, ["list"]).as_array().unwrap()[..30]
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect();
    let vault = world.open();
    vault.erase(&ids.iter().map(|id| id.parse().unwrap()).collect::<Vec<_>>()).unwrap();
    drop(vault);
    let before = fs::metadata(world.vault().join("catalogue.db")).unwrap().len();
    let output = world.run(["compact"]);
    assert!(output.status.success() && err(&output).contains("can be given back"), "{}", err(&output));
    assert!(out(&output).contains("given back; the vault takes"), "{}", out(&output));
    assert!(fs::metadata(world.vault().join("catalogue.db")).unwrap().len() <= before);
    assert_eq!(world.json(0, ["check"])["items"], 10);
}

#[test]
fn a_vault_is_destroyed_only_when_that_was_said() {
    let world = World::with_pictures(2);
    let refused = world.json(2, ["destroy"]);
    assert_eq!(refused["error"]["code"], "confirmation_needed");
    assert_eq!(world.json(0, ["list"]).as_array().unwrap().len(), 2);
    // While another program has it open nothing is touched.
    let open = world.open();
    assert_eq!(world.json(4, ["destroy", "--yes"])["error"]["code"], "vault_in_use");
    drop(open);
    fs::write(world.vault().join("notes.txt"), "mine").unwrap();
    let gone = world.json(6, ["destroy", "--yes"]);
    assert_eq!(gone["left"], json!(["notes.txt"]));
    assert!(gone["removed"].as_array().unwrap().contains(&json!("vault.keys.bak")), "{gone}");
    assert_eq!(gone["keychain"], "removed");
    assert_eq!(fs::read_dir(world.vault()).unwrap().count(), 1);
    assert_eq!(world.json(5, ["destroy", "--yes"])["error"]["code"], "no_vault");
}

/// The program where no vault is named: those of the data folder.
fn unnamed(world: &World, code: i32, arguments: &[&str]) -> Value {
    let mut command = world.command();
    command.env_remove("ZIMAGE_VAULT").arg("--json").args(arguments);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}{}", out(&output), err(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn several_vaults_are_listed_chosen_named_and_their_names_can_be_hidden() {
    let world = World::new();
    // The usual cost of a passphrase is what `init` asks for; these come ready.
    let data = world.path("data/z-image");
    let data = if cfg!(target_os = "linux") { data } else { world.path("data") };
    assert_eq!(unnamed(&world, 0, &["vaults"])["vaults"], json!([]));
    for name in ["first", "second"] {
        drop(crate::world::create_vault(&data.join("vaults").join(name)));
    }
    let listed = |value: &Value| -> Vec<(String, bool, Value)> {
        let mut vaults: Vec<_> = value["vaults"]
            .as_array()
            .unwrap()
            .iter()
            .map(|v| {
                let key = v["key"].as_str().unwrap().to_owned();
                (key, v["current"].as_bool().unwrap(), v["label"].clone())
            })
            .collect();
        vaults.sort_by(|a, b| a.0.cmp(&b.0));
        vaults
    };
    let vaults = unnamed(&world, 0, &["vaults"]);
    assert_eq!(
        listed(&vaults),
        [("first".to_owned(), true, Value::Null), ("second".to_owned(), false, Value::Null)],
        "{vaults}"
    );
    world.pictures("in", 0..3);
    unnamed(&world, 0, &["import", text(&world.path("in"))]);
    unnamed(&world, 0, &["vaults", "--label", "夜の仕事"]);
    let vaults = unnamed(&world, 0, &["vaults", "--use", "second", "--label", "another"]);
    assert_eq!(
        listed(&vaults),
        [("first".to_owned(), false, "夜の仕事".into()), ("second".to_owned(), true, "another".into())]
    );
    assert_eq!(unnamed(&world, 0, &["list"]), json!([]), "the second is used from now on");
    let refused = unnamed(&world, 1, &["vaults", "--use", "../first"]);
    assert_eq!(refused["error"]["code"], "no_such_vault");

    let hidden = unnamed(&world, 0, &["vaults", "--hide-labels"]);
    assert!(listed(&hidden).iter().all(|(_, _, label)| label.is_null()), "{hidden}");
    let mut settings = String::new();
    for entry in walk(&world.path("config")) {
        settings.push_str(&fs::read_to_string(entry).unwrap_or_default());
    }
    assert!(settings.contains("second") && !settings.contains("夜の仕事") && !settings.contains("another"));
    // Opened again, each says its name by itself.
    unnamed(&world, 0, &["vaults", "--show-labels"]);
    unnamed(&world, 0, &["list"]);
    let shown = unnamed(&world, 0, &["vaults", "--use", "first"]);
    assert_eq!(listed(&shown)[1], ("second".to_owned(), false, "another".into()));
    assert_eq!(listed(&shown)[0].2, Value::Null, "it was not opened since");
    assert_eq!(unnamed(&world, 0, &["list"]).as_array().unwrap().len(), 3);

    // Who destroys one is told which one comes next.
    let mut destroy = world.command();
    let told = destroy.env_remove("ZIMAGE_VAULT").args(["destroy", "--yes"]).output().unwrap();
    let told = out(&told);
    assert!(told.contains("The vault in use now: ") && told.trim_end().ends_with("second"), "{told}");
    let left = unnamed(&world, 0, &["vaults"]);
    assert_eq!(listed(&left), [("second".to_owned(), true, "another".into())], "{PASSPHRASE}");
}

#[test]
fn copies_of_one_vault_are_told_apart_and_their_shared_name_is_asked_back() {
    let world = World::new();
    let data = world.path("data/z-image");
    let vaults = if cfg!(target_os = "linux") { data } else { world.path("data") }.join("vaults");
    drop(crate::world::create_vault(&vaults.join("first")));
    let run = |arguments: &[&str]| {
        let mut command = world.command();
        command.env_remove("ZIMAGE_VAULT").args(arguments);
        command.output().unwrap()
    };
    let file = world.path("backup");
    assert!(run(&["backup", "--to", text(&file)]).status.success());
    for _ in 0..2 {
        assert!(run(&["restore-backup", text(&file)]).status.success());
    }
    let list = unnamed(&world, 0, &["vaults"]);
    let entries = list["vaults"].as_array().unwrap();
    let short = entries[0]["short"].as_str().unwrap();
    assert!(entries.len() == 3 && entries.iter().all(|entry| entry["short"] == short), "{list}");
    let said = out(&run(&["vaults"]));
    assert!(said.contains("Here since") && said.lines().count() == 4, "{said}");

    let refused = run(&["vaults", "--use", short]);
    let told = err(&refused);
    assert_eq!(refused.status.code(), Some(2), "{told}");
    for entry in entries {
        assert!(told.contains(entry["key"].as_str().unwrap()), "{told}");
    }
    assert_eq!(unnamed(&world, 2, &["vaults", "--use", short])["error"]["code"], "ambiguous_vault");
    let chosen = unnamed(&world, 0, &["vaults", "--use", "fir"]);
    let current: Vec<_> =
        chosen["vaults"].as_array().unwrap().iter().filter(|entry| entry["current"] == true).collect();
    assert!(current.len() == 1 && current[0]["key"] == "first", "{chosen}");
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .flat_map(|entry| if entry.path().is_dir() { walk(&entry.path()) } else { vec![entry.path()] })
        .collect()
}

#[test]
fn another_key_makes_another_recovery_key_and_keeps_everything() {
    let world = World::with_pictures(3);
    let before = world.json(0, ["list"]);
    let header = || fs::read_to_string(world.vault().join("vault.keys")).unwrap();
    let old = header();
    let rotated = world.json(0, ["rotate"]);
    assert!(rotated["recovery_key"].as_str().unwrap().starts_with("ZV1-"), "{rotated}");
    assert!(header().contains("\"epoch\": 2") && old.contains("\"epoch\": 1"));
    assert_eq!(world.json(0, ["list"]), before);
    let said = world.run(["rotate"]);
    assert!(err(&said).contains("ZV1-") || out(&said).contains("ZV1-"));
    assert_whole(&world.open());
}
