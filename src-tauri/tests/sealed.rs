//! The shipped program, seen from outside: what it leaves on the disk and what it sends, through a whole session.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;

use journeys::window::process::Running;
use journeys::window::wait::until;
use journeys::window::{Display, Hands, Home, offline};
use model::SystemClock;
use studio::{Config, Language, NoHost, Protection, Studio};

const PASSPHRASE: &str = "seven lanterns over the quiet harbour";

/// A vault with coloured pictures, made without the window.
fn vault_with_pictures(home: &Home, pictures: &Path) {
    let folder = |name: &str| home.path().join(name);
    let config = Config {
        data: folder("data"),
        vault: None,
        settings: folder("data"),
        home: None,
        language: Language::En,
        pictures: String::new(),
        passphrase: None,
    };
    let studio = Studio::new(config, Arc::new(NoHost), Arc::new(SystemClock), |_| ());
    studio.create_vault(Protection::Passphrase { passphrase: PASSPHRASE.to_owned() }).unwrap();
    let offer = studio.offer_dropped(vec![pictures.to_path_buf()]).unwrap();
    let job = studio.start_import(&[offer.id], "pictures".to_owned()).unwrap();
    studio.wait_for_job(job).unwrap();
    studio.lock();
}

/// Every file below a folder.
fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push(entry.path()),
                Ok(_) => drop(found.insert(entry.path())),
                Err(_) => {}
            }
        }
    }
    found
}
