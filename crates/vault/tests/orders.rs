//! The orders in memory are those that a fresh reading of the catalogue gives.

use model::{ItemEdit, ItemId, Timestamp};
use vault::{Query, Scope, Sort, Vault, prepare};

use crate::{Home, NOW, item};

const SORTS: [Sort; 5] = [Sort::Newest, Sort::Oldest, Sort::Added, Sort::Name, Sort::Largest];

fn listings(vault: &Vault) -> Vec<(Vec<u32>, usize, usize, usize)> {
    let scopes = [Scope::Library, Scope::Favourites, Scope::Trash];
    let queries = scopes.iter().flat_map(|scope| SORTS.iter().map(move |sort| (*scope, *sort)));
    queries
        .map(|(scope, sort)| {
            let listing = vault.query(&Query { scope, sort, ..Query::default() }).unwrap();
            let seqs = listing.cells.iter().map(|cell| cell.seq).collect();
            (seqs, listing.library, listing.favourites, listing.trash)
        })
        .collect()
}

/// Equal times, so that ties count, and numbers that come and go.
fn put(vault: &Vault, n: u32) -> ItemId {
    let mut fresh = item(n, "order");
    fresh.created_at = Timestamp::from_millis(NOW.millis() + i64::from(n * 7 % 5));
    fresh.added_at = Timestamp::from_millis(NOW.millis() + i64::from(n * 3 % 4));
    fresh.file_name = format!("{}.png", n * 11 % 13);
    fresh.bytes = u64::from(n * 5 % 6);
    let id = fresh.id;
    vault.add(vec![prepare(fresh, Vec::new(), n.to_be_bytes().to_vec(), None)]).unwrap();
    id
}

#[test]
fn orders_kept_up_with_every_change_are_those_of_a_fresh_opening() {
    let home = Home::new();
    let mut vault = home.create();
    let mut ids: Vec<ItemId> = Vec::new();
    for step in 0..60_u32 {
        // All orders are asked for, so that all are kept up from then on.
        listings(&vault);
        let pick = ids.get((step * 31) as usize % ids.len().max(1)).copied();
        match (step % 6, pick) {
            (0..=2, _) | (_, None) => ids.push(put(&vault, step)),
            // The newest number goes, and the next item gets it again.
            (3, _) => drop(vault.erase(&[ids.pop().unwrap()]).unwrap()),
            (4, Some(id)) => drop(vault.discard(&[id], NOW).unwrap()),
            (_, Some(id)) => {
                let edit = ItemEdit { favourite: Some(true), rating: Some(3), ..ItemEdit::default() };
                vault.edit(&[(id, edit)]).unwrap();
            }
        }
        if step % 12 == 11 {
            let kept = listings(&vault);
            drop(vault);
            vault = home.open().unwrap();
            assert_eq!(kept, listings(&vault), "step {step}");
        }
    }
}

#[test]
fn file_names_stand_as_people_read_them() {
    let vault = Home::new().create_leaked();
    let names = ["sea_10.png", "Sea_2.png", "海１２.png", "sea_1.png", "海3.png"];
    for (n, name) in (1..).zip(names) {
        let fresh = model::Item { file_name: name.to_owned(), ..item(n, "order") };
        vault.add(vec![prepare(fresh, Vec::new(), n.to_be_bytes().to_vec(), None)]).unwrap();
    }
    let listing = vault.query(&Query { sort: Sort::Name, ..Query::default() }).unwrap();
    let sorted: Vec<&str> = listing.cells.iter().map(|cell| names[cell.seq as usize - 1]).collect();
    assert_eq!(sorted, ["sea_1.png", "Sea_2.png", "sea_10.png", "海3.png", "海１２.png"]);
}

#[test]
fn conditions_on_numbers_hold_beside_words_and_for_what_was_edited() {
    let vault = Home::new().create_leaked();
    let mut ids = Vec::new();
    for (n, made, (width, height)) in [
        (1, "2025-06-15T12:00:00Z", (1024, 768)),
        (2, "2026-03-15T12:00:00Z", (768, 1024)),
        (3, "2026-10-15T12:00:00Z", (2048, 64)),
    ] {
        let created_at = Timestamp::from_rfc3339(made).unwrap();
        let fresh = model::Item { created_at, width, height, ..item(n, "a lantern at sea") };
        ids.push(fresh.id);
        vault.add(vec![prepare(fresh, Vec::new(), n.to_be_bytes().to_vec(), None)]).unwrap();
    }
    vault.edit(&[(ids[2], ItemEdit { rating: Some(4), ..ItemEdit::default() })]).unwrap();
    for (text, expected) in [
        ("rating:4", &[3][..]),
        ("-rating:3+ lantern", &[2, 1]),
        ("size:1024x768", &[1]),
        ("size:1024", &[2, 1]),
        ("size:>2000 lantern", &[3]),
        ("date:2026", &[3, 2]),
        ("after:2026-10", &[3]),
        ("before:2026-03", &[1]),
        ("after:2026 before:2026-10 tag:夜", &[2]),
        ("after:2026 whale", &[]),
    ] {
        let listing = vault.query(&Query { text: text.to_owned(), ..Query::default() }).unwrap();
        assert_eq!(listing.cells.iter().map(|cell| cell.seq).collect::<Vec<_>>(), expected, "{text}");
    }
}

#[test]
fn the_middle_of_a_word_is_found_also_in_what_came_after_the_first_search() {
    let vault = Home::new().create_leaked();
    let hits =
        |text: &str| vault.query(&Query { text: text.to_owned(), ..Query::default() }).unwrap().cells.len();
    crate::add(&vault, 1, "a fennec in the dunes");
    vault.warm_up(&mut || false).unwrap();
    assert_eq!((hits("ennec"), hits("ebra")), (1, 0));
    let id = crate::add(&vault, 2, "a zebra in the grass");
    assert_eq!(hits("ebra"), 1);
    vault.edit(&[(id, ItemEdit { prompt: Some("a giraffe".to_owned()), ..ItemEdit::default() })]).unwrap();
    assert_eq!((hits("ebra"), hits("iraffe")), (0, 1));
    vault.warm_up(&mut || true).unwrap();
    assert_eq!(hits("ennec iraffe"), 0);
}

#[test]
fn settling_in_steps_changes_what_nobody_sees() {
    let home = Home::new();
    let vault = home.create();
    for n in 0..40 {
        put(&vault, n);
    }
    let before = listings(&vault);
    let found = |text: &str| vault.query(&Query { text: text.to_owned(), ..Query::default() }).unwrap().cells;
    let hits = found("order");
    let mut steps = 0;
    vault
        .settle(&mut || {
            steps += 1;
            true
        })
        .unwrap();
    assert!(steps > 0);
    assert_eq!((listings(&vault), found("order")), (before, hits));
    assert!(vault.check(&mut |_| true).unwrap().catalogue_whole);
}

#[test]
fn a_thumbnail_is_found_by_its_number() {
    let vault = Home::new().create_leaked();
    let id = crate::add(&vault, 1, "small");
    let seq = vault.seq_of(&id).unwrap();
    assert_eq!(vault.thumbnail_at(seq).unwrap(), vault.thumbnail(&id).unwrap());
    assert!(matches!(vault.thumbnail_at(seq + 1), Err(vault::VaultError::NoSuchItem)));
}
