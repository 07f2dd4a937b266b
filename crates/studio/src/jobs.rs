//! Long work: one thread each, with progress, cancel and a report. Jobs live on while the window shows other places.

pub mod report;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use transfer::Progress;

use crate::{Code, Event, Failure, Report};
use report::Ended;

/// Names a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(transparent)]
#[ts(type = "number")]
pub struct JobId(u32);

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// Looks through files before an import.
    Plan,
    /// Takes files in.
    Import,
    /// Writes an archive.
    Export,
    /// Takes an archive in.
    Restore,
    /// Checks an archive.
    Verify,
    /// Checks the vault.
    Check,
    /// Erases items for good.
    Erase,
    /// Writes a backup.
    Backup,
    /// Checks a backup.
    VerifyBackup,
    /// Makes a vault of a backup.
    RestoreBackup,
    /// Saves what can be saved of a damaged vault.
    Salvage,
    /// Gives free room back.
    Compact,
    /// Writes the catalogue anew under another key.
    Renew,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// At work.
    Running,
    /// Carried out; the report is there.
    Done,
    /// Stopped by the person.
    Cancelled,
    /// Failed; the code says why.
    Failed,
}

/// A job as it can be shown.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct Job {
    /// Its number.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// Where it stands.
    pub state: JobState,
    /// It began by itself, because it was due.
    pub by_itself: bool,
    /// What it works on, as the person named it; may be empty.
    pub label: String,
    /// Files or items done.
    pub done: usize,
    /// Files or items in all; 0 while it is not known.
    pub total: usize,
    /// Bytes read or written.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Files or items a second.
    pub per_second: Option<f64>,
    /// Seconds left, as far as can be told.
    pub seconds_left: Option<f64>,
    /// The person asked it to stop.
    pub stopping: bool,
    /// What it found or did.
    pub report: Option<Report>,
    /// Why it failed.
    pub failure: Option<Code>,
}

impl Job {
    /// Whether it is still at work.
    pub fn is_running(&self) -> bool {
        self.state == JobState::Running
    }
}

/// Progress is told at most this often, so that a fast job does not drown the window.
const PACE: Duration = Duration::from_millis(100);

struct Entry {
    job: Job,
    stop: Arc<AtomicBool>,
    /// It holds keys: a lock waits for its end.
    keyed: bool,
}

impl Entry {
    fn has_keys(&self) -> bool {
        self.keyed && self.job.is_running()
    }

    fn ask_to_stop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.job.stopping = self.job.is_running();
    }
}

/// How a job begins.
#[derive(Clone, Copy, Default)]
struct Begin {
    by_itself: bool,
    keyed: bool,
}

/// All jobs of this run of the program.
pub(crate) struct Jobs {
    next: AtomicU32,
    entries: Mutex<BTreeMap<JobId, Entry>>,
    ended: Condvar,
    tell: Box<dyn Fn(Event) + Send + Sync>,
}

impl Jobs {
    pub(crate) fn new(tell: Box<dyn Fn(Event) + Send + Sync>) -> Self {
        Self { next: AtomicU32::new(1), entries: Mutex::default(), ended: Condvar::new(), tell }
    }

    /// Starts a job with keys that nobody asked for; see [`Jobs::start`].
    pub(crate) fn start_unasked(
        self: &Arc<Self>,
        kind: JobKind,
        work: impl FnOnce(&mut dyn FnMut(Progress) -> bool) -> Ended + Send + 'static,
    ) -> Result<JobId, Failure> {
        self.begin(kind, String::new(), Begin { by_itself: true, keyed: true }, || true, work)
    }

    /// Starts a job that holds keys, unless a lock has begun, which `allowed` tells: either the job is refused or the
    /// lock finds it.
    pub(crate) fn start_keyed(
        self: &Arc<Self>,
        kind: JobKind,
        label: String,
        allowed: impl FnOnce() -> bool,
        work: impl FnOnce(&mut dyn FnMut(Progress) -> bool) -> Ended + Send + 'static,
    ) -> Result<JobId, Failure> {
        self.begin(kind, label, Begin { keyed: true, ..Begin::default() }, allowed, work)
    }

    /// Starts a job that needs no key. `work` gets a watch that it tells its progress and that answers whether to go on.
    pub(crate) fn start(
        self: &Arc<Self>,
        kind: JobKind,
        label: String,
        work: impl FnOnce(&mut dyn FnMut(Progress) -> bool) -> Ended + Send + 'static,
    ) -> Result<JobId, Failure> {
        self.begin(kind, label, Begin::default(), || true, work)
    }

    fn begin(
        self: &Arc<Self>,
        kind: JobKind,
        label: String,
        Begin { by_itself, keyed }: Begin,
        allowed: impl FnOnce() -> bool,
        work: impl FnOnce(&mut dyn FnMut(Progress) -> bool) -> Ended + Send + 'static,
    ) -> Result<JobId, Failure> {
        let id = JobId(self.next.fetch_add(1, Ordering::Relaxed));
        let stop = Arc::new(AtomicBool::new(false));
        let job = Job { by_itself, ..Job::new(id, kind, label) };
        {
            let mut entries = self.lock();
            if !allowed() {
                return Err(Code::Locked.into());
            }
            entries.insert(id, Entry { job: job.clone(), stop: Arc::clone(&stop), keyed });
        }
        (self.tell)(Event::Job { job });
        let jobs = Arc::clone(self);
        let thread = std::thread::Builder::new().name("job".to_owned());
        let spawned = thread.spawn(move || {
            // A panic inside must not leave a job that runs for ever.
            let mut guard = Finisher { jobs: &jobs, id, ended: Some(Ended::Failed(Code::Internal)) };
            guard.ended = Some(jobs.run(id, &stop, work));
        });
        match spawned {
            Ok(_) => Ok(id),
            Err(_) => {
                self.finish(id, Ended::Failed(Code::Internal));
                Err(Code::Internal.into())
            }
        }
    }

    fn run(
        &self,
        id: JobId,
        stop: &AtomicBool,
        work: impl FnOnce(&mut dyn FnMut(Progress) -> bool) -> Ended,
    ) -> Ended {
        let (begun, mut told) = (Instant::now(), None::<Instant>);
        work(&mut |progress| {
            if told.is_none_or(|at| at.elapsed() >= PACE) {
                told = Some(Instant::now());
                self.progress(id, progress, begun.elapsed());
            }
            !stop.load(Ordering::Relaxed)
        })
    }

    fn progress(&self, id: JobId, progress: Progress, elapsed: Duration) {
        let job = {
            let mut entries = self.lock();
            let Some(entry) = entries.get_mut(&id) else { return };
            entry.job.advance(progress, elapsed);
            entry.job.clone()
        };
        (self.tell)(Event::Job { job });
    }

    fn finish(&self, id: JobId, ended: Ended) {
        let job = {
            let mut entries = self.lock();
            let Some(entry) = entries.get_mut(&id) else { return };
            entry.job.end(ended);
            entry.job.clone()
        };
        self.ended.notify_all();
        (self.tell)(Event::Job { job });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<JobId, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All jobs, oldest first.
    pub(crate) fn list(&self) -> Vec<Job> {
        self.lock().values().map(|entry| entry.job.clone()).collect()
    }

    /// Asks a job to stop at its next safe place.
    pub(crate) fn cancel(&self, id: JobId) -> Result<(), Failure> {
        let job = {
            let mut entries = self.lock();
            let entry = entries.get_mut(&id).ok_or(Code::NoSuchJob)?;
            entry.ask_to_stop();
            entry.job.clone()
        };
        (self.tell)(Event::Job { job });
        Ok(())
    }

    /// Takes an ended job off the list.
    pub(crate) fn dismiss(&self, id: JobId) -> Result<(), Failure> {
        let mut entries = self.lock();
        let entry = entries.get(&id).ok_or(Code::NoSuchJob)?;
        if !entry.job.is_running() {
            entries.remove(&id);
        }
        Ok(())
    }

    /// Waits until a job has ended and gives it.
    pub(crate) fn wait(&self, id: JobId) -> Result<Job, Failure> {
        let mut entries = self.lock();
        loop {
            let entry = entries.get(&id).ok_or(Code::NoSuchJob)?;
            if !entry.job.is_running() {
                return Ok(entry.job.clone());
            }
            entries = self.ended.wait(entries).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The jobs at work that hold keys.
    pub(crate) fn with_keys(&self) -> Vec<JobId> {
        self.lock().iter().filter(|(_, entry)| entry.has_keys()).map(|(id, _)| *id).collect()
    }

    /// The jobs at work.
    pub(crate) fn at_work(&self) -> Vec<JobId> {
        self.lock().iter().filter(|(_, entry)| entry.job.is_running()).map(|(id, _)| *id).collect()
    }

    /// Waits until these have ended, and not longer than `limit` where there is one.
    pub(crate) fn wait_for_these(&self, ids: &[JobId], limit: Option<Duration>) {
        let until = limit.and_then(|limit| Instant::now().checked_add(limit));
        let mut entries = self.lock();
        while ids.iter().any(|id| entries.get(id).is_some_and(|entry| entry.job.is_running())) {
            entries = match until {
                None => self.ended.wait(entries).unwrap_or_else(PoisonError::into_inner),
                Some(until) => {
                    let Some(left) = until.checked_duration_since(Instant::now()) else { return };
                    self.ended.wait_timeout(entries, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    /// Asks these to stop at their next safe place.
    pub(crate) fn stop_these(&self, ids: &[JobId]) {
        let mut entries = self.lock();
        for id in ids {
            if let Some(entry) = entries.get_mut(id) {
                entry.ask_to_stop();
            }
        }
    }

    /// Forgets what ended jobs reported: it names files.
    pub(crate) fn forget_ended(&self) {
        self.lock().retain(|_, entry| entry.job.is_running());
    }

    /// Asks the jobs that nobody asked for to stop, and waits for them.
    pub(crate) fn stop_unasked(&self) {
        let at_work = |entry: &Entry| entry.job.by_itself && entry.job.is_running();
        let mut entries = self.lock();
        for entry in entries.values_mut().filter(|entry| at_work(entry)) {
            entry.ask_to_stop();
        }
        while entries.values().any(at_work) {
            entries = self.ended.wait(entries).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Ends the job whatever happens to its thread.
struct Finisher<'a> {
    jobs: &'a Jobs,
    id: JobId,
    ended: Option<Ended>,
}

impl Drop for Finisher<'_> {
    fn drop(&mut self) {
        if let Some(ended) = self.ended.take() {
            self.jobs.finish(self.id, ended);
        }
    }
}

impl Job {
    fn new(id: JobId, kind: JobKind, label: String) -> Self {
        Self {
            id,
            kind,
            state: JobState::Running,
            by_itself: false,
            label,
            done: 0,
            total: 0,
            bytes: 0,
            per_second: None,
            seconds_left: None,
            stopping: false,
            report: None,
            failure: None,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of files, shown with three digits")]
    fn advance(&mut self, progress: Progress, elapsed: Duration) {
        self.done = progress.done;
        self.total = progress.total;
        self.bytes = progress.bytes;
        let seconds = elapsed.as_secs_f64();
        // The first moments say nothing about the rate.
        if seconds >= 0.5 && progress.done > 0 {
            let rate = progress.done as f64 / seconds;
            self.per_second = Some(rate);
            self.seconds_left = Some(progress.total.saturating_sub(progress.done) as f64 / rate);
        }
    }

    fn end(&mut self, ended: Ended) {
        self.stopping = false;
        self.seconds_left = None;
        match ended {
            Ended::Done(report) => {
                self.state = JobState::Done;
                self.done = self.total;
                self.report = Some(report);
            }
            Ended::Stopped(report) => {
                self.state = JobState::Cancelled;
                self.report = report;
            }
            Ended::Failed(code) => {
                self.state = JobState::Failed;
                self.failure = Some(code);
            }
            Ended::Broken(code, report) => {
                self.state = JobState::Failed;
                self.failure = Some(code);
                self.report = Some(report);
            }
        }
    }
}
