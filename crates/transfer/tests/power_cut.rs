//! Power cuts while files leave the vault: an archive, a backup and a restored vault are made, every call to the disk
//! is written down, and their folder is looked at as a disk might have it at any moment. What has its name is whole,
//! and what was reported is there.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use faults::{Act, Dice, Disk, Record};
use tempfile::TempDir;
use transfer::{Existing, backup, restore_backup, verify_backup};
use vault::{Folder, Vault};

use crate::fixtures::{Home, assert_whole, picture, secret};

const PLACE: &str = "ZIMAGE_TEST_POWER_CUT";
/// Disks that are looked at.
const DISKS: u64 = 150;
/// Items in the vault, before and after the second export.
const ITEMS: [usize; 2] = [12, 15];

/// What the program that loses its power does. The vault itself lies elsewhere; its own power cuts are tested with it.
fn life(root: &Path) {
    let mut diary = File::create(root.join("diary")).unwrap();
    let mut note = |what: &str| assert_eq!(diary.write(what.as_bytes()).unwrap(), what.len());
    let home = Home::new();
    let vault = home.filled_vault(ITEMS[0] as u32);
    let to = |name: &str| root.join(name).display().to_string();
    home.try_export(&vault, &to("archive"), Existing::Refuse).unwrap();
    note("archive");
    backup(&vault, &root.join("backup"), Existing::Refuse, &home.clock, &mut |_| true).unwrap();
    note("backup");
    for n in ITEMS[0]..ITEMS[1] {
        home.write(&format!("more/{n}.png"), &picture(n as u32 + 100));
    }
    home.import(&vault, &[home.path("more")]);
    home.try_export(&vault, &to("archive"), Existing::Replace).unwrap();
    note("again");
    restore_backup(&root.join("backup"), &root.join("restored"), &mut |_| true).unwrap();
    note("restored");
}

/// The files of a disk, laid out where nothing is synced really.
fn laid_out(files: &BTreeMap<String, Vec<u8>>) -> TempDir {
    let memory = Path::new("/dev/shm");
    let maker = |at: &Path| tempfile::Builder::new().prefix("zimage-power-").tempdir_in(at);
    let place = maker(memory).or_else(|_| maker(&std::env::temp_dir())).unwrap();
    for (name, bytes) in files {
        let path = place.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    place
}

/// Looks at one disk; how many of the three were there under their names.
fn look(disk: &Disk, said: &[String], dice: &mut Dice, at: &str) -> usize {
    let place = laid_out(&disk.after_power_cut(dice));
    let path = |name: &str| place.path().join(name);
    let was_said = |what: &str| said.iter().any(|said| said == what);
    let there = ["archive", "backup", "restored"].map(|name| path(name).exists());
    assert!(there[0] || !was_said("archive"), "{at}: the archive is lost");
    assert!(there[1] || !was_said("backup"), "{at}: the backup is lost");
    assert!(there[2] || !was_said("restored"), "{at}: the restored vault is lost");
    if there[0] {
        let report = transfer::verify(&path("archive"), &mut |_| true).unwrap();
        assert!(report.is_whole(), "{at}: the archive has its name and is not whole");
        let fits = if was_said("again") { report.items == ITEMS[1] } else { ITEMS.contains(&report.items) };
        assert!(fits, "{at}: {} items", report.items);
    }
    if there[1] {
        let known =
            verify_backup(&path("backup"), &mut |_| true).unwrap_or_else(|error| panic!("{at}: {error}"));
        assert_eq!(known.items, ITEMS[0], "{at}");
    }
    if there[2] {
        let vault = Vault::open(&Folder::new(&path("restored")), &secret()).unwrap_or_else(|error| {
            panic!("{at}: the restored vault has its name and does not open: {error}")
        });
        assert_whole(&vault);
        assert_eq!(vault.page(0, 100).unwrap().len(), ITEMS[0], "{at}");
    }
    there.into_iter().filter(|there| *there).count()
}

fn recorded() -> Vec<Record> {
    let place = tempfile::tempdir().unwrap();
    let (root, log) = (place.path().join("disk"), place.path().join("log"));
    fs::create_dir(&root).unwrap();
    let root = root.canonicalize().unwrap();
    let test = "power_cut::after_a_power_cut_whatever_has_its_name_is_whole";
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]).env(PLACE, &root);
    faults::arm(&mut command, &root, Act::Log, &log);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    faults::records(&fs::read(log).unwrap())
}

#[test]
fn after_a_power_cut_whatever_has_its_name_is_whole() {
    if let Some(place) = std::env::var_os(PLACE) {
        return life(&PathBuf::from(place));
    }
    if !faults::can_be_armed() {
        assert!(std::env::var_os("ZIMAGE_REQUIRE_ALL").is_none(), "the library of faults is missing");
        eprintln!("skipped: power cuts are made on Linux only");
        return;
    }
    let records = recorded();
    let diary = records.iter().find_map(|record| match record {
        Record::Create(inode, name) if name == "diary" => Some(*inode),
        _ => None,
    });
    let (mut disk, mut said, mut dice) = (Disk::default(), Vec::new(), Dice(1));
    let (mut looked, mut found) = (0, 0);
    for (n, record) in (0_u64..).zip(&records) {
        while looked * records.len() as u64 / DISKS <= n && looked < DISKS {
            let at = format!("disk {looked}, before call {n} of {}: {said:?}", records.len());
            found += look(&disk, &said, &mut dice, &at);
            looked += 1;
        }
        disk.apply(record);
        if let Record::Write(inode, _, line) = record
            && Some(*inode) == diary
        {
            said.push(String::from_utf8(line.clone()).unwrap());
        }
    }
    eprintln!("power cuts: {looked} disks from {} calls, {found} finished files in them", records.len());
    assert_eq!(
        (looked, said.as_slice()),
        (DISKS, &["archive", "backup", "again", "restored"].map(str::to_owned)[..])
    );
    assert!(found > DISKS as usize / 2);
}
