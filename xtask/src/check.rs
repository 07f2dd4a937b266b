//! `cargo xtask check`: formatting, lints, licences, and which room may know which.

use anyhow::{Context, Result, ensure};

use crate::process::{self, cargo, output};
use crate::{deny, house};

/// Who may depend on whom; the table of `docs/ARCHITECTURE.md`.
const ALLOWED: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("memory", &[]),
    ("presence", &[]),
    ("crypto", &["memory", "model"]),
    ("imaging", &["model"]),
    ("keychain", &["model", "crypto"]),
    ("metadata", &["model"]),
    ("account", &["egress", "keychain", "model", "wire"]),
    ("egress", &["model"]),
    ("wire", &["crypto"]),
    ("vault", &["model", "crypto"]),
    ("transfer", &["model", "crypto", "imaging", "metadata", "vault"]),
    (
        "studio",
        &[
            "model", "crypto", "account", "egress", "imaging", "keychain", "metadata", "vault", "transfer",
            "wire",
        ],
    ),
    ("api", &["model", "metadata", "vault", "studio"]),
    ("cli", &["memory", "model", "imaging", "metadata", "vault", "transfer", "studio"]),
    ("devhost", &["model", "crypto", "studio", "api"]),
    ("faults", &[]),
    ("probes", &["model", "crypto", "imaging", "metadata", "vault", "transfer", "testkit"]),
    ("testkit", &["model", "crypto", "vault"]),
    ("z-image-desktop", &["memory", "model", "presence", "studio", "api"]),
    ("server", &["crypto", "model", "wire"]),
    ("xtask", &[]),
];

/// Runs every check.
pub fn run() -> Result<()> {
    without_compiling()?;
    process::run(cargo().args(["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))
}

/// Those that read alone.
pub fn without_compiling() -> Result<()> {
    process::run(cargo().args(["fmt", "--all", "--check"]))?;
    edges()?;
    house::check()?;
    deny::licences()
}

/// Compares the dependencies between our packages with the table.
fn edges() -> Result<()> {
    for (package, allowed) in ALLOWED {
        let depth = ["--depth", "1", "--edges", "normal", "--prefix", "none", "--format", "{p}"];
        let tree = output(cargo().args(["tree", "--package", package]).args(depth))
            .with_context(|| format!("cargo tree failed for {package}"))?;
        for line in tree.lines().skip(1).filter(|line| line.contains("(/") || line.contains(":\\")) {
            let name = line.split_whitespace().next().unwrap_or_default();
            ensure!(allowed.contains(&name), "{package} must not depend on {name}: see docs/ARCHITECTURE.md");
        }
    }
    println!("dependencies between rooms: as in docs/ARCHITECTURE.md");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The third column of a room's row.
    fn row<'a>(page: &'a str, package: &str) -> Option<&'a str> {
        let room = match package {
            "z-image-desktop" => "| root package, `src-tauri` |".to_owned(),
            "server" | "xtask" => format!("| `{package}` |"),
            _ => format!("| `crates/{package}` |"),
        };
        page.lines().find(|line| line.starts_with(&room))?.split('|').nth(3).map(str::trim)
    }

    #[test]
    fn the_table_of_rooms_in_the_documents_says_the_same() {
        let page = std::fs::read_to_string(process::root().join("docs/ARCHITECTURE.md")).unwrap();
        for (package, allowed) in ALLOWED {
            let list = if allowed.is_empty() { "–".to_owned() } else { allowed.join(", ") };
            assert_eq!(row(&page, package), Some(list.as_str()), "{package}");
        }
        let rooms = page.lines().filter(|line| line.starts_with("| `crates/")).count();
        let checked =
            ALLOWED.iter().filter(|(package, _)| !matches!(*package, "server" | "xtask" | "z-image-desktop"));
        assert_eq!(rooms, checked.count());
    }
}
