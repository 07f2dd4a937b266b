//! What an import would do.

use std::collections::{HashMap, HashSet};
use std::io::Read;
use std::path::PathBuf;

use crypto::Sha256Hasher;
use model::Sha256;
use vault::Vault;

use super::open;
use super::scan::{self, Candidate, reason};
use crate::belt::{self, Piece};
use crate::error::{Refusal, TransferError};
use crate::progress::{Progress, Watch};

/// What an import would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportPlan {
    /// Files that look like pictures.
    pub files: usize,
    /// Those that are new, as far as can be told without decoding.
    pub new: usize,
    /// Those whose bytes are in the vault or stand here twice.
    pub duplicates: usize,
    /// Duplicates of items that lie in the trash: the import takes these out.
    pub restored: usize,
    /// Those that can't be taken: empty or not readable.
    pub refused: usize,
    /// Files of other kinds, left alone.
    pub skipped: usize,
    /// Bytes of the new ones.
    pub bytes: u64,
}

/// Looks through files and folders without decoding anything.
///
/// # Errors
/// [`TransferError::Cancelled`] or when the vault can't be read.
pub fn plan(vault: &Vault, paths: &[PathBuf], watch: &mut Watch<'_>) -> Result<ImportPlan, TransferError> {
    let found = scan::scan(paths, &mut |n| watch(Progress { done: 0, total: n, bytes: 0 }))?;
    let candidates = &found.candidates;
    let mut plan =
        ImportPlan { files: candidates.len(), skipped: found.others.len(), ..ImportPlan::default() };
    let mut progress = Progress { total: plan.files, ..Progress::default() };
    // Only files of the same length can be the same: the others need no digest.
    let mut lengths: HashMap<u64, usize> = HashMap::new();
    for candidate in candidates {
        *lengths.entry(candidate.bytes).or_default() += 1;
    }
    let known = vault.lengths()?;
    let twin =
        |bytes: &u64| known.contains(bytes) || lengths.get(bytes).is_some_and(|candidates| *candidates > 1);
    let source = candidates.iter().map(|input| Piece { input, weight: 0 });
    let look = |candidate: &Candidate| inspect(candidate, twin(&candidate.bytes));
    let mut seen = HashSet::new();
    belt::run(source, look, |result| {
        let bytes = candidates.get(progress.done).map_or(0, |candidate| candidate.bytes);
        match result {
            Err(_) => plan.refused += 1,
            Ok(digest) => match place(vault, digest, &mut seen)? {
                Place::New => {
                    plan.new += 1;
                    plan.bytes += bytes;
                }
                Place::Here => plan.duplicates += 1,
                Place::Trash => plan.restored += 1,
            },
        }
        progress.done += 1;
        progress.bytes += bytes;
        if watch(progress) { Ok(true) } else { Err(TransferError::Cancelled) }
    })?;
    Ok(plan)
}

/// Where the bytes of a file are by now.
enum Place {
    New,
    Here,
    Trash,
}

fn place(vault: &Vault, digest: Option<Sha256>, seen: &mut HashSet<Sha256>) -> Result<Place, TransferError> {
    let Some(digest) = digest else { return Ok(Place::New) };
    if !seen.insert(digest) {
        return Ok(Place::Here);
    }
    let Some(id) = vault.find_digest(&digest)? else { return Ok(Place::New) };
    let trashed = vault.item(&id)?.item.discarded_at.is_some();
    Ok(if trashed { Place::Trash } else { Place::Here })
}

fn inspect(candidate: &Candidate, digest: bool) -> Result<Option<Sha256>, Refusal> {
    let (start, mut file) = open(candidate)?;
    if !digest {
        return Ok(None);
    }
    let mut hasher = Sha256Hasher::new();
    hasher.update(&start);
    let mut buffer = vec![0_u8; 1 << 18];
    loop {
        let n = file.read(&mut buffer).map_err(|e| reason(&e))?;
        if n == 0 {
            return Ok(Some(Sha256(hasher.finish())));
        }
        hasher.update(buffer.get(..n).unwrap_or_default());
    }
}
