//! Destroying a vault: its keys first, so that whatever interrupts the rest, nothing opens any more.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use crate::error::VaultError;
use crate::folder::Folder;

/// What was taken away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Destroyed {
    /// Names of the vault's files that are gone.
    pub removed: Vec<String>,
    /// Names of files in the folder that are still there: not the vault's, or the system refused.
    pub left: Vec<String>,
    /// The folder is gone as well.
    pub folder: bool,
}

/// Whether a file of this name is the vault's: one of its own, or what is beside such a one while it is written. A folder
/// that a person named may hold anything else.
fn is_ours(name: &str) -> bool {
    if let Some(beside) = name.strip_prefix(HEADER) {
        return ["", ".new", ".bak", ".bak.new"].contains(&beside);
    }
    let database = ["-wal", "-shm", "-journal"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    let older = database.strip_prefix("catalogue.v").and_then(|rest| rest.strip_suffix(".db"));
    ["catalogue.db", "catalogue.new", "images.db"].contains(&database)
        || older
            .is_some_and(|version| !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit()))
}

impl Folder {
    /// Overwrites and removes the header and its copy, then the files that they opened, the lock, and the folder when
    /// nothing else is in it. Files that are not the vault's stay.
    ///
    /// # Errors
    /// [`VaultError::NoVault`], [`VaultError::InUse`], or as the system says when the header can't be destroyed: then
    /// the vault may still be whole. What fails later is in the report.
    pub fn destroy(&self) -> Result<Destroyed, VaultError> {
        if !self.has_anything() {
            return Err(VaultError::NoVault);
        }
        let lock = self.lock()?;
        let mut names: Vec<String> = self.names()?;
        names.retain(|name| is_ours(name));
        // The header first, and of the two the copy last: the order in which they are read.
        names.sort_by_key(|name| (!name.starts_with(HEADER), name.clone()));
        let mut report = Destroyed::default();
        for name in names {
            let path = self.root().join(&name);
            if name.starts_with(HEADER) {
                overwrite(&path)?;
                fs::remove_file(&path)?;
            } else if fs::symlink_metadata(&path).is_ok_and(|data| data.is_symlink())
                || fs::remove_file(&path).is_err()
            {
                // What a link points to is not in this folder. Its keys are gone, and it is told.
                continue;
            }
            report.removed.push(name);
        }
        // An open file can't be removed everywhere.
        drop(lock);
        let _ = fs::remove_file(self.root().join(LOCK));
        report.left = self.names().unwrap_or_default();
        report.folder = fs::remove_dir(self.root()).is_ok();
        Ok(report)
    }

    fn names(&self) -> Result<Vec<String>, VaultError> {
        let mut names = Vec::new();
        for entry in fs::read_dir(self.root())? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }
}

const HEADER: &str = "vault.keys";
/// In bytes; ours have some thousand.
const LONGEST_HEADER: u64 = 1 << 20;
const LOCK: &str = "vault.lock";

/// Random bytes in the place of the old ones, as far as the file system writes in place.
fn overwrite(path: &Path) -> Result<(), VaultError> {
    let data = fs::metadata(path);
    if fs::symlink_metadata(path)?.is_symlink() {
        // Behind a link lies what opened the vault so far, or something that has nothing to do with it.
        let is_small = data.as_ref().is_ok_and(|data| data.is_file() && data.len() <= LONGEST_HEADER);
        if !is_small || crypto::Header::parse(&fs::read(path)?).is_err() {
            return Ok(());
        }
    }
    let data = data?;
    if !data.is_file() {
        return Ok(());
    }
    let mut file = OpenOptions::new().write(true).open(path)?;
    let mut left = data.len();
    while left > 0 {
        let noise: [u8; 64] = crypto::random();
        let part = noise.get(..usize::try_from(left.min(64)).unwrap_or(64)).unwrap_or_default();
        file.write_all(part)?;
        left -= part.len() as u64;
    }
    Ok(file.sync_all()?)
}
