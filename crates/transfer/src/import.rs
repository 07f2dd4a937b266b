//! Import of files: plan what is there, then take it in, on all cores, in batches.
//!
//! **Invariant:** the result does not depend on the order in which files are found or threads run.

mod collect;
mod plan;
mod report;
mod scan;

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use model::{Clock, Format, ItemId, Sha256, Timestamp};
use vault::Vault;

use crate::belt::{self, Piece};
use crate::error::{Refusal, TransferError};
use crate::picture::{self, Source};
use crate::progress::{Progress, Watch};
use collect::{Collector, Taken};
pub use plan::{ImportPlan, plan};
pub use report::{ImportFailed, ImportReport, Left, LeftWhy, Refused};
pub use scan::looks_like_picture;
use scan::{Candidate, reason};

/// A larger file can't be a picture within the limits of decoding.
const MAX_FILE: u64 = 1 << 30;
/// Bytes that tell what a file is.
const START: u64 = 1024;
/// What a file holds while it is under way besides its own bytes and their sealed copy.
const WORKING_BYTES: u64 = 1 << 20;

/// Opens a file and looks at its first bytes: what is no picture is not read any further.
fn open(candidate: &Candidate) -> Result<(Vec<u8>, File), Refusal> {
    if let Some(refusal) = candidate.refusal {
        return Err(refusal);
    }
    let mut file = File::open(&candidate.path).map_err(|e| reason(&e))?;
    let mut start = Vec::with_capacity(START as usize);
    Read::by_ref(&mut file).take(START).read_to_end(&mut start).map_err(|e| reason(&e))?;
    if start.is_empty() {
        return Err(Refusal::Empty);
    }
    Format::sniff(&start).ok_or(Refusal::Unsupported)?;
    let length = file.metadata().map_err(|e| reason(&e))?.len();
    if length > MAX_FILE { Err(Refusal::TooLarge) } else { Ok((start, file)) }
}

/// Takes files and folders in. Decoding runs on all cores; this thread commits, in the order of the sorted paths.
/// Told to stop, it commits what is ready and says so in the report.
///
/// # Errors
/// When the vault can't be written; what was committed before stays, and is in the report that comes with the error.
pub fn import(
    vault: &Vault,
    paths: &[PathBuf],
    clock: &dyn Clock,
    watch: &mut Watch<'_>,
    added: &mut dyn FnMut(&[ItemId]),
) -> Result<ImportReport, Box<ImportFailed>> {
    let mut collector = Collector::new(vault);
    let found = match scan::scan(paths, &mut |n| watch(Progress { done: 0, total: n, bytes: 0 })) {
        Ok(found) => found,
        Err(TransferError::Cancelled) => {
            collector.report.cancelled = true;
            return Ok(collector.report);
        }
        Err(error) => return Err(error.into()),
    };
    // One time for all, so that their order does not depend on which thread was faster.
    let now = clock.now();
    let mut progress = Progress { total: found.candidates.len(), ..Progress::default() };
    let source = found.candidates.iter().map(|input| {
        let weight = input.bytes.min(MAX_FILE) * 2 + WORKING_BYTES;
        Piece { input, weight }
    });
    let work = |candidate: &'_ Candidate| (candidate.clone(), take(vault, candidate, now));
    let taken = belt::run(source, work, |(candidate, taken)| {
        progress.done += 1;
        progress.bytes += candidate.bytes;
        collector.take(candidate, taken);
        if collector.is_full() {
            collector.commit(added)?;
        }
        // Told to stop after the last file, there is nothing left to stop.
        collector.report.cancelled = !watch(progress) && progress.done < progress.total;
        Ok::<_, TransferError>(!collector.report.cancelled)
    })
    .and_then(|()| collector.commit(added));
    if let Err(error) = taken {
        return Err(Box::new(ImportFailed { report: collector.finish(found), error }));
    }
    settle(vault, collector.report.added.len(), progress, watch);
    Ok(collector.finish(found))
}

/// So many new items leave the search index in pieces.
const MANY: usize = 256;

/// Puts the search index in order after many items came in. Everything is in the vault already: neither a stop nor an
/// error takes anything back.
pub fn settle(vault: &Vault, added: usize, progress: Progress, watch: &mut Watch<'_>) {
    if added >= MANY {
        let _ = vault.settle(&mut || watch(progress));
    }
}

fn take(vault: &Vault, candidate: &Candidate, now: Timestamp) -> Taken {
    let bytes = match read(candidate) {
        Ok(bytes) => bytes,
        Err(reason) => return Taken::Refused(reason),
    };
    // Everything that follows works on these bytes: a file that changes meanwhile is taken as it was read.
    let sha256 = Sha256(crypto::sha256(&bytes));
    // Asking first spares decoding what is there; the commit asks again.
    if let Ok(Some(known)) = vault.find_digest(&sha256) {
        return Taken::Duplicate(known);
    }
    let source = Source { file_name: candidate.name(), modified: candidate.modified, sha256 };
    // A decoder that gives up on one file must not take the whole import with it.
    let prepared = std::panic::catch_unwind(|| picture::prepare(bytes, source, now));
    match prepared {
        Ok(Ok(prepared)) => Taken::Ready(Box::new(prepared)),
        Ok(Err(reason)) => Taken::Refused(reason),
        Err(_) => Taken::Refused(Refusal::Damaged),
    }
}

fn read(candidate: &Candidate) -> Result<Vec<u8>, Refusal> {
    let (start, file) = open(candidate)?;
    let mut bytes = Vec::with_capacity(usize::try_from(candidate.bytes.min(MAX_FILE)).unwrap_or(0) + 1);
    bytes.extend_from_slice(&start);
    file.take(MAX_FILE).read_to_end(&mut bytes).map_err(|e| reason(&e))?;
    if bytes.len() as u64 > MAX_FILE { Err(Refusal::TooLarge) } else { Ok(bytes) }
}
