//! An archive comes back as it went out.

use std::fs;

use model::ItemEdit;
use transfer::{Existing, RestoreReport, Selection};
use vault::Vault;

use crate::fixtures::{Home, assert_whole, contents, ids, picture, stop_at};

fn restore(home: &Home, vault: &Vault, name: &str) -> RestoreReport {
    transfer::restore(vault, &home.path(name), &home.clock, &mut |_| true).unwrap()
}

#[test]
fn an_empty_vault_becomes_equal_to_the_one_that_was_exported() {
    let home = Home::new();
    let vault = home.filled_vault(40);
    home.export(&vault, "out.zip");
    let other = home.vault("other");
    let report = restore(&home, &other, "out.zip");
    assert_eq!((report.added.len(), report.duplicates, report.damaged), (40, 0, 0));
    assert_eq!(contents(&vault), contents(&other));
    assert!(contents(&other).iter().any(|(item, ..)| item.discarded_at.is_some() && item.title.is_empty()));
    assert!(
        contents(&other).iter().any(|(item, ..)| item.favourite && item.rating == 4 && item.tags.len() == 2)
    );
    assert_whole(&other);
    for text in ["lantern-3", "灯籠", "tag:夜"] {
        let query = vault::Query { text: text.to_owned(), ..vault::Query::default() };
        let (a, b) = (vault.query(&query).unwrap(), other.query(&query).unwrap());
        assert_eq!((a.cells.len(), a.library, a.trash), (b.cells.len(), b.library, b.trash), "{text}");
        assert!(!a.cells.is_empty(), "{text}");
    }
    // An export of the copy has the same files.
    home.export(&other, "again.zip");
    let pick = |name: &str| {
        let entries = crate::export::entries(&home.path(name)).into_iter();
        entries.filter(|(name, _)| name != "manifest.json").collect::<Vec<_>>()
    };
    assert_eq!(pick("out.zip"), pick("again.zip"));
}

#[test]
fn a_second_run_finds_everything_there() {
    let home = Home::new();
    let vault = home.filled_vault(3);
    home.export(&vault, "out.zip");
    let report = restore(&home, &vault, "out.zip");
    assert_eq!((report.added.len(), report.duplicates), (0, 3));
    assert_eq!(contents(&vault).len(), 3);
}

#[test]
fn an_item_that_is_there_keeps_what_the_person_made_of_it_meanwhile() {
    let home = Home::new();
    let vault = home.filled_vault(3);
    home.export(&vault, "out.zip");
    let id = ids(&vault)[2];
    vault.edit(&[(id, ItemEdit { title: Some("later".to_owned()), ..ItemEdit::default() })]).unwrap();
    restore(&home, &vault, "out.zip");
    assert_eq!(vault.item(&id).unwrap().item.title, "later");
}

#[test]
fn stopping_anywhere_keeps_whole_items_and_a_second_run_completes_them() {
    let home = Home::new();
    let vault = home.filled_vault(40);
    let path = home.export(&vault, "out.zip");
    for n in [0, 1, 20, 31, 32, 39, 40] {
        let other = home.vault(&format!("other-{n}"));
        let report = transfer::restore(&other, &path, &home.clock, &mut stop_at(n)).unwrap();
        assert_eq!(report.added.len(), (n + 1).min(40), "stopped at {n}");
        assert_eq!((report.cancelled, contents(&other).len()), (n < 39, report.added.len()));
        assert_whole(&other);
        assert_eq!(restore(&home, &other, "out.zip").duplicates, report.added.len());
        assert_eq!(contents(&vault), contents(&other));
    }
}

#[test]
fn another_picture_with_the_same_id_is_not_replaced() {
    let home = Home::new();
    let vault = home.filled_vault(2);
    let path = home.export(&vault, "out.zip");
    // The same id with other bytes: the first picture's row is made to name the second's file.
    let other = home.vault("other");
    restore(&home, &other, "out.zip");
    let keep = ids(&other)[0];
    other.erase(&ids(&other)[1..]).unwrap();
    let twin = home.write("twin/a.png", &picture(99));
    home.import(&other, &[twin]);
    let changed = crate::hostile::rewrite(&path, &home.path("clash.zip"), |name, bytes| {
        if name == "items.jsonl" {
            let text = String::from_utf8(bytes.clone()).unwrap();
            let second = text.lines().nth(1).unwrap();
            let mut row: serde_json::Value = serde_json::from_str(second).unwrap();
            row["id"] = keep.to_string().into();
            *bytes = format!("{row}\n").into_bytes();
        }
        true
    });
    let report = transfer::restore(&other, &changed, &home.clock, &mut |_| true).unwrap();
    assert_eq!(report.added.len(), 1);
    assert_ne!(report.added[0], keep);
    assert_eq!(other.original(&keep).unwrap(), picture(0));
    assert_eq!(other.original(&report.added[0]).unwrap(), picture(1));
}

#[test]
fn a_row_without_its_picture_is_counted_and_named_and_the_others_come() {
    let home = Home::new();
    let vault = home.filled_vault(4);
    let path = home.export(&vault, "out.zip");
    let mut first = true;
    let cut = crate::hostile::rewrite(&path, &home.path("cut.zip"), |name, _| {
        !(name.starts_with("images/") && std::mem::take(&mut first))
    });
    let other = home.vault("other");
    let report = transfer::restore(&other, &cut, &home.clock, &mut |_| true).unwrap();
    assert_eq!((report.added.len(), report.damaged), (3, 1));
    let mut all: Vec<_> = report.added.iter().chain(&report.damaged_ids).copied().collect();
    all.sort();
    let mut exported = ids(&vault);
    exported.sort();
    assert_eq!(all, exported);
    assert_whole(&other);
}

#[test]
fn a_row_that_is_no_row_is_counted_without_a_name() {
    let home = Home::new();
    let vault = home.filled_vault(2);
    let path = home.export(&vault, "out.zip");
    let hurt = crate::hostile::rewrite(&path, &home.path("hurt.zip"), |name, bytes| {
        if name == "items.jsonl" {
            bytes.splice(0..1, *b"[");
        }
        true
    });
    let other = home.vault("other");
    let report = transfer::restore(&other, &hurt, &home.clock, &mut |_| true).unwrap();
    assert_eq!((report.added.len(), report.damaged, report.damaged_ids), (1, 1, Vec::new()));
}

#[test]
fn a_selection_comes_back_alone() {
    let home = Home::new();
    let vault = home.filled_vault(5);
    let chosen = vec![ids(&vault)[3], ids(&vault)[1]];
    let target = home.path("some.zip");
    transfer::export(
        &vault,
        &Selection::Items(chosen.clone()),
        &target,
        Existing::Refuse,
        &home.clock,
        &mut |_| true,
    )
    .unwrap();
    let other = home.vault("other");
    restore(&home, &other, "some.zip");
    let mut expected = chosen;
    expected.reverse();
    assert_eq!(ids(&other), expected);
    assert!(fs::metadata(target).unwrap().len() > 0);
}
