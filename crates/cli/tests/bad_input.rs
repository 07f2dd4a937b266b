//! What people and disks do to a program.

use std::fs;
use std::process::Stdio;

use serde_json::json;

use crate::world::{World, assert_whole, err, out};

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let world = World::with_pictures(20);
    for arguments in [&["list"][..], &["list", "--json"], &["--help"]] {
        let mut child =
            world.command().args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), err(&output).as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_can_not_be_written_is_an_error() {
    let world = World::with_pictures(20);
    for arguments in [&["list"][..], &["list", "--json"]] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let output = world.command().args(arguments).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(err(&output).contains("disk is full"), "{}", err(&output));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_unicode_are_taken_and_told() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let world = World::with_vault();
    let good = world.write(OsStr::from_bytes(b"in/\xff\xe5\xa4\x9c.png"), &crate::world::picture(1));
    let bad = world.write(OsStr::from_bytes(b"in/\xfe.png"), b"");
    let report = world.json(6, [OsStr::new("import"), good.as_os_str(), bad.as_os_str()]);
    assert_eq!(report["added"], 1);
    assert!(report["refused"][0]["path"].as_str().unwrap().ends_with("\u{fffd}.png"));
    assert_eq!(world.json(0, ["list"])[0]["file_name"], "\u{fffd}夜.png");
    assert_eq!(world.json(0, [OsStr::new("metadata"), good.as_os_str()])["model"], "sea");
    let target = world.path(OsStr::from_bytes(b"\xff.zip"));
    world.json(0, [OsStr::new("export"), OsStr::new("--to"), target.as_os_str()]);
    assert_eq!(world.json(0, [OsStr::new("verify"), target.as_os_str()])["whole"], true);
}

#[test]
fn a_beginning_that_several_ids_have_is_ambiguous() {
    let world = World::with_pictures(3);
    let items = world.json(0, ["list"]);
    let id = items[1]["id"].as_str().unwrap();
    // Ids of one import begin with the same time.
    let error = world.json(2, ["discard", &id[..8]]);
    assert_eq!(error["error"]["code"], "ambiguous_id");
    assert_eq!(world.json(0, ["list"]), items);
    assert_eq!(world.json(0, ["show", &id[..35]])["id"], id);
    assert_eq!(world.json(0, ["show", &id.replace('-', "").to_uppercase()])["id"], id);
    assert_eq!(world.json(1, ["show", "00000000-0000"])["error"]["code"], "no_such_item");
}

#[test]
fn one_unknown_id_keeps_all_from_being_touched() {
    let world = World::with_pictures(2);
    let items = world.json(0, ["list"]);
    let id = items[0]["id"].as_str().unwrap();
    let unknown = "0199f3a2-7c11-7d3e-8a4b-0123456789ab";
    for arguments in [&["discard", id, unknown][..], &["erase", "--yes", id, unknown]] {
        assert_eq!(world.json(1, arguments)["error"]["code"], "no_such_item");
    }
    assert_eq!(world.json(0, ["list"]), items);
}

#[test]
fn erasing_is_refused_where_nobody_can_be_asked() {
    let world = World::with_pictures(1);
    let items = world.json(0, ["list"]);
    let id = items[0]["id"].as_str().unwrap();
    assert_eq!(world.json(2, ["erase", id])["error"]["code"], "confirmation_needed");
    assert_eq!(world.json(2, ["erase", "--trash"])["error"]["code"], "confirmation_needed");
    assert_eq!(world.json(0, ["list"]), items);
    // An empty trash is as empty as was wanted.
    assert_eq!(world.json(0, ["erase", "--trash", "--yes"]), serde_json::json!({ "erased": 0 }));
}

#[cfg(unix)]
#[test]
fn a_target_that_can_not_be_written_leaves_nothing_behind() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::with_pictures(1);
    fs::create_dir(world.path("sealed")).unwrap();
    fs::set_permissions(world.path("sealed"), fs::Permissions::from_mode(0o500)).unwrap();
    for (folder, code) in
        [("sealed", "not_permitted"), ("missing", "not_found"), ("vault", "target_inside_vault")]
    {
        let target = world.path(folder).join("out.zip");
        let mut command = unprivileged(&world);
        let output = command.args(["--json", "export", "--to"]).arg(&target).output().unwrap();
        let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((output.status.code(), &said["error"]["code"]), (Some(1), &code.into()), "{said}");
        assert!(!target.exists());
    }
    assert_eq!(fs::read_dir(world.path("sealed")).unwrap().count(), 0);
}

/// The program without the superuser's right to write everywhere, which tests in containers run with.
#[cfg(unix)]
fn unprivileged(world: &World) -> std::process::Command {
    if fs::write(world.path("sealed/probe"), b"").is_err() {
        return world.command();
    }
    fs::remove_file(world.path("sealed/probe")).unwrap();
    let plain = world.command();
    let mut command = std::process::Command::new("setpriv");
    command.arg("--bounding-set=-dac_override,-dac_read_search").arg(plain.get_program());
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

#[cfg(unix)]
#[test]
fn links_that_lead_in_circles_and_pipes_do_not_hold_an_import_up() {
    let world = World::with_vault();
    world.pictures("in/a", 0..2);
    std::os::unix::fs::symlink(world.path("in"), world.path("in/a/loop")).unwrap();
    std::os::unix::fs::symlink(world.path("in/self"), world.path("in/self")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(world.path("in/pipe.png")).status().unwrap();
    assert!(made.success());
    let report = world.json(6, ["import", world.path("in").to_str().unwrap()]);
    assert_eq!((&report["added"], &report["refused"][0]["reason"]), (&2.into(), &"unsupported".into()));
    let error = world.json(1, ["metadata", world.path("in/pipe.png").to_str().unwrap()]);
    assert_eq!(error["error"]["code"], "unsupported");
}

#[test]
fn what_a_file_says_can_not_write_to_the_terminal() {
    let world = World::with_vault();
    let text = "\x1b]0;owned\x07\x1b[2Jlantern\u{202e}";
    world.write("in/\u{1b}[31m.png", &crate::world::picture_saying(1, text));
    world.json(0, ["import", world.path("in").to_str().unwrap()]);
    let id = world.json(0, ["list"])[0]["id"].as_str().unwrap().to_owned();
    let file = world.path("in/\u{1b}[31m.png");
    for arguments in [&["list"][..], &["show", &id], &["metadata", file.to_str().unwrap()]] {
        let shown = out(&world.run(arguments));
        assert!(shown.contains("lantern"), "{shown:?}");
        assert!(!shown.contains(['\x1b', '\x07', '\u{202e}']), "{shown:?}");
    }
    assert_eq!(world.json(0, ["search", "lantern"])[0]["recipe"]["prompt"], text);
}

#[test]
fn a_vault_without_its_keys_is_left_alone() {
    let world = World::with_pictures(1);
    let keys = fs::read(world.vault().join("vault.keys")).unwrap();
    for name in ["vault.keys", "vault.keys.bak"] {
        fs::remove_file(world.vault().join(name)).unwrap();
    }
    assert_eq!(world.json(1, ["list"])["error"]["code"], "header_missing");
    assert_eq!(world.json(1, ["init"])["error"]["code"], "vault_exists");
    fs::write(world.vault().join("vault.keys"), &keys).unwrap();
    assert_eq!(world.json(0, ["list"]).as_array().unwrap().len(), 1);
    assert_whole(&world.open());
}

#[test]
fn a_folder_is_not_read_as_a_picture_and_that_is_said() {
    let world = World::with_pictures(1);
    let folder = world.path("in");
    let folder = folder.to_str().unwrap();
    assert_eq!(world.json(1, ["metadata", folder])["error"]["code"], "is_folder");
    for (language, words) in [("en", "This is a folder"), ("ja", "フォルダです")] {
        let told = err(&world.run(["--language", language, "metadata", folder]));
        assert!(told.contains(words), "{told}");
    }
}

#[test]
fn an_archive_of_somebody_else_is_refused() {
    let world = World::with_vault();
    let file = world.write("other.zip", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    let error = world.json(1, ["import-archive", file.to_str().unwrap()]);
    assert_eq!(error["error"]["code"], "archive_not_ours");
    assert_eq!(world.json(0, ["list"]), json!([]));
}
