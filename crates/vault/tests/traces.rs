//! What of an erased item stays, and who may read what is made.

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::opening::catalogue;
use crate::{Home, add};

/// A word of one item alone. The index writes a word without the letters that it has in common with the one before it.
const WORD: &str = "qzxvkjwhalebone";
const LETTERS: &[u8] = b"vkjwhalebone";

/// The tables in which the letters stand, those of the index among them.
fn tables_with_the_word(connection: &Connection) -> Vec<String> {
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name";
    let mut statement = connection.prepare(tables).unwrap();
    let names: Vec<String> =
        statement.query_map([], |row| row.get(0)).unwrap().map(|name| name.unwrap()).collect();
    names.into_iter().filter(|name| has_the_word(connection, name)).collect()
}

fn has_the_word(connection: &Connection, table: &str) -> bool {
    let mut statement = connection.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
    let columns = statement.column_count();
    let mut rows = statement.query([]).unwrap();
    let mut found = false;
    while let Some(row) = rows.next().unwrap() {
        found |= (0..columns).any(|column| match row.get_ref(column).unwrap() {
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                bytes.windows(LETTERS.len()).any(|window| window == LETTERS)
            }
            _ => false,
        });
    }
    found
}

#[test]
fn a_word_of_an_erased_item_is_nowhere_in_the_catalogue_not_even_in_its_index() {
    // The control: without the setting of the index that the catalogue has, the word is found after erasing.
    for careless in [false, true] {
        let home = Home::new();
        drop(home.create());
        if careless {
            let off = "INSERT INTO search (search, rank) VALUES ('secure-delete', 0)";
            catalogue(&home).execute(off, []).unwrap();
        }
        let vault = home.open().unwrap();
        for n in 1..=5 {
            add(&vault, n, &format!("a lantern number{n} by the lake"));
        }
        let id = add(&vault, 6, &format!("a lantern {WORD} by the lake"));
        let here = tables_with_the_word(&catalogue(&home));
        assert!(
            ["item", "search_data"].iter().all(|table| here.iter().any(|name| name == table)),
            "{here:?}"
        );
        vault.erase(&[id]).unwrap();
        let expected: &[&str] = if careless { &["search_data"] } else { &[] };
        assert_eq!(tables_with_the_word(&catalogue(&home)), expected);
        assert!(vault.renew_catalogue(&mut |_| true).unwrap());
        assert_eq!(tables_with_the_word(&catalogue(&home)), expected);
    }
}

#[cfg(unix)]
#[test]
fn what_a_vault_is_made_of_is_its_owners_alone_where_the_system_would_let_everybody_in() {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    const PLACE: &str = "ZIMAGE_TEST_UMASK";
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    if let Some(place) = std::env::var_os(PLACE) {
        // In a process of its own: the mask holds for all of it.
        let place = Path::new(&place);
        fs::write(place.join("control"), "").unwrap();
        let folder = vault::Folder::new(&place.join("vault"));
        let slots = [crate::slot(crate::secret())];
        let vault = vault::Vault::create(&folder, crypto::new_vault_id(), &slots, crate::NOW).unwrap().0;
        add(&vault, 1, "a lantern by the lake");
        assert_eq!(mode(folder.root()), 0o700);
        let entries = fs::read_dir(folder.root()).unwrap().map(|entry| entry.unwrap());
        for entry in entries {
            assert_eq!(mode(&entry.path()), 0o600, "{:?}", entry.file_name());
            fs::write(place.join("control").with_extension(entry.file_name()), "").unwrap();
        }
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let name = "traces::what_a_vault_is_made_of_is_its_owners_alone_where_the_system_would_let_everybody_in";
    let mut child = std::process::Command::new("sh");
    child.args(["-c", "umask 000; exec \"$0\" --exact \"$1\""]);
    let output =
        child.arg(std::env::current_exe().unwrap()).arg(name).env(PLACE, place.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(mode(&place.path().join("control")), 0o666, "the mask was in force");
    for name in
        ["catalogue.db", "catalogue.db-wal", "images.db", "vault.keys", "vault.keys.bak", "vault.lock"]
    {
        assert!(place.path().join(format!("control.{name}")).exists(), "{name} was not looked at");
    }
}
