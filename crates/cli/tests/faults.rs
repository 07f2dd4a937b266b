//! A disk that fails at any call that changes a file: the command ends with a clear word, everything that was there
//! before is there bit for bit, nothing half is seen, and the next try succeeds.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use ::faults::trial::{self, Ran};
use ::faults::{Act, Errno};
use crypto::Header;
use model::{Clock, ItemId, SystemClock};
use serde_json::Value;
use vault::{Folder, Vault, vault_in};

use crate::world::{World, assert_whole, open_vault, secret};

/// What the program may say after a fault.
fn words(ran: &Ran) -> Vec<&'static str> {
    let (Act::Once(_, errno) | Act::From(_, errno)) = ran.act else {
        // Half a write is what a disk does that is about to be full.
        return vec!["disk_full", "disk_failed"];
    };
    let word = match errno {
        Errno::DiskFull | Errno::Quota => "disk_full",
        Errno::ReadOnly => "read_only",
        Errno::Io => "disk_failed",
    };
    // Behind SQLite the reason may be lost: it opens once more for reading, undoes, closes files and takes others away
    // before it answers, and what those calls say may be the last that is known.
    let behind_sqlite = ["catalogue", "images.db"].iter().any(|name| ran.hit.contains(name));
    if behind_sqlite || ran.hit.split(' ').nth(1) == Some("fsync") {
        vec![word, "read_only", "disk_failed"]
    } else {
        vec![word]
    }
}

/// What a vault holds: the original's bytes and whether it is in the trash, by id.
type Known = BTreeMap<ItemId, (Vec<u8>, bool)>;

fn contents(vault: &Vault) -> Known {
    let items = vault.page(0, 100_000).unwrap().into_iter().map(|stored| stored.item);
    items.map(|item| (item.id, (vault.original(&item.id).unwrap(), item.discarded_at.is_some()))).collect()
}

fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

fn tell(what: &str, tried: usize) {
    // The figure is part of the report: it is printed when the test passes as well.
    let _ = writeln!(std::io::stderr(), "faults tried in {what}: {tried}");
}

/// A vault to begin with, on a disk of its own whose calls can fail.
struct Stage {
    world: World,
    disk: PathBuf,
    before: Known,
}

impl Stage {
    fn new(pictures: u32) -> Self {
        let world = World::with_pictures(pictures);
        let before = contents(&world.open());
        copy(&world.vault(), &world.path("base"));
        let disk = world.path("disk");
        fs::create_dir(&disk).unwrap();
        Self { world, disk, before }
    }

    /// The same after so many pictures were erased.
    fn after_erasing(pictures: u32, erased: usize) -> Self {
        let mut stage = Self::new(pictures);
        let vault = stage.world.open();
        let ids: Vec<ItemId> = stage.before.keys().copied().take(erased).collect();
        vault.erase(&ids).unwrap();
        stage.before = contents(&vault);
        drop(vault);
        copy(&stage.world.vault(), &stage.world.path("base"));
        stage
    }

    /// The same with the first picture in the trash.
    fn after_discarding(pictures: u32) -> Self {
        let mut stage = Self::new(pictures);
        let vault = stage.world.open();
        let first = vault.page(0, 1).unwrap().remove(0).item.id;
        vault.discard(&[first], SystemClock.now()).unwrap();
        stage.before = contents(&vault);
        drop(vault);
        copy(&stage.world.vault(), &stage.world.path("base"));
        stage
    }

    /// A vault as the first version wrote it.
    fn of_the_first_version() -> Self {
        let (world, older) = (World::new(), "../vault/tests/fixtures/v1");
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(older), &world.path("base"));
        copy(&world.path("base"), &world.vault());
        let before = contents(&world.open());
        let disk = world.path("disk");
        fs::create_dir(&disk).unwrap();
        Self { world, disk, before }
    }

    fn vault(&self) -> PathBuf {
        self.disk.join("vault")
    }

    fn knew(&self, picture: &Vec<u8>) -> bool {
        self.before.values().any(|(bytes, _)| bytes == picture)
    }

    fn ids(&self) -> Vec<String> {
        self.before.keys().map(ItemId::to_string).collect()
    }

    fn run(&self, act: Act, arguments: &[&str]) -> Ran {
        let _ = fs::remove_dir_all(&self.disk);
        copy(&self.world.path("base"), &self.vault());
        let mut command = self.world.command();
        command.env("ZIMAGE_VAULT", self.vault()).arg("--json").args(arguments);
        trial::run(command, &self.disk, act, &self.world.path("report")).unwrap()
    }

    /// Lets every call of a command fail. `look` is given the vault as it is afterwards and whether the command said
    /// that it had done its work.
    fn fail_everywhere(&self, stride: u64, arguments: &[&str], look: impl Fn(&Known, bool, &str)) {
        self.fail_everywhere_and_hear(stride, arguments, |now, done, at, _| look(now, done, at));
    }

    /// The same; `look` is also given what the command said.
    fn fail_everywhere_and_hear(
        &self,
        stride: u64,
        arguments: &[&str],
        look: impl Fn(&Known, bool, &str, &Value),
    ) {
        let tried = trial::every_call(stride, |act| {
            let ran = self.run(act, arguments);
            let at = format!("{act:?} at {}", ran.hit);
            let (done, said) = said_clearly(&ran, &at);
            let vault = open_vault(&self.vault());
            assert_whole(&vault);
            look(&contents(&vault), done, &at, &said);
            ran
        });
        assert!(tried > 60, "only {tried}");
        tell(arguments[0], tried);
    }
}

/// Whether the command said that it is done, otherwise it said why not in one of a few words; and all that it said.
fn said_clearly(ran: &Ran, at: &str) -> (bool, Value) {
    let (out, err) = (&ran.output.stdout, String::from_utf8_lossy(&ran.output.stderr));
    assert!(!err.contains("panicked"), "{at}: {err}");
    let said: Value = serde_json::from_slice(out).unwrap_or_else(|e| {
        panic!("{at}: {e}: {:?} {}{err}", ran.output.status, String::from_utf8_lossy(out))
    });
    match ran.output.status.code() {
        Some(0) => (true, said),
        Some(1) => {
            let word = said["error"]["code"].as_str().unwrap_or_default();
            assert!(words(ran).contains(&word), "{at}: {said}");
            (false, said)
        }
        _ => panic!("{at}: {:?} {said}{err}", ran.output.status),
    }
}

#[test]
fn wherever_the_disk_fails_an_import_keeps_what_was_there_and_takes_whole_pictures_only() {
    let stage = Stage::new(4);
    stage.world.pictures("more", 1000..1012);
    let folder = stage.world.path("more");
    let new: Vec<Vec<u8>> = (1000..1012).map(crate::world::picture).collect();
    stage.fail_everywhere(40, &["import", folder.to_str().unwrap()], |now, done, at| {
        assert!(stage.before.iter().all(|(id, item)| now.get(id) == Some(item)), "{at}");
        let added = now.iter().filter(|(id, _)| !stage.before.contains_key(id));
        assert!(added.clone().all(|(_, (bytes, _))| new.contains(bytes)), "{at}");
        assert!(!done || added.count() == new.len(), "{at}");
    });
}

#[test]
fn wherever_the_disk_fails_an_import_calls_nothing_left_out_that_came_in() {
    let stage = Stage::after_discarding(4);
    // One of them lies in the trash: it comes out after the others of its batch came in.
    stage.world.pictures("more", 0..12);
    let folder = stage.world.path("more");
    let (partly, undecided) = (Cell::new(0), Cell::new(0));
    stage.fail_everywhere_and_hear(1, &["import", folder.to_str().unwrap()], |now, done, at, said| {
        let left = said["left"].as_array().into_iter().flatten();
        let outside = left.filter(|file| file["why"] == "not_reached");
        let outside: Vec<_> = outside.map(|file| fs::read(file["path"].as_str().unwrap()).unwrap()).collect();
        assert!(now.values().all(|(bytes, _)| !outside.contains(bytes) || stage.knew(bytes)), "{at}: {said}");
        partly.set(partly.get() + usize::from(!done && said["added"].as_u64() == Some(8)));
        undecided.set(undecided.get() + usize::from(said["undecided"].as_u64() == Some(8)));
    });
    assert!(undecided.get() > 0, "the disk always said whether a batch came in");
    assert!(partly.get() > 0, "the way out of the trash never failed alone");
}

#[test]
fn wherever_the_disk_fails_discarding_moves_all_or_none() {
    let stage = Stage::new(6);
    let ids = stage.ids();
    let mut arguments = vec!["discard"];
    arguments.extend(ids[..3].iter().map(String::as_str));
    stage.fail_everywhere(20, &arguments, |now, done, at| {
        assert!(now.keys().eq(stage.before.keys()), "{at}");
        let moved = now.values().filter(|(_, trash)| *trash).count();
        assert!(moved == 3 || (moved == 0 && !done), "{at}: {moved}");
    });
}

#[test]
fn wherever_the_disk_fails_erasing_takes_whole_items_and_no_others() {
    let stage = Stage::new(6);
    let ids = stage.ids();
    let mut arguments = vec!["erase", "--yes"];
    arguments.extend(ids[..3].iter().map(String::as_str));
    stage.fail_everywhere(20, &arguments, |now, done, at| {
        assert!(now.iter().all(|(id, item)| stage.before.get(id) == Some(item)), "{at}");
        assert!(now.len() == 3 || (now.len() == 6 && !done), "{at}: {}", now.len());
        assert!(ids[3..].iter().all(|id| now.contains_key(&id.parse().unwrap())), "{at}");
    });
}

#[test]
fn wherever_the_disk_fails_an_export_leaves_a_whole_archive_or_none() {
    let stage = Stage::new(12);
    let target = stage.disk.join("out.zip");
    stage.fail_everywhere(20, &["export", "--to", target.to_str().unwrap()], |now, done, at| {
        assert_eq!(*now, stage.before, "{at}");
        assert_eq!(done, target.exists(), "{at}");
        if done {
            assert!(transfer::verify(&target, &mut |_| true).unwrap().is_whole(), "{at}");
        }
    });
}

#[test]
fn wherever_the_disk_fails_an_archive_is_taken_in_by_whole_items_only() {
    let stage = Stage::new(4);
    let other = World::with_vault();
    other.pictures("in", 1000..1008);
    other.json(0, ["import", other.path("in").to_str().unwrap()]);
    let vault = other.open();
    let discarded: Vec<ItemId> = contents(&vault).into_keys().take(2).collect();
    vault.discard(&discarded, SystemClock.now()).unwrap();
    let theirs = contents(&vault);
    drop(vault);
    let archive = other.path("everything.zip");
    other.json(0, ["export", "--to", archive.to_str().unwrap()]);
    stage.fail_everywhere(40, &["import-archive", archive.to_str().unwrap()], |now, done, at| {
        assert!(stage.before.iter().all(|(id, item)| now.get(id) == Some(item)), "{at}");
        let added: Vec<_> = now.iter().filter(|(id, _)| !stage.before.contains_key(id)).collect();
        assert!(added.iter().all(|(id, item)| theirs.get(id) == Some(item)), "{at}");
        assert!(!done || added.len() == theirs.len(), "{at}");
    });
}

#[test]
fn wherever_the_disk_fails_a_salvage_changes_nothing_and_leaves_a_whole_archive_or_none() {
    let stage = Stage::new(6);
    let target = stage.disk.join("saved.zip");
    stage.fail_everywhere(20, &["salvage", "--to", target.to_str().unwrap()], |now, done, at| {
        assert_eq!(*now, stage.before, "{at}");
        assert_eq!(done, target.exists(), "{at}");
        if done {
            assert!(transfer::verify(&target, &mut |_| true).unwrap().is_whole(), "{at}");
        }
    });
}

#[test]
fn wherever_the_disk_fails_compacting_loses_nothing() {
    let stage = Stage::after_erasing(8, 4);
    stage.fail_everywhere(40, &["compact"], |now, _, at| assert_eq!(*now, stage.before, "{at}"));
}

#[test]
fn wherever_the_disk_fails_another_key_loses_nothing() {
    let stage = Stage::new(6);
    stage.fail_everywhere(40, &["rotate"], |now, _, at| assert_eq!(*now, stage.before, "{at}"));
}

#[test]
fn wherever_the_disk_fails_a_backup_is_whole_or_has_not_its_name() {
    let stage = Stage::new(8);
    let target = stage.disk.join("backup");
    let name = target.to_str().unwrap();
    stage.fail_everywhere(20, &["backup", "--to", name], |now, done, at| {
        assert_eq!(*now, stage.before, "{at}");
        assert_eq!(done, target.exists(), "{at}");
        if done {
            stage.world.json(0, ["verify-backup", name]);
        }
    });
}

#[test]
fn wherever_the_disk_fails_a_restored_vault_is_whole_or_none() {
    let stage = Stage::new(8);
    let (backup, target) = (stage.world.path("backup"), stage.disk.join("restored"));
    stage.world.json(0, ["backup", "--to", backup.to_str().unwrap()]);
    let arguments = ["restore-backup", backup.to_str().unwrap(), "--to", target.to_str().unwrap()];
    stage.fail_everywhere(20, &arguments, |now, done, at| {
        assert_eq!(*now, stage.before, "{at}");
        let made = Folder::new(&target).has_header();
        assert!(made || !done, "{at}");
        if made {
            let vault = open_vault(&target);
            assert_whole(&vault);
            assert_eq!(contents(&vault), stage.before, "{at}");
        }
    });
}

#[test]
fn wherever_the_disk_fails_a_vault_of_an_older_version_loses_nothing_when_it_is_opened() {
    let stage = Stage::of_the_first_version();
    assert_eq!(stage.before.len(), 3);
    stage.fail_everywhere(4, &["list"], |now, _, at| assert_eq!(*now, stage.before, "{at}"));
}

#[test]
fn wherever_the_disk_fails_looking_and_checking_change_nothing() {
    let stage = Stage::new(6);
    let mut tried = 0;
    for arguments in [&["check"][..], &["list"]] {
        tried += trial::every_call(10, |act| {
            let ran = stage.run(act, arguments);
            let at = format!("{act:?} at {}", ran.hit);
            said_clearly(&ran, &at);
            let vault = open_vault(&stage.vault());
            assert_whole(&vault);
            assert_eq!(contents(&vault), stage.before, "{at}");
            ran
        });
    }
    assert!(tried > 20, "only {tried}");
    tell("check and list", tried);
}

#[test]
fn wherever_the_disk_fails_a_vault_that_is_being_destroyed_is_whole_or_opens_no_more() {
    let stage = Stage::new(4);
    let opens = |file: &str| {
        let header = fs::read(stage.vault().join(file)).ok().and_then(|bytes| Header::parse(&bytes).ok());
        header.is_some_and(|header| header.unlock(&secret()).is_ok())
    };
    let gone = Cell::new(0);
    let tried = trial::every_call(1, |act| {
        let ran = stage.run(act, &["destroy", "--yes"]);
        let at = format!("{act:?} at {}", ran.hit);
        assert!(!String::from_utf8_lossy(&ran.output.stderr).contains("panicked"), "{at}");
        let done = ran.output.status.code() == Some(0);
        if ["vault.keys", "vault.keys.bak"].into_iter().any(opens) {
            assert!(!done, "{at}: it is said to be gone");
            let vault = open_vault(&stage.vault());
            assert_whole(&vault);
            assert_eq!(contents(&vault), stage.before, "{at}");
        } else {
            gone.set(gone.get() + 1);
            assert!(!done || !Folder::new(&stage.vault()).has_anything(), "{at}");
        }
        ran
    });
    assert!(tried > 20 && gone.get() > 5, "only {tried}, {} gone", gone.get());
    tell("destroy", tried);
}

#[test]
fn wherever_the_disk_fails_a_vault_that_is_said_to_be_made_opens_and_else_there_is_none() {
    let world = World::new();
    let disk = world.path("disk");
    let mut tried = 0;
    // Each run derives a key that costs a second, so the errors come by turns.
    for (turn, n) in (1_u64..).step_by(11).enumerate() {
        let errno = Errno::ALL[turn % 4];
        let act = if turn % 8 < 4 { Act::Once(n, errno) } else { Act::From(n, errno) };
        let _ = fs::remove_dir_all(&disk);
        fs::create_dir(&disk).unwrap();
        let place = disk.join("vault");
        let mut command = world.command();
        command.env("ZIMAGE_VAULT", &place).args(["--json", "init"]);
        let ran = trial::run(command, &disk, act, &world.path("report")).unwrap();
        let at = format!("{act:?} at {}", ran.hit);
        if said_clearly(&ran, &at).0 {
            assert_whole(&open_vault(&place));
        } else {
            assert!(!Folder::new(&place).has_header(), "{at}: there is a vault whose key nobody was told");
            assert!(vault_in(&place).is_none_or(|folder| !folder.has_header()), "{at}");
        }
        if ran.hit.is_empty() {
            break;
        }
        tried += 1;
    }
    assert!(tried > 12, "only {tried}");
    tell("init", tried);
}
