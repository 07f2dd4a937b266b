//! Power cuts: the whole life of a vault is written down call by call, and its folder is made as a disk might have it
//! at any moment: with what was synced, and of the rest some, some not, and some torn. Whatever had been reported as
//! done before that moment is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use faults::{Act, Dice, Disk, Record};
use model::ItemId;

use super::*;

const PLACE: &str = "ZIMAGE_TEST_POWER_CUT";
/// Disks that are looked at.
const DISKS: u64 = 400;

/// The secrets that open it one after the other.
fn secret_at(n: usize) -> SlotSecret {
    const LATER: [&str; 2] = ["a ridge without any lantern", "no lantern and no ridge either"];
    match n.checked_sub(1) {
        None => secret(),
        Some(later) => SlotSecret::Passphrase(Zeroizing::new(LATER[later].to_owned())),
    }
}

/// Tells the test, in the order of what happens on the disk.
struct Diary(File);

impl Diary {
    fn note(&mut self, what: &str, ids: &[ItemId]) {
        let ids: Vec<String> = ids.iter().map(ItemId::to_string).collect();
        let line = format!("{what} {}\n", ids.join(" "));
        assert_eq!(self.0.write(line.as_bytes()).unwrap(), line.len());
    }
}

/// Some chunks and some less than one.
fn bytes_of(n: u32) -> Vec<u8> {
    let length = if n.is_multiple_of(3) { 600_000 } else { 7_000 };
    (0..length).map(|byte: u32| (byte.wrapping_mul(2_654_435_761 + n) >> 13) as u8).collect()
}

fn put(vault: &Vault, diary: &mut Diary, numbers: std::ops::Range<u32>) -> Vec<ItemId> {
    let thumbnail = Rendition { bytes: vec![7; 9000], mime: "image/jpeg" };
    let mut ids = Vec::new();
    let mut batch = Vec::new();
    for n in numbers {
        let (bytes, mut item) = (bytes_of(n), item(n, "無数の灯籠が静かな湖に浮かぶ夜"));
        item.sha256 = Sha256(crypto::sha256(&bytes));
        item.bytes = bytes.len() as u64;
        ids.push(item.id);
        batch.push(prepare(item, Vec::new(), bytes, Some(&thumbnail)));
    }
    let added: Vec<Added> = ids.iter().copied().map(Added::New).collect();
    assert_eq!(vault.add(batch).unwrap(), added);
    diary.note("has", &ids);
    ids
}

/// What the program that loses its power does. Each line of the diary is written when the vault has answered, or
/// (“begins”) before it is asked.
fn life(root: &Path) {
    let folder = Folder::new(&root.join("vault"));
    let mut diary = Diary(File::create(root.join("diary")).unwrap());
    let vault = Vault::create(&folder, crypto::new_vault_id(), &[slot(secret())], NOW).unwrap().0;
    diary.note("made", &[]);
    let first = put(&vault, &mut diary, 0..4);
    let second = put(&vault, &mut diary, 4..6);
    vault.discard(&first[..2], NOW).unwrap();
    diary.note("discarded", &first[..2]);
    diary.note("begins", &first[..2]);
    vault.erase(&first[..2]).unwrap();
    diary.note("erased", &first[..2]);
    drop(vault);

    let vault = Vault::open(&folder, &secret()).unwrap();
    assert!(vault.renew_catalogue(&mut |_| true).unwrap());
    put(&vault, &mut diary, 6..8);
    diary.note("replaces", &[]);
    vault.replace_slots(&slot(secret_at(1)), NOW).unwrap();
    diary.note("replaced", &[]);
    diary.note("begins", &second);
    vault.erase(&second).unwrap();
    diary.note("erased", &second);
    assert!(vault.renew_catalogue(&mut |_| true).unwrap());
    vault.give_space_back(&mut |_| true).unwrap();
    put(&vault, &mut diary, 8..10);
    diary.note("replaces", &[]);
    vault.replace_key(&[slot(secret_at(2))], NOW).unwrap();
    diary.note("replaced", &[]);
    assert!(vault.finish_renewal(&mut |_| true).unwrap());
    drop(vault);
    drop(Vault::open(&folder, &secret_at(2)).unwrap());
}

/// What had been said until some moment.
#[derive(Debug, Default)]
struct Said {
    made: bool,
    has: BTreeSet<ItemId>,
    discarded: BTreeSet<ItemId>,
    begins: BTreeSet<ItemId>,
    erased: BTreeSet<ItemId>,
    /// The newest secret that may open it already, and alone.
    newest: usize,
    /// The oldest one that may open it still.
    oldest: usize,
}

impl Said {
    fn hear(&mut self, line: &str) {
        let mut words = line.split_whitespace();
        let what = words.next().unwrap();
        let ids = words.map(|id| id.parse::<ItemId>().unwrap());
        match what {
            "made" => self.made = true,
            "has" => self.has.extend(ids),
            "discarded" => self.discarded.extend(ids),
            "begins" => self.begins.extend(ids),
            "erased" => self.erased.extend(ids),
            "replaces" => self.newest += 1,
            "replaced" => self.oldest += 1,
            other => panic!("{other}"),
        }
    }
}

/// Where nothing is synced really, so that hundreds of vaults can be opened.
fn quick_place() -> TempDir {
    let memory = Path::new("/dev/shm");
    let maker = |at: &Path| tempfile::Builder::new().prefix("zimage-power-").tempdir_in(at);
    maker(memory).or_else(|_| maker(&std::env::temp_dir())).unwrap()
}

fn lay_out(root: &Path, files: &BTreeMap<String, Vec<u8>>) {
    let _ = fs::remove_dir_all(root);
    fs::create_dir_all(root.join("vault")).unwrap();
    for (name, bytes) in files.iter().filter(|(name, _)| name.starts_with("vault/")) {
        fs::write(root.join(name), bytes).unwrap();
    }
}

/// Opens what a power cut left, with the one secret that does, and says which it was. A vault that had been made must
/// open.
fn opened(folder: &Folder, said: &Said, at: &str) -> Option<(Vault, usize)> {
    for n in 0..=said.newest {
        match Vault::open(folder, &secret_at(n)) {
            Ok(_) if n < said.oldest => panic!("{at}: secret {n} was replaced and still opens it"),
            Ok(vault) => return Some((vault, n)),
            Err(VaultError::WrongSecret) if n < said.newest => {}
            Err(error) => {
                assert!(!said.made, "{at}: {error:?}");
                assert!(!matches!(error, VaultError::Internal(_)), "{at}: {error:?}");
                return None;
            }
        }
    }
    None
}

fn judge(vault: &Vault, said: &Said, at: &str) {
    assert!(vault.check(&mut |_| true).unwrap().is_whole(), "{at}");
    let items = vault.page(0, 1000).unwrap();
    let found: BTreeMap<ItemId, bool> =
        items.iter().map(|stored| (stored.item.id, stored.item.discarded_at.is_some())).collect();
    for id in said.has.difference(&said.begins) {
        assert!(found.contains_key(id), "{at}: an item is lost");
    }
    for id in said.discarded.iter().filter(|id| found.contains_key(id)) {
        assert!(found[id], "{at}: an item is out of the trash again");
    }
    assert!(said.erased.iter().all(|id| !found.contains_key(id)), "{at}: an erased item is back");
    let listing = vault.query(&Query::default()).unwrap();
    assert_eq!(listing.library + listing.trash, found.len(), "{at}");
    assert_eq!(search(vault, "灯籠"), listing.library, "{at}");
}

/// One that came through works on.
fn go_on(home: &Home, vault: Vault, secret: &SlotSecret, at: &str) {
    let before = vault.page(0, 1000).unwrap().len();
    add(&vault, 77, "after the cut");
    assert!(vault.renew_catalogue(&mut |_| true).unwrap(), "{at}");
    drop(vault);
    let vault = Vault::open(&home.folder(), secret).unwrap();
    assert_eq!(vault.page(0, 1000).unwrap().len(), before + 1, "{at}");
    assert!(vault.check(&mut |_| true).unwrap().is_whole(), "{at}");
}

fn recorded() -> Vec<Record> {
    let place = tempfile::tempdir().unwrap();
    let (root, log) = (place.path().join("disk"), place.path().join("log"));
    fs::create_dir(&root).unwrap();
    let test = "power_cut::after_a_power_cut_at_any_moment_everything_that_was_reported_is_there";
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]).env(PLACE, root.canonicalize().unwrap());
    faults::arm(&mut command, &root, Act::Log, &log);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    faults::records(&fs::read(log).unwrap())
}

/// Looks at one disk; whether there was a vault that opened.
fn look(disk: &Disk, said: &Said, seed: u64, at: &str) -> bool {
    let mut dice = Dice(seed);
    let home = Home { dir: quick_place() };
    lay_out(home.dir.path(), &disk.after_power_cut(&mut dice));
    let Some((vault, _)) = opened(&home.folder(), said, at) else { return false };
    judge(&vault, said, at);
    drop(vault);
    // Opening it has tidied up; it must not have hurt anything.
    let (vault, n) = opened(&home.folder(), said, at).unwrap();
    judge(&vault, said, at);
    if seed.is_multiple_of(8) {
        go_on(&home, vault, &secret_at(n), at);
    }
    true
}

#[test]
fn after_a_power_cut_at_any_moment_everything_that_was_reported_is_there() {
    if let Some(place) = std::env::var_os(PLACE) {
        return life(&PathBuf::from(place));
    }
    if !faults::can_be_armed() {
        assert!(std::env::var_os("ZIMAGE_REQUIRE_ALL").is_none(), "the library of faults is missing");
        let _ = writeln!(std::io::stderr(), "skipped: power cuts are made on Linux only");
        return;
    }
    let records = recorded();
    let diary = records.iter().find_map(|record| match record {
        Record::Create(inode, name) if name == "diary" => Some(*inode),
        _ => None,
    });
    let (mut disk, mut said) = (Disk::default(), Said::default());
    let (mut looked, mut opened, mut unsynced) = (0, 0, 0);
    for (n, record) in (0_u64..).zip(&records) {
        // Spread evenly over all calls; in the midst of each some changes are not durable yet.
        while looked * records.len() as u64 / DISKS <= n && looked < DISKS {
            let at = format!("disk {looked}, before call {n} of {}: {said:?}", records.len());
            opened += u64::from(look(&disk, &said, looked, &at));
            unsynced += u64::from(disk.pending() > 0);
            looked += 1;
        }
        disk.apply(record);
        match record {
            Record::Write(inode, _, line) if Some(*inode) == diary => {
                said.hear(std::str::from_utf8(line).unwrap());
            }
            _ => {}
        }
    }
    let _ = writeln!(
        std::io::stderr(),
        "power cuts: {looked} disks from {} calls, {unsynced} with something not durable; {opened} opened, \
         {} came before the vault was made",
        records.len(),
        looked - opened,
    );
    assert!(looked == DISKS && said.erased.len() == 4 && said.oldest == 2, "{said:?}");
    assert!(unsynced > DISKS / 2 && opened > DISKS / 2);
}
