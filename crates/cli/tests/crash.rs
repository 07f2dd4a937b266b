//! `kill -9` at random points of import, erase, export, compact, rotate and backup: the vault opens, nothing committed is lost, nothing half
//! is seen, and no file has an export's name unless it is complete.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use model::ItemId;
use vault::Vault;

use crate::world::{World, assert_whole, import, open_vault};

/// Kills of each kind.
const RUNS: u64 = 50;
/// Of these at least so many must have come before the end, or the test has shown nothing.
const LEAST_KILLED: usize = 20;

/// A generator of numbers whose whole state is its seed (SplitMix64; Steele, Lea and Flood 2014).
struct Dice(u64);

impl Dice {
    /// Evenly spread in 0..1.
    fn fraction(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// What a vault must still have: the original bytes by id.
type Known = BTreeMap<ItemId, Vec<u8>>;

fn contents(vault: &Vault) -> Known {
    let items = vault.page(0, 100_000).unwrap().into_iter();
    items.map(|stored| (stored.item.id, vault.original(&stored.item.id).unwrap())).collect()
}

fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// A vault to begin with, and a copy for each run.
struct Stage {
    world: World,
    known: Known,
}

impl Stage {
    fn new(pictures: u32) -> Self {
        let world = World::with_pictures(pictures);
        let known = contents(&world.open());
        copy(&world.vault(), &world.path("base"));
        Self { world, known }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.world.command();
        command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// How long a command runs when nobody kills it.
    fn length(&self, arguments: &[&str]) -> Duration {
        copy(&self.world.path("base"), &self.world.vault());
        let begun = Instant::now();
        assert!(self.command(arguments).status().unwrap().success());
        begun.elapsed()
    }

    /// Kills the command again and again, at a time between opening the vault and its end, and looks at what is left.
    fn kill(&self, seed: u64, arguments: &[&str], look: impl Fn(u64, &Vault)) {
        let (opening, whole) = (self.length(&["list", "--json"]), self.length(arguments));
        let (first, last) = (opening.mul_f64(0.7), whole.mul_f64(1.05).max(opening));
        let (mut dice, mut killed, mut pace) = (Dice(seed), 0, 1.0);
        for run in 0..RUNS {
            copy(&self.world.path("base"), &self.world.vault());
            let mut child = self.command(arguments).spawn().unwrap();
            // The point in time is the experiment; nothing waits for it.
            std::thread::sleep((first + (last - first).mul_f64(dice.fraction())).mul_f64(pace));
            child.kill().unwrap();
            let survived = child.wait().unwrap().success();
            killed += usize::from(!survived);
            // A computer that is busier or idler than when it was measured: most kills are to hit, a few to come late.
            pace = f64::min(pace * if survived { 0.9 } else { 1.03 }, 2.0);
            let vault = open_vault(&self.world.vault());
            look(run, &vault);
            assert_whole(&vault);
        }
        assert!(killed >= LEAST_KILLED, "only {killed} runs were killed before their end");
    }
}

#[test]
fn an_import_that_is_killed_loses_nothing_and_leaves_nothing_half() {
    let stage = Stage::new(10);
    stage.world.pictures("more", 1000..1110);
    let folder = stage.world.path("more");
    let source: BTreeMap<String, Vec<u8>> = (1000..1110_u32)
        .map(|n| format!("{n:04}.png"))
        .map(|name| (name.clone(), fs::read(folder.join(name)).unwrap()))
        .collect();
    stage.kill(1, &["import", folder.to_str().unwrap()], |run, vault| {
        let now = contents(vault);
        assert!(stage.known.iter().all(|(id, bytes)| now.get(id) == Some(bytes)), "run {run}");
        for stored in vault.page(0, 100_000).unwrap() {
            if !stage.known.contains_key(&stored.item.id) {
                assert_eq!(now[&stored.item.id], source[&stored.item.file_name], "run {run}");
                assert!(vault.thumbnail(&stored.item.id).unwrap().is_some(), "run {run}");
            }
        }
        if run % 10 == 0 {
            let report = import(vault, &folder);
            assert_eq!(now.len() + report.added.len(), 120, "run {run}");
        }
    });
}

#[test]
fn an_erasure_that_is_killed_takes_whole_items_and_no_others() {
    let stage = Stage::new(150);
    let ids: Vec<String> = stage.known.keys().map(ItemId::to_string).collect();
    let (kept, doomed) = ids.split_at(20);
    let mut arguments = vec!["erase", "--yes"];
    arguments.extend(doomed.iter().map(String::as_str));
    stage.kill(2, &arguments, |run, vault| {
        let now = contents(vault);
        for (id, bytes) in &now {
            assert_eq!(stage.known.get(id), Some(bytes), "run {run}");
        }
        assert!(kept.iter().all(|id| now.contains_key(&id.parse().unwrap())), "run {run}");
        let listing = vault.query(&vault::Query::default()).unwrap();
        assert_eq!(listing.cells.len(), now.len(), "run {run}");
    });
}

#[test]
fn an_export_that_is_killed_has_its_name_only_when_it_is_complete() {
    let stage = Stage::new(150);
    let target = stage.world.path("out.zip");
    let name = target.to_str().unwrap();
    stage.kill(3, &["export", "--force", "--to", name], |run, vault| {
        if target.exists() {
            let report = transfer::verify(&target, &mut |_| true).unwrap();
            assert!(report.is_whole() && report.items == 150, "run {run}");
        }
        assert_eq!(contents(vault), stage.known, "run {run}");
        if run % 10 == 0 {
            // What a killed export left does not stand in the way of the next.
            let everything = transfer::Selection::Everything;
            let existing = transfer::Existing::Replace;
            transfer::export(vault, &everything, &target, existing, &model::SystemClock, &mut |_| true)
                .unwrap();
            assert!(!stage.world.path("out.zip.part").exists(), "run {run}");
        }
        let _ = fs::remove_file(&target);
    });
}

#[test]
fn a_renewal_of_the_keys_that_is_killed_loses_nothing_and_the_vault_opens() {
    let stage = Stage::new(150);
    for (seed, arguments) in [(4, ["compact"]), (5, ["rotate"])] {
        stage.kill(seed, &arguments, |run, vault| {
            assert_eq!(contents(vault), stage.known, "run {run} of {arguments:?}");
            assert!(vault.finish_renewal(&mut |_| true).unwrap(), "run {run} of {arguments:?}");
            assert_eq!(contents(vault), stage.known, "run {run} of {arguments:?}");
        });
    }
}

#[test]
fn a_backup_that_is_killed_has_its_name_only_when_it_is_whole() {
    let stage = Stage::new(150);
    let target = stage.world.path("out.backup");
    stage.kill(6, &["backup", "--force", "--to", target.to_str().unwrap()], |run, vault| {
        if target.exists() {
            let check = transfer::verify_backup(&target, &mut |_| true).unwrap();
            assert_eq!((check.items, check.incomplete), (150, 0), "run {run}");
        }
        assert_eq!(contents(vault), stage.known, "run {run}");
        let _ = fs::remove_file(&target);
    });
}
