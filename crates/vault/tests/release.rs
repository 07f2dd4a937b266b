//! A vault as version 1 wrote it, kept for ever: every later version opens it.
//!
//! The folders below `fixtures` were written by [`write`] (v1: the catalogue's key is derived; v2: it is wrapped in the
//! header). A new one is made only by a new format, under a new name, by running this test with
//! `ZIMAGE_WRITE_FIXTURE` set to an empty folder.

use std::fs;
use std::path::Path;

use model::{ItemEdit, ItemId, Timestamp};
use vault::{Folder, Query, Rendition, Scope, Vault, prepare};

use crate::{NOW, item, secret, slot};

const PROMPTS: [&str; 3] =
    ["無数の灯籠が静かな湖に浮かぶ夜", "a fennec fox in the snow 🦊", "水面の反射, golden hour"];

fn write(folder: &Path) {
    let (vault, _) =
        Vault::create(&Folder::new(folder), crypto::new_vault_id(), &[slot(secret())], NOW).unwrap();
    for (n, prompt) in (1_u32..).zip(PROMPTS) {
        let mut fresh = item(n, prompt);
        fresh.id = ItemId::from_bytes([n as u8; 16]);
        fresh.sha256 = model::Sha256(crypto::sha256(&original(n)));
        fresh.bytes = original(n).len() as u64;
        let raw = vec![model::RawBlock {
            place: "png:iTXt".into(),
            key: "parameters".into(),
            bytes: prompt.as_bytes().to_vec(),
        }];
        let small = Rendition { bytes: vec![n as u8; 900], mime: "image/jpeg" };
        vault.add(vec![prepare(fresh, raw, original(n), Some(&small))]).unwrap();
    }
    let edit = ItemEdit {
        title: Some("題名".to_owned()),
        rating: Some(5),
        favourite: Some(true),
        tags: Some(vec!["夜".to_owned(), "湖".to_owned()]),
        ..ItemEdit::default()
    };
    vault.edit(&[(ItemId::from_bytes([1; 16]), edit)]).unwrap();
    vault.discard(&[ItemId::from_bytes([3; 16])], NOW).unwrap();
}

fn original(n: u32) -> Vec<u8> {
    (0..3000 + n).map(|byte| (byte.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

#[test]
fn a_vault_of_every_version_opens_with_everything_in_it_and_can_be_renewed() {
    if let Some(folder) = std::env::var_os("ZIMAGE_WRITE_FIXTURE") {
        write(Path::new(&folder));
    }
    for version in ["v1", "v2"] {
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(version);
        let dir = tempfile::tempdir().unwrap();
        for name in ["vault.keys", "vault.keys.bak", "catalogue.db", "images.db"] {
            fs::copy(fixture.join(name), dir.path().join(name)).unwrap();
        }
        let vault = Vault::open(&Folder::new(dir.path()), &secret()).unwrap();
        has_everything(&vault);
        assert!(vault.renew_catalogue(&mut |_| true).unwrap());
        drop(vault);
        has_everything(&Vault::open(&Folder::new(dir.path()), &secret()).unwrap());
        let header = fs::read_to_string(dir.path().join("vault.keys")).unwrap();
        assert!(header.starts_with("zimage-vault-keys v2\n"));
    }
}

fn has_everything(vault: &Vault) {
    assert_eq!(vault.created_at(), NOW);
    let all = vault.page(0, 10).unwrap();
    assert_eq!(all.len(), 3);
    for ((n, prompt), stored) in (1_u32..).zip(PROMPTS).zip(&all) {
        let found = &stored.item;
        assert_eq!(
            (found.id, found.recipe.prompt.as_deref()),
            (ItemId::from_bytes([n as u8; 16]), Some(prompt))
        );
        assert_eq!(found.recipe.seed.as_deref(), Some("18446744073709551615"));
        assert_eq!(found.created_at, Timestamp::from_millis(NOW.millis() + i64::from(n)));
        assert_eq!(vault.original(&found.id).unwrap(), original(n));
        assert_eq!(vault.thumbnail(&found.id).unwrap().unwrap().0, vec![n as u8; 900]);
        assert_eq!(vault.raw_blocks(&found.id).unwrap()[0].bytes, prompt.as_bytes());
    }
    let first = &all[0].item;
    assert_eq!((first.title.as_str(), first.rating, first.favourite), ("題名", 5, true));
    assert_eq!(first.tags, ["夜", "湖"]);
    assert_eq!(all[2].item.discarded_at, Some(NOW));
    for (text, scope) in
        [("灯籠", Scope::Library), ("🦊", Scope::Library), ("ennec", Scope::Library), ("反射", Scope::Trash)]
    {
        let query = Query { text: text.to_owned(), scope, ..Query::default() };
        assert_eq!(vault.query(&query).unwrap().cells.len(), 1, "{text}");
    }
    assert!(vault.check(&mut |_| true).unwrap().is_whole());
}

#[test]
fn a_catalogue_from_before_the_search_is_found_by_its_words_after_opening() {
    let home = crate::Home::new();
    let vault = home.create();
    let prompts = PROMPTS
        .iter()
        .zip(1..)
        .map(|(prompt, n)| prepare(item(n, prompt), Vec::new(), crate::picture(n), None));
    vault.add(prompts.collect()).unwrap();
    vault
        .edit(&[(
            vault.page(0, 1).unwrap()[0].item.id,
            ItemEdit { tags: Some(vec!["蛍".to_owned()]), ..ItemEdit::default() },
        )])
        .unwrap();
    let before = vault.page(0, 10).unwrap();
    drop(vault);
    let catalogue = crate::opening::catalogue(&home);
    catalogue
        .execute_batch("DROP TABLE search; DROP TABLE ledger; DROP TABLE choice; PRAGMA user_version = 1;")
        .unwrap();
    drop(catalogue);

    let vault = home.open().unwrap();
    assert_eq!(vault.page(0, 10).unwrap(), before);
    for text in ["灯籠", "ennec", "反射", "蛍"] {
        let query = Query { text: text.to_owned(), ..Query::default() };
        assert_eq!(vault.query(&query).unwrap().cells.len(), 1, "{text}");
    }
    let copy = home.folder().root().join("catalogue.v1.db");
    assert!(copy.exists(), "the catalogue as it was is kept until the next opening");
    assert!(!fs::read(&copy).unwrap().starts_with(b"SQLite format 3"));
    drop(vault);
    drop(home.open().unwrap());
    assert!(!copy.exists());
}
