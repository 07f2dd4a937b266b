//! Import of files: plan what is there, then take it in, on all cores, in batches.
//!
//! **Invariant:** the result does not depend on the order in which files are found or threads run.

mod scan;

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;

use crypto::Sha256Hasher;
use model::{Clock, Format, ItemId, Sha256};
use vault::{Added, Prepared, Vault};

use crate::error::{Refusal, TransferError};
use crate::picture::{self, Source};
use crate::progress::{Progress, Watch};
use scan::Candidate;

/// What an import would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportPlan {
    /// Files that look like pictures.
    pub files: usize,
    /// Those that are new, as far as can be told without decoding.
    pub new: usize,
    /// Those whose bytes are in the vault or stand here twice.
    pub duplicates: usize,
    /// Those that can't be taken: empty or not readable.
    pub refused: usize,
    /// Files of other kinds, left alone.
    pub skipped: usize,
    /// Bytes of the new ones.
    pub bytes: u64,
}

/// A file that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its path, for the person's eye only.
    pub path: PathBuf,
    /// Why.
    pub reason: Refusal,
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// New items.
    pub added: Vec<ItemId>,
    /// Files whose bytes were there already.
    pub duplicates: usize,
    /// New items without a prompt.
    pub without_prompt: usize,
    /// Files that were not taken, by path.
    pub refused: Vec<Refused>,
    /// The person stopped it; what was committed stays.
    pub cancelled: bool,
}

/// Batches end at this many items or bytes, whichever comes first.
const BATCH: usize = 32;
const BATCH_BYTES: usize = 64 << 20;
/// A larger file can't be a picture within the limits of decoding.
const MAX_FILE: u64 = 1 << 30;

/// Looks through files and folders without decoding anything.
///
/// # Errors
/// [`TransferError::Cancelled`] or when the vault can't be read.
pub fn plan(vault: &Vault, paths: &[PathBuf], watch: &mut Watch<'_>) -> Result<ImportPlan, TransferError> {
    let found = scan::scan(paths, &mut |n| watch(Progress { done: 0, total: n, bytes: 0 }))?;
    let mut plan =
        ImportPlan { files: found.candidates.len(), skipped: found.skipped, ..ImportPlan::default() };
    let mut progress = Progress { total: plan.files, ..Progress::default() };
    let mut lengths: HashMap<u64, usize> = HashMap::new();
    for candidate in &found.candidates {
        *lengths.entry(candidate.bytes).or_default() += 1;
    }
    let known = vault.lengths()?;
    let mut seen = HashSet::new();
    for candidate in &found.candidates {
        let twin = known.contains(&candidate.bytes) || lengths.get(&candidate.bytes).is_some_and(|n| *n > 1);
        match inspect(candidate, twin) {
            Err(_) => plan.refused += 1,
            // Only files of the same length can be the same: the others need no digest.
            Ok(Some(digest)) if !seen.insert(digest) || vault.find_digest(&digest)?.is_some() => {
                plan.duplicates += 1
            }
            Ok(_) => {
                plan.new += 1;
                plan.bytes += candidate.bytes;
            }
        }
        progress.done += 1;
        progress.bytes += candidate.bytes;
        if !watch(progress) {
            return Err(TransferError::Cancelled);
        }
    }
    Ok(plan)
}

fn inspect(candidate: &Candidate, digest: bool) -> Result<Option<Sha256>, Refusal> {
    if candidate.bytes == 0 {
        return Err(Refusal::Empty);
    }
    let mut reader = BufReader::new(File::open(&candidate.path).map_err(|e| unreadable(&e))?);
    let mut start = [0_u8; 64];
    let n = reader.read(&mut start).map_err(|e| unreadable(&e))?;
    let start = start.get(..n).unwrap_or_default();
    Format::sniff(start).ok_or(Refusal::Unsupported)?;
    if !digest {
        return Ok(None);
    }
    let mut hasher = Sha256Hasher::new();
    hasher.update(start);
    let mut buffer = vec![0_u8; 1 << 16];
    loop {
        let n = reader.read(&mut buffer).map_err(|e| unreadable(&e))?;
        if n == 0 {
            return Ok(Some(Sha256(hasher.finish())));
        }
        hasher.update(buffer.get(..n).unwrap_or_default());
    }
}

fn unreadable(error: &std::io::Error) -> Refusal {
    if error.kind() == std::io::ErrorKind::NotFound { Refusal::Vanished } else { Refusal::Unreadable }
}

/// Takes files and folders in. Decoding runs on all cores; one thread commits, in the order of the sorted paths.
///
/// # Errors
/// When the vault can't be written; what was committed before stays.
pub fn import(
    vault: &Vault,
    paths: &[PathBuf],
    clock: &dyn Clock,
    watch: &mut Watch<'_>,
    added: &mut dyn FnMut(&[ItemId]),
) -> Result<ImportReport, TransferError> {
    let found = scan::scan(paths, &mut |n| watch(Progress { done: 0, total: n, bytes: 0 }))?;
    let candidates = &found.candidates;
    let (stop, next) = (AtomicBool::new(false), AtomicUsize::new(0));
    let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    std::thread::scope(|scope| {
        // The channel is short, so that decoded pictures do not pile up before a slow disk.
        let (sender, receiver) = mpsc::sync_channel(workers * 2);
        for _ in 0..workers {
            let (sender, stop, next) = (sender.clone(), &stop, &next);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(candidate) = candidates.get(place) else { break };
                    if sender.send((place, take(vault, candidate, clock))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut collector = Collector { vault, report: ImportReport::default(), batch: Vec::new(), bytes: 0 };
        let result = collector.run(candidates, &receiver, watch, added);
        stop.store(true, Ordering::Relaxed);
        // Workers waiting to send end when nobody receives any more.
        drop(receiver);
        result.map(|()| collector.report)
    })
}

enum Taken {
    Ready(Box<Prepared>),
    Duplicate,
    Refused(Refusal),
}

fn take(vault: &Vault, candidate: &Candidate, clock: &dyn Clock) -> Taken {
    let bytes = match read(&candidate.path) {
        Ok(bytes) => bytes,
        Err(reason) => return Taken::Refused(reason),
    };
    // Asking first spares decoding what is there; the commit asks again.
    if vault.find_digest(&Sha256(crypto::sha256(&bytes))).is_ok_and(|known| known.is_some()) {
        return Taken::Duplicate;
    }
    let source = Source { file_name: candidate.name(), modified: candidate.modified };
    match picture::prepare(&bytes, source, clock.now()) {
        Ok(prepared) => Taken::Ready(Box::new(prepared)),
        Err(reason) => Taken::Refused(reason),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Refusal> {
    let file = File::open(path).map_err(|e| unreadable(&e))?;
    let length = file.metadata().map_err(|e| unreadable(&e))?.len();
    if length > MAX_FILE {
        return Err(Refusal::TooLarge);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    file.take(MAX_FILE).read_to_end(&mut bytes).map_err(|e| unreadable(&e))?;
    Ok(bytes)
}

struct Collector<'a> {
    vault: &'a Vault,
    report: ImportReport,
    batch: Vec<Prepared>,
    bytes: usize,
}

impl Collector<'_> {
    /// Puts what the workers finish back into the order of the paths, and commits it.
    fn run(
        &mut self,
        candidates: &[Candidate],
        receiver: &mpsc::Receiver<(usize, Taken)>,
        watch: &mut Watch<'_>,
        added: &mut dyn FnMut(&[ItemId]),
    ) -> Result<(), TransferError> {
        let mut progress = Progress { total: candidates.len(), ..Progress::default() };
        let mut early = HashMap::new();
        for (place, taken) in receiver {
            early.insert(place, taken);
            while let Some(taken) = early.remove(&progress.done) {
                let Some(candidate) = candidates.get(progress.done) else { break };
                progress.done += 1;
                progress.bytes += candidate.bytes;
                self.take(candidate, taken);
                if self.batch.len() >= BATCH || self.bytes >= BATCH_BYTES {
                    self.commit(added)?;
                }
                if !watch(progress) {
                    self.report.cancelled = true;
                    return self.commit(added);
                }
            }
        }
        self.commit(added)
    }

    fn take(&mut self, candidate: &Candidate, taken: Taken) {
        match taken {
            Taken::Ready(prepared) => {
                self.bytes += prepared.sealed_bytes();
                self.batch.push(*prepared);
            }
            Taken::Duplicate => self.report.duplicates += 1,
            Taken::Refused(reason) => {
                self.report.refused.push(Refused { path: candidate.path.clone(), reason })
            }
        }
    }

    fn commit(&mut self, added: &mut dyn FnMut(&[ItemId])) -> Result<(), TransferError> {
        if self.batch.is_empty() {
            return Ok(());
        }
        self.bytes = 0;
        let prompts: Vec<bool> = self.batch.iter().map(Prepared::has_prompt).collect();
        let mut fresh = Vec::new();
        for (outcome, has_prompt) in self.vault.add(std::mem::take(&mut self.batch))?.into_iter().zip(prompts)
        {
            match outcome {
                Added::New(id) => {
                    fresh.push(id);
                    self.report.without_prompt += usize::from(!has_prompt);
                }
                Added::Duplicate(_) => self.report.duplicates += 1,
            }
        }
        added(&fresh);
        self.report.added.extend(fresh);
        Ok(())
    }
}
