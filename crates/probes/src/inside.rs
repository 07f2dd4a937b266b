//! Bytes that stand inside a sound archive: what reads its entries sees them, and no check of the container is in the way.

use std::io::{Cursor, Read, Write};

use model::SystemClock;
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::archive::with_file;
use crate::seeds;

/// What lies in an archive, by path, in its order.
pub(crate) type Entries = Vec<(String, Vec<u8>)>;

thread_local! {
    /// An export and a backup.
    static SOUND: Vec<Entries> = seeds::archives().iter().map(|bytes| entries(bytes)).collect();
    /// A vault that archives are taken into, one after the other.
    static TAKING: seeds::Home = seeds::Home::empty();
}

/// The first byte chooses the archive and the entry whose content the rest is. The manifest of an export is made to agree with it,
/// so that its rows are read and not refused for their digest.
pub fn inside(bytes: &[u8]) {
    let Some((choice, content)) = bytes.split_first() else { return };
    SOUND.with(|sound| {
        let number = usize::from(*choice) % sound.len();
        let mut entries = sound[number].clone();
        let place = usize::from(*choice) / sound.len() % entries.len();
        entries[place].1 = content.to_vec();
        agree(&mut entries, place);
        with_file(&written(&entries), |file| {
            let _ = transfer::verify(file, &mut |_| true);
            let _ = transfer::verify_backup(file, &mut |_| true);
            TAKING.with(|home| {
                let _ = transfer::restore(&home.vault, file, &SystemClock, &mut |_| true);
                assert!(home.vault.check_quick(&mut |_| true).is_whole());
            });
            // A vault that is made of a backup is whole, or there is none.
            let place = tempfile::tempdir().unwrap();
            let target = place.path().join("vault");
            let made = transfer::restore_backup(file, &target, &mut |_| true).is_ok();
            assert_eq!(target.exists(), made);
        });
    });
}

pub(crate) fn entries(archive: &[u8]) -> Entries {
    let mut zip = ZipArchive::new(Cursor::new(archive)).unwrap();
    let count = zip.len();
    let read = |number| {
        let mut entry = zip.by_index(number).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        (entry.name().unwrap().into_owned(), bytes)
    };
    (0..count).map(read).collect()
}

fn agree(entries: &mut Entries, changed: usize) {
    let (path, bytes) = entries[changed].clone();
    let Some((_, manifest)) = entries.iter_mut().find(|(path, _)| path == "manifest.json") else { return };
    let Ok(mut value) = serde_json::from_slice::<Value>(manifest) else { return };
    let Some(files) = value["files"].as_array_mut() else { return };
    for file in files.iter_mut().filter(|file| file["path"] == path.as_str()) {
        file["bytes"] = json!(bytes.len());
        file["sha256"] = json!(hex::encode(crypto::sha256(&bytes)));
    }
    *manifest = serde_json::to_vec(&value).unwrap();
}

fn written(entries: &Entries) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (path, bytes) in entries {
        zip.start_file(path.as_str(), stored).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
