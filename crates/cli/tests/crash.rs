//! `kill -9` at random points of import, erase, export, compact, rotate, backup and migration: the vault opens, nothing
//! committed is lost, nothing half is seen, and no file has an export's name unless it is complete.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ::faults::Dice;
use crypto::Header;
use model::ItemId;
use rusqlite::Connection;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use vault::Vault;

use crate::world::{World, assert_whole, import, open_vault};

/// So many runs of each kind are killed before their end.
const KILLS: usize = 50;
/// Runs that may be tried for that: some end before they are killed.
const MOST_RUNS: u64 = 250;

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

    /// From a stage whose vault was changed since.
    fn keep(&self) {
        copy(&self.world.vault(), &self.world.path("base"));
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.world.command();
        command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// How long a command runs on the vault as it is when nobody kills it.
    fn length_now(&self, arguments: &[&str]) -> Duration {
        let begun = Instant::now();
        assert!(self.command(arguments).status().unwrap().success());
        begun.elapsed()
    }

    /// How long it runs on the vault to begin with.
    fn length(&self, arguments: &[&str]) -> Duration {
        copy(&self.world.path("base"), &self.world.vault());
        self.length_now(arguments)
    }

    /// Kills the command again and again, at a time between opening the vault and its end, and looks at what is left.
    fn kill(&self, seed: u64, arguments: &[&str], look: impl Fn(u64, &Vault)) {
        let first = self.length(&["list", "--json"]).mul_f64(0.7);
        let start = || Run { child: self.command(arguments).spawn().unwrap(), told: None };
        self.kill_from(first, seed, arguments, start, |run, _, vault| look(run, vault));
    }

    /// Likewise from a time on and with another way to start it; `look` is given what the run had told as well.
    fn kill_from(
        &self,
        first: Duration,
        seed: u64,
        arguments: &[&str],
        start: impl Fn() -> Run,
        look: impl Fn(u64, &str, &Vault),
    ) {
        let last = self.length(arguments).mul_f64(1.05).max(first.mul_f64(1.4));
        let (mut dice, mut killed, mut pace, mut run) = (Dice(seed), 0, 1.0, 0);
        while killed < KILLS {
            assert!(run < MOST_RUNS, "only {killed} of {run} runs were killed before their end");
            copy(&self.world.path("base"), &self.world.vault());
            let mut started = start();
            // The point in time is the experiment; nothing waits for it.
            std::thread::sleep((first + (last - first).mul_f64(dice.fraction())).mul_f64(pace));
            started.child.kill().unwrap();
            let survived = started.child.wait().unwrap().success();
            killed += usize::from(!survived);
            // A computer that is busier or idler than when it was measured: most kills are to hit, a few to come late.
            pace = f64::min(pace * if survived { 0.9 } else { 1.03 }, 2.0);
            let told = started.told.map_or_else(String::new, |told| told());
            let vault = open_vault(&self.world.vault());
            look(run, &told, &vault);
            assert_whole(&vault);
            run += 1;
        }
        let what = if arguments[0] == "list" { "migration" } else { arguments[0] };
        tell(&format!("killed in {what}: {killed} of {run} runs"));
    }
}

/// A figure is part of the report: it is printed when the test passes as well.
fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// A command under way.
struct Run {
    child: Child,
    /// Gives, once it has ended, what it has told or left.
    told: Option<Box<dyn FnOnce() -> String>>,
}

impl Run {
    /// Starts a command that tells its progress to a terminal.
    fn at_a_terminal(mut command: Command) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let terminal = fs::File::options().write(true).open(name.to_str().unwrap()).unwrap();
        let child = command.stderr(terminal).spawn().unwrap();
        // The terminal's own end goes with the command, so that reading ends when the program does.
        drop(command);
        let listener = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            // A terminal that nobody has open any more answers with an error.
            let _ = fs::File::from(master).read_to_end(&mut bytes);
            String::from_utf8_lossy(&bytes).into_owned()
        });
        Self { child, told: Some(Box::new(|| listener.join().unwrap())) }
    }
}

/// Pictures in one transaction of an import.
const BATCH: usize = 32;

/// The number before ` / 300` in the last line of progress.
fn last_progress(told: &str) -> usize {
    let digits = |text: &str| text.rsplit(' ').next().and_then(|word| word.parse().ok());
    told.rsplit('\r').find_map(|line| digits(line.split(" / ").next()?)).unwrap_or(0)
}

#[test]
fn an_import_that_is_killed_keeps_all_that_it_reported_and_leaves_nothing_half() {
    const NEW: u32 = 300;
    let stage = Stage::new(10);
    stage.world.pictures("more", 1000..1000 + NEW);
    let folder = stage.world.path("more");
    let source: BTreeMap<String, Vec<u8>> = (1000..1000 + NEW)
        .map(|n| format!("{n:04}.png"))
        .map(|name| (name.clone(), fs::read(folder.join(name)).unwrap()))
        .collect();
    let (reported, arguments) = (Cell::new(0), ["import", folder.to_str().unwrap()]);
    let first = stage.length(&["list", "--json"]).mul_f64(0.7);
    let start = || Run::at_a_terminal(stage.command(&arguments));
    stage.kill_from(first, 1, &arguments, start, |run, told, vault| {
        let now = contents(vault);
        assert!(stage.known.iter().all(|(id, bytes)| now.get(id) == Some(bytes)), "run {run}");
        for stored in vault.page(0, 100_000).unwrap() {
            if !stage.known.contains_key(&stored.item.id) {
                assert_eq!(now[&stored.item.id], source[&stored.item.file_name], "run {run}");
                assert!(vault.thumbnail(&stored.item.id).unwrap().is_some(), "run {run}");
            }
        }
        // What is shown as done is in the vault up to the last full batch.
        let done = last_progress(told) / BATCH * BATCH;
        assert!(now.len() - stage.known.len() >= done, "run {run}: {} of {done}", now.len());
        reported.set(reported.get() + usize::from(done > 0));
        if run % 10 == 0 {
            let report = import(vault, &folder);
            assert_eq!(now.len() + report.added.len(), stage.known.len() + NEW as usize, "run {run}");
        }
    });
    tell(&format!(
        "imports that had reported pictures as done before they were killed, or were too quick: {}",
        reported.get()
    ));
    assert!(reported.get() > 10);
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

/// The catalogue of a vault, as SQLCipher opens it.
fn catalogue(folder: &Path) -> Connection {
    let header = Header::parse(&fs::read(folder.join("vault.keys")).unwrap()).unwrap();
    let key = header.unlock(&crate::world::secret()).unwrap();
    let keys = header.catalogue_keys(&key).unwrap();
    let catalogue = Connection::open(folder.join("catalogue.db")).unwrap();
    let digits: String =
        keys.last().unwrap().key.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    catalogue.execute_batch(&format!("PRAGMA key = \"x'{digits}'\";")).unwrap();
    catalogue
}

#[test]
fn a_migration_that_is_killed_loses_nothing_and_is_done_by_the_next_opening() {
    let stage = Stage::new(600);
    let old = catalogue(&stage.world.vault());
    old.execute_batch("DROP TABLE search; DROP TABLE ledger; DROP TABLE choice; PRAGMA user_version = 1;")
        .unwrap();
    drop(old);
    stage.keep();
    let opens = ["list", "--json"];
    let whole = stage.length(&opens);
    let first = stage.length_now(&opens).min(whole).mul_f64(0.3);
    let (vault, probe) = (stage.world.vault(), stage.world.path("probe"));
    let start = || {
        let child = stage.command(&opens).spawn().unwrap();
        let (vault, probe) = (vault.clone(), probe.clone());
        // Looking at a catalogue mends it: what a killed run left is looked at in a copy.
        let told = move || {
            copy(&vault, &probe);
            let kept = vault.join("catalogue.v1.db").exists();
            format!("{} {kept}", version(&catalogue(&probe)))
        };
        Run { child, told: Some(Box::new(told)) }
    };
    let (under_way, newest) = (Cell::new(0), vault::SCHEMA_VERSION);
    stage.kill_from(first, 7, &opens, start, |run, left, opened| {
        under_way.set(under_way.get() + usize::from(left == "1 true"));
        assert_eq!(version(&catalogue(&vault)), newest, "run {run}");
        assert_eq!(contents(opened), stage.known, "run {run}");
        let query = vault::Query { text: "lantern-7".to_owned(), ..vault::Query::default() };
        assert_eq!(opened.query(&query).unwrap().cells.len(), 11, "run {run}");
    });
    tell(&format!("migrations killed between their copy and their end: {}", under_way.get()));
    assert!(under_way.get() > 10);
}

fn version(catalogue: &Connection) -> i64 {
    catalogue.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
}
