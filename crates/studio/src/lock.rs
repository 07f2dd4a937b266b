//! Locking: at once, softly while work goes on, and by itself.
//!
//! **Invariant:** from the moment a lock begins nothing of the vault can be asked. A soft lock keeps the vault only for
//! the jobs that run, and not longer than [`REST`] minutes.
//! **Invariant:** a lock waits for no keychain, no dialog and no derivation of a key before the vault is out of reach.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{PoisonError, Weak};
use std::time::{Duration, Instant};

use keychain::Standing;
use model::{Clock, Timestamp, VaultId};
use vault::Vault;

use crate::state::{Inner, Open, lock};
use crate::{Code, Failure, Job, JobId, Report, Studio, Topic};

/// Minutes for which running jobs may go on after a soft lock.
const REST: u32 = 10;

/// How long the watch sleeps where nothing is to be watched.
pub(crate) const LONG: Duration = Duration::from_secs(3600);

/// The watch on idleness looks at least this often while a vault is open: the time it waits stands still while the
/// computer sleeps.
const GLANCE: Duration = Duration::from_secs(5);

/// How long a lock waits for those who are in the middle of a request, such as a picture.
const LAST_USE: Duration = Duration::from_secs(1);

/// How long a lock waits for the vault's files to be closed by whoever had it last.
const CLOSING: Duration = Duration::from_secs(2);

/// Bytes that tell the places of a vault's copies apart.
const PLACE: usize = 8;

/// When the person last did something, by two clocks: one is never set, the other goes on while the computer sleeps.
pub(crate) struct Activity {
    at: Instant,
    clock: Timestamp,
}

impl Activity {
    pub(crate) fn now(clock: &dyn Clock) -> Self {
        Self { at: Instant::now(), clock: clock.now() }
    }

    /// Whether it was no longer ago than this, by both clocks. One that was set, to either side, proves nothing.
    pub(crate) fn is_within(&self, span: Duration, clock: &dyn Clock) -> bool {
        let by_clock = Duration::from_millis(clock.now().millis().abs_diff(self.clock.millis()));
        self.at.elapsed().max(by_clock) <= span
    }

    /// The longer of both. A clock that was set back says nothing.
    fn elapsed(&self, clock: &dyn Clock) -> Duration {
        let by_clock = clock.now().millis().saturating_sub(self.clock.millis());
        self.at.elapsed().max(Duration::from_millis(u64::try_from(by_clock).unwrap_or(0)))
    }
}

/// Counted as long as it lives.
struct InHands<'a>(&'a AtomicU64);

impl<'a> InHands<'a> {
    fn new(count: &'a AtomicU64) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }
}

impl Drop for InHands<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// What is left of a vault whose keys are gone: how new it was, where it is to be noted.
struct Closed {
    id: VaultId,
    standing: Option<Standing>,
}

impl Studio {
    /// Asks the place it runs in to end it, as a person would by the window's own button.
    pub fn quit(&self) {
        self.inner.host.quit();
    }

    /// Locks the vault: from now on nothing of it can be asked; jobs stop at their next safe place, and when the last
    /// has ended the keys are gone from memory. Behind a lock it stops the salvage that has keys.
    pub fn lock(&self) {
        let jobs = &self.inner.jobs;
        self.inner.locks.fetch_add(1, Ordering::SeqCst);
        let hands = InHands::new(&self.inner.in_hands);
        let open = self.leave();
        let closing = lock(&self.inner.closing);
        // A soft lock or the end of one may have been under way.
        let open = open.or_else(|| self.leave());
        let (with_keys, mut to_end) = (jobs.with_keys(), Vec::new());
        jobs.stop_these(&with_keys);
        if open.is_some() {
            to_end = jobs.at_work();
            jobs.stop_these(&to_end);
        }
        jobs.wait_for_these(&with_keys, None);
        let Some(open) = open else {
            drop((closing, hands));
            return self.wait_for_other_hands();
        };
        let closed = Self::close(open);
        drop((closing, hands));
        self.tell_status();
        self.inner.host.take_back_copied();
        self.note(&closed);
        jobs.wait_for_these(&to_end, None);
        jobs.forget_ended();
        self.tell_changed(&[Topic::Jobs]);
    }

    /// Another lock may have taken the vault and not closed it yet; whoever ends the program after this must not be
    /// quicker.
    fn wait_for_other_hands(&self) {
        let until = Instant::now() + LAST_USE + CLOSING;
        while self.inner.in_hands.load(Ordering::SeqCst) > 0 && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Locks the vault as [`Studio::lock`] does, but lets running jobs that need it come to their end first, ten minutes
    /// at most; so with a salvage behind the lock. What they tell meanwhile names nothing. What nobody asked for keeps no
    /// key in memory: it stops.
    pub fn lock_softly(&self) {
        let jobs = &self.inner.jobs;
        self.inner.locks.fetch_add(1, Ordering::SeqCst);
        let closing = lock(&self.inner.closing);
        let Some(open) = self.leave() else {
            drop(closing);
            self.rest(jobs.with_keys(), None);
            return;
        };
        jobs.stop_unasked();
        let with_keys = jobs.with_keys();
        if with_keys.is_empty() {
            let closed = Self::close(open);
            jobs.forget_ended();
            drop(closing);
            self.tell_status();
            self.inner.host.take_back_copied();
            self.note(&closed);
            self.tell_changed(&[Topic::Jobs]);
            return;
        }
        let token = open.token.clone();
        *lock(&self.inner.resting) = Some(open);
        drop(closing);
        self.tell_status();
        self.inner.host.take_back_copied();
        self.rest(with_keys, Some(token));
    }

    /// Lets jobs with keys go on for a while, and then the vault of this opening goes that was kept for them.
    fn rest(&self, jobs: Vec<JobId>, token: Option<String>) {
        if jobs.is_empty() {
            return;
        }
        let studio = self.clone();
        let watching = std::thread::Builder::new().name("resting".to_owned()).spawn(move || {
            let limit = studio.inner.config.minute.saturating_mul(REST);
            studio.inner.jobs.wait_for_these(&jobs, Some(limit));
            studio.end_rest(&jobs, token.as_deref());
        });
        if watching.is_err() {
            self.lock();
        }
    }

    /// How often it was locked. What holds a number from before a lock opens nothing after it.
    pub(crate) fn locks(&self) -> u64 {
        self.inner.locks.load(Ordering::SeqCst)
    }

    /// The open vault leaves the reach of requests. It waits for nobody who does more than look at what is open.
    fn leave(&self) -> Option<Open> {
        let resting = lock(&self.inner.resting).take();
        let open = self.inner.open.write().unwrap_or_else(PoisonError::into_inner).take();
        let open = open.or(resting)?;
        open.online.end();
        self.inner.veiled.store(true, Ordering::SeqCst);
        *lock(&self.inner.pending) = None;
        *lock(&self.inner.locked_at) = Some(self.inner.clock.now());
        self.tell_status();
        Some(open)
    }

    /// The last value of the vault goes, and with it the keys. Whoever is in the middle of a request has it a moment
    /// longer.
    fn close(open: Open) -> Closed {
        // An older copy that was not accepted is told of again.
        let is_newest = lock(&open.newer).is_none();
        let standing = standing(&open.vault, &open.id).filter(|_| is_newest);
        let (id, vault) = (open.id, std::sync::Arc::downgrade(&open.vault));
        let folder = open.vault.folder().clone();
        drop(open);
        let until = Instant::now() + LAST_USE;
        while vault.strong_count() > 0 && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(2));
        }
        // Nobody has it any more; whoever had it last may still be closing its files, and the program must not end there.
        let until = Instant::now() + CLOSING;
        while vault.strong_count() == 0 && folder.is_in_use() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(2));
        }
        Closed { id, standing }
    }

    /// Where the keychain can be asked without anybody being asked, it is told how new the vault is.
    fn note(&self, closed: &Closed) {
        if let Some(standing) = &closed.standing {
            // Without a keychain that answers by itself an older copy can't be told.
            let _ = self.inner.keychain.note(&keychain::Item::anchor(&closed.id), standing);
        }
    }

    fn end_rest(&self, jobs: &[JobId], token: Option<&str>) {
        let Some(token) = token else {
            self.inner.jobs.stop_these(jobs);
            return;
        };
        let closing = lock(&self.inner.closing);
        let mut resting = lock(&self.inner.resting);
        // Otherwise it was opened again meanwhile, or locked.
        let Some(open) = resting.take_if(|open| open.token == token) else { return };
        self.inner.jobs.stop_these(jobs);
        self.inner.jobs.forget_ended();
        // Only now anybody sees that the rest is over.
        drop(resting);
        self.inner.jobs.wait_for_these(jobs, None);
        let closed = Self::close(open);
        self.inner.jobs.forget_ended();
        drop(closing);
        self.tell_status();
        self.note(&closed);
        self.tell_changed(&[Topic::Jobs]);
    }

    /// Notes that the person did something, so that the vault does not lock by itself. Where the time for that is over it
    /// locks: the computer was asleep.
    ///
    /// # Errors
    /// [`crate::Code::Locked`].
    pub fn touch(&self) -> Result<(), Failure> {
        self.vault()?;
        let idle = self.idle();
        if self.idle_limit().is_some_and(|limit| idle >= limit) {
            self.lock_softly();
            return Err(Code::Locked.into());
        }
        self.begin_idling();
        Ok(())
    }

    /// The time of idleness begins.
    pub(crate) fn begin_idling(&self) {
        *lock(&self.inner.active) = Activity::now(&*self.inner.clock);
    }

    /// For how long nobody did anything.
    pub(crate) fn idle(&self) -> Duration {
        lock(&self.inner.active).elapsed(&*self.inner.clock)
    }

    /// The idleness after which the vault locks.
    fn idle_limit(&self) -> Option<Duration> {
        let minutes = self.lock_after_minutes();
        (minutes > 0).then(|| self.inner.config.minute.saturating_mul(minutes))
    }

    /// How long until the vault locks by itself; it does when the time has come.
    fn watch_idleness(&self) -> Duration {
        let is_open = self.inner.open.read().unwrap_or_else(PoisonError::into_inner).is_some();
        let Some(limit) = self.idle_limit().filter(|_| is_open) else { return LONG };
        match limit.checked_sub(self.idle()).filter(|left| !left.is_zero()) {
            Some(left) => left.min(GLANCE),
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

/// How new a vault is, where and as which of its copies. Its id is told, as the vault itself waits with the answer while
/// a key is made.
pub(crate) fn standing(vault: &Vault, id: &VaultId) -> Option<Standing> {
    let root = vault.folder().root();
    // One place may have several names.
    let root = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
    // A few bytes tell places apart, and nobody reads a path out of them.
    let digest = crypto::sha256(&[root.as_os_str().as_encoded_bytes(), id.as_bytes()].concat());
    let place = digest.iter().take(PLACE).map(|byte| format!("{byte:02x}")).collect();
    Some(Standing { line: vault.line().ok()?, place, generation: vault.generation().ok()? })
}

/// Watches for idleness, and for what is due, as long as the application lives. A message makes it look again.
pub(crate) fn watch(inner: &Weak<Inner>, look: &Receiver<()>) {
    let mut next_check = Instant::now();
    loop {
        let Some(inner) = inner.upgrade() else { return };
        let studio = Studio { inner };
        let idle = studio.watch_idleness();
        if next_check <= Instant::now() {
            next_check = Instant::now() + studio.watch_check();
        }
        drop(studio);
        match look.recv_timeout(idle.min(next_check.saturating_duration_since(Instant::now()))) {
            Ok(()) => next_check = Instant::now(),
            Err(RecvTimeoutError::Timeout) => {}
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
