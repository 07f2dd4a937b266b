//! Folders where known generators leave their pictures, found in the person's home.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::offers::OfferId;
use crate::{Failure, Studio};

/// A folder with pictures that could be imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Suggestion {
    /// The folder as an offer.
    pub offer: OfferId,
    /// The program whose folder it is.
    pub program: String,
    /// The folder as a person writes it, from the home folder on.
    pub folder: String,
    /// Pictures inside.
    pub count: usize,
    /// There are more than were counted.
    pub more: bool,
}

/// Where programs keep their pictures by default, below the home folder.
const USUAL: &[(&str, &str)] = &[
    ("ComfyUI", "ComfyUI/output"),
    ("ComfyUI", "Documents/ComfyUI/output"),
    ("ComfyUI", "ComfyUI_windows_portable/ComfyUI/output"),
    ("Stable Diffusion WebUI", "stable-diffusion-webui/outputs"),
    ("Forge", "stable-diffusion-webui-forge/outputs"),
    ("reForge", "stable-diffusion-webui-reForge/outputs"),
    ("SD.Next", "sdnext/outputs"),
    ("SD.Next", "automatic/outputs"),
    ("Fooocus", "Fooocus/outputs"),
    ("RuinedFooocus", "RuinedFooocus/outputs"),
    ("InvokeAI", "invokeai/outputs/images"),
    ("InvokeAI", "InvokeAI/outputs/images"),
    ("SwarmUI", "SwarmUI/Output"),
    ("Stability Matrix", "StabilityMatrix/Images"),
    ("Stability Matrix", "Documents/StabilityMatrix/Images"),
    ("Easy Diffusion", "Stable Diffusion UI"),
    ("Draw Things", "Pictures/Draw Things"),
];

/// Counting stops here: the plan counts exactly.
const ENOUGH: usize = 100_000;
const MAX_DEPTH: usize = 8;

impl Studio {
    /// Looks for the usual folders of known generators.
    ///
    /// # Errors
    /// When the vault is locked.
    pub fn suggestions(&self) -> Result<Vec<Suggestion>, Failure> {
        self.vault()?;
        let Some(home) = &self.inner.config.home else { return Ok(Vec::new()) };
        let mut seen: Vec<PathBuf> = Vec::new();
        let mut found = Vec::new();
        for (program, below) in USUAL {
            let Ok(path) = home.join(below).canonicalize() else { continue };
            if seen.contains(&path) {
                continue;
            }
            let count = count(&path, 0, ENOUGH);
            seen.push(path.clone());
            let Some(offer) = self.inner.offers.add(vec![path]).filter(|_| count > 0) else { continue };
            found.push(Suggestion {
                offer: offer.id,
                program: (*program).to_owned(),
                folder: format!("~/{below}"),
                count,
                more: count >= ENOUGH,
            });
        }
        Ok(found)
    }
}

fn count(folder: &Path, depth: usize, room: usize) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let mut found = 0;
    for entry in entries.flatten() {
        if found >= room {
            break;
        }
        // The entry's own kind: a link is not followed, so that none leads in circles.
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth < MAX_DEPTH => {
                found += count(&entry.path(), depth + 1, room - found);
            }
            Ok(kind) if kind.is_file() && transfer::looks_like_picture(&entry.path()) => found += 1,
            _ => {}
        }
    }
    found
}
