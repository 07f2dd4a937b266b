//! Puts files into the vault batch by batch, and knows at every moment what is in it and what is not.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use model::ItemId;
use vault::{Added, Prepared, Vault};

use super::report::{ImportReport, Left, LeftWhy, NAMED, Refused};
use super::scan::{Candidate, Found};
use crate::error::{Refusal, TransferError};

/// Batches end at this many items or bytes, whichever comes first.
const BATCH: usize = 32;
const BATCH_BYTES: usize = 64 << 20;

/// What became of a candidate before it is committed.
pub(super) enum Taken {
    Ready(Box<Prepared>),
    Duplicate(ItemId),
    Refused(Refusal),
}

/// Gathers files into batches, commits them and keeps the report.
pub(super) struct Collector<'a> {
    vault: &'a Vault,
    pub report: ImportReport,
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
    /// The batch of which the disk did not say whether it came in.
    undecided: HashSet<PathBuf>,
}

impl<'a> Collector<'a> {
    pub fn new(vault: &'a Vault) -> Self {
        Self {
            vault,
            report: ImportReport::default(),
            batch: Vec::new(),
            bytes: 0,
            again: Vec::new(),
            seen: 0,
            settled: 0,
            came_in: Vec::new(),
            undecided: HashSet::new(),
        }
    }

    /// Whether it is time to commit.
    pub fn is_full(&self) -> bool {
        self.batch.len() + self.again.len() >= BATCH || self.bytes >= BATCH_BYTES
    }

    /// The next candidate, in their order.
    pub fn take(&mut self, candidate: Candidate, taken: Taken) {
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

    /// Puts what was gathered into the vault.
    pub fn commit(&mut self, added: &mut dyn FnMut(&[ItemId])) -> Result<(), TransferError> {
        self.bytes = 0;
        let mut fresh = Vec::new();
        let (paths, batch): (Vec<_>, Vec<_>) = std::mem::take(&mut self.batch).into_iter().unzip();
        let prompts: Vec<bool> = batch.iter().map(Prepared::has_prompt).collect();
        let added_now = if batch.is_empty() { Ok(Vec::new()) } else { self.vault.add(batch) };
        let outcomes = match added_now {
            Ok(outcomes) => outcomes,
            Err(failed) => {
                if failed.undecided {
                    self.undecided.extend(paths);
                }
                return Err(failed.into());
            }
        };
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
    pub fn finish(self, found: Found) -> ImportReport {
        let mut report = self.report;
        let (others, left) = (found.others.into_iter(), report.left.len());
        report.left.extend(others.map(|path| Left { path, why: LeftWhy::OtherKind }));
        report.skipped = report.left.len() - left;
        // What could not be taken is settled as soon as it is seen.
        let refused = report.refused.iter().map(|refused| refused.path.as_path());
        let told: HashSet<&Path> = refused.chain(self.came_in.iter().map(PathBuf::as_path)).collect();
        let ahead = found.candidates.into_iter().skip(self.settled).map(|candidate| candidate.path);
        let ahead: Vec<PathBuf> = ahead.filter(|path| !told.contains(path.as_path())).collect();
        report.undecided = self.undecided.len();
        report.not_reached = ahead.len() - report.undecided;
        report.left.extend(ahead.into_iter().map(|path| {
            let undecided = self.undecided.contains(&path);
            Left { path, why: if undecided { LeftWhy::Undecided } else { LeftWhy::NotReached } }
        }));
        report.left.sort_by(|a, b| (a.why, &a.path).cmp(&(b.why, &b.path)));
        report.left.truncate(NAMED);
        report
    }
}
