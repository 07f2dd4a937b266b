//! Bringing pictures in: pick or take what was dropped, plan, run.

use crate::jobs::report::Ended;
use crate::{
    Code, Failure, JobId, JobKind, LeftFile, Offer, OfferId, Pick, RefusedFile, Report, Studio, Topic,
};
use transfer::TransferError;

impl Studio {
    /// Lets the person pick; `None` when the dialog was closed.
    ///
    /// # Errors
    /// When the vault is locked.
    pub fn pick(&self, what: &Pick) -> Result<Option<Offer>, Failure> {
        self.vault()?;
        let paths = self.inner.host.pick(what, self.settings().language);
        Ok(self.inner.offers.add(paths))
    }

    /// Offers paths that a person named on a command line.
    ///
    /// # Errors
    /// [`Code::Nothing`] without paths.
    pub fn offer(&self, paths: Vec<std::path::PathBuf>) -> Result<Offer, Failure> {
        self.inner.offers.add(paths).ok_or_else(|| Code::Nothing.into())
    }

    /// Starts looking through offers.
    ///
    /// # Errors
    /// When the vault is locked or an offer is not known.
    pub fn plan_import(&self, offers: &[OfferId], label: String) -> Result<JobId, Failure> {
        let paths = self.inner.offers.paths(offers)?;
        self.start_job(JobKind::Plan, label, move |vault, watch| {
            ended(transfer::plan(vault, &paths, watch), |plan| Report::Plan {
                files: plan.files,
                new: plan.new,
                duplicates: plan.duplicates,
                restored: plan.restored,
                refused: plan.refused,
                skipped: plan.skipped,
                bytes: plan.bytes,
            })
        })
    }

    /// Starts taking offers in.
    ///
    /// # Errors
    /// When the vault is locked or an offer is not known.
    pub fn start_import(&self, offers: &[OfferId], label: String) -> Result<JobId, Failure> {
        let (paths, studio) = (self.inner.offers.paths(offers)?, self.clone());
        self.start_job(JobKind::Import, label, move |vault, watch| {
            let changed = &mut |_: &[model::ItemId]| studio.tell_changed(&[Topic::Items]);
            let outcome = transfer::import(vault, &paths, &*studio.inner.clock, watch, changed);
            match outcome {
                Ok(report) if report.cancelled => Ended::Stopped(Some(told(&report))),
                Ok(report) => Ended::Done(told(&report)),
                Err(failed) => Ended::Broken(Code::from(failed.error), told(&failed.report)),
            }
        })
    }
}

fn told(report: &transfer::ImportReport) -> Report {
    Report::Import {
        added: report.added.len(),
        duplicates: report.duplicates,
        restored: report.restored,
        without_prompt: report.without_prompt,
        refused: report.refused.iter().map(refused).collect(),
        skipped: report.skipped,
        not_reached: report.not_reached,
        undecided: report.undecided,
        left: report.left.iter().map(left).collect(),
    }
}

fn refused(file: &transfer::Refused) -> RefusedFile {
    RefusedFile { path: file.path.to_string_lossy().into_owned(), reason: file.reason.into() }
}

fn left(file: &transfer::Left) -> LeftFile {
    LeftFile { path: file.path.to_string_lossy().into_owned(), why: file.why.into() }
}

/// How a job ended, by what its transfer gave.
pub(crate) fn ended<T>(outcome: Result<T, TransferError>, report: impl FnOnce(T) -> Report) -> Ended {
    match outcome {
        Ok(value) => Ended::Done(report(value)),
        Err(TransferError::Cancelled) => Ended::Stopped(None),
        Err(error) => Ended::Failed(Code::from(error)),
    }
}
