//! Where the vault's folder lies: behind a link, and gone while it is open.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use studio::Code;

use crate::app::{App, PASSPHRASE};
use crate::residue::with_parameters;

fn pictures(place: &Path) -> PathBuf {
    let folder = place.join("pictures");
    fs::create_dir_all(&folder).unwrap();
    for n in 0..3 {
        let text = format!("a lantern {n}\nSteps: 9, Sampler: Euler, CFG scale: 1, Seed: {n}, Size: 64x64");
        fs::write(folder.join(format!("{n}.png")), with_parameters(&text)).unwrap();
    }
    folder
}

fn unlock() -> Value {
    json!({ "with": { "by": "passphrase", "passphrase": PASSPHRASE } })
}

#[cfg(unix)]
#[test]
fn a_data_folder_behind_a_link_is_used_where_it_lies() {
    let place = tempfile::tempdir().unwrap();
    let (disk, link) = (place.path().join("disk"), place.path().join("link"));
    fs::create_dir(&disk).unwrap();
    std::os::unix::fs::symlink(&disk, &link).unwrap();
    let (app, _) = App::with_vault(&link);
    app.import(&pictures(place.path()));
    let before = app.everything();
    app.report(&app.ask("items_erase", json!({ "seqs": [app.hits(json!({}))[0]] })));
    app.ask("vault_lock", Value::Null);
    app.ask("vault_unlock", unlock());
    assert_eq!(app.everything().len(), before.len() - 1);
    app.ask("vault_lock", Value::Null);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_dir(disk.join("vaults")).unwrap().count(), 1);
}

#[test]
fn a_folder_that_vanishes_while_the_vault_is_open_is_missed_and_not_made_again() {
    let place = tempfile::tempdir().unwrap();
    let (data, away) = (place.path().join("data"), place.path().join("away"));
    let (app, _) = App::with_vault(&data);
    app.import(&pictures(place.path()));
    let before = app.everything().len();
    let seq = app.hits(json!({}))[0];
    fs::rename(&data, &away).unwrap();

    // Files that are open may still be written where they lie now; what can't be is refused, and nothing is done by half.
    let edit = json!({ "edits": [{ "seq": seq, "edit": { "title": "題名" } }] });
    let edited = api::call(&app.studio, "items_edit", edit).map_err(|failure| failure.code);
    assert!(edited.is_ok() || edited == Err(Code::DiskFailed), "{edited:?}");
    app.ask("vault_lock", Value::Null);
    assert_eq!(app.refused("vault_unlock", unlock()), Code::NoVault);
    assert!(!data.exists(), "nothing is made where the vault was");

    fs::rename(&away, &data).unwrap();
    app.ask("vault_unlock", unlock());
    let title = app.ask("item_show", json!({ "seq": seq }))["title"].clone();
    assert_eq!(title, if edited.is_ok() { "題名" } else { "" });
    assert_eq!(app.everything().len(), before);
    assert_eq!(app.report(&app.ask("vault_check", Value::Null))["damaged"], json!([]));
}
