//! A consistent copy while others write, and the folder that is made of it; and destroying a vault.

use std::fs;
use std::path::Path;

use model::ItemId;
use vault::{Folder, Part, Rebuilt, Snapshot, Vault, VaultError};

use crate::{Home, NOW, add, picture, secret};

/// Makes a folder out of a snapshot as a backup does.
fn rebuild(snapshot: &Snapshot<'_>, target: &Path) -> Folder {
    let folder = Folder::new(target);
    let (mut rebuilt, id) = Rebuilt::begin(&folder, &snapshot.header).unwrap();
    assert_eq!(id, snapshot.id());
    fs::copy(&snapshot.catalogue, folder.catalogue()).unwrap();
    let (mut taken, mut pieces) = (0, Vec::new());
    for start in (0..snapshot.chunks()).step_by(3) {
        let frames = snapshot.read(start..(start + 3).min(snapshot.chunks())).unwrap();
        let came = rebuilt.fill(&frames).unwrap();
        pieces.push((taken..taken + came, frames));
        taken += came;
    }
    assert_eq!(taken, snapshot.chunks());
    rebuilt.settle().unwrap();
    for (range, frames) in pieces {
        assert!(rebuilt.read_back(range).unwrap() == frames);
    }
    rebuilt.finish(&snapshot.header).unwrap();
    folder
}

fn assert_holds(folder: &Folder, ids: &[(u32, ItemId)]) {
    let vault = Vault::open(folder, &secret()).unwrap();
    assert!(vault.check(&mut |_| true).unwrap().is_whole());
    assert_eq!(vault.page(0, 1000).unwrap().len(), ids.len());
    for (n, id) in ids {
        assert!(vault.original(id).unwrap() == picture(*n));
    }
}

#[test]
fn a_copy_holds_what_was_there_although_others_erase_add_and_renew_meanwhile() {
    let home = Home::new();
    let vault = home.create();
    let ids: Vec<_> = (1..8).map(|n| (n, add(&vault, n, "lantern"))).collect();
    let scratch = home.dir.path().join("scratch");
    let snapshot = vault.snapshot(&scratch, &mut |_| true).unwrap().unwrap();
    assert_eq!(
        (snapshot.items, snapshot.incomplete, snapshot.generation),
        (7, 0, vault.generation().unwrap())
    );
    vault.erase(&[ids[0].1, ids[3].1]).unwrap();
    add(&vault, 100, "new");
    assert!(vault.renew_catalogue(&mut |_| true).unwrap());
    vault.discard(&[ids[5].1], NOW).unwrap();
    vault.give_space_back(&mut |_| true).unwrap();
    let folder = rebuild(&snapshot, &home.dir.path().join("copy"));
    let free = vault.space().unwrap().images_free;
    drop(snapshot);
    assert!(!scratch.exists());
    assert!(vault.space().unwrap().images_free > free, "what waited is taken out now");
    assert_holds(&folder, &ids);
    assert!(vault.check(&mut |_| true).unwrap().is_whole());
    assert_eq!(vault.page(0, 100).unwrap().len(), 6);
}

#[test]
fn a_copy_made_while_a_new_key_of_the_catalogue_waits_opens_as_well() {
    let home = Home::new();
    let vault = home.create();
    let ids = vec![(1, add(&vault, 1, "lantern"))];
    // Many renewals and copies side by side: whichever key the copy has, its header has it too.
    std::thread::scope(|scope| {
        let renewing = scope.spawn(|| (0..6).all(|_| vault.renew_catalogue(&mut |_| true).unwrap()));
        for n in 0..6 {
            let scratch = home.dir.path().join(format!("scratch{n}"));
            let snapshot = vault.snapshot(&scratch, &mut |_| true).unwrap().unwrap();
            let folder = rebuild(&snapshot, &home.dir.path().join(format!("copy{n}")));
            assert_holds(&folder, &ids);
        }
        assert!(renewing.join().unwrap());
    });
}

#[test]
fn a_copy_that_is_stopped_leaves_nothing_and_holds_nothing() {
    let home = Home::new();
    let vault = home.create();
    let id = add(&vault, 1, "lantern");
    let scratch = home.dir.path().join("scratch");
    fs::write(&scratch, b"the rest of an earlier attempt").unwrap();
    assert!(vault.snapshot(&scratch, &mut |_| false).unwrap().is_none());
    assert!(!scratch.exists());
    vault.erase(&[id]).unwrap();
    drop(vault);
    let container = rusqlite::Connection::open(home.folder().images()).unwrap();
    let left: i64 = container.query_row("SELECT count(*) FROM chunk", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}

#[test]
fn a_copy_of_a_vault_that_lacks_sealed_bytes_says_of_how_many_items() {
    let home = Home::new();
    let vault = home.create();
    for n in 1..4 {
        add(&vault, n, "lantern");
    }
    drop(vault);
    let container = rusqlite::Connection::open(home.folder().images()).unwrap();
    container.execute("DELETE FROM chunk WHERE n = 1 AND seq < 6", []).unwrap();
    drop(container);
    let vault = home.open().unwrap();
    let snapshot = vault.snapshot(&home.dir.path().join("scratch"), &mut |_| true).unwrap().unwrap();
    assert_eq!((snapshot.items, snapshot.incomplete), (3, 1));
}

#[test]
fn nothing_is_rebuilt_over_a_vault_and_no_broken_frames_are_taken() {
    let home = Home::new();
    let vault = home.create();
    add(&vault, 1, "lantern");
    let snapshot = vault.snapshot(&home.dir.path().join("scratch"), &mut |_| true).unwrap().unwrap();
    let refused = Rebuilt::begin(&home.folder(), &snapshot.header).err();
    assert!(matches!(refused, Some(VaultError::Exists)));
    let refused = Rebuilt::begin(&Folder::new(&home.dir.path().join("b")), b"zimage-vault-keys v2\n").err();
    assert!(matches!(refused, Some(VaultError::Damaged(Part::Header))));
    let folder = Folder::new(&home.dir.path().join("c"));
    let (mut rebuilt, _) = Rebuilt::begin(&folder, &snapshot.header).unwrap();
    let frames = snapshot.read(0..1).unwrap();
    for broken in [&frames[..frames.len() - 1], &frames[..20], &[0xff; 24], &frames[1..]] {
        assert!(matches!(rebuilt.fill(broken), Err(VaultError::Damaged(Part::Images))));
    }
}

#[test]
fn a_destroyed_vault_is_gone_and_files_that_are_not_its_own_stay() {
    let home = Home::new();
    let vault = home.create();
    add(&vault, 1, "lantern");
    let root = home.folder().root().to_owned();
    assert!(matches!(home.folder().destroy(), Err(VaultError::InUse)));
    assert!(vault.check_quick(&mut |_| true).is_whole(), "nothing was touched");
    drop(vault);
    let mine = ["catalogue-2026.png", "catalogue.pdf", "holiday.txt", "images.db.txt", "vault.keys-notes.md"];
    for name in ["catalogue.new-wal", "vault.keys.bak.new", "catalogue.v1.db", "images.db-journal"]
        .iter()
        .chain(&mine)
    {
        fs::write(root.join(name), "x").unwrap();
    }
    // A second name of the header shows what became of its bytes.
    let other_name = home.dir.path().join("second name");
    fs::hard_link(root.join("vault.keys"), &other_name).unwrap();
    let header = fs::read(&other_name).unwrap();
    let report = home.folder().destroy().unwrap();
    assert_eq!(report.left, mine);
    assert!(!report.folder && mine.iter().all(|name| fs::read(root.join(name)).unwrap() == b"x"));
    for name in [
        "vault.keys",
        "vault.keys.bak",
        "catalogue.db",
        "images.db",
        "catalogue.new-wal",
        "catalogue.v1.db",
        "images.db-journal",
    ] {
        assert!(report.removed.contains(&name.to_owned()) && !root.join(name).exists(), "{name}");
    }
    let after = fs::read(&other_name).unwrap();
    assert!(after.len() == header.len() && after != header);
    assert!(matches!(home.folder().destroy(), Err(VaultError::NoVault)));
    mine.iter().for_each(|name| fs::remove_file(root.join(name)).unwrap());

    drop(home.create());
    assert!(home.folder().destroy().unwrap().folder && !root.exists());
}

#[test]
fn the_space_that_compacting_gives_back_is_known_before() {
    let home = Home::new();
    let vault = home.create();
    let ids: Vec<_> = (1..60).map(|n| add(&vault, n, &format!("lantern {n}"))).collect();
    let used = vault.space().unwrap();
    assert_eq!((used.catalogue_free, used.images_free), (0, 0));
    vault.erase(&ids[..45]).unwrap();
    let before = vault.space().unwrap();
    assert!(before.free() > 0, "{before:?}");
    assert!(vault.renew_catalogue(&mut |_| true).unwrap());
    vault.give_space_back(&mut |_| true).unwrap();
    let after = vault.space().unwrap();
    assert_eq!(after.free(), 0);
    assert!(
        before.catalogue + before.images - after.catalogue - after.images >= before.free(),
        "{before:?} {after:?}"
    );
}
