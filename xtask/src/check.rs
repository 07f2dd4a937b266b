//! `cargo xtask check`: formatting, lints, licences, and which room may know which.

use anyhow::{Context, Result, ensure};

use crate::process::{self, cargo, output};
use crate::{deny, house};

/// Who may depend on whom; the table of `docs/ARCHITECTURE.md`.
const ALLOWED: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("crypto", &["model"]),
    ("imaging", &["model"]),
    ("keychain", &["model", "crypto"]),
    ("metadata", &["model"]),
    ("vault", &["model", "crypto"]),
    ("transfer", &["model", "crypto", "metadata", "imaging", "vault"]),
    ("studio", &["model", "crypto", "keychain", "metadata", "imaging", "vault", "transfer"]),
    ("api", &["model", "metadata", "vault", "studio"]),
    ("cli", &["model", "crypto", "metadata", "imaging", "vault", "transfer", "studio"]),
    ("devhost", &["model", "crypto", "studio", "api"]),
    ("z-image-desktop", &["model", "crypto", "studio", "api"]),
    ("xtask", &[]),
];

/// Runs every check.
pub fn run() -> Result<()> {
    process::run(cargo().args(["fmt", "--all", "--check"]))?;
    edges()?;
    house::check()?;
    deny::licences()?;
    process::run(cargo().args(["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))
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
