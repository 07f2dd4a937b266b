//! Disks that fill up while something is written to them, or that can't be written at all.
//!
//! Each test starts this program again inside a mount of its own or under a limit of file size, so that a really
//! full disk answers.
#![cfg(target_os = "linux")]

use std::path::PathBuf;
use std::process::Command;

use transfer::{Existing, TransferError};
use vault::{Folder, Vault, VaultError};

use crate::fixtures::{Home, assert_whole, contents, create_vault, names, picture, secret};

const PLACE: &str = "ZIMAGE_TEST_SMALL_DISK";

/// Where something is missing that a test can't be made without, that is said; where nothing may be missing, it fails.
fn lacking(what: &str) {
    assert!(std::env::var_os("ZIMAGE_REQUIRE_ALL").is_none(), "{what}");
    eprintln!("skipped: {what}");
}

/// Runs one test of this program with a disk of `kib` KiB mounted at a fresh folder.
fn on_a_disk_of(kib: u32, test: &str) {
    on_a_disk(&format!("size={kib}k"), test);
}

/// Likewise with a disk in memory that has these options of `mount`.
fn on_a_disk(options: &str, test: &str) {
    let place = tempfile::tempdir().unwrap();
    let program = std::env::current_exe().unwrap();
    let mount = format!("mount -t tmpfs -o {options} tmpfs \"$0\"");
    let can = Command::new("unshare").args(["-rm", "sh", "-c", &mount]).arg(place.path()).output();
    if !can.is_ok_and(|output| output.status.success()) {
        return lacking("this system lets nobody mount a small disk");
    }
    let output = Command::new("unshare")
        .args(["-rm", "sh", "-c", &format!("{mount} && exec \"$1\" --exact \"$2\" --nocapture")])
        .args([place.path(), program.as_path(), test.as_ref()])
        .env(PLACE, place.path())
        .output()
        .unwrap();
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

fn place() -> Option<PathBuf> {
    std::env::var_os(PLACE).map(PathBuf::from)
}

#[test]
fn an_export_to_a_full_disk_says_so_and_leaves_nothing() {
    let Some(place) = place() else {
        return on_a_disk_of(256, "full_disk::an_export_to_a_full_disk_says_so_and_leaves_nothing");
    };
    let home = Home::new();
    let vault = home.filled_vault(400);
    let target = place.join("out.zip");
    let everything = transfer::Selection::Everything;
    let result = transfer::export(&vault, &everything, &target, Existing::Refuse, &home.clock, &mut |_| true);
    assert!(matches!(result, Err(TransferError::DiskFull)), "{result:?}");
    assert!(names(&place).is_empty());
    assert_whole(&vault);
}

#[test]
fn a_backup_to_a_full_disk_says_so_and_leaves_nothing() {
    let Some(place) = place() else {
        // Full while the catalogue is copied, while the pictures are written.
        for kib in [128, 1200] {
            on_a_disk_of(kib, "full_disk::a_backup_to_a_full_disk_says_so_and_leaves_nothing");
        }
        return;
    };
    let home = Home::new();
    let vault = home.filled_vault(400);
    let target = place.join("backup");
    let result = transfer::backup(&vault, &target, Existing::Refuse, &home.clock, &mut |_| true);
    let full = matches!(result, Err(TransferError::DiskFull | TransferError::Vault(VaultError::DiskFull)));
    assert!(full, "{result:?}");
    assert!(names(&place).is_empty());
    assert_whole(&vault);
}

#[test]
fn a_restore_to_a_full_disk_says_so_and_leaves_nothing() {
    let Some(place) = place() else {
        return on_a_disk_of(1200, "full_disk::a_restore_to_a_full_disk_says_so_and_leaves_nothing");
    };
    let home = Home::new();
    let vault = home.filled_vault(400);
    transfer::backup(&vault, &home.path("backup"), Existing::Refuse, &home.clock, &mut |_| true).unwrap();
    let result = transfer::restore_backup(&home.path("backup"), &place.join("vault"), &mut |_| true);
    let full = matches!(result, Err(TransferError::DiskFull | TransferError::Vault(VaultError::DiskFull)));
    assert!(full, "{result:?}");
    assert!(names(&place).is_empty());
}

#[test]
fn a_read_only_disk_is_said_to_be_one() {
    let Some(place) = place() else {
        return on_a_disk("ro", "full_disk::a_read_only_disk_is_said_to_be_one");
    };
    let home = Home::new();
    let vault = home.filled_vault(1);
    let (zip, backup) = (place.join("out.zip"), place.join("backup"));
    let everything = transfer::Selection::Everything;
    let exported = transfer::export(&vault, &everything, &zip, Existing::Refuse, &home.clock, &mut |_| true);
    assert!(matches!(exported, Err(TransferError::ReadOnly)), "{exported:?}");
    let backed_up = transfer::backup(&vault, &backup, Existing::Refuse, &home.clock, &mut |_| true);
    assert!(matches!(backed_up, Err(TransferError::ReadOnly)), "{backed_up:?}");
    transfer::backup(&vault, &home.path("backup"), Existing::Refuse, &home.clock, &mut |_| true).unwrap();
    let restored = transfer::restore_backup(&home.path("backup"), &place.join("vault"), &mut |_| true);
    let told = matches!(restored, Err(TransferError::ReadOnly | TransferError::Vault(VaultError::ReadOnly)));
    assert!(told, "{restored:?}");
    assert!(names(&place).is_empty());
    assert_whole(&vault);
}

#[test]
fn an_import_into_a_vault_on_a_full_disk_keeps_what_was_committed() {
    let Some(place) = place() else {
        return on_a_disk_of(
            1600,
            "full_disk::an_import_into_a_vault_on_a_full_disk_keeps_what_was_committed",
        );
    };
    let home = Home::new();
    for n in 0..600 {
        home.write(&format!("in/{n:03}.png"), &picture(n));
    }
    home.write("in/000-empty.png", b"");
    home.write("in/notes.txt", b"no picture");
    let folder = place.join("vault");
    let vault = create_vault(&folder);
    let mut added = 0;
    let result = transfer::import(&vault, &[home.path("in")], &home.clock, &mut |_| true, &mut |ids| {
        added += ids.len()
    });
    let failed = result.unwrap_err();
    assert!(matches!(failed.error, TransferError::Vault(VaultError::DiskFull)), "{failed:?}");
    assert!(added > 0 && contents(&vault).len() == added);
    // Whoever hears of it hears what came in, and what could not for other reasons.
    assert_eq!(failed.report.added.len(), added);
    assert_eq!((failed.report.refused.len(), failed.report.skipped), (1, 1));
    assert_eq!(failed.report.not_reached, 600 - added);
    drop(vault);
    let vault = Vault::open(&Folder::new(&folder), &secret()).unwrap();
    assert_eq!(contents(&vault).len(), added);
    assert_whole(&vault);
}

#[test]
fn a_disk_that_takes_no_large_files_is_told_apart_from_a_full_one() {
    let test = "full_disk::a_disk_that_takes_no_large_files_is_told_apart_from_a_full_one";
    let Some(place) = place() else {
        let place = tempfile::tempdir().unwrap();
        // The signal of the limit is ignored, so that writing gives an error instead.
        let output = Command::new("sh")
            .args(["-c", "trap '' XFSZ; exec \"$0\" --exact \"$1\" --nocapture"])
            .args([std::env::current_exe().unwrap().as_os_str(), test.as_ref()])
            .env(PLACE, place.path())
            .output()
            .unwrap();
        let said =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
        return;
    };
    let home = Home::new();
    let vault = home.filled_vault(400);
    let target = place.join("out.zip");
    let limit =
        Command::new("prlimit").arg("--fsize=200000").arg(format!("--pid={}", std::process::id())).status();
    if !limit.is_ok_and(|status| status.success()) {
        return lacking("this system has no prlimit");
    }
    let everything = transfer::Selection::Everything;
    let result = transfer::export(&vault, &everything, &target, Existing::Refuse, &home.clock, &mut |_| true);
    assert!(matches!(result, Err(TransferError::FileTooLarge)), "{result:?}");
    assert!(names(&place).is_empty());
}
