//! The trash, and what goes for good.

use model::ItemId;

use crate::jobs::report::Ended;
use crate::{Code, Failure, JobId, JobKind, Report, Studio, Topic};
use transfer::Progress;

/// Items erased in one step: small enough that Cancel is felt at once.
const STEP: usize = 64;

impl Studio {
    /// Puts items into the trash; gives the numbers of those that were moved, for the way back.
    ///
    /// # Errors
    /// When the vault is locked or can't be written; then none was moved.
    pub fn discard(&self, seqs: &[u32]) -> Result<usize, Failure> {
        let vault = self.vault()?;
        let moved = vault.discard(&self.ids(seqs)?, self.inner.clock.now())?;
        self.tell_changed(&[Topic::Items]);
        Ok(moved)
    }

    /// Takes items out of the trash.
    ///
    /// # Errors
    /// As [`Studio::discard`].
    pub fn restore(&self, seqs: &[u32]) -> Result<usize, Failure> {
        let vault = self.vault()?;
        let moved = vault.restore(&self.ids(seqs)?)?;
        self.tell_changed(&[Topic::Items]);
        Ok(moved)
    }

    /// Starts erasing items for good: keys first, so that an interruption leaves nothing readable of those done.
    ///
    /// # Errors
    /// [`Code::Nothing`] without items; when the vault is locked.
    pub fn start_erase(&self, seqs: &[u32]) -> Result<JobId, Failure> {
        let (ids, studio) = (self.ids(seqs)?, self.clone());
        if ids.is_empty() {
            return Err(Code::Nothing.into());
        }
        self.start_job(JobKind::Erase, String::new(), move |vault, watch| {
            let mut progress = Progress { total: ids.len(), ..Progress::default() };
            for step in ids.chunks(STEP) {
                if !watch(progress) {
                    studio.tell_changed(&[Topic::Items]);
                    return Ended::Stopped(Some(Report::Erase { erased: progress.done }));
                }
                match vault.erase(step) {
                    Ok(_) => progress.done += step.len(),
                    Err(error) => {
                        studio.tell_changed(&[Topic::Items]);
                        return Ended::Failed(error.into());
                    }
                }
            }
            watch(progress);
            studio.tell_changed(&[Topic::Items]);
            studio.renew_when_due();
            Ended::Done(Report::Erase { erased: progress.done })
        })
    }

    /// Starts erasing everything in the trash for good.
    ///
    /// # Errors
    /// As [`Studio::start_erase`].
    pub fn start_empty_trash(&self) -> Result<JobId, Failure> {
        let query = vault::Query { scope: vault::Scope::Trash, ..vault::Query::default() };
        let seqs: Vec<u32> = self.vault()?.query(&query)?.cells.iter().map(|cell| cell.seq).collect();
        self.start_erase(&seqs)
    }

    /// The ids of numbered items; those that are gone are left out.
    pub(crate) fn ids(&self, seqs: &[u32]) -> Result<Vec<ItemId>, Failure> {
        Ok(self.vault()?.ids(seqs)?)
    }
}
