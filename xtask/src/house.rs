//! Rules of the house that no compiler knows: lengths of files, what the window's code must not use, what must not be
//! committed.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::process::{output, root};

/// No source file is longer.
const MAX_LINES: usize = 600;

/// Ways for imported text to become markup or for the webview to keep something. `@html` is Svelte's raw markup.
const FORBIDDEN_IN_UI: &[&str] = &[
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
    "{@html",
    "eval(",
    "new Function",
    "srcdoc",
    "javascript:",
    "localStorage",
    "sessionStorage",
    "indexedDB",
    "XMLHttpRequest",
    "WebSocket(",
];

/// What only its owner may use, and where the owner lives. Tests and measurements stand outside the house.
const OWNED: &[(&str, &[&str])] = &[
    ("TcpStream::connect", &["crates/devhost/"]),
    ("TcpListener::bind", &["crates/devhost/", "server/"]),
    ("UdpSocket", &[]),
    ("reqwest::", &["crates/egress/", "server/src/images.rs"]),
    ("ureq::", &[]),
    ("SystemTime::now", &["crates/model/src/time.rs"]),
    ("Connection::open", &["crates/vault/", "server/src/store/"]),
    ("SystemRandom::new", &["crates/crypto/"]),
    ("keyring_core::", &["crates/keychain/"]),
    ("ProjectDirs::from", &["crates/studio/src/config.rs"]),
];

/// Checks them all.
pub fn check() -> Result<()> {
    let listed = output(Command::new("git").args(["ls-files", "--cached", "--others", "--exclude-standard"]))
        .context("git can't list the files")?;
    let mut broken = Vec::new();
    for name in listed.lines() {
        let Ok(text) = fs::read_to_string(root().join(name)) else { continue };
        broken.extend(rules(name, &text));
    }
    ensure!(broken.is_empty(), "rules of the house are broken:\n  {}", broken.join("\n  "));
    println!("rules of the house: kept");
    Ok(())
}

fn rules(name: &str, text: &str) -> Vec<String> {
    let mut broken = Vec::new();
    let source = [".rs", ".ts", ".svelte", ".css", ".sql"].iter().any(|ending| name.ends_with(ending));
    if source && !name.ends_with("bindings.ts") && text.lines().count() > MAX_LINES {
        broken.push(format!("{name}: longer than {MAX_LINES} lines"));
    }
    if name.starts_with("ui/src/") {
        let found = FORBIDDEN_IN_UI.iter().filter(|word| text.contains(**word));
        broken.extend(found.map(|word| format!("{name}: uses {word}")));
        if lets_spelling_be_checked(text) {
            broken.push(format!("{name}: a field without spellcheck=\"false\""));
        }
    }
    let outside = ["tests/", "bench/", "xtask/", "fuzz/", "src-tauri/tests/"]
        .iter()
        .any(|place| name.starts_with(place))
        || name.contains("/tests/");
    if name.ends_with(".rs") && !outside {
        let strays = OWNED.iter().filter(|(_, owners)| !owners.iter().any(|owner| name.starts_with(owner)));
        let found = strays.filter(|(word, _)| text.contains(word));
        broken.extend(found.map(|(word, _)| format!("{name}: uses {word}, which belongs to another room")));
    }
    // Built up here, so that this file does not break its own rule.
    for home in ["root", "work", "home/runner"] {
        let path = format!("/{home}/");
        if source && text.lines().any(|line| line.contains(&format!("\"{path}"))) {
            broken.push(format!("{name}: holds a path of a machine"));
        }
    }
    broken
}

/// Whether a text field lets the system's spell checker read what is typed: prompts and names would leave the window.
fn lets_spelling_be_checked(text: &str) -> bool {
    let mut fields = text.match_indices("<input").chain(text.match_indices("<textarea"));
    fields.any(|(at, _)| {
        let rest = &text[at..];
        let end = rest.find("/>").into_iter().chain(rest.find("</textarea")).min();
        let field = &rest[..end.unwrap_or(rest.len())];
        let without_words = ["checkbox", "radio", "range"];
        let typed = !without_words.iter().any(|kind| field.contains(&format!("type=\"{kind}\"")));
        typed && !field.contains("spellcheck=\"false\"")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_for_words_turns_the_spell_checker_off() {
        assert!(lets_spelling_be_checked("<input type=\"text\" />\n<input spellcheck=\"false\" />"));
        assert!(lets_spelling_be_checked("<textarea bind:value></textarea>"));
        assert!(!lets_spelling_be_checked(
            "<input type=\"text\"\n spellcheck=\"false\" /><input type=\"radio\" />"
        ));
    }
}
