//! More files than a zip without its 64-bit extension can count.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use model::{Format, Item, ItemId, Origin, Provenance, Recipe, Sha256, Timestamp};
use transfer::Existing;
use vault::{Query, Scope, Vault, prepare};

use crate::fixtures::Home;

/// A zip without the extension ends at 65,535.
const MANY: u32 = 70_000;
/// Items in one transaction.
const BATCH: u32 = 2000;

/// An item whose original is a few bytes that no other has.
fn tiny(n: u32) -> vault::Prepared {
    // No more of a picture than tells its kind: nothing here is to be decoded.
    let original = [&b"\x89PNG\r\n\x1a\n"[..], &n.to_le_bytes()].concat();
    let at = Timestamp::from_millis(1_795_496_400_000 + i64::from(n));
    let item = Item {
        id: ItemId::new(at),
        sha256: Sha256(crypto::sha256(&original)),
        file_name: format!("{n}.png"),
        format: Format::Png,
        bytes: original.len() as u64,
        width: 1,
        height: 1,
        animated: false,
        created_at: at,
        added_at: at,
        discarded_at: None,
        origin: Origin::Imported,
        title: String::new(),
        rating: 0,
        favourite: false,
        tags: Vec::new(),
        recipe: Recipe { prompt: Some(format!("海 {n}")), ..Recipe::default() },
        provenance: Provenance::default(),
    };
    prepare(item, Vec::new(), original, None)
}

fn count(vault: &Vault) -> usize {
    let count = |scope| vault.query(&Query { scope, ..Query::default() }).unwrap().cells.len();
    count(Scope::Library) + count(Scope::Trash)
}

/// Whether a reader that is not ours finds the archive whole.
fn independent(program: &str, arguments: &[&str], archive: &Path) {
    let output = match Command::new(program).args(arguments).arg(archive).output() {
        Err(_) => {
            assert!(std::env::var_os("ZIMAGE_REQUIRE_ALL").is_none(), "{program} is missing");
            eprintln!("skipped: no `{program}`");
            return;
        }
        Ok(output) => output,
    };
    let said = String::from_utf8_lossy(&output.stdout);
    let end: String = said.lines().rev().take(3).collect::<Vec<_>>().join("\n");
    assert!(output.status.success(), "{program}: {end}{}", String::from_utf8_lossy(&output.stderr));
}

fn independent_readers_find_it_whole(archive: &Path) {
    independent("unzip", &["-tqq"], archive);
    independent("zipinfo", &["-t"], archive);
    independent("python3", &["-m", "zipfile", "-t"], archive);
}

#[test]
fn readers_that_are_not_ours_find_an_export_whole() {
    let home = Home::new();
    let archive = home.export(&home.filled_vault(6), "out.zip");
    independent_readers_find_it_whole(&archive);
}

#[test]
fn seventy_thousand_pictures_leave_and_come_back() {
    let begun = Instant::now();
    let mut last = begun;
    let mut lap = |what: &str| {
        eprintln!("{what}: {:.1} s", last.elapsed().as_secs_f64());
        last = Instant::now();
    };
    let home = Home::new();
    let vault = home.vault("vault");
    for start in (0..MANY).step_by(BATCH as usize) {
        vault.add((start..start + BATCH).map(tiny).collect()).unwrap();
    }
    lap("70,000 items made");
    let report = home.try_export(&vault, "out.zip", Existing::Refuse).unwrap();
    assert_eq!((report.items, report.damaged), (MANY as usize, 0));
    drop(vault);
    lap("exported");
    let archive = home.path("out.zip");
    let verified = transfer::verify(&archive, &mut |_| true).unwrap();
    assert!(verified.is_whole() && verified.items == MANY as usize && verified.whole > MANY as usize);
    lap("verified");
    independent_readers_find_it_whole(&archive);
    lap("read by others");
    let other = home.vault("other");
    let restored = transfer::restore(&other, &archive, &home.clock, &mut |_| true).unwrap();
    assert_eq!((restored.added.len(), count(&other)), (MANY as usize, MANY as usize));
    lap("taken in again");
    eprintln!("in all: {:.1} s", begun.elapsed().as_secs_f64());
}
