//! Prepares the window's build: which commands exist, which capabilities, and a page to embed.

use std::fs;
use std::path::Path;

/// Shown by a build without the built UI; `cargo xtask run` builds the UI first.
const PLACEHOLDER: &str = "<!doctype html><meta charset=\"utf-8\"><title>Z-Image</title><p>The interface is not built. \
    Run <code>npm run build</code> in <code>ui</code>, or <code>cargo xtask run</code>.</p>\n";

fn main() {
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=ui/dist");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        // Without this the program exports SQLCipher's `sqlite3_*`, and WebKitGTK in the same process takes them for
        // its own SQLite.
        println!("cargo:rustc-link-arg=-Wl,--exclude-libs,ALL");
    }
    embed_something();
    let commands =
        tauri_build::AppManifest::new().commands(&["call", "entry_asked", "entry_answer", "entry_cancel"]);
    let attributes = tauri_build::Attributes::new()
        .app_manifest(commands)
        .capabilities_path_pattern("./src-tauri/capabilities/**/*");
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo:warning={error:#}");
        std::process::exit(1);
    }
}

/// `cargo check` of a fresh clone has no built UI, and embedding wants a folder.
fn embed_something() {
    let page = Path::new("ui/dist/index.html");
    if page.exists() {
        return;
    }
    let made = fs::create_dir_all("ui/dist").and_then(|()| fs::write(page, PLACEHOLDER));
    if let Err(error) = made {
        println!("cargo:warning=no page to embed: {error}");
    }
}
