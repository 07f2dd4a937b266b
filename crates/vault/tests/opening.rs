//! What is refused when a vault is opened, and that nothing is changed by it.

use std::fs;

use crypto::{Header, RecoveryKey, SlotSecret};
use rusqlite::Connection;
use vault::{Added, Part, Query, Scope, Vault, VaultError, prepare};

use crate::{Home, NOW, add, item, picture, secret, slot};

/// The catalogue through the same library, with the vault's own key.
pub(crate) fn catalogue(home: &Home) -> Connection {
    let header = Header::parse(&fs::read(home.folder().root().join("vault.keys")).unwrap()).unwrap();
    let key = header.unlock(&secret()).unwrap();
    let key = hex::encode(header.catalogue_keys(&key).unwrap().last().unwrap().key.as_bytes());
    let connection = Connection::open(home.folder().catalogue()).unwrap();
    connection.execute_batch(&format!("PRAGMA key = \"x'{key}'\";")).unwrap();
    connection
}

#[test]
fn a_vault_of_a_newer_version_is_refused_and_left_alone() {
    let home = Home::new();
    drop(home.create());
    catalogue(&home).execute_batch("PRAGMA user_version = 99;").unwrap();
    let before = fs::read(home.folder().catalogue()).unwrap();
    assert!(matches!(home.refusal(), VaultError::Newer));
    assert!(fs::read(home.folder().catalogue()).unwrap() == before, "the file was changed");
}

#[test]
fn a_catalogue_or_container_that_was_cut_is_refused_or_told_by_the_check() {
    let home = Home::new();
    let vault = home.create();
    for n in 1..6 {
        add(&vault, n, "cut");
    }
    drop(vault);
    for path in [home.folder().catalogue(), home.folder().images()] {
        let good = fs::read(&path).unwrap();
        for length in [1, 100, 4095, 4096, 16_384, good.len() / 2, good.len() - 4096] {
            fs::write(&path, &good[..length]).unwrap();
            match home.open() {
                Err(error) => {
                    let expected = matches!(error, VaultError::Damaged(_) | VaultError::Foreign(_));
                    assert!(expected, "cut at {length}: {error:?}");
                }
                Ok(vault) => {
                    let whole = vault.check(&mut |_| true).is_ok_and(|report| report.is_whole());
                    assert!(!whole, "cut at {length}");
                }
            }
            fs::write(&path, &good).unwrap();
        }
    }
    assert!(home.open().unwrap().check(&mut |_| true).unwrap().is_whole());
}

#[test]
fn a_damaged_header_is_read_from_its_copy_and_made_whole_again() {
    let home = Home::new();
    drop(home.create());
    let root = home.folder().root().to_owned();
    let (path, copy) = (root.join("vault.keys"), root.join("vault.keys.bak"));
    let good = fs::read(&path).unwrap();
    for damage in [&good[..500], b"zimage-vault-keys v1\n", b"", &vec![b'x'; 100_000]] {
        for (hurt, whole) in [(&path, &copy), (&copy, &path)] {
            fs::write(hurt, damage).unwrap();
            drop(home.open().unwrap());
            assert!(fs::read(hurt).unwrap() == good && fs::read(whole).unwrap() == good);
        }
    }
}

#[test]
fn a_header_written_without_its_copy_counts_and_the_copy_follows_later() {
    let home = Home::new();
    let vault = home.create();
    let root = home.folder().root().to_owned();
    // Nothing can be written in the copy's place.
    fs::create_dir(root.join("vault.keys.bak.new")).unwrap();
    let secret = || SlotSecret::Passphrase("another passphrase, quite long".to_owned().into());
    vault.replace_slots(&slot(secret()), NOW).unwrap();
    drop(vault);
    assert!(!root.join("vault.keys.bak").exists(), "the old way in lives on nowhere");
    assert!(matches!(home.refusal(), VaultError::WrongSecret));
    fs::remove_dir(root.join("vault.keys.bak.new")).unwrap();
    drop(Vault::open(&home.folder(), &secret()).unwrap());
    assert_eq!(fs::read(root.join("vault.keys")).unwrap(), fs::read(root.join("vault.keys.bak")).unwrap());
}

#[test]
fn a_vault_that_lost_its_header_is_not_taken_for_none() {
    let home = Home::new();
    drop(home.create());
    let data = tempfile::tempdir().unwrap();
    let inside = data.path().join("vaults").join("one");
    fs::create_dir_all(inside.parent().unwrap()).unwrap();
    fs::rename(home.folder().root(), &inside).unwrap();
    for name in ["vault.keys", "vault.keys.bak"] {
        fs::remove_file(inside.join(name)).unwrap();
    }
    let found = vault::vault_in(data.path()).expect("the folder that is left");
    assert!(matches!(Vault::inspect(&found), Err(VaultError::Missing(Part::Header))));
}

#[test]
fn no_flipped_byte_of_the_header_opens_the_vault() {
    let home = Home::new();
    drop(home.create());
    let path = home.folder().root().join("vault.keys");
    let copy = home.folder().root().join("vault.keys.bak");
    let good = fs::read(&path).unwrap();
    for place in (0..good.len()).step_by(5) {
        let mut bytes = good.clone();
        bytes[place] ^= 0x04;
        fs::write(&path, &bytes).unwrap();
        fs::write(&copy, &bytes).unwrap();
        let refusal = home.refusal();
        let expected = matches!(
            refusal,
            VaultError::Damaged(Part::Header)
                | VaultError::Tampered
                | VaultError::WrongSecret
                | VaultError::NoSuchSlot
                | VaultError::Newer
        );
        assert!(expected, "byte {place}: {refusal:?}");
        assert!(fs::read(&path).unwrap() == bytes);
    }
    fs::write(&path, &good).unwrap();
    assert!(home.open().is_ok());
}

#[test]
fn flipped_bytes_of_a_catalogue_are_found_and_nothing_wrong_is_read() {
    let home = Home::new();
    let vault = home.create();
    let ids: Vec<_> = (1..4).map(|n| add(&vault, n, "whole")).collect();
    drop(vault);
    let path = home.folder().catalogue();
    let good = fs::read(&path).unwrap();
    for place in (0..good.len()).step_by(good.len() / 40) {
        let mut bytes = good.clone();
        bytes[place] ^= 1;
        fs::write(&path, &bytes).unwrap();
        if let Ok(vault) = home.open() {
            for (n, id) in (1..).zip(&ids) {
                if let Ok(bytes) = vault.original(id) {
                    assert!(bytes == picture(n));
                }
            }
            let whole = vault.check(&mut |_| true).is_ok_and(|report| report.is_whole());
            assert!(!whole, "byte {place}");
        }
    }
}

#[test]
fn the_wrong_secret_is_said_to_be_wrong() {
    let home = Home::new();
    drop(home.create());
    let wrong = SlotSecret::Passphrase(zeroize::Zeroizing::new("not the right words".to_owned()));
    assert!(matches!(Vault::open(&home.folder(), &wrong), Err(VaultError::WrongSecret)));
}

#[test]
fn a_vault_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Vault>();
}

#[test]
fn an_item_that_comes_back_keeps_its_trash_its_tags_and_its_marks() {
    let home = Home::new();
    let vault = home.create();
    let mut whole = item(1, "back again");
    whole.discarded_at = Some(NOW);
    (whole.rating, whole.favourite, whole.title) = (3, true, "題名".to_owned());
    whole.tags = vec!["波".to_owned(), "海".to_owned()];
    let added = vault.add(vec![prepare(whole.clone(), Vec::new(), picture(1), None)]).unwrap();
    assert_eq!(added, [Added::New(whole.id)]);
    assert_eq!(vault.item(&whole.id).unwrap().item, whole);
    let trash = vault.query(&Query { scope: Scope::Trash, ..Query::default() }).unwrap();
    assert_eq!((trash.cells.len(), trash.library, trash.trash, trash.favourites), (1, 0, 1, 0));
}

/// Sealed bytes that no row points at, as a crash between the two files leaves them.
#[test]
fn what_a_crash_left_behind_is_swept_at_the_next_opening() {
    let home = Home::new();
    let vault = home.create();
    let id = add(&vault, 1, "kept");
    drop(vault);
    catalogue(&home).execute_batch("UPDATE meta SET value = '0' WHERE key = 'clean';").unwrap();
    let container = || Connection::open(home.folder().images()).unwrap();
    let count =
        || container().query_row("SELECT count(*) FROM chunk", [], |row| row.get::<_, i64>(0)).unwrap();
    let before = count();
    container()
        .execute("INSERT INTO chunk (blob, n, sealed) VALUES (randomblob(16), 0, randomblob(9000))", [])
        .unwrap();
    let vault = home.open().unwrap();
    assert_eq!(count(), before);
    assert!(vault.original(&id).unwrap() == picture(1));
    drop(vault);
    let clean: String = catalogue(&home)
        .query_row("SELECT value FROM meta WHERE key = 'clean'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(clean, "1");
}

#[test]
fn a_batch_that_fails_leaves_neither_rows_nor_bytes() {
    let home = Home::new();
    let vault = home.create();
    let id = add(&vault, 1, "first");
    let blobs = || {
        let container = Connection::open(home.folder().images()).unwrap();
        container.query_row("SELECT count(DISTINCT blob) FROM chunk", [], |row| row.get::<_, i64>(0)).unwrap()
    };
    let before = blobs();
    // The second item's id is taken: the catalogue refuses the batch.
    let clash = model::Item { id, ..item(3, "clash") };
    let batch = vec![
        prepare(item(2, "innocent"), Vec::new(), picture(2), None),
        prepare(clash, Vec::new(), picture(3), None),
    ];
    assert!(vault.add(batch).is_err());
    assert_eq!((blobs(), vault.page(0, 10).unwrap().len()), (before, 1));
    assert!(
        vault.query(&Query { text: "innocent".to_owned(), ..Query::default() }).unwrap().cells.is_empty()
    );
}

#[test]
fn a_check_after_searching_and_adding_finds_no_damage_that_is_not_there() {
    let home = Home::new();
    let vault = home.create();
    for n in 1..20 {
        add(&vault, n, "a lantern");
        let query = Query { text: "lantern".to_owned(), ..Query::default() };
        assert_eq!(vault.query(&query).unwrap().cells.len(), n as usize);
        assert!(vault.check(&mut |_| true).unwrap().is_whole());
        add(&vault, 100 + n, "another");
        assert!(vault.check(&mut |_| true).unwrap().is_whole());
    }
}

#[test]
fn a_header_that_rotted_but_can_be_read_gives_way_to_its_copy() {
    let home = Home::new();
    add(&home.create(), 1, "夜");
    let (path, copy) = (home.folder().root().join("vault.keys"), home.folder().root().join("vault.keys.bak"));
    let whole = fs::read(&path).unwrap();
    let text = String::from_utf8(whole.clone()).unwrap();
    for field in ["\"salt\":\"", "\"commit\":\"", "\"ct\":\"", "--- "] {
        // The first of sixteen letters of base64 or more: any other letter may stand there.
        let at = text.rfind(field).unwrap() + field.len();
        let mut rotten = whole.clone();
        rotten[at] = if rotten[at] == b'A' { b'B' } else { b'A' };
        fs::write(&path, &rotten).unwrap();
        drop(home.open().unwrap());
        assert_eq!(fs::read(&path).unwrap(), whole, "{field}");
        assert_eq!(fs::read(&copy).unwrap(), whole, "{field}");
    }
}

#[test]
fn an_older_copy_of_a_whole_header_brings_no_removed_way_in_back() {
    let home = Home::new();
    let vault = home.create();
    let (path, copy) = (home.folder().root().join("vault.keys"), home.folder().root().join("vault.keys.bak"));
    let older = fs::read(&path).unwrap();
    let next = SlotSecret::Passphrase(zeroize::Zeroizing::new("another sentence to open with".to_owned()));
    vault.replace_slots(&slot(next), NOW).unwrap();
    drop(vault);
    fs::write(&copy, &older).unwrap();
    assert!(matches!(home.refusal(), VaultError::WrongSecret));
    assert_ne!(fs::read(&path).unwrap(), older);
}

fn phrase(text: &str) -> SlotSecret {
    SlotSecret::Passphrase(zeroize::Zeroizing::new(text.to_owned()))
}

#[test]
fn an_older_header_put_beside_the_vault_is_noticed_until_it_is_accepted_or_the_key_is_replaced() {
    let home = Home::new();
    let vault = home.create();
    let headers = ["vault.keys", "vault.keys.bak"].map(|name| home.folder().root().join(name));
    let older = fs::read(&headers[0]).unwrap();
    let put = |bytes: &[u8]| headers.iter().for_each(|path| fs::write(path, bytes).unwrap());
    vault.replace_slots(&slot(phrase("another sentence to open with")), NOW).unwrap();
    let before = vault.generation().unwrap();
    assert!(before > 0, "a copy from before has a smaller number");
    drop(vault);
    let newer = fs::read(&headers[0]).unwrap();
    assert!(!Vault::open(&home.folder(), &phrase("another sentence to open with")).unwrap().has_older_keys());

    put(&older);
    for _ in 0..2 {
        let vault = home.open().unwrap();
        assert!(vault.has_older_keys(), "the passphrase from before opens it again");
        // What is done to other ways in makes it no better.
        vault.add_slot(&slot(SlotSecret::Recovery(RecoveryKey::random())), NOW).unwrap();
        assert!(vault.has_older_keys());
    }
    put(&newer);
    assert!(!Vault::open(&home.folder(), &phrase("another sentence to open with")).unwrap().has_older_keys());

    put(&older);
    home.open().unwrap().accept_keys().unwrap();
    assert!(!home.open().unwrap().has_older_keys());
    put(&newer);
    let vault = Vault::open(&home.folder(), &phrase("another sentence to open with")).unwrap();
    assert!(vault.has_older_keys());
    vault.replace_key(&[slot(secret())], NOW).unwrap();
    assert!(!vault.has_older_keys());
    drop(vault);
    assert!(!home.open().unwrap().has_older_keys());
}

#[test]
fn an_older_header_in_the_first_place_keeps_nobody_out_who_has_a_way_in_of_now() {
    let home = Home::new();
    let vault = home.create();
    let (path, copy) = (home.folder().root().join("vault.keys"), home.folder().root().join("vault.keys.bak"));
    let older = fs::read(&path).unwrap();
    vault.replace_slots(&slot(phrase("another sentence to open with")), NOW).unwrap();
    drop(vault);
    let newer = fs::read(&path).unwrap();
    fs::write(&path, &older).unwrap();
    assert!(matches!(home.refusal(), VaultError::WrongSecret), "a way in that was taken away stays so");
    assert_eq!(fs::read(&copy).unwrap(), newer);
    fs::write(&path, &older).unwrap();
    let vault = Vault::open(&home.folder(), &phrase("another sentence to open with")).unwrap();
    assert!(!vault.has_older_keys());
    drop(vault);
    assert_eq!(fs::read(&path).unwrap(), newer, "and the older header is mended");

    // The same after the vault's own key was replaced.
    let vault = Vault::open(&home.folder(), &phrase("another sentence to open with")).unwrap();
    vault.replace_key(&[slot(phrase("a third sentence that opens it"))], NOW).unwrap();
    assert!(vault.finish_renewal(&mut |_| true).unwrap());
    drop(vault);
    fs::write(&path, &newer).unwrap();
    assert!(
        !Vault::open(&home.folder(), &phrase("a third sentence that opens it")).unwrap().has_older_keys()
    );
}

#[test]
fn a_header_from_before_a_renewal_is_told_apart_from_damage() {
    let home = Home::new();
    let vault = home.create();
    add(&vault, 1, "夜");
    let headers = ["vault.keys", "vault.keys.bak"].map(|name| home.folder().root().join(name));
    let older = fs::read(&headers[0]).unwrap();
    assert!(vault.renew_catalogue(&mut |_| true).unwrap());
    drop(vault);
    let newer = fs::read(&headers[0]).unwrap();

    // Its copy is the newer one, and counts.
    fs::write(&headers[0], &older).unwrap();
    drop(home.open().unwrap());
    assert_eq!(fs::read(&headers[0]).unwrap(), newer, "and the older one is mended");

    headers.iter().for_each(|path| fs::write(path, &older).unwrap());
    assert!(matches!(home.refusal(), VaultError::OlderHeader));
    headers.iter().for_each(|path| assert_eq!(fs::read(path).unwrap(), older, "nothing was changed"));
    // With the newer header a hurt catalogue is damage as ever.
    fs::write(&headers[0], &newer).unwrap();
    drop(home.open().unwrap());
    let catalogue = home.folder().catalogue();
    let mut bytes = fs::read(&catalogue).unwrap();
    bytes[100] ^= 1;
    fs::write(&catalogue, bytes).unwrap();
    assert!(matches!(home.refusal(), VaultError::Damaged(Part::Catalogue)));
}

#[test]
fn an_older_header_beside_its_newer_copy_gives_way_and_its_secret_opens_nothing() {
    let home = Home::new();
    let vault = home.create();
    let path = home.folder().root().join("vault.keys");
    let older = fs::read(&path).unwrap();
    let other = RecoveryKey::random();
    let bytes = other.to_text(&vault.id());
    vault.add_slot(&slot(SlotSecret::Recovery(other)), NOW).unwrap();
    vault.replace_slots(&slot(phrase("another sentence to open with")), NOW).unwrap();
    let id = vault.id();
    drop(vault);
    let newer = fs::read(&path).unwrap();
    fs::write(&path, &older).unwrap();
    assert!(matches!(home.refusal(), VaultError::WrongSecret));
    assert_eq!(
        fs::read(home.folder().root().join("vault.keys.bak")).unwrap(),
        newer,
        "the copy is left alone"
    );
    // The newer ways are found in the copy once the first file does not stand before it.
    fs::remove_file(&path).unwrap();
    let recovery = SlotSecret::Recovery(RecoveryKey::parse(&bytes, &id).unwrap());
    assert!(!Vault::open(&home.folder(), &recovery).unwrap().has_older_keys());
    assert_eq!(fs::read(&path).unwrap(), newer);
}

#[test]
fn a_program_that_ends_while_the_ways_in_change_leaves_nothing_that_is_called_older() {
    let home = Home::new();
    let vault = home.create();
    let headers = ["vault.keys", "vault.keys.bak"].map(|name| home.folder().root().join(name));
    let older = fs::read(&headers[0]).unwrap();
    // The header can't be written any more once the catalogue expects the next one.
    fs::create_dir(home.folder().root().join("vault.keys.new")).unwrap();
    assert!(vault.replace_slots(&slot(phrase("another sentence to open with")), NOW).is_err());
    drop(vault);
    fs::remove_dir(home.folder().root().join("vault.keys.new")).unwrap();
    assert_eq!(fs::read(&headers[0]).unwrap(), older);
    assert!(!home.open().unwrap().has_older_keys());
}

#[test]
fn an_older_catalogue_put_beside_newer_pictures_costs_none_of_them() {
    let home = Home::new();
    let catalogue = home.folder().root().join("catalogue.db");
    let vault = home.create();
    add(&vault, 1, "夜");
    // As it lies there while the vault is open, with its log in it.
    crate::opening::catalogue(&home).execute_batch("PRAGMA wal_checkpoint(TRUNCATE);").unwrap();
    let older = fs::read(&catalogue).unwrap();
    drop(vault);
    let vault = home.open().unwrap();
    let second = add(&vault, 2, "朝");
    drop(vault);
    let newer = fs::read(&catalogue).unwrap();

    fs::write(&catalogue, &older).unwrap();
    let vault = home.open().unwrap();
    assert_eq!(vault.page(0, 10).unwrap().len(), 1);
    assert!(vault.seen_generation().unwrap() > vault.generation().unwrap());
    add(&vault, 3, "昼");
    drop(vault);

    fs::write(&catalogue, &newer).unwrap();
    let vault = home.open().unwrap();
    assert_eq!(vault.original(&second).unwrap(), picture(2));
    assert!(vault.check(&mut |_| true).unwrap().is_whole());
}
