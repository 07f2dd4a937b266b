//! Backups on real files: made while others write, verified, restored, and everything that must be refused.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use transfer::{BackupReport, Existing, TransferError, Unpacked, backup, restore_backup, verify_backup};
use vault::{Folder, Vault, VaultError};

use crate::fixtures::{Home, assert_whole, contents, ids, names, picture, secret, stop_at};

fn make(home: &Home, vault: &Vault, name: &str) -> Result<BackupReport, TransferError> {
    backup(vault, &home.path(name), Existing::Refuse, &home.clock, &mut |_| true)
}

fn restore(home: &Home, name: &str, into: &str) -> Result<Unpacked, TransferError> {
    restore_backup(&home.path(name), &home.path(into), &mut |_| true)
}

fn open(path: &Path) -> Vault {
    Vault::open(&Folder::new(path), &secret()).unwrap()
}

/// A backup of a small vault.
fn made() -> (Home, PathBuf) {
    let home = Home::new();
    let vault = home.filled_vault(6);
    make(&home, &vault, "backup").unwrap();
    let path = home.path("backup");
    (home, path)
}

#[test]
fn a_restored_vault_is_equal_to_the_one_that_was_backed_up() {
    let home = Home::new();
    let vault = home.filled_vault(150);
    let report = make(&home, &vault, "backup").unwrap();
    assert_eq!((report.items, report.incomplete), (150, 0));
    assert_eq!(report.bytes, fs::metadata(home.path("backup")).unwrap().len());
    assert_eq!(names(home.dir.path()), ["backup", "in", "vault"]);
    let known = verify_backup(&home.path("backup"), &mut |_| true).unwrap();
    assert_eq!((known.items, known.vault), (150, vault.id()));
    let restored = restore(&home, "backup", "again/second").unwrap();
    assert_eq!((restored.folder.clone(), &restored.backup), (home.path("again/second"), &known));
    // Both are open at the same time: the lock came not with the backup.
    let second = open(&restored.folder);
    assert!(contents(&second) == contents(&vault));
    assert_whole(&second);
    assert_eq!(names(&home.path("again")), ["second"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&restored.folder), 0o700);
        for name in names(&restored.folder) {
            assert_eq!(mode(&restored.folder.join(&name)), 0o600, "{name}");
        }
        assert_eq!(mode(&home.path("backup")), 0o600);
    }
}

#[test]
fn nothing_readable_is_in_a_backup() {
    let (_home, path) = made();
    let bytes = fs::read(path).unwrap();
    for marker in ["lantern-3", "灯籠", "題名", "海.png", "Euler a"] {
        let found = bytes.windows(marker.len()).any(|window| window == marker.as_bytes());
        assert!(!found, "{marker}");
    }
}

#[test]
fn items_of_a_backup_are_whole_although_they_are_erased_and_others_come_while_it_is_made() {
    let home = Home::new();
    let vault = home.filled_vault(120);
    for n in 500..520 {
        home.write(&format!("more/{n}.png"), &picture(n));
    }
    let all = ids(&vault);
    let before = contents(&vault);
    let mut calls = 0;
    let report = backup(&vault, &home.path("backup"), Existing::Refuse, &home.clock, &mut |progress| {
        calls += 1;
        assert!(progress.done <= progress.total);
        // The second question comes when the catalogue is in the backup.
        if progress.total == 120 && progress.done < 100 && vault.page(0, 1000).unwrap().len() == 120 {
            vault.erase(&all[..60]).unwrap();
            home.import(&vault, &[home.path("more")]);
            assert!(vault.renew_catalogue(&mut |_| true).unwrap());
        }
        true
    });
    assert_eq!(report.unwrap().items, 120);
    assert!(calls > 3);
    assert_eq!(ids(&vault).len(), 80, "the vault was changed meanwhile");
    let restored = restore(&home, "backup", "second").unwrap();
    let second = open(&restored.folder);
    assert!(contents(&second) == before);
    assert_whole(&second);
    assert_whole(&vault);
}

#[test]
fn what_a_killed_backup_left_is_swept_by_the_next_and_what_another_is_making_is_not() {
    let home = Home::new();
    let vault = home.filled_vault(6);
    for rest in ["killed.zip.part", "killed.zip.part-catalogue", "killed.zip.part-catalogue-wal"] {
        fs::write(home.path(rest), "of a program that was killed").unwrap();
    }
    for other in ["other.zip.part", "other.zip.part-catalogue", ".part-catalogue"] {
        fs::write(home.path(other), "of somebody else").unwrap();
    }
    let held = fs::File::open(home.path("other.zip.part")).unwrap();
    held.lock().unwrap();
    make(&home, &vault, "backup").unwrap();
    let left =
        [".part-catalogue", "backup", "in", "killed.zip.part", "other.zip.part", "other.zip.part-catalogue"];
    assert_eq!(names(home.dir.path()), [&left[..], &["vault"]].concat());
}

#[test]
fn a_backup_that_is_stopped_leaves_nothing_wherever_it_is() {
    let home = Home::new();
    let vault = home.filled_vault(80);
    let mut stopped = 0;
    for n in 0..40 {
        let mut watch = stop_at(n);
        match backup(&vault, &home.path("backup"), Existing::Refuse, &home.clock, &mut watch) {
            Err(TransferError::Cancelled) => stopped += 1,
            Ok(_) => fs::remove_file(home.path("backup")).unwrap(),
            Err(error) => panic!("{error}"),
        }
        assert_eq!(names(home.dir.path()), ["in", "vault"], "stopped at {n}");
    }
    assert!(stopped >= 5, "{stopped}");
    assert_whole(&vault);
}

#[test]
fn a_restore_that_is_stopped_leaves_nothing_wherever_it_is() {
    let (home, path) = made();
    let before = names(home.dir.path());
    let mut stopped = 0;
    for n in 0..20 {
        match restore_backup(&path, &home.path("second"), &mut stop_at(n)) {
            Err(TransferError::Cancelled) => stopped += 1,
            Ok(_) => fs::remove_dir_all(home.path("second")).unwrap(),
            Err(error) => panic!("{error}"),
        }
        assert_eq!(names(home.dir.path()), before, "stopped at {n}");
    }
    assert!(stopped >= 3, "{stopped}");
}

#[test]
fn nothing_is_written_over_a_vault_a_folder_or_a_file() {
    let (home, path) = made();
    let kept = names(&home.path("vault"));
    fs::create_dir(home.path("empty")).unwrap();
    for place in ["vault", "in", "empty", "backup"] {
        assert!(matches!(restore(&home, "backup", place), Err(TransferError::Exists)), "{place}");
    }
    assert_eq!(names(&home.path("vault")), kept);
    let vault = open(&home.path("vault"));
    assert!(matches!(make(&home, &vault, "backup"), Err(TransferError::Exists)));
    assert!(matches!(make(&home, &vault, "vault/backup"), Err(TransferError::InsideVault)));
    let replaced = backup(&vault, &path, Existing::Replace, &home.clock, &mut |_| true).unwrap();
    assert_eq!(replaced.items, 6);
}

#[test]
fn a_backup_that_is_cut_or_has_one_byte_flipped_is_refused_and_nothing_is_left() {
    let (home, path) = made();
    let good = fs::read(&path).unwrap();
    let before = names(home.dir.path());
    let refuse = |bytes: &[u8], what: String| {
        fs::write(&path, bytes).unwrap();
        for result in
            [verify_backup(&path, &mut |_| true).map(drop), restore(&home, "backup", "second").map(drop)]
        {
            let refused = matches!(
                result,
                Err(TransferError::ArchiveDamaged | TransferError::Unsafe | TransferError::NotOurs)
            );
            assert!(refused, "{what}: {result:?}");
            assert_eq!(names(home.dir.path()), before, "{what}");
        }
    };
    for length in [0, 1, 100, good.len() / 3, good.len() / 2, good.len() - 1] {
        refuse(&good[..length], format!("cut at {length}"));
    }
    let mut spared = 0;
    for place in (0..good.len()).step_by(good.len() / 150) {
        let mut bytes = good.clone();
        bytes[place] ^= 0x10;
        fs::write(&path, &bytes).unwrap();
        match restore(&home, "backup", "second") {
            // Dates in the zip's own headers and the note to the person are nothing of the vault.
            Ok(restored) => {
                assert_whole(&open(&restored.folder));
                fs::remove_dir_all(restored.folder).unwrap();
                spared += 1;
            }
            Err(_) => refuse(&bytes, format!("byte {place}")),
        }
    }
    assert!(spared < 30, "{spared}");
}

/// The backup with its manifest changed.
fn rewrite(path: &Path, change: impl Fn(&mut serde_json::Value), with: &[(&str, &[u8])]) {
    let mut archive = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for n in 0..archive.len() {
        let mut entry = archive.by_index(n).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        std::io::copy(&mut entry, &mut bytes).unwrap();
        if name == "manifest.json" {
            let mut manifest = serde_json::from_slice(&bytes).unwrap();
            change(&mut manifest);
            bytes = serde_json::to_vec(&manifest).unwrap();
        }
        out.start_file(name, stored).unwrap();
        out.write_all(&bytes).unwrap();
    }
    for (name, bytes) in with {
        out.start_file(*name, stored).unwrap();
        out.write_all(bytes).unwrap();
    }
    fs::write(path, out.finish().unwrap().into_inner()).unwrap();
}

#[test]
fn what_is_no_backup_or_one_of_a_newer_version_is_refused_by_name() {
    let (home, path) = made();
    let good = fs::read(&path).unwrap();
    let vault = open(&home.path("vault"));
    home.export(&vault, "export.zip");
    fs::write(home.path("picture"), picture(1)).unwrap();
    let refusal = |name: &str| restore(&home, name, "second").unwrap_err();
    assert!(matches!(refusal("export.zip"), TransferError::NotOurs));
    assert!(matches!(refusal("picture"), TransferError::NotOurs));
    assert!(matches!(refusal("nothing there"), TransferError::Io(std::io::ErrorKind::NotFound)));
    let archive = transfer::verify(&path, &mut |_| true);
    assert!(matches!(archive, Err(TransferError::NotOurs)), "a backup is no export either");

    rewrite(&path, |manifest| manifest["version"] = 2.into(), &[]);
    assert!(matches!(refusal("backup"), TransferError::Newer));
    assert!(matches!(verify_backup(&path, &mut |_| true), Err(TransferError::Newer)));
    type Change = fn(&mut serde_json::Value);
    let wrong: [Change; 6] = [
        |manifest| manifest["version"] = 0.into(),
        |manifest| manifest["complete"] = false.into(),
        |manifest| manifest["vault"] = "../../etc".into(),
        |manifest| manifest["vault"] = "00000000-0000-4000-8000-000000000000".into(),
        |manifest| manifest["chunks"] = 1.into(),
        |manifest| {
            let files = manifest["files"].as_array_mut().unwrap();
            files.retain(|file| file["path"] != "catalogue.db");
        },
    ];
    for (n, change) in wrong.into_iter().enumerate() {
        fs::write(&path, &good).unwrap();
        rewrite(&path, change, &[]);
        assert!(matches!(refusal("backup"), TransferError::ArchiveDamaged), "{n}");
    }
    fs::write(&path, &good).unwrap();
    rewrite(&path, |_| {}, &[("images.db", b"x")]);
    assert!(matches!(refusal("backup"), TransferError::ArchiveDamaged));
    fs::write(&path, &good).unwrap();
    rewrite(&path, |_| {}, &[("../evil", b"x")]);
    assert!(matches!(refusal("backup"), TransferError::Unsafe));
    assert!(!home.path("second").exists() && !home.path("second.part").exists());
}

#[test]
fn what_a_killed_restore_left_does_not_stand_in_the_way_and_one_at_work_does() {
    let (home, _) = made();
    let part = home.path("second.part");
    fs::create_dir(&part).unwrap();
    let lock = Folder::new(&part).lock().unwrap();
    assert!(matches!(restore(&home, "backup", "second"), Err(TransferError::Busy)));
    drop(lock);
    fs::write(part.join("images.db"), b"half").unwrap();
    let restored = restore(&home, "backup", "second").unwrap();
    assert_eq!(contents(&open(&restored.folder)).len(), 6);
}

#[test]
fn a_backup_of_a_damaged_vault_is_made_and_says_what_it_lacks() {
    let home = Home::new();
    let vault = home.filled_vault(5);
    drop(vault);
    let container = rusqlite::Connection::open(home.path("vault/images.db")).unwrap();
    container.execute("DELETE FROM chunk WHERE seq = 1", []).unwrap();
    drop(container);
    let vault = open(&home.path("vault"));
    let report = make(&home, &vault, "backup").unwrap();
    assert_eq!((report.items, report.incomplete), (5, 1));
    let restored = restore(&home, "backup", "second").unwrap();
    assert_eq!(restored.backup.incomplete, 1);
    let second = open(&restored.folder);
    let missing = ids(&second).into_iter().filter(|id| {
        matches!(second.original(id), Err(VaultError::DamagedPicture))
            || matches!(second.thumbnail(id), Err(VaultError::DamagedPicture))
    });
    assert_eq!(missing.count(), 1);
}
