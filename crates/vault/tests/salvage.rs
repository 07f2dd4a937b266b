//! A damaged vault: what is told of it, what can still be read, and that no file of it is changed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crypto::SlotSecret;
use model::ItemId;
use rusqlite::Connection;
use vault::{CheckStep, Part, VaultError, Wreck};

use crate::opening::catalogue;
use crate::{Home, NOW, add, picture, secret};

fn wreck(home: &Home) -> Result<Wreck, VaultError> {
    Wreck::open(&home.folder(), &secret(), &home.dir.path().join("scratch"))
}

fn filled(pictures: u32) -> (Home, Vec<ItemId>) {
    let home = Home::new();
    let vault = home.create();
    let ids = (1..=pictures).map(|n| add(&vault, n, &format!("lantern {n} {}", "夜".repeat(700)))).collect();
    drop(vault);
    (home, ids)
}

/// What is wrong with the container as a whole.
fn fault(wreck: &Wreck) -> Result<(), VaultError> {
    wreck.container(&mut || true).unwrap()
}

/// Every file of the folder with its bytes; the lock is nobody's content.
fn bytes_of(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .filter(|(name, _)| name != "vault.lock")
        .collect()
}

/// Items that can be saved whole, and those whose row alone can be read.
fn saved(wreck: &Wreck, ids: &[ItemId]) -> (usize, usize) {
    let (mut whole, mut texts) = (0, 0);
    for seq in wreck.numbers().unwrap().seqs {
        let Ok((stored, _)) = wreck.item(seq) else { continue };
        let n = 1 + ids.iter().position(|id| *id == stored.item.id).unwrap() as u32;
        assert!(stored.item.recipe.prompt.as_deref().unwrap().starts_with(&format!("lantern {n} ")));
        match wreck.original(seq) {
            Ok(bytes) => {
                assert!(bytes == picture(n), "wrong bytes were handed out");
                whole += 1;
            }
            Err(_) => texts += 1,
        }
    }
    (whole, texts)
}

#[test]
fn a_whole_vault_is_read_like_any_other_and_nothing_is_left_beside_it() {
    let (home, ids) = filled(5);
    let before = bytes_of(home.folder().root());
    let wreck = wreck(&home).unwrap();
    assert!(fault(&wreck).is_ok());
    let numbers = wreck.numbers().unwrap();
    assert!(numbers.complete && numbers.seqs == [1, 2, 3, 4, 5]);
    assert_eq!(saved(&wreck, &ids), (5, 0));
    let (stored, tags) = wreck.item(1).unwrap();
    assert!(tags && stored.item.tags == ["夜"]);
    assert_eq!(wreck.raw_blocks(1).unwrap()[0].bytes, b"{}\xff");
    assert!(matches!(self::wreck(&home), Err(VaultError::InUse)));
    drop(wreck);
    assert_eq!(bytes_of(home.folder().root()), before);
    assert!(!home.dir.path().join("scratch").exists());
}

#[test]
fn pages_of_the_catalogue_that_are_hurt_cost_only_what_lies_in_them() {
    let (home, ids) = filled(60);
    let path = home.folder().catalogue();
    let good = fs::read(&path).unwrap();
    let pages = good.len() / 4096;
    let (mut most, mut good_pages) = (0, Vec::new());
    for first in (1..pages).step_by(3) {
        let mut bytes = good.clone();
        bytes[first * 4096 + 2000] ^= 1;
        fs::write(&path, &bytes).unwrap();
        let Ok(wreck) = wreck(&home) else { continue };
        good_pages.push(first);
        let numbers = wreck.numbers().unwrap().seqs.len();
        let (whole, texts) = saved(&wreck, &ids);
        assert!(whole + texts <= numbers && numbers <= 60, "page {first}");
        // Of an item whose row is gone the picture is still there.
        let originals = (1..=60).filter(|seq| wreck.original(*seq).is_ok()).count();
        assert!(whole + texts >= 20 || originals >= 20, "page {first}: {whole} {texts} {originals}");
        most = most.max(60 - whole);
        drop(wreck);
        assert!(fs::read(&path).unwrap() == bytes);
    }
    // Only the schema's own pages close the whole file.
    assert!(good_pages.len() >= pages / 3 - 8, "{} of {pages}", good_pages.len());
    assert!(most > 0, "no page was ever hurt");

    // Several at once, among them roots and leaves, and the end cut off.
    let mut bytes = good.clone();
    for page in good_pages.iter().rev().step_by(3).take(good_pages.len() / 6) {
        bytes[page * 4096 + 100] ^= 0x80;
    }
    bytes.truncate((pages - 2) * 4096);
    fs::write(&path, &bytes).unwrap();
    let wreck = wreck(&home).unwrap();
    let complete = wreck.numbers().unwrap().complete;
    let (whole, texts) = saved(&wreck, &ids);
    assert!(!complete && whole + texts > 5, "{complete} {whole} {texts}");
}

#[test]
fn a_container_without_its_index_or_with_holes_gives_all_that_still_verifies() {
    let (home, ids) = filled(12);
    let path = home.folder().images();
    let good = fs::read(&path).unwrap();
    let (mut by_page, mut least) = (0, 12);
    for page in 1..good.len() / 16_384 {
        if page % 7 != 0 {
            continue;
        }
        let mut bytes = good.clone();
        bytes[page * 16_384..(page + 1) * 16_384].fill(0x5a);
        fs::write(&path, &bytes).unwrap();
        let Ok(wreck) = wreck(&home) else { continue };
        let (whole, texts) = saved(&wreck, &ids);
        assert_eq!(whole + texts, 12, "page {page}: the texts are in the catalogue");
        by_page += 1;
        least = least.min(whole);
        drop(wreck);
        assert!(fs::read(&path).unwrap() == bytes);
    }
    assert!(by_page > 30 && least >= 6, "{by_page} {least}");

    // The index of the chunks, on its own page.
    fs::write(&path, &good).unwrap();
    let connection = Connection::open(&path).unwrap();
    let root = connection
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'chunk_blob'", [], |row| {
            row.get::<_, u32>(0)
        })
        .unwrap() as usize;
    drop(connection);
    let mut bytes = good.clone();
    bytes[(root - 1) * 16_384..root * 16_384].fill(0);
    fs::write(&path, &bytes).unwrap();
    let wreck = wreck(&home).unwrap();
    assert!(matches!(fault(&wreck), Err(VaultError::Damaged(Part::Images))));
    assert_eq!(saved(&wreck, &ids), (12, 0));
}

#[test]
fn a_container_that_is_gone_cut_or_somebody_elses_is_named_and_the_texts_are_there() {
    let (home, ids) = filled(12);
    let path = home.folder().images();
    let good = fs::read(&path).unwrap();
    let (other, _) = filled(1);
    fs::remove_file(&path).unwrap();
    assert!(matches!(home.refusal(), VaultError::Missing(Part::Images)));
    let gone = wreck(&home).unwrap();
    assert!(matches!(fault(&gone), Err(VaultError::Missing(Part::Images))));
    assert_eq!(saved(&gone, &ids), (0, 12));
    drop(gone);

    fs::copy(other.folder().images(), &path).unwrap();
    assert!(matches!(home.refusal(), VaultError::Foreign(Part::Images)));
    let foreign = wreck(&home).unwrap();
    assert!(matches!(fault(&foreign), Err(VaultError::Foreign(Part::Images))));
    assert_eq!(saved(&foreign, &ids), (0, 12));
    drop(foreign);

    fs::write(&path, &good[..good.len() / 2]).unwrap();
    let cut = wreck(&home).unwrap();
    assert!(fault(&cut).is_err());
    let (whole, texts) = saved(&cut, &ids);
    assert!(
        whole >= 1 && whole + texts == 12,
        "{whole} {texts} {:?} {:?}",
        fault(&cut),
        cut.original(1).err()
    );
}

#[test]
fn a_header_that_is_gone_hurt_or_somebody_elses_is_replaced_by_its_copy() {
    let (home, ids) = filled(2);
    let root = home.folder().root().to_owned();
    let (path, copy) = (root.join("vault.keys"), root.join("vault.keys.bak"));
    let good = fs::read(&path).unwrap();
    let (other, _) = filled(1);
    let foreign = fs::read(other.folder().root().join("vault.keys")).unwrap();
    for (hurt, whole) in [(&path, &copy), (&copy, &path)] {
        for damage in [None, Some(b"zimage-vault-keys v2\n".to_vec()), Some(foreign.clone())] {
            match &damage {
                None => fs::remove_file(hurt).unwrap(),
                Some(bytes) => fs::write(hurt, bytes).unwrap(),
            }
            let wreck = wreck(&home).unwrap();
            assert_eq!(saved(&wreck, &ids), (2, 0));
            drop(wreck);
            assert_eq!(fs::read(hurt).ok(), damage, "it was left as it is");
            fs::write(hurt, &good).unwrap();
        }
        assert!(whole.exists());
    }
    let wrong = SlotSecret::Passphrase("not the right words".to_owned().into());
    let refused = Wreck::open(&home.folder(), &wrong, &home.dir.path().join("scratch"));
    assert!(matches!(refused.err(), Some(VaultError::WrongSecret)));
}

#[test]
fn without_a_catalogue_nothing_can_be_saved_and_that_is_said() {
    let (home, _) = filled(2);
    let path = home.folder().catalogue();
    let good = fs::read(&path).unwrap();
    for (damage, expected) in [
        (vec![7; good.len()], VaultError::Damaged(Part::Catalogue)),
        (
            b"SQLite format 3\0".iter().copied().chain(vec![0; 8000]).collect(),
            VaultError::Foreign(Part::Catalogue),
        ),
        (Vec::new(), VaultError::Damaged(Part::Catalogue)),
    ] {
        fs::write(&path, &damage).unwrap();
        let refused = wreck(&home).err().unwrap();
        assert_eq!(format!("{refused:?}"), format!("{expected:?}"));
        assert!(fs::read(&path).unwrap() == damage);
        assert!(!home.dir.path().join("scratch").exists());
    }
    fs::remove_file(&path).unwrap();
    assert!(matches!(wreck(&home).err(), Some(VaultError::Missing(Part::Catalogue))));
    // A copy that a migration left is better than nothing.
    fs::write(home.folder().root().join("catalogue.v1.db"), &good).unwrap();
    assert_eq!(wreck(&home).unwrap().numbers().unwrap().seqs.len(), 2);
}

#[test]
fn what_lies_in_the_log_of_a_program_that_was_killed_is_read_as_well() {
    let (home, _) = filled(1);
    let vault = home.open().unwrap();
    add(&vault, 2, "lantern 2 in the log");
    let killed = home.dir.path().join("killed");
    fs::create_dir(&killed).unwrap();
    for entry in fs::read_dir(home.folder().root()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), killed.join(entry.file_name())).unwrap();
    }
    drop(vault);
    assert!(fs::metadata(killed.join("catalogue.db-wal")).unwrap().len() > 0);
    let before = bytes_of(&killed);
    let wreck =
        Wreck::open(&vault::Folder::new(&killed), &secret(), &home.dir.path().join("scratch")).unwrap();
    assert_eq!(wreck.numbers().unwrap().seqs, [1, 2]);
    assert!(wreck.original(2).unwrap() == picture(2));
    drop(wreck);
    assert_eq!(bytes_of(&killed), before);
}

#[test]
fn a_check_names_what_is_hurt_and_counts_what_is_whole() {
    let (home, ids) = filled(6);
    let vault = home.open().unwrap();
    assert!(vault.last_check().unwrap().is_none());
    let whole = vault.check(&mut |_| true).unwrap();
    assert!(whole.is_whole() && whole.items == 6);
    assert!(vault.check_quick(&mut |_| true).is_whole());
    vault.note_check(NOW, true).unwrap();
    drop(vault);
    // A thumbnail and an original are hurt in their sealed bytes.
    let blob = |seq: u32, role: u32| {
        let sql = "SELECT blob FROM sealed WHERE item = ?1 AND role = ?2";
        catalogue(&home).query_row(sql, [seq, role], |row| row.get::<_, Vec<u8>>(0)).unwrap()
    };
    let container = Connection::open(home.folder().images()).unwrap();
    for (seq, role) in [(2, 1), (4, 0)] {
        container
            .execute(
                "UPDATE chunk SET sealed = zeroblob(length(sealed)) WHERE blob = ?1 AND n = 0",
                [blob(seq, role)],
            )
            .unwrap();
    }
    drop(container);
    let vault = home.open().unwrap();
    let report = vault.check(&mut |_| true).unwrap();
    assert_eq!((report.thumbnails, report.damaged), (vec![ids[1]], vec![ids[3]]));
    assert!(report.catalogue_whole && report.images_whole && report.unreadable == 0);
    assert!(vault.check_quick(&mut |_| true).is_whole(), "no page is hurt");
    let last = vault.last_check().unwrap().unwrap();
    assert!(last.at == NOW && last.whole);
}

#[test]
fn a_row_that_is_hurt_while_the_vault_is_open_is_counted_and_the_others_are_checked() {
    let (home, _) = filled(60);
    let vault = home.open().unwrap();
    let path = home.folder().catalogue();
    let good = fs::read(&path).unwrap();
    let mut hurt = 0;
    for page in (10..good.len() / 4096).step_by(5) {
        let mut bytes = good.clone();
        bytes[page * 4096 + 64] ^= 1;
        fs::write(&path, &bytes).unwrap();
        let report = vault.check(&mut |_| true).unwrap();
        assert!(!report.catalogue_whole, "page {page}");
        hurt += report.unreadable + report.damaged.len();
        fs::write(&path, &good).unwrap();
    }
    assert!(hurt > 0);
}

#[test]
fn a_check_that_is_stopped_while_sqlite_works_ends_soon_and_calls_nothing_damaged() {
    let (home, _) = filled(1);
    testing_takes_minutes(&Connection::open(home.folder().images()).unwrap());
    let begun = std::time::Instant::now();
    let vault = home.open().unwrap();
    let mut told = Vec::new();
    let report = vault.check_quick(&mut |step| {
        told.push(step);
        // The second question about a file is asked while SQLite works on it.
        told.iter().filter(|step| **step == CheckStep::Files(1)).count() < 2
    });
    assert_eq!(told.last(), Some(&CheckStep::Files(1)));
    assert!(report.is_whole(), "{report:?}");
    let report = vault.check(&mut |step| step == CheckStep::Files(0)).unwrap();
    assert!(report.is_whole() && report.items == 0, "{report:?}");
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

/// Rows that are quickly written and slowly checked.
fn testing_takes_minutes(connection: &Connection) {
    connection
        .execute_batch(
            "PRAGMA ignore_check_constraints = ON;
             CREATE TABLE slow (n INTEGER CHECK (length(hex(zeroblob(n))) >= 0));
             WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 100000)
             INSERT INTO slow SELECT 1000000 FROM up;",
        )
        .unwrap();
}

#[test]
fn pages_that_were_swapped_are_damage_and_what_they_do_not_hold_is_saved() {
    for (pictures, page, part) in [(60, 4096, Part::Catalogue), (12, 16_384, Part::Images)] {
        let (home, ids) = filled(pictures);
        let all = pictures as usize;
        let path = match part {
            Part::Images => home.folder().images(),
            _ => home.folder().catalogue(),
        };
        let good = fs::read(&path).unwrap();
        let pages = good.len() / page;
        let (mut tried, mut read) = (0, 0);
        // SQLite leaves an empty log beside a catalogue that it could not close in order.
        let content = |home: &Home| {
            let mut files = bytes_of(home.folder().root());
            files.retain(|name, bytes| !name.ends_with("-shm") && !bytes.is_empty());
            files
        };
        // Neighbours, and pages far from each other.
        for (first, second) in (0..pages).step_by(pages / 12).map(|n| (n, (n + 1 + n * 7 % 50) % pages)) {
            let mut bytes = good.clone();
            bytes[first * page..][..page].copy_from_slice(&good[second * page..][..page]);
            bytes[second * page..][..page].copy_from_slice(&good[first * page..][..page]);
            if bytes == good {
                continue;
            }
            tried += 1;
            fs::write(&path, &bytes).unwrap();
            let before = content(&home);
            match home.open() {
                Err(VaultError::Damaged(told)) => assert_eq!(told, part, "{first} {second}"),
                Err(other) => panic!("{other:?} for {first} {second}"),
                Ok(vault) => {
                    let report = vault.check_quick(&mut |_| true);
                    let report = if report.is_whole() { vault.check(&mut |_| true).unwrap() } else { report };
                    assert!(!report.is_whole(), "{part:?} {first} {second}");
                }
            }
            assert!(content(&home) == before, "{part:?} {first} {second}: a file was changed");
            let Ok(wreck) = wreck(&home) else { continue };
            let (whole, texts) = saved(&wreck, &ids);
            let originals = (1..=pictures).filter(|seq| wreck.original(*seq).is_ok()).count();
            if part == Part::Images {
                assert_eq!(whole + texts, all, "the texts are in the catalogue");
            }
            read += usize::from(whole.max(originals) + 2 >= all);
            drop(wreck);
            assert!(content(&home) == before, "{part:?} {first} {second}: a file was changed");
        }
        assert!(tried >= 10 && read * 2 >= tried, "{part:?}: {read} of {tried}");
    }
}
