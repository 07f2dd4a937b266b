//! Taking everything out in one archive, looking whether it is whole, and bringing it in again.

use std::path::PathBuf;

use crate::import::ended;
use crate::jobs::report::Ended;
use crate::{Failure, JobId, JobKind, Pick, Report, Studio, Topic};
use transfer::{Existing, Selection};

/// What to export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportScope {
    /// Everything, the trash included.
    Everything,
    /// Items by their numbers.
    Items(Vec<u32>),
}

impl Studio {
    /// Asks where to write and starts the export; `None` when the dialog was closed. That a person picks the target
    /// outside the webview is what keeps a script from exporting.
    ///
    /// # Errors
    /// When the vault is locked.
    pub fn pick_and_export(&self, scope: &ExportScope) -> Result<Option<JobId>, Failure> {
        self.vault()?;
        let now = self.inner.clock.now().compact();
        let save = Pick::Save { name: format!("z-image-export-{now}.zip"), plain: true };
        let target = self.inner.host.pick(&save, self.settings().language).into_iter().next();
        // The dialog itself asked before it gave a name that exists.
        target.map(|target| self.start_export(scope, target, Existing::Replace)).transpose()
    }

    /// Starts the export to a target that the person named.
    ///
    /// # Errors
    /// When the vault is locked.
    pub fn start_export(
        &self,
        scope: &ExportScope,
        target: PathBuf,
        existing: Existing,
    ) -> Result<JobId, Failure> {
        let vault = self.vault()?;
        let selection = match scope {
            ExportScope::Everything => Selection::Everything,
            ExportScope::Items(seqs) => Selection::Items(vault.ids(seqs)?),
        };
        let clock = std::sync::Arc::clone(&self.inner.clock);
        let file_name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.start_job(JobKind::Export, file_name.clone(), move |vault, watch| {
            ended(transfer::export(vault, &selection, &target, existing, &*clock, watch), |report| {
                Report::Export {
                    items: report.items,
                    damaged: report.damaged,
                    bytes: report.bytes,
                    file_name,
                }
            })
        })
    }

    /// Lets the person pick an archive and starts taking it in; `None` when the dialog was closed.
    ///
    /// # Errors
    /// When the vault is locked.
    pub fn pick_and_restore(&self) -> Result<Option<JobId>, Failure> {
        self.vault()?;
        let picked = self.inner.host.pick(&Pick::Archive, self.settings().language).into_iter().next();
        picked.map(|path| self.start_restore(path)).transpose()
    }

    /// Starts taking in an archive that the person named.
    ///
    /// # Errors
    /// When the vault is locked.
    pub fn start_restore(&self, path: PathBuf) -> Result<JobId, Failure> {
        let studio = self.clone();
        let label = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.start_job(JobKind::Restore, label, move |vault, watch| {
            let outcome = transfer::restore(vault, &path, &*studio.inner.clock, watch);
            studio.tell_changed(&[Topic::Items]);
            let cancelled = outcome.as_ref().is_ok_and(|report| report.cancelled);
            let ended = ended(outcome, |report| Report::Restore {
                added: report.added.len(),
                duplicates: report.duplicates,
                damaged: report.damaged,
                damaged_ids: report.damaged_ids.iter().map(ToString::to_string).collect(),
            });
            match ended {
                Ended::Done(report) if cancelled => Ended::Stopped(Some(report)),
                ended => ended,
            }
        })
    }

    /// Lets the person pick an archive and starts checking it; `None` when the dialog was closed. Needs no vault.
    ///
    /// # Errors
    /// When the job can't be started.
    pub fn pick_and_verify(&self) -> Result<Option<JobId>, Failure> {
        let picked = self.inner.host.pick(&Pick::Archive, self.settings().language).into_iter().next();
        picked.map(|path| self.start_verify(path)).transpose()
    }

    /// Starts checking an archive that the person named.
    ///
    /// # Errors
    /// When the job can't be started.
    pub fn start_verify(&self, path: PathBuf) -> Result<JobId, Failure> {
        let label = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.inner.jobs.start(JobKind::Verify, label, move |watch| {
            ended(transfer::verify(&path, watch), |report| Report::Verify {
                items: report.items,
                whole: report.whole,
                changed: report.changed,
                missing: report.missing,
                extra: report.extra,
            })
        })
    }
}
