//! Any bytes as an exported archive and as a backup: index, manifest, entries.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

thread_local! {
    static PLACE: TempDir = place();
}

/// In memory where the system has such a place: files that are written again and again.
fn place() -> TempDir {
    let memory = Path::new("/dev/shm");
    let builder = &mut tempfile::Builder::new();
    let builder = builder.prefix("zimage-probe-");
    if memory.is_dir() { builder.tempdir_in(memory).unwrap() } else { builder.tempdir().unwrap() }
}

/// Calls `work` with a file of these bytes.
pub(crate) fn with_file<T>(bytes: &[u8], work: impl FnOnce(&Path) -> T) -> T {
    let file: PathBuf = PLACE.with(|place| place.path().join("probe.zip"));
    fs::write(&file, bytes).unwrap();
    work(&file)
}

/// Any bytes as an exported archive and as a backup.
pub fn archive(bytes: &[u8]) {
    with_file(bytes, |file| {
        let _ = transfer::verify(file, &mut |_| true);
        let _ = transfer::verify_backup(file, &mut |_| true);
    });
}
