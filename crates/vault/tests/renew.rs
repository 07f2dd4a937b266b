//! New keys: what they reach, that nothing is lost, and every place where the work can end.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crypto::{RecoveryKey, SlotSecret};
use model::ItemId;
use rusqlite::Connection;
use vault::{Folder, Part, Query, Stored, Vault, VaultError};
use zeroize::Zeroizing;

use crate::{Home, NOW, add, picture, secret, slot};

fn filled(home: &Home) -> (Vault, Vec<ItemId>) {
    let vault = home.create();
    let ids = (1..=40).map(|n| add(&vault, n, &format!("A lantern number{n} 灯籠 by the lake"))).collect();
    (vault, ids)
}

fn everything(vault: &Vault) -> Vec<Stored> {
    let all = vault.page(0, 1000).unwrap();
    for stored in &all {
        vault.original(&stored.item.id).unwrap();
    }
    all
}

fn hits(vault: &Vault, text: &str) -> usize {
    vault.query(&Query { text: text.to_owned(), ..Query::default() }).unwrap().cells.len()
}

/// The raw keys that the header on the disk holds for the catalogue.
fn keys(folder: &Folder, with: &SlotSecret) -> Vec<String> {
    let header = folder.header().unwrap();
    let key = header.unlock(with).unwrap();
    header.catalogue_keys(&key).unwrap().iter().map(|held| hex::encode(held.key.as_bytes())).collect()
}

fn opens(file: &Path, key: &str) -> bool {
    let connection = Connection::open(file).unwrap();
    connection.execute_batch(&format!("PRAGMA key = \"x'{key}'\";")).unwrap();
    connection.query_row("SELECT count(*) FROM item", [], |row| row.get::<_, i64>(0)).is_ok()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

#[test]
fn a_renewed_catalogue_has_everything_and_the_old_key_opens_nothing_of_it() {
    let home = Home::new();
    let (vault, ids) = filled(&home);
    let before = keys(&home.folder(), &secret());
    vault.erase(&ids[..10]).unwrap();
    vault.discard(&ids[10..12], NOW).unwrap();
    let kept = everything(&vault);
    let mut seen = Vec::new();
    assert!(
        vault
            .renew_catalogue(&mut |part| {
                seen.push(part);
                true
            })
            .unwrap()
    );
    assert_eq!(everything(&vault), kept);
    assert_eq!((hits(&vault, "灯籠"), hits(&vault, "umber40"), hits(&vault, "number3")), (28, 1, 10));
    add(&vault, 99, "written after the renewal");
    let report = vault.check(&mut |_| true).unwrap();
    assert!(report.is_whole(), "{report:?}");
    drop(vault);
    let after = keys(&home.folder(), &secret());
    assert_eq!((before.len(), after.len()), (1, 1));
    assert!(!opens(&home.folder().catalogue(), &before[0]) && opens(&home.folder().catalogue(), &after[0]));
    assert_eq!(
        fs::read(home.dir.path().join("vault/vault.keys")).unwrap(),
        fs::read(home.dir.path().join("vault/vault.keys.bak")).unwrap()
    );
    let vault = home.open().unwrap();
    assert_eq!(everything(&vault).len(), kept.len() + 1);
    let names: Vec<_> =
        fs::read_dir(home.folder().root()).unwrap().flatten().map(|e| e.file_name()).collect();
    assert!(names.iter().all(|name| !name.to_string_lossy().contains("new")), "{names:?}");
}

#[test]
fn an_old_key_and_an_old_copy_of_the_pictures_get_nothing_that_was_erased() {
    let home = Home::new();
    let (vault, ids) = filled(&home);
    let old_key = keys(&home.folder(), &secret()).remove(0);
    let old_pictures = fs::read(home.folder().images()).unwrap();
    vault.erase(&ids[..1]).unwrap();
    vault.renew_catalogue(&mut |_| true).unwrap();
    vault.give_space_back(&mut |_| true).unwrap();
    drop(vault);
    fs::write(home.folder().images(), old_pictures).unwrap();
    assert!(!opens(&home.folder().catalogue(), &old_key));
    // Not even the person's own key finds it: its row and its key are gone.
    let vault = home.open().unwrap();
    assert!(matches!(vault.original(&ids[0]), Err(VaultError::NoSuchItem)));
    assert_eq!(vault.original(&ids[1]).unwrap(), picture(2));
    let connection = crate::opening::catalogue(&home);
    let sealed: i64 = connection.query_row("SELECT count(*) FROM sealed", [], |row| row.get(0)).unwrap();
    assert_eq!(sealed, 78);
}

#[test]
fn people_look_at_their_pictures_while_the_catalogue_is_renewed() {
    let home = Home::new();
    let (vault, ids) = filled(&home);
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !over.load(Ordering::SeqCst) {
                    assert_eq!(hits(&vault, "灯籠"), 40);
                    assert_eq!(vault.original(&ids[7]).unwrap(), picture(8));
                }
            });
        }
        for _ in 0..3 {
            assert!(vault.renew_catalogue(&mut |_| true).unwrap());
        }
        over.store(true, Ordering::SeqCst);
    });
    drop(vault);
    assert_eq!(everything(&home.open().unwrap()).len(), 40);
}

#[test]
fn what_is_written_during_a_renewal_is_in_the_catalogue_afterwards() {
    let home = Home::new();
    let (vault, _) = filled(&home);
    let over = AtomicBool::new(false);
    let written = std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            let mut n = 100;
            // On a busy machine one that writes without a pause could keep the renewal waiting for minutes.
            while !over.load(Ordering::SeqCst) && n < 300 {
                add(&vault, n, "written meanwhile");
                n += 1;
            }
            n - 100
        });
        for _ in 0..4 {
            assert!(vault.renew_catalogue(&mut |_| true).unwrap());
        }
        over.store(true, Ordering::SeqCst);
        writing.join().unwrap() as usize
    });
    assert!(written > 0);
    assert_eq!((everything(&vault).len(), hits(&vault, "meanwhile")), (40 + written, written));
    drop(vault);
    let vault = home.open().unwrap();
    assert_eq!(hits(&vault, "meanwhile"), written);
    assert!(vault.check(&mut |_| true).unwrap().is_whole());
}

#[test]
fn a_renewal_is_due_after_erasing_and_only_then() {
    let home = Home::new();
    let (vault, ids) = filled(&home);
    assert!(!vault.is_renewal_due().unwrap());
    vault.erase(&ids[..1]).unwrap();
    drop(vault);
    let vault = home.open().unwrap();
    assert!(vault.is_renewal_due().unwrap());
    assert!(vault.renew_catalogue(&mut |_| true).unwrap());
    assert!(!vault.is_renewal_due().unwrap());
    assert!(vault.admits(&secret()).is_ok());
    let other = SlotSecret::Passphrase(Zeroizing::new("another lantern".to_owned()));
    assert!(matches!(vault.admits(&other), Err(VaultError::WrongSecret)));
}

#[test]
fn wherever_a_renewal_ends_the_next_opening_has_everything() {
    let home = Home::new();
    let (vault, _) = filled(&home);
    let kept = everything(&vault);
    drop(vault);
    // A header with both keys beside the catalogue under the old, and under the new.
    let root = home.folder().root().to_path_buf();
    let old = fs::read(root.join("catalogue.db")).unwrap();
    let mut header = home.folder().header().unwrap();
    let key = header.unlock(&secret()).unwrap();
    header.draw_catalogue_key(&key).unwrap();
    let pending = header.to_bytes(&key).unwrap();
    let write = |bytes: &[u8]| {
        fs::write(root.join("vault.keys"), bytes).unwrap();
        fs::write(root.join("vault.keys.bak"), bytes).unwrap();
    };
    write(&pending);
    fs::write(root.join("catalogue.new"), b"half a catalogue").unwrap();
    let vault = home.open().unwrap();
    assert!(vault.is_renewal_pending() && everything(&vault) == kept);
    assert!(vault.finish_renewal(&mut |_| true).unwrap() && !vault.is_renewal_pending());
    assert_eq!(everything(&vault), kept);
    drop(vault);
    assert!(fs::read(root.join("catalogue.db")).unwrap() != old);
    // The file was replaced and the program ended before the header said so.
    write(&pending);
    let vault = home.open().unwrap();
    assert!(!vault.is_renewal_pending() && everything(&vault) == kept);
    drop(vault);
    assert_eq!(keys(&home.folder(), &secret()).len(), 1);
}

#[test]
fn a_renewal_that_is_stopped_leaves_everything_as_it_was() {
    let home = Home::new();
    let (vault, _) = filled(&home);
    let before = keys(&home.folder(), &secret());
    let kept = everything(&vault);
    // So few items are copied before the first question; whether it came to its end is told by the answer.
    let finished = vault.renew_catalogue(&mut |_| false).unwrap();
    assert_eq!(keys(&home.folder(), &secret()) == before, !finished);
    assert!(!vault.is_renewal_pending() && everything(&vault) == kept);
}

#[test]
fn after_a_rotation_only_the_new_slots_open_the_vault() {
    let home = Home::new();
    let (vault, _) = filled(&home);
    let kept = everything(&vault);
    let old = home.dir.path().join("old");
    let old_key = keys(&home.folder(), &secret()).remove(0);
    copy(home.folder().root(), &old);
    let other = || SlotSecret::Passphrase(Zeroizing::new("a very different lantern".to_owned()));
    let code = RecoveryKey::random();
    let text = code.to_text(&vault.id());
    assert!(matches!(vault.replace_key(&[], NOW), Err(VaultError::LastSlot)));
    vault.replace_key(&[slot(other()), slot(SlotSecret::Recovery(code))], NOW).unwrap();
    assert!(vault.is_renewal_pending() && vault.finish_renewal(&mut |_| true).unwrap());
    assert_eq!(everything(&vault), kept);
    // The header can still be changed under the new key.
    vault.confirm_recovery().unwrap();
    let id = vault.id();
    drop(vault);
    assert!(matches!(home.open(), Err(VaultError::WrongSecret)));
    assert!(!opens(&home.folder().catalogue(), &old_key));
    let code = RecoveryKey::parse(&text, &id).unwrap();
    assert_eq!(everything(&Vault::open(&home.folder(), &SlotSecret::Recovery(code)).unwrap()), kept);
    assert_eq!(everything(&Vault::open(&home.folder(), &other()).unwrap()), kept);
    // Neither half of an older copy goes with the other half of today's.
    let mixed = home.dir.path().join("mixed");
    for (header, catalogue) in
        [(&old, home.folder().root().to_path_buf()), (&home.folder().root().to_path_buf(), old.clone())]
    {
        copy(&catalogue, &mixed);
        for name in ["vault.keys", "vault.keys.bak"] {
            fs::copy(header.join(name), mixed.join(name)).unwrap();
        }
        let older = header == &old;
        let with = if older { secret() } else { other() };
        let refused = Vault::open(&Folder::new(&mixed), &with).err();
        // The pictures beside it tell of an older header; that of an older catalogue looks like damage.
        let told = match refused {
            Some(VaultError::OlderHeader) => older,
            Some(VaultError::Damaged(Part::Catalogue)) => !older,
            _ => false,
        };
        assert!(told, "{refused:?}");
    }
}

#[test]
fn a_copy_from_before_is_told_by_its_generation() {
    let home = Home::new();
    let (vault, ids) = filled(&home);
    let first = vault.generation().unwrap();
    drop(vault);
    let old = home.dir.path().join("old");
    copy(home.folder().root(), &old);
    let vault = home.open().unwrap();
    assert_eq!(vault.generation().unwrap(), first, "looking changes nothing");
    vault.discard(&ids[..1], NOW).unwrap();
    vault.discard(&ids[1..2], NOW).unwrap();
    let now = vault.generation().unwrap();
    assert_eq!(now, first + 1);
    drop(vault);
    let copy = Vault::open(&Folder::new(&old), &secret()).unwrap();
    assert!(copy.generation().unwrap() < now);
    copy.accept_generation(now).unwrap();
    assert!(copy.generation().unwrap() > now);
}

#[test]
fn renewals_and_new_keys_side_by_side_wait_for_each_other() {
    let home = Home::new();
    let (vault, _) = filled(&home);
    let kept = everything(&vault);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| assert!((0..3).all(|_| vault.renew_catalogue(&mut |_| true).unwrap())));
        }
        for _ in 0..4 {
            vault.replace_key(&[slot(secret())], NOW).unwrap();
            assert!(vault.finish_renewal(&mut |_| true).unwrap());
        }
    });
    assert!(!vault.is_renewal_pending());
    drop(vault);
    assert_eq!(everything(&home.open().unwrap()), kept);
}
