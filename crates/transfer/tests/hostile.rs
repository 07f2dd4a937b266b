//! Archives that were cut, changed or made to hurt.

use std::fs::{self, File};
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use proptest::prelude::{ProptestConfig, any};
use proptest::test_runner::TestRunner;
use transfer::{Manifest, ManifestFile, TransferError};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::export::entries;
use crate::fixtures::{Home, assert_whole, contents, picture};

/// Writes an archive anew with some files changed or (on `false`) left out, and a manifest that fits what is there;
/// files left out stay in it.
pub fn rewrite(from: &Path, to: &Path, mut change: impl FnMut(&str, &mut Vec<u8>) -> bool) -> PathBuf {
    let mut files = entries(from);
    let mut manifest: Manifest = serde_json::from_slice(&files.pop().unwrap().1).unwrap();
    let mut zip = ZipWriter::new(File::create(to).unwrap());
    manifest.files.clear();
    for (name, mut bytes) in files {
        let kept = change(&name, &mut bytes);
        let sha256 = hex::encode(crypto::sha256(&bytes));
        manifest.files.push(ManifestFile { path: name.clone(), bytes: bytes.len() as u64, sha256 });
        if kept {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(&bytes).unwrap();
        }
    }
    let mut text = serde_json::to_vec(&manifest).unwrap();
    if change("manifest.json", &mut text) {
        zip.start_file("manifest.json", SimpleFileOptions::default()).unwrap();
        zip.write_all(&text).unwrap();
    }
    zip.finish().unwrap();
    to.to_path_buf()
}

/// Neither way of reading takes it; the vault stays empty and whole.
fn refusal(home: &Home, path: &Path) -> TransferError {
    let vault = home.vault(&format!("empty-{}", names_made(home)));
    let restored = transfer::restore(&vault, path, &home.clock, &mut |_| true);
    assert!(contents(&vault).is_empty());
    assert_whole(&vault);
    let verified = transfer::verify(path, &mut |_| true).unwrap_err();
    let restored = restored.unwrap_err();
    assert_eq!(restored.to_string(), verified.to_string());
    restored
}

fn names_made(home: &Home) -> usize {
    fs::read_dir(home.dir.path()).unwrap().count()
}

fn archive(home: &Home) -> PathBuf {
    home.export(&home.filled_vault(4), "out.zip")
}

/// Adds entries to a whole archive.
fn with_more(home: &Home, add: impl FnOnce(&mut ZipWriter<Cursor<Vec<u8>>>)) -> PathBuf {
    let bytes = fs::read(archive(home)).unwrap();
    let mut zip = ZipWriter::new_append(Cursor::new(bytes)).unwrap();
    add(&mut zip);
    home.write("more.zip", &zip.finish().unwrap().into_inner())
}

#[test]
fn names_that_lead_outside_are_refused() {
    for name in ["../evil.png", "/etc/evil", "images/../../evil", "C:\\evil", "a\\..\\b", "nul", "images//x"]
    {
        let home = Home::new();
        let path = with_more(&home, |zip| {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(b"evil").unwrap();
        });
        assert!(matches!(refusal(&home, &path), TransferError::Unsafe), "{name}");
    }
}

#[test]
fn links_and_devices_are_refused() {
    let home = Home::new();
    let path = with_more(&home, |zip| {
        zip.add_symlink("images/link.png", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    });
    assert!(matches!(refusal(&home, &path), TransferError::Unsafe));
    // The mode of the last entry becomes that of a device.
    let home = Home::new();
    let mut bytes = fs::read(archive(&home)).unwrap();
    let entry = find_last(&bytes, b"PK\x01\x02");
    bytes[entry + 38..entry + 42].copy_from_slice(&(0o020_600_u32 << 16).to_le_bytes());
    let path = home.write("device.zip", &bytes);
    assert!(matches!(refusal(&home, &path), TransferError::Unsafe));
}

fn find_last(bytes: &[u8], needle: &[u8]) -> usize {
    bytes.windows(needle.len()).rposition(|window| window == needle).unwrap()
}

fn find_all(bytes: &[u8], needle: &[u8]) -> Vec<usize> {
    bytes.windows(needle.len()).enumerate().filter(|(_, w)| *w == needle).map(|(n, _)| n).collect()
}

#[test]
fn the_same_name_twice_is_refused() {
    let home = Home::new();
    let path = with_more(&home, |zip| {
        for name in ["twin-1.txt", "twin-2.txt"] {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(name.as_bytes()).unwrap();
        }
    });
    let mut bytes = fs::read(path).unwrap();
    for place in find_all(&bytes, b"twin-2") {
        bytes[place + 5] = b'1';
    }
    let path = home.write("twins.zip", &bytes);
    assert!(matches!(refusal(&home, &path), TransferError::Unsafe));
}

#[test]
fn entries_that_overlap_are_refused() {
    let home = Home::new();
    let mut bytes = fs::read(archive(&home)).unwrap();
    let entries = find_all(&bytes, b"PK\x01\x02");
    // The second entry of the directory points to the first one's bytes.
    let first: [u8; 4] = bytes[entries[0] + 42..entries[0] + 46].try_into().unwrap();
    bytes[entries[1] + 42..entries[1] + 46].copy_from_slice(&first);
    let path = home.write("overlap.zip", &bytes);
    assert!(matches!(refusal(&home, &path), TransferError::Unsafe));
}

#[test]
fn a_length_that_no_disk_has_is_refused() {
    let home = Home::new();
    let mut bytes = fs::read(archive(&home)).unwrap();
    let texts = find_all(&bytes, b"PK\x01\x02");
    let manifest = texts[texts.len() - 1];
    bytes[manifest + 24..manifest + 28].copy_from_slice(&0xf000_0000_u32.to_le_bytes());
    let path = home.write("bomb.zip", &bytes);
    assert!(matches!(refusal(&home, &path), TransferError::Unsafe));
}

#[test]
fn a_picture_that_inflates_beyond_its_length_is_not_taken() {
    let home = Home::new();
    let path = archive(&home);
    let zeros = vec![0_u8; 64 << 20];
    let files = entries(&path);
    let mut zip = ZipWriter::new(File::create(home.path("bomb.zip")).unwrap());
    let mut first = true;
    for (name, bytes) in files {
        zip.start_file(&name, SimpleFileOptions::default()).unwrap();
        let bomb = name.starts_with("images/") && std::mem::take(&mut first);
        zip.write_all(if bomb { &zeros } else { &bytes }).unwrap();
    }
    zip.finish().unwrap();
    let vault = home.vault("other");
    let report = transfer::restore(&vault, &home.path("bomb.zip"), &home.clock, &mut |_| true).unwrap();
    assert_eq!((report.added.len(), report.damaged), (3, 1));
    assert_eq!(transfer::verify(&home.path("bomb.zip"), &mut |_| true).unwrap().changed.len(), 1);
    assert_whole(&vault);
}

#[test]
fn an_archive_cut_anywhere_is_refused() {
    let home = Home::new();
    let bytes = fs::read(archive(&home)).unwrap();
    let vault = home.vault("empty");
    let step = (bytes.len() / 60).max(1);
    let near_the_end = bytes.len().saturating_sub(40)..bytes.len();
    for length in (0..bytes.len()).step_by(step).chain(near_the_end) {
        let path = home.write("cut.zip", &bytes[..length]);
        assert!(transfer::verify(&path, &mut |_| true).is_err(), "cut at {length}");
        assert!(transfer::restore(&vault, &path, &home.clock, &mut |_| true).is_err(), "cut at {length}");
    }
    assert!(contents(&vault).is_empty());
}

#[test]
fn any_flipped_byte_of_the_content_is_found_and_nothing_wrong_is_taken() {
    let home = Home::new();
    let bytes = fs::read(archive(&home)).unwrap();
    let good: Vec<Vec<u8>> = (0..4).map(picture).collect();
    let vault = home.vault("other");
    let directory = find_all(&bytes, b"PK\x01\x02")[0];
    for place in (0..bytes.len()).step_by(97) {
        let mut changed = bytes.clone();
        changed[place] ^= 0x10;
        let path = home.write("flipped.zip", &changed);
        let verified = transfer::verify(&path, &mut |_| true);
        // A few bytes of a zip's headers say nothing (times, versions); content always counts.
        let noticed = verified.as_ref().map_or(true, |report| !report.is_whole());
        let silent = is_header(&bytes, place) || place >= directory;
        assert!(noticed || silent, "flipped at {place}");
        let _ = transfer::restore(&vault, &path, &home.clock, &mut |_| true);
    }
    let taken = contents(&vault);
    assert!(!taken.is_empty() && taken.iter().all(|(_, _, original, _)| good.contains(original)));
    assert_whole(&vault);
}

fn is_header(bytes: &[u8], place: usize) -> bool {
    find_all(bytes, b"PK\x03\x04").into_iter().any(|start| (start..start + 130).contains(&place))
}

#[test]
fn what_the_manifest_does_not_have_is_told_and_left_alone() {
    let home = Home::new();
    let path = with_more(&home, |zip| {
        zip.add_directory("images/", SimpleFileOptions::default()).unwrap();
        zip.start_file("images/extra.png", SimpleFileOptions::default()).unwrap();
        zip.write_all(&picture(50)).unwrap();
    });
    let report = transfer::verify(&path, &mut |_| true).unwrap();
    assert_eq!(report.extra, ["images/extra.png"]);
    assert!(!report.is_whole());
    let vault = home.vault("other");
    transfer::restore(&vault, &path, &home.clock, &mut |_| true).unwrap();
    assert_eq!(contents(&vault).len(), 4);
}

#[test]
fn an_archive_without_its_manifest_rows_or_age_is_refused() {
    let drop_file = |which: &'static str| move |name: &str, _: &mut Vec<u8>| name != which;
    let home = Home::new();
    let path = archive(&home);
    let cut = rewrite(&path, &home.path("a.zip"), drop_file("manifest.json"));
    assert!(matches!(refusal(&home, &cut), TransferError::NotOurs));
    let newer = rewrite(&path, &home.path("b.zip"), |name, bytes| {
        if name == "manifest.json" {
            *bytes = String::from_utf8(bytes.clone())
                .unwrap()
                .replace("\"version\":1", "\"version\":2")
                .into_bytes();
        }
        true
    });
    assert!(matches!(refusal(&home, &newer), TransferError::Newer));
    let partial = rewrite(&path, &home.path("c.zip"), |name, bytes| {
        if name == "manifest.json" {
            *bytes = String::from_utf8(bytes.clone())
                .unwrap()
                .replace("\"complete\":true", "\"complete\":false")
                .into_bytes();
        }
        true
    });
    assert!(matches!(refusal(&home, &partial), TransferError::ArchiveDamaged));
    let rowless = rewrite(&path, &home.path("d.zip"), drop_file("items.jsonl"));
    let vault = home.vault("other");
    let restored = transfer::restore(&vault, &rowless, &home.clock, &mut |_| true);
    assert!(matches!(restored, Err(TransferError::ArchiveDamaged)));
    assert_eq!(transfer::verify(&rowless, &mut |_| true).unwrap().missing, ["items.jsonl"]);
    assert!(matches!(refusal(&home, &home.write("e.zip", b"")), TransferError::ArchiveDamaged));
    assert!(matches!(refusal(&home, &home.write("f.zip", &picture(1))), TransferError::NotOurs));
}

#[test]
fn rows_and_manifest_that_disagree_are_found() {
    let home = Home::new();
    let path = archive(&home);
    let short = rewrite(&path, &home.path("short.zip"), |name, bytes| {
        if name == "items.jsonl" {
            let end = bytes.iter().position(|byte| *byte == b'\n').unwrap();
            bytes.truncate(end + 1);
        }
        true
    });
    assert_eq!(transfer::verify(&short, &mut |_| true).unwrap().changed, ["items.jsonl"]);
    let swapped = rewrite(&path, &home.path("swapped.zip"), |name, bytes| {
        if name.starts_with("images/") {
            *bytes = b"<html><script>not a picture</script>".to_vec();
        }
        true
    });
    assert_eq!(transfer::verify(&swapped, &mut |_| true).unwrap().changed, ["items.jsonl"]);
    let vault = home.vault("other");
    let report = transfer::restore(&vault, &swapped, &home.clock, &mut |_| true).unwrap();
    assert_eq!((report.added.len(), report.damaged), (0, 4));
}

#[test]
fn something_before_the_zip_is_refused() {
    let home = Home::new();
    let mut bytes = b"#!/bin/sh\necho both\nexit\n".to_vec();
    bytes.extend(fs::read(archive(&home)).unwrap());
    let path = home.write("both.zip", &bytes);
    refusal(&home, &path);
}

#[test]
fn whatever_is_written_over_an_archive_the_vault_stays_whole() {
    let home = Home::new();
    let good = fs::read(archive(&home)).unwrap();
    let vault = home.vault("other");
    let changes = proptest::collection::vec((0.0..1.0_f64, any::<u8>()), 1..12);
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) };
    TestRunner::new(config)
        .run(&(changes, any::<bool>()), |(changes, tail)| {
            let mut bytes = good.clone();
            let from = if tail { bytes.len() * 3 / 4 } else { 0 };
            for (place, byte) in changes {
                let place = from + ((bytes.len() - from) as f64 * place) as usize;
                bytes[place] = byte;
            }
            let path = home.write("changed.zip", &bytes);
            let _ = transfer::verify(&path, &mut |_| true);
            let _ = transfer::restore(&vault, &path, &home.clock, &mut |_| true);
            Ok(())
        })
        .unwrap();
    let originals: Vec<Vec<u8>> = (0..4).map(picture).collect();
    assert!(contents(&vault).iter().all(|(_, _, original, _)| originals.contains(original)));
    assert_whole(&vault);
}
