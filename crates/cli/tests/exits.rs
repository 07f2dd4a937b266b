//! Every exit code, and what is said with it.

use std::fs;

use crate::world::{World, err, out};

fn code(value: &serde_json::Value) -> &str {
    value["error"]["code"].as_str().unwrap_or_else(|| panic!("{value}"))
}

#[test]
fn a_failure_ends_with_1_and_leaves_the_file_that_was_there() {
    let world = World::with_pictures(2);
    let target = world.write("out.zip", b"mine");
    let target = target.to_str().unwrap();
    assert_eq!(code(&world.json(1, ["export", "--to", target])), "target_exists");
    assert_eq!(fs::read(target).unwrap(), b"mine");
    let failed = world.run(["export", "--to", target]);
    assert_eq!((failed.status.code(), out(&failed).as_str()), (Some(1), ""));
    assert!(err(&failed).starts_with("zimage: There is a file of this name"), "{}", err(&failed));
    assert_eq!(world.json(0, ["export", "--to", target, "--force"])["items"], 2);
    assert_eq!(world.json(0, ["verify", target])["whole"], true);
}

#[test]
fn wrong_arguments_end_with_2() {
    let world = World::with_vault();
    for arguments in
        [&["frobnicate"][..], &["show"], &["list", "--nonsense"], &["erase"], &["list", "--all", "--trash"]]
    {
        let output = world.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(err(&output).contains("--help"), "{}", err(&output));
        assert_eq!(code(&world.json(2, arguments)), "usage");
    }
    assert_eq!(code(&world.json(2, ["show", "nonsense"])), "bad_id");
}

#[test]
fn the_wrong_passphrase_ends_with_3() {
    let world = World::with_vault();
    let output = world.command().env("ZIMAGE_PASSPHRASE", "another one").arg("list").output().unwrap();
    assert_eq!((output.status.code(), out(&output).as_str()), (Some(3), ""));
    assert!(err(&output).contains("does not open this vault"), "{}", err(&output));
}

#[test]
fn without_a_passphrase_and_without_a_terminal_it_ends_with_3_and_says_what_to_do() {
    let world = World::with_vault();
    let output = world.command().env_remove("ZIMAGE_PASSPHRASE").arg("list").output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(err(&output).contains("--passphrase-file or ZIMAGE_PASSPHRASE"), "{}", err(&output));
    let output =
        world.command().args(["--passphrase-file", "/no/such/file", "list", "--json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(code(&serde_json::from_slice(&output.stdout).unwrap()), "passphrase_unreadable");
}

#[test]
fn a_vault_that_is_open_elsewhere_ends_with_4() {
    let world = World::with_vault();
    let held = world.open();
    assert_eq!(code(&world.json(4, ["list"])), "vault_in_use");
    drop(held);
    assert_eq!(world.json(0, ["list"]), serde_json::json!([]));
}

#[test]
fn without_a_vault_it_ends_with_5() {
    let world = World::new();
    for arguments in [&["list"][..], &["check"], &["import", "."]] {
        assert_eq!(code(&world.json(5, arguments)), "no_vault");
    }
    assert!(!world.vault().exists());
}

#[test]
fn files_that_are_not_taken_end_with_6_and_are_named_with_their_reason() {
    let world = World::with_vault();
    world.pictures("in", 0..3);
    world.write("in/empty.png", b"");
    world.write("in/text.png", b"this is a text");
    world.write("in/cut.png", &crate::world::picture(9)[..200]);
    let folder = world.path("in");
    let gone = world.path("gone.png");
    let report = world.json(6, ["import", folder.to_str().unwrap(), gone.to_str().unwrap()]);
    assert_eq!((&report["added"], &report["duplicates"]), (&3.into(), &0.into()));
    let refused: Vec<(&str, &str)> = report["refused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| (file["path"].as_str().unwrap(), file["reason"].as_str().unwrap()))
        .map(|(path, reason)| (path.rsplit('/').next().unwrap(), reason))
        .collect();
    let expected = [
        ("gone.png", "vanished"),
        ("cut.png", "damaged"),
        ("empty.png", "empty"),
        ("text.png", "unsupported"),
    ];
    assert_eq!(refused, expected);
    assert_eq!(world.json(0, ["check"])["items"], 3);
}

#[test]
fn an_archive_that_is_not_whole_ends_with_6() {
    let world = World::with_pictures(3);
    let target = world.path("out.zip");
    let target = target.to_str().unwrap();
    world.json(0, ["export", "--to", target]);
    let whole = fs::read(target).unwrap();

    let mut changed = whole.clone();
    let place = changed.windows(4).position(|w| w == b"IDAT").unwrap();
    changed[place + 8] ^= 1;
    fs::write(target, &changed).unwrap();
    let report = world.json(6, ["verify", target]);
    assert_eq!((&report["whole"], report["changed"].as_array().unwrap().len()), (&false.into(), 1));

    fs::write(target, &whole[..whole.len() / 2]).unwrap();
    let report = world.json(6, ["verify", target]);
    assert_eq!((code(&report), &report["whole"]), ("archive_damaged", &false.into()));

    fs::write(target, b"").unwrap();
    assert_ne!(world.run(["verify", target]).status.code(), Some(0));
    assert_eq!(code(&world.json(1, ["verify", "/no/such.zip"])), "not_found");
}

#[test]
fn damage_in_the_vault_ends_with_6_and_is_named() {
    let world = World::with_pictures(2);
    let container = rusqlite::Connection::open(world.vault().join("images.db")).unwrap();
    // The first that was written is the original of the first item.
    container.execute("UPDATE chunk SET sealed = zeroblob(length(sealed)) WHERE seq = 1", []).unwrap();
    drop(container);
    let report = world.json(6, ["check"]);
    assert_eq!((&report["whole"], &report["images_whole"]), (&false.into(), &true.into()));
    let damaged = report["damaged"].as_array().unwrap();
    assert_eq!(damaged.len(), 1);
    let text = out(&world.run(["check"]));
    assert!(damaged.iter().all(|id| text.contains(id.as_str().unwrap())), "{text}");
}

#[test]
fn the_help_lists_every_exit_code() {
    let help = out(&World::new().run(["--help"]));
    for code in ["0 ", "1 ", "2 ", "3 ", "4 ", "5 ", "6 ", "130 "] {
        assert!(help.contains(&format!("\n  {code}")), "{help}");
    }
}
