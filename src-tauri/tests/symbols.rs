//! What the program shows to the libraries in its process.

use std::process::Command;

#[test]
fn the_cipher_database_is_not_exported_to_webkit() {
    let listing = Command::new("nm").args(["-D", "--defined-only", crate::SHIPPED]).output().unwrap();
    assert!(listing.status.success());
    let names = String::from_utf8(listing.stdout).unwrap();
    assert!(!names.contains("sqlite3"), "WebKitGTK would bind to the program's own SQLite");
    // Not because there is none: the code is inside.
    let inside = std::fs::read(crate::SHIPPED).unwrap();
    assert!(inside.windows(b"cipher_version".len()).any(|window| window == b"cipher_version"));
}
