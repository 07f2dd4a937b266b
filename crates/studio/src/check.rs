//! Checking the vault, and when it is time to do so.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use model::Timestamp;
use vault::{CheckStep, LastCheck, Vault};

use crate::jobs::report::Ended;
use crate::lock::LONG;
use crate::state::lock;
use crate::{Failure, JobId, JobKind, Report, Studio};
use transfer::Progress;

/// Minutes for which nobody did anything before a check begins by itself.
const QUIET: u32 = 2;

/// A month, in milliseconds.
const MONTH: i64 = 30 * 24 * 60 * 60 * 1000;

impl Studio {
    /// Starts reading everything in the vault back. That it was done is kept in the vault.
    ///
    /// # Errors
    /// When the vault is locked.
    pub fn start_check(&self) -> Result<JobId, Failure> {
        let studio = self.clone();
        self.start_job(JobKind::Check, String::new(), move |vault, watch| studio.check(vault, watch))
    }

    fn check(&self, vault: &Vault, watch: &mut dyn FnMut(Progress) -> bool) -> Ended {
        let total = vault.query(&vault::Query::default()).map_or(0, |l| l.library + l.trash);
        let mut go_on = true;
        let checked = vault.check(&mut |step| {
            go_on = watch(match step {
                // Not counted among the items: how long the files take says nothing of them.
                CheckStep::Files(_) => Progress::default(),
                CheckStep::Items(done) => Progress { done, total, bytes: 0 },
            });
            go_on
        });
        match checked {
            Ok(found) if go_on => {
                // Where it can't be kept, the next check is due all the sooner.
                let _ = vault.note_check(self.inner.clock.now(), found.is_whole());
                self.tell_status();
                Ended::Done(report(vault, &found, false))
            }
            Ok(found) => Ended::Stopped(Some(report(vault, &found, false))),
            Err(error) => Ended::Failed(error.into()),
        }
    }

    /// How long until a check may begin by itself. When it is due, nothing else is at work and the person has been away
    /// for a moment, it begins: once an opening, so that who stops it is left alone. A lock by idleness stops it; it
    /// begins again at a later opening, and one that the person asks for goes on behind the lock.
    pub(crate) fn watch_check(&self) -> Duration {
        if !self.inner.config.renews || !lock(&self.inner.settings).check_monthly {
            return LONG;
        }
        // Before the reading below, which may not be held twice by one thread while somebody waits to write, and not at
        // all while the vault is asked.
        let minutes = self.lock_after_minutes();
        if !self.is_check_due().unwrap_or(false) {
            return LONG;
        }
        let open = self.inner.open.read().unwrap_or_else(PoisonError::into_inner);
        let Some(open) = &*open else { return LONG };
        if open.checked_by_itself.load(Ordering::SeqCst) {
            return LONG;
        }
        let minute = self.inner.config.minute;
        if !self.inner.jobs.at_work().is_empty() {
            return minute;
        }
        let quiet = match minutes {
            0 => minute * QUIET,
            minutes => (minute * QUIET).min(minute * minutes / 2),
        };
        let idle = self.idle();
        if let Some(left) = quiet.checked_sub(idle).filter(|left| !left.is_zero()) {
            return left;
        }
        open.checked_by_itself.store(true, Ordering::SeqCst);
        let (studio, vault) = (self.clone(), Arc::clone(&open.vault));
        // Where no thread is to be had it stays due, and the settings say so.
        let _ = self.inner.jobs.start_unasked(JobKind::Check, move |watch| studio.check(&vault, watch));
        LONG
    }

    /// Starts asking SQLite and the cipher alone: no picture is opened.
    ///
    /// # Errors
    /// When the vault is locked.
    pub fn start_quick_check(&self) -> Result<JobId, Failure> {
        self.start_job(JobKind::Check, String::new(), |vault, watch| {
            let mut go_on = true;
            let found = vault.check_quick(&mut |step| {
                let (CheckStep::Files(done) | CheckStep::Items(done)) = step;
                go_on = watch(Progress { done, total: CheckStep::FILES, bytes: 0 });
                go_on
            });
            let report = report(vault, &found, true);
            if go_on { Ended::Done(report) } else { Ended::Stopped(Some(report)) }
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
