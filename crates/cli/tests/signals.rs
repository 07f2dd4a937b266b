//! Ctrl-C stops a job at its next safe place.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::world::{World, assert_whole, err, import, out};

/// Longer than anything here takes on a busy computer.
const PATIENCE: Duration = Duration::from_secs(120);

fn interrupt(child: &Child, signal: &str) {
    let sent = Command::new("kill").arg(signal).arg(child.id().to_string()).status().unwrap();
    assert!(sent.success());
}

/// Waits until a file has grown beyond a length: then the first batch is being committed.
fn wait_until_longer(path: &Path, length: u64, child: &mut Child) {
    let begun = Instant::now();
    while fs::metadata(path).map_or(0, |data| data.len()) <= length {
        assert!(begun.elapsed() < PATIENCE && child.try_wait().unwrap().is_none(), "it never began");
        std::thread::yield_now();
    }
}

fn interrupted_import(world: &World, signal: &str) -> Output {
    let child = importing(world, world.command());
    interrupt(&child, signal);
    child.wait_with_output().unwrap()
}

/// An import that has begun to commit.
fn importing(world: &World, mut command: Command) -> Child {
    let container = world.vault().join("images.db");
    let before = fs::metadata(&container).unwrap().len();
    command.args(["import", "--json"]).arg(world.path("in"));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_until_longer(&container, before, &mut child);
    child
}

#[test]
fn ctrl_c_during_an_import_keeps_what_was_committed_and_nothing_half() {
    let world = World::with_vault();
    world.pictures("in", 0..1500);
    for signal in ["-INT", "-TERM"] {
        let before = world.open().page(0, 10_000).unwrap().len();
        let output = interrupted_import(&world, signal);
        assert_eq!(output.status.code(), Some(130), "{}{}", out(&output), err(&output));
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["error"]["code"], "cancelled");
        let added = usize::try_from(report["added"].as_u64().unwrap()).unwrap();

        let vault = world.open();
        let items = vault.page(0, 10_000).unwrap();
        assert_eq!(items.len(), before + added, "{report}");
        assert!(items.len() < 1500, "it was stopped");
        assert_whole(&vault);
    }
    let vault = world.open();
    let rest = import(&vault, &world.path("in"));
    assert_eq!(vault.page(0, 10_000).unwrap().len(), 1500);
    assert_eq!(rest.refused, []);
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_slow_disk_others_are_told_at_once_that_the_vault_is_in_use_and_ctrl_c_loses_nothing() {
    let world = World::with_vault();
    world.pictures("in", 0..300);
    let mut command = world.command();
    faults::arm(&mut command, &world.vault(), faults::Act::Slow(20), &world.path("report"));
    let mut child = importing(&world, command);
    // Whoever comes meanwhile need not wait for the disk.
    assert_eq!(world.json(4, ["list"])["error"]["code"], "vault_in_use");
    assert!(child.try_wait().unwrap().is_none(), "the disk was not slow");
    interrupt(&child, "-INT");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}{}", out(&output), err(&output));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let added = usize::try_from(report["added"].as_u64().unwrap()).unwrap();
    assert!(added < 300, "{report}");
    let vault = world.open();
    assert_eq!(vault.page(0, 10_000).unwrap().len(), added);
    assert_whole(&vault);
}

#[test]
fn ctrl_c_during_an_export_leaves_no_file() {
    let world = World::with_pictures(1500);
    let (target, part) = (world.path("out.zip"), world.path("out.zip.part"));
    let mut child =
        world.command().args(["export", "--to"]).arg(&target).stdout(Stdio::null()).spawn().unwrap();
    wait_until_longer(&part, 1, &mut child);
    interrupt(&child, "-INT");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(!target.exists() && !part.exists());
    assert_whole(&world.open());
}

#[cfg(unix)]
#[test]
fn an_export_that_is_ended_at_once_leaves_nothing_in_the_clear() {
    let world = World::with_pictures(1500);
    let (target, part) = (world.path("out.zip"), world.path("out.zip.part"));
    let mut child =
        world.command().args(["export", "--to"]).arg(&target).stdout(Stdio::null()).spawn().unwrap();
    wait_until_longer(&part, 1, &mut child);
    interrupt(&child, "-QUIT");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(!target.exists() && !part.exists());
    // A limit of the system is told like a full disk, and leaves nothing either.
    let export = format!("ulimit -f 600; exec \"$0\" --json export --to '{}'", target.display());
    let mut limited = Command::new("sh");
    let program = world.command();
    limited.args(["-c", &export]).arg(program.get_program());
    for (name, value) in program.get_envs() {
        limited.env(name, value.unwrap_or_default());
    }
    let output = limited.output().unwrap();
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(["disk_full", "file_too_large"].contains(&said["error"]["code"].as_str().unwrap()), "{said}");
    assert!(!target.exists() && !part.exists());
}
