//! Checking the vault, and when it is time to do so.

use model::Timestamp;
use vault::{LastCheck, Vault};

use crate::jobs::report::Ended;
use crate::{Failure, JobId, JobKind, Report, Studio};
use transfer::Progress;

/// A month, in milliseconds.
const MONTH: i64 = 30 * 24 * 60 * 60 * 1000;

impl Studio {
    /// Starts reading everything in the vault back. That it was done is kept in the vault.
    ///
    /// # Errors
    /// When the vault is locked.
    pub fn start_check(&self) -> Result<JobId, Failure> {
        let studio = self.clone();
        self.start_job(JobKind::Check, String::new(), move |vault, watch| {
            let total = vault.query(&vault::Query::default()).map_or(0, |l| l.library + l.trash);
            let mut go_on = true;
            let checked = vault.check(&mut |done| {
                go_on = watch(Progress { done, total, bytes: 0 });
                go_on
            });
            match checked {
                Ok(found) if go_on => {
                    // Where it can't be kept, the next check is due all the sooner.
                    let _ = vault.note_check(studio.inner.clock.now(), found.is_whole());
                    studio.tell_status();
                    Ended::Done(report(vault, &found, false))
                }
                Ok(found) => Ended::Stopped(Some(report(vault, &found, false))),
                Err(error) => Ended::Failed(error.into()),
            }
        })
    }

    /// Starts asking SQLite and the cipher alone: seconds, and no picture is opened.
    ///
    /// # Errors
    /// When the vault is locked.
    pub fn start_quick_check(&self) -> Result<JobId, Failure> {
        self.start_job(JobKind::Check, String::new(), |vault, _| {
            Ended::Done(report(vault, &vault.check_quick(), true))
        })
    }

    /// Whether the open vault was not read back for a month, so that it is time to do it in the background.
    ///
    /// # Errors
    /// When the vault is locked.
    pub fn is_check_due(&self) -> Result<bool, Failure> {
        let vault = self.vault()?;
        Ok(is_due(&vault, vault.last_check()?, self.inner.clock.now()))
    }
}

/// A month after the last one, or after the vault was made. A date that lies ahead says nothing.
pub(crate) fn is_due(vault: &Vault, last: Option<LastCheck>, now: Timestamp) -> bool {
    let since = last.map_or(vault.created_at(), |last| last.at).millis();
    !(0..MONTH).contains(&now.millis().saturating_sub(since))
}

fn report(vault: &Vault, found: &vault::CheckReport, quick: bool) -> Report {
    let numbers = |ids: &[model::ItemId]| ids.iter().filter_map(|id| vault.seq_of(id).ok()).collect();
    Report::Check {
        items: found.items,
        damaged: numbers(&found.damaged),
        thumbnails: numbers(&found.thumbnails),
        unreadable: found.unreadable,
        catalogue_whole: found.catalogue_whole,
        images_whole: found.images_whole,
        quick,
    }
}
