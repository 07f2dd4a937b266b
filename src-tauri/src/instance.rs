//! One window for one vault: a second start shows the first window and ends.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use tauri::{Context, Runtime};

use crate::arguments::Arguments;

/// Gives a program that was sent to other folders another name on the system, so that it is not taken for a second
/// start of the usual one.
pub(crate) fn name_after<R: Runtime>(context: &mut Context<R>, arguments: &Arguments) {
    let folders = [&arguments.vault, &arguments.data].map(|folder| folder.as_deref().map(whole));
    if folders.iter().all(Option::is_none) {
        return;
    }
    // Both programs are this one, so the hash need not be the same for ever.
    let mut hasher = DefaultHasher::new();
    folders.hash(&mut hasher);
    context.config_mut().identifier.push_str(&format!(".at{:016x}", hasher.finish()));
}

fn whole(folder: &Path) -> PathBuf {
    folder.canonicalize().or_else(|_| std::path::absolute(folder)).unwrap_or_else(|_| folder.to_path_buf())
}
