//! Any bytes as an exported archive and as a backup: index, manifest, entries.
#![no_main]

use std::sync::LazyLock;

/// In memory where the system has such a place: one file, written again and again.
static FILE: LazyLock<std::path::PathBuf> = LazyLock::new(|| {
    let memory = std::path::Path::new("/dev/shm");
    let folder = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
    folder.join(format!("zimage-fuzz-{}.zip", std::process::id()))
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    std::fs::write(&*FILE, bytes).expect("there is room for the file");
    let _ = transfer::verify(&FILE, &mut |_| true);
    let _ = transfer::verify_backup(&FILE, &mut |_| true);
});
