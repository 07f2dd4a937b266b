//! What leaves the vault, and how it gets its name.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use model::{ItemEdit, ItemId};
use proptest::prelude::ProptestConfig;
use proptest::test_runner::TestRunner;
use transfer::{Existing, Manifest, Selection, TransferError};
use vault::{Vault, VaultError};
use zip::{CompressionMethod, ZipArchive};

use crate::fixtures::{Home, assert_whole, contents, ids, names, stop_at};

pub fn entries(path: &Path) -> Vec<(String, Vec<u8>)> {
    let mut zip = ZipArchive::new(File::open(path).unwrap()).unwrap();
    (0..zip.len())
        .map(|n| {
            let mut entry = zip.by_index(n).unwrap();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            (entry.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn text(path: &Path, name: &str) -> String {
    let found = entries(path).into_iter().find(|(entry, _)| entry == name).unwrap();
    String::from_utf8(found.1).unwrap()
}

#[test]
fn an_export_has_the_originals_the_rows_and_a_manifest_that_fits() {
    let home = Home::new();
    let vault = home.filled_vault(5);
    let report = home.try_export(&vault, "out.zip", Existing::Refuse).unwrap();
    let path = home.path("out.zip");
    assert_eq!((report.items, report.damaged), (5, 0));
    assert_eq!(report.bytes, fs::metadata(&path).unwrap().len());
    let entries = entries(&path);
    let (last, manifest) = entries.last().unwrap();
    assert_eq!(last, "manifest.json");
    let manifest: Manifest = serde_json::from_slice(manifest).unwrap();
    assert!(manifest.complete && manifest.items == 5 && manifest.files.len() == entries.len() - 1);
    for (file, (name, bytes)) in manifest.files.iter().zip(&entries) {
        assert_eq!((&file.path, file.bytes), (name, bytes.len() as u64));
        assert_eq!(file.sha256, hex::encode(crypto::sha256(bytes)));
    }
    for (item, _, original, _) in contents(&vault) {
        let name = entries.iter().find(|(_, bytes)| *bytes == original).map(|(name, _)| name.as_str());
        assert_eq!(name, Some(&*format!("images/{}-{}.png", item.created_at.compact(), item.id)));
    }
    let mut zip = ZipArchive::new(File::open(&path).unwrap()).unwrap();
    for n in 0..5 {
        assert_eq!(zip.by_index(n).unwrap().compression(), CompressionMethod::Stored);
    }
    assert!(transfer::verify(&path, &mut |_| true).unwrap().is_whole());
}

#[test]
fn every_row_fits_the_schema_in_the_archive() {
    let home = Home::new();
    let path = home.export(&home.filled_vault(5), "out.zip");
    let schema: serde_json::Value = serde_json::from_str(&text(&path, "items.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let rows = text(&path, "items.jsonl");
    assert_eq!(rows.lines().count(), 5);
    for row in rows.lines() {
        let mut row: serde_json::Value = serde_json::from_str(row).unwrap();
        assert!(validator.is_valid(&row), "{:?}", validator.iter_errors(&row).next().map(|e| e.to_string()));
        row["rating"] = 9.into();
        assert!(!validator.is_valid(&row));
    }
}

#[test]
fn no_name_in_an_archive_tells_a_prompt_or_a_file_name() {
    let home = Home::new();
    let path = home.export(&home.filled_vault(3), "out.zip");
    for (name, _) in entries(&path) {
        assert!(!name.contains("lantern") && !name.contains('海') && name.is_ascii(), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn an_archive_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let path = home.export(&home.filled_vault(2), "out.zip");
    assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_file_that_is_there_stays_unless_the_person_said_otherwise() {
    let home = Home::new();
    let vault = home.filled_vault(2);
    let target = home.write("out/a.zip", b"precious");
    let refused = home.try_export(&vault, "out/a.zip", Existing::Refuse);
    assert!(matches!(refused, Err(TransferError::Exists)));
    assert_eq!(
        (fs::read(&target).unwrap(), names(&home.path("out"))),
        (b"precious".to_vec(), vec!["a.zip".into()])
    );
    home.try_export(&vault, "out/a.zip", Existing::Replace).unwrap();
    assert!(transfer::verify(&target, &mut |_| true).unwrap().is_whole());
    assert_eq!(names(&home.path("out")), ["a.zip"]);
}

#[test]
fn stopping_anywhere_leaves_neither_archive_nor_part_and_the_old_file_whole() {
    let home = Home::new();
    let vault = home.filled_vault(6);
    let target = home.write("out/a.zip", b"precious");
    let mut n = 0;
    loop {
        let mut watch = stop_at(n);
        let result = transfer::export(
            &vault,
            &Selection::Everything,
            &target,
            Existing::Replace,
            &home.clock,
            &mut watch,
        );
        assert_eq!(names(&home.path("out")), ["a.zip"], "stopped at {n}");
        match result {
            Ok(_) => break,
            Err(error) => assert!(matches!(error, TransferError::Cancelled), "{error:?}"),
        }
        assert_eq!(fs::read(&target).unwrap(), b"precious");
        n += 1;
    }
    assert!(n >= 6);
    assert!(transfer::verify(&target, &mut |_| true).unwrap().is_whole());
    assert_whole(&vault);
}

#[test]
fn places_that_can_not_be_exported_to_are_refused_and_left_alone() {
    let home = Home::new();
    let vault = home.filled_vault(2);
    fs::create_dir(home.path("folder.zip")).unwrap();
    let refusal = |name: &str| home.try_export(&vault, name, Existing::Replace).unwrap_err();
    assert!(matches!(refusal("vault/out.zip"), TransferError::InsideVault));
    assert!(matches!(refusal("vault/../vault/catalogue.db"), TransferError::InsideVault));
    assert!(matches!(refusal("nowhere/out.zip"), TransferError::Io(std::io::ErrorKind::NotFound)));
    assert!(matches!(refusal("folder.zip"), TransferError::Exists));
    let files = ["catalogue.db", "images.db", "vault.keys", "vault.keys.bak", "vault.lock"];
    let kept: Vec<_> = names(&home.path("vault")).into_iter().filter(|n| !n.contains("db-")).collect();
    assert_eq!(kept, files);
    assert_eq!(names(&home.path("folder.zip")), Vec::<String>::new());
}

#[test]
fn the_rest_of_a_killed_export_gives_way_and_a_running_one_does_not() {
    let home = Home::new();
    let vault = home.filled_vault(2);
    let part = home.write("out/a.zip.part", b"half");
    let running = File::open(&part).unwrap();
    running.lock().unwrap();
    assert!(matches!(home.try_export(&vault, "out/a.zip", Existing::Refuse), Err(TransferError::Busy)));
    assert_eq!(fs::read(&part).unwrap(), b"half");
    running.unlock().unwrap();
    home.try_export(&vault, "out/a.zip", Existing::Refuse).unwrap();
    assert_eq!(names(&home.path("out")), ["a.zip"]);
}

#[cfg(unix)]
#[test]
fn a_planted_link_is_not_followed() {
    let home = Home::new();
    let vault = home.filled_vault(1);
    let victim = home.write("victim", b"precious");
    fs::create_dir(home.path("out")).unwrap();
    std::os::unix::fs::symlink(&victim, home.path("out/a.zip.part")).unwrap();
    home.export(&vault, "out/a.zip");
    assert_eq!(fs::read(victim).unwrap(), b"precious");
}

#[test]
fn a_selection_has_each_item_once_and_an_unknown_one_is_refused() {
    let home = Home::new();
    let vault = home.filled_vault(4);
    let all = ids(&vault);
    let export = |items: Vec<ItemId>, name: &str| {
        let selection = Selection::Items(items);
        let target = home.path(name);
        transfer::export(&vault, &selection, &target, Existing::Refuse, &home.clock, &mut |_| true)
    };
    assert_eq!(export(vec![all[2], all[0], all[2]], "two.zip").unwrap().items, 2);
    assert!(text(&home.path("two.zip"), "index.html").contains("2 点"));
    let unknown = export(vec![ItemId::from_bytes([7; 16])], "none.zip").unwrap_err();
    assert!(matches!(unknown, TransferError::Vault(VaultError::NoSuchItem)));
    assert!(matches!(export(Vec::new(), "none.zip"), Err(TransferError::Nothing)));
    assert!(!home.path("none.zip").exists());
}

#[test]
fn an_item_whose_picture_is_damaged_keeps_its_row() {
    let home = Home::new();
    let vault = home.filled_vault(3);
    let damaged = ids(&vault)[1];
    drop(vault);
    // Small pictures lie one after the other: damage is looked for until exactly one is hit.
    let images = home.path("vault/images.db");
    let good = fs::read(&images).unwrap();
    let folder = vault::Folder::new(&home.path("vault"));
    let vault = (0..good.len() / 512)
        .find_map(|n| {
            let mut bytes = good.clone();
            bytes[n * 512 + 100] ^= 1;
            fs::write(&images, bytes).unwrap();
            let vault = Vault::open(&folder, &crate::fixtures::secret()).ok()?;
            (vault.check(&mut |_| true).ok()?.damaged == [damaged]).then_some(vault)
        })
        .unwrap();
    let report = home.try_export(&vault, "out.zip", Existing::Refuse).unwrap();
    assert_eq!((report.items, report.damaged), (3, 1));
    let rows = text(&home.path("out.zip"), "items.jsonl");
    let nameless = rows.lines().filter(|row| row.contains("\"file\":null")).count();
    assert_eq!((rows.lines().count(), nameless), (3, 1));
    assert!(transfer::verify(&home.path("out.zip"), &mut |_| true).unwrap().is_whole());
}

fn export_prompt(home: &Home, vault: &Vault, prompt: &str) -> std::path::PathBuf {
    let id = ids(vault)[0];
    let edit = ItemEdit {
        prompt: Some(prompt.to_owned()),
        negative_prompt: Some(prompt.to_owned()),
        title: Some(prompt.to_owned()),
        tags: Some(vec![prompt.to_owned()]),
        ..ItemEdit::default()
    };
    vault.edit(&[(id, edit)]).unwrap();
    home.try_export(vault, "out.zip", Existing::Replace).unwrap();
    home.path("out.zip")
}

/// Everything that looks like markup in a page must be ours.
fn assert_only_our_markup(html: &str) {
    let ours = [
        "!doctype", "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "p", "br",
        "span", "nav", "a", "main", "article", "img", "dl", "dt", "dd", "footer",
    ];
    for tag in html.split('<').skip(1) {
        let name: String =
            tag.trim_start_matches('/').chars().take_while(|c| c.is_alphanumeric() || *c == '!').collect();
        assert!(ours.contains(&name.as_str()), "<{tag}");
    }
    for attribute in [" onerror=", " onload=", "javascript:", "<script"] {
        let raw = html.split('<').skip(1).any(|tag| tag.split('>').next().unwrap().contains(attribute));
        assert!(!raw, "{attribute}");
    }
}

#[test]
fn the_page_runs_no_script_and_loads_nothing_from_outside() {
    let home = Home::new();
    let vault = home.filled_vault(2);
    let path = export_prompt(&home, &vault, "\"><img src=x onerror=alert(1)><script>alert(1)</script>");
    let html = text(&path, "index.html");
    assert!(html.contains("default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'"));
    assert_only_our_markup(&html);
    assert!(html.contains("&lt;script&gt;") && !html.contains("http://") && !html.contains("https://"));
}

#[test]
fn no_prompt_becomes_markup_a_formula_or_another_text() {
    let home = Home::new();
    let vault = home.filled_vault(2);
    let prompts = r#"([=+@\-<>&"'\r\n\t,;\\/]|\PC|script|<img onerror=x>){1,30}"#;
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(40) };
    TestRunner::new(config)
        .run(&prompts, |prompt| {
            let path = export_prompt(&home, &vault, &prompt);
            assert_only_our_markup(&text(&path, "index.html"));
            assert_no_formula(&text(&path, "items.csv"), &prompt);
            let row = text(&path, "items.jsonl").lines().next().unwrap().to_owned();
            let row: transfer::ArchiveItem = serde_json::from_str(&row).unwrap();
            assert_eq!(row.recipe.prompt.as_deref(), Some(prompt.as_str()));
            Ok(())
        })
        .unwrap();
}

fn assert_no_formula(table: &str, prompt: &str) {
    let mut rows = csv::Reader::from_reader(table.trim_start_matches('\u{feff}').as_bytes());
    let column = rows.headers().unwrap().iter().position(|name| name == "prompt").unwrap();
    for row in rows.records() {
        let row = row.unwrap();
        for cell in &row {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{cell:?}");
        }
        let cell = &row[column];
        let found = cell.strip_prefix('\'').unwrap_or(cell);
        assert!(found == prompt || cell == prompt || found.contains("lantern"), "{cell:?}");
    }
}
