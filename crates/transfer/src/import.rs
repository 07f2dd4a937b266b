//! Import of files: plan what is there, then take it in, on all cores, in batches.
//!
//! **Invariant:** the result does not depend on the order in which files are found or threads run.

mod plan;
mod report;
mod scan;

use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use model::{Clock, Format, ItemId, Sha256, Timestamp};
use vault::{Added, Prepared, Vault};

use crate::belt::{self, Piece};
use crate::error::{Refusal, TransferError};
use crate::picture::{self, Source};
use crate::progress::{Progress, Watch};
pub use plan::{ImportPlan, plan};
pub use report::{ImportFailed, ImportReport, Left, LeftWhy, Refused};
pub use scan::looks_like_picture;
use scan::{Candidate, Found, reason};

/// Batches end at this many items or bytes, whichever comes first.
const BATCH: usize = 32;
const BATCH_BYTES: usize = 64 << 20;
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
    let mut collector = Collector {
        vault,
        report: ImportReport::default(),
        batch: Vec::new(),
        bytes: 0,
        again: Vec::new(),
        seen: 0,
        settled: 0,
        came_in: Vec::new(),
    };
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
        if collector.batch.len() + collector.again.len() >= BATCH || collector.bytes >= BATCH_BYTES {
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

enum Taken {
    Ready(Box<Prepared>),
    Duplicate(ItemId),
    Refused(Refusal),
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

struct Collector<'a> {
    vault: &'a Vault,
    report: ImportReport,
    batch: Vec<(PathBuf, Prepared)>,
    bytes: usize,
    /// Files whose bytes are there, and the item that has them.
    again: Vec<(PathBuf, ItemId)>,
    /// Candidates that came, in their order.
    seen: usize,
    /// Of these, those that are in the vault or in the report.
    settled: usize,
    /// And those that came in since, before the rest of their batch failed.
    came_in: Vec<PathBuf>,
}

impl Collector<'_> {
    fn take(&mut self, candidate: Candidate, taken: Taken) {
        self.seen += 1;
        match taken {
            Taken::Ready(prepared) => {
                self.bytes += prepared.bytes();
                self.batch.push((candidate.path, *prepared));
            }
            Taken::Duplicate(known) => self.again.push((candidate.path, known)),
            Taken::Refused(reason) => self.report.refused.push(Refused { path: candidate.path, reason }),
        }
    }

    fn commit(&mut self, added: &mut dyn FnMut(&[ItemId])) -> Result<(), TransferError> {
        self.bytes = 0;
        let mut fresh = Vec::new();
        let (paths, batch): (Vec<_>, Vec<_>) = std::mem::take(&mut self.batch).into_iter().unzip();
        let prompts: Vec<bool> = batch.iter().map(Prepared::has_prompt).collect();
        let outcomes = if batch.is_empty() { Vec::new() } else { self.vault.add(batch)? };
        for ((outcome, path), has_prompt) in outcomes.into_iter().zip(paths).zip(prompts) {
            match outcome {
                Added::New(id) => {
                    fresh.push(id);
                    self.came_in.push(path);
                    self.report.without_prompt += usize::from(!has_prompt);
                }
                Added::Duplicate(known) => self.again.push((path, known)),
            }
        }
        // Also where the rest of the batch fails, these are in the vault.
        self.report.added.extend(&fresh);
        let restored = self.restore();
        if !fresh.is_empty() || restored.as_ref().is_ok_and(|restored| *restored > 0) {
            added(&fresh);
        }
        restored?;
        self.settled = self.seen;
        self.came_in.clear();
        Ok(())
    }

    /// Who brings in a picture that lies in the trash wants it: it comes out.
    fn restore(&mut self) -> Result<usize, TransferError> {
        let (paths, again): (Vec<_>, Vec<_>) = std::mem::take(&mut self.again).into_iter().unzip();
        let restored = if again.is_empty() { 0 } else { self.vault.restore(&again)? };
        self.report.restored += restored;
        self.report.duplicates += again.len() - restored;
        self.report.left.extend(paths.into_iter().map(|path| Left { path, why: LeftWhy::AlreadyHere }));
        Ok(restored)
    }

    /// The report, with the names of what was left alone.
    fn finish(self, found: Found) -> ImportReport {
        let mut report = self.report;
        let (others, left) = (found.others.into_iter(), report.left.len());
        report.left.extend(others.map(|path| Left { path, why: LeftWhy::OtherKind }));
        report.skipped = report.left.len() - left;
        // What could not be taken is settled as soon as it is seen.
        let refused = report.refused.iter().map(|refused| refused.path.as_path());
        let told: HashSet<&Path> = refused.chain(self.came_in.iter().map(PathBuf::as_path)).collect();
        let ahead = found.candidates.into_iter().skip(self.settled).map(|candidate| candidate.path);
        let ahead: Vec<PathBuf> = ahead.filter(|path| !told.contains(path.as_path())).collect();
        report.not_reached = ahead.len();
        report.left.extend(ahead.into_iter().map(|path| Left { path, why: LeftWhy::NotReached }));
        report.left.sort_by(|a, b| (a.why, &a.path).cmp(&(b.why, &b.path)));
        report.left.truncate(report::NAMED);
        report
    }
}
