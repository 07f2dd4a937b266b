//! An archive of what is left of a damaged vault.

use std::fs;

use transfer::{Existing, LostPart, SalvageReport, TransferError, salvage};
use vault::{Part, Vault, VaultError, Wreck};

use crate::fixtures::{Home, contents, ids, names, secret};

fn run(home: &Home, target: &str) -> Result<SalvageReport, TransferError> {
    let folder = vault::Folder::new(&home.path("vault"));
    let wreck = Wreck::open(&folder, &secret(), &home.path("scratch"))?;
    salvage(&wreck, &home.path(target), Existing::Refuse, &home.clock, &mut |_| true)
}

/// The items of an archive, brought into a new vault.
fn again(home: &Home, archive: &str, name: &str) -> Vault {
    let vault = home.vault(name);
    transfer::restore(&vault, &home.path(archive), &home.clock, &mut |_| true).unwrap();
    vault
}

#[test]
fn a_whole_vault_gives_the_archive_that_an_export_gives() {
    let home = Home::new();
    let vault = home.filled_vault(20);
    let before = contents(&vault);
    drop(vault);
    let report = run(&home, "saved.zip").unwrap();
    assert_eq!((report.items, report.pictures, report.losses.len()), (20, 20, 0));
    assert!(report.all_known && report.container.is_none());
    assert!(transfer::verify(&home.path("saved.zip"), &mut |_| true).unwrap().is_whole());
    let mut second = contents(&again(&home, "saved.zip", "second"));
    second.sort_by_key(|(item, ..)| item.id);
    let mut before = before;
    before.sort_by_key(|(item, ..)| item.id);
    assert!(second == before);
    assert!(!home.path("scratch").exists());
}

#[test]
fn hurt_pictures_are_named_and_all_others_are_saved() {
    let home = Home::new();
    let vault = home.filled_vault(20);
    let all = ids(&vault);
    drop(vault);
    // The first chunk in the file is the original of the first item.
    let container = rusqlite::Connection::open(home.path("vault/images.db")).unwrap();
    container.execute("UPDATE chunk SET sealed = zeroblob(length(sealed)) WHERE seq = 1", []).unwrap();
    drop(container);
    let report = run(&home, "saved.zip").unwrap();
    assert_eq!((report.items, report.pictures), (20, 19));
    let [loss] = report.losses.as_slice() else { panic!("{:?}", report.losses) };
    assert!(loss.part == LostPart::Picture && all.contains(&loss.id.unwrap()));
    let second = again(&home, "saved.zip", "second");
    assert_eq!(ids(&second).len(), 19);
}

#[test]
fn an_item_without_its_row_is_saved_with_what_its_picture_says() {
    let home = Home::new();
    let vault = home.filled_vault(10);
    let before = contents(&vault);
    let (seq, id) = (3, vault.ids(&[3]).unwrap()[0]);
    drop(vault);
    // A recipe that can't be read stands for any row that can't.
    let header = crypto::Header::parse(&fs::read(home.path("vault/vault.keys")).unwrap()).unwrap();
    let key = header.unlock(&secret()).unwrap();
    let key = hex::encode(header.catalogue_keys(&key).unwrap().last().unwrap().key.as_bytes());
    let catalogue = rusqlite::Connection::open(home.path("vault/catalogue.db")).unwrap();
    catalogue.execute_batch(&format!("PRAGMA key = \"x'{key}'\";")).unwrap();
    catalogue.execute("UPDATE item SET recipe = 'no recipe' WHERE seq = ?1", [seq]).unwrap();
    drop(catalogue);
    let report = run(&home, "saved.zip").unwrap();
    assert_eq!((report.items, report.pictures), (10, 10));
    assert_eq!(report.losses, [transfer::Loss { seq, id: None, part: LostPart::Row }]);
    let second = contents(&again(&home, "saved.zip", "second"));
    let lost = before.iter().find(|(item, ..)| item.id == id).unwrap();
    let found = second.iter().find(|(item, ..)| item.sha256 == lost.0.sha256).unwrap();
    assert_eq!((&found.0.recipe.prompt, &found.2), (&lost.0.recipe.prompt, &lost.2));
    assert!(found.0.id != id && found.0.file_name == "salvaged-3.png");
}

#[test]
fn without_the_pictures_file_the_texts_are_saved_and_the_file_is_named() {
    let home = Home::new();
    drop(home.filled_vault(5));
    fs::remove_file(home.path("vault/images.db")).unwrap();
    let kept = names(&home.path("vault"));
    let report = run(&home, "saved.zip").unwrap();
    assert_eq!((report.items, report.pictures, report.losses.len()), (5, 0, 5));
    assert!(matches!(report.container, Some(VaultError::Missing(Part::Images))));
    assert_eq!(names(&home.path("vault")), kept);
    let mut archive = zip::ZipArchive::new(fs::File::open(home.path("saved.zip")).unwrap()).unwrap();
    let text = std::io::read_to_string(archive.by_name("items.jsonl").unwrap()).unwrap();
    assert!(text.lines().count() == 5 && text.contains("lantern-3") && text.contains("題名"));
}

#[test]
fn a_salvage_is_never_written_into_the_vault_or_over_a_file() {
    let home = Home::new();
    drop(home.filled_vault(2));
    home.write("taken.zip", b"mine");
    assert!(matches!(run(&home, "vault/saved.zip"), Err(TransferError::InsideVault)));
    assert!(matches!(run(&home, "taken.zip"), Err(TransferError::Exists)));
    assert_eq!(fs::read(home.path("taken.zip")).unwrap(), b"mine");
}

#[test]
fn the_damage_of_an_open_vault_is_salvaged_as_well() {
    let home = Home::new();
    let vault = home.filled_vault(8);
    let wreck = vault.as_wreck(&home.path("scratch")).unwrap();
    let target = home.path("saved.zip");
    let report = salvage(&wreck, &target, Existing::Refuse, &home.clock, &mut |_| true).unwrap();
    assert_eq!((report.items, report.pictures), (8, 8));
    drop(wreck);
    assert_eq!(ids(&vault).len(), 8);
}
