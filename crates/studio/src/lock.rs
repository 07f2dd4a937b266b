//! Locking: at once, softly while work goes on, and by itself.
//!
//! **Invariant:** from the moment a lock begins nothing of the vault can be asked. A soft lock keeps the vault only for
//! the jobs that run, and not longer than [`REST`].

use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use crate::state::{Inner, Open, lock};
use crate::{Failure, Job, Report, Studio, Topic};

/// How long running jobs may go on after a soft lock.
pub(crate) const REST: Duration = Duration::from_secs(600);

/// How long the watch sleeps where nothing is to be watched.
pub(crate) const LONG: Duration = Duration::from_secs(3600);

impl Studio {
    /// Locks the vault: from now on nothing of it can be asked; jobs stop at their next safe place, and when the last
    /// has ended the keys are gone from memory.
    pub fn lock(&self) {
        let gate = lock(&self.inner.gate);
        self.lock_behind(&gate);
    }

    /// As [`Studio::lock`], for those who hold the gate.
    pub(crate) fn lock_behind(&self, _: &MutexGuard<'_, ()>) {
        let Some(open) = self.leave() else { return };
        self.inner.jobs.stop_all();
        self.close(open);
    }

    /// Locks the vault as [`Studio::lock`] does, but lets running jobs come to their end first, ten minutes at most.
    /// What they tell meanwhile names nothing. What nobody asked for keeps no key in memory: it stops.
    pub fn lock_softly(&self) {
        let gate = lock(&self.inner.gate);
        let Some(open) = self.leave() else { return };
        self.inner.jobs.stop_unasked();
        if !self.inner.jobs.any_running() {
            self.inner.jobs.stop_all();
            self.close(open);
            return;
        }
        let token = open.token.clone();
        *lock(&self.inner.resting) = Some(open);
        drop(gate);
        self.tell_status();
        let studio = self.clone();
        let watching = std::thread::Builder::new().name("resting".to_owned()).spawn(move || {
            studio.inner.jobs.wait_for_all(REST);
            studio.end_rest(&token);
        });
        if watching.is_err() {
            self.lock();
        }
    }

    /// The open vault leaves the reach of requests.
    fn leave(&self) -> Option<Open> {
        let resting = lock(&self.inner.resting).take();
        let open = self.inner.open.write().unwrap_or_else(PoisonError::into_inner).take();
        let open = open.or(resting)?;
        self.inner.veiled.store(true, Ordering::SeqCst);
        *lock(&self.inner.pending) = None;
        *lock(&self.inner.locked_at) = Some(self.inner.clock.now());
        self.tell_status();
        Some(open)
    }

    /// The last value of the vault goes, and with it the keys.
    fn close(&self, open: Open) {
        let (id, generation) = (open.vault.id(), open.vault.generation());
        // An older copy that was not accepted is told of again.
        let is_newest = lock(&open.newer).is_none();
        drop(open);
        if let Ok(generation) = generation
            && is_newest
        {
            // Without a keychain that answers by itself an older copy can't be told.
            let _ = self.inner.keychain.note(&keychain::Item::anchor(&id), generation);
        }
        self.tell_status();
        self.tell_changed(&[Topic::Jobs]);
    }

    fn end_rest(&self, token: &str) {
        let _gate = lock(&self.inner.gate);
        let same = lock(&self.inner.resting).as_ref().is_some_and(|open| open.token == token);
        if !same {
            // It was opened again meanwhile.
            return;
        }
        let resting = lock(&self.inner.resting).take();
        self.inner.jobs.stop_all();
        if let Some(open) = resting {
            self.close(open);
        }
    }

    /// Notes that the person did something, so that the vault does not lock by itself.
    ///
    /// # Errors
    /// [`crate::Code::Locked`].
    pub fn touch(&self) -> Result<(), Failure> {
        self.vault()?;
        *lock(&self.inner.active) = Instant::now();
        Ok(())
    }

    /// How long until the vault locks by itself; it does when the time has come.
    fn watch_idleness(&self) -> Duration {
        let is_open = self.inner.open.read().unwrap_or_else(PoisonError::into_inner).is_some();
        let minutes = self.lock_after_minutes();
        if !is_open || minutes == 0 {
            return LONG;
        }
        let limit = self.inner.config.minute.saturating_mul(minutes);
        let idle = lock(&self.inner.active).elapsed();
        match limit.checked_sub(idle).filter(|left| !left.is_zero()) {
            Some(left) => left,
            None => {
                self.lock_softly();
                LONG
            }
        }
    }

    /// Minutes of idleness after which the vault locks; 0 for never. Where nothing was chosen a vault that its keychain
    /// opens stays open: locking would keep nobody out.
    pub fn lock_after_minutes(&self) -> u32 {
        let chosen = lock(&self.inner.settings).lock_after_minutes;
        chosen.unwrap_or_else(|| {
            let by_keychain = self
                .vault()
                .is_ok_and(|vault| vault.slots().iter().any(|slot| slot.kind == crypto::SlotKind::Keychain));
            if by_keychain { 0 } else { 10 }
        })
    }
}

/// Watches for idleness, and for what is due, as long as the application lives. A message makes it look again.
pub(crate) fn watch(inner: &Weak<Inner>, look: &Receiver<()>) {
    loop {
        let Some(inner) = inner.upgrade() else { return };
        let studio = Studio { inner };
        let wait = studio.watch_idleness().min(studio.watch_check());
        drop(studio);
        match look.recv_timeout(wait) {
            Ok(()) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// What a job that goes on behind a lock may tell. Of a salvage the person sees what was saved: numbers alone, because
/// it may be what the vault can't be opened for.
pub(crate) fn veil(mut job: Job) -> Job {
    job.label = String::new();
    job.report = job.report.and_then(|report| match report {
        Report::Salvage { mut losses, items, pictures, all_known, images, bytes, file_name: _ } => {
            losses.iter_mut().for_each(|loss| loss.id = None);
            let file_name = String::new();
            Some(Report::Salvage { items, pictures, losses, all_known, images, bytes, file_name })
        }
        _ => None,
    });
    job
}
