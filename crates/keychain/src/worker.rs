//! The one thread that talks to the store, and callers who do not wait for ever.
//!
//! **Invariant:** while a call is overdue the thread is blocked, so every later call answers `Unanswered` at once; the
//! first answer that does come, however late, ends that.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::KeychainError;

type Job = Box<dyn FnOnce() + Send>;

/// Whether somebody still waits for the work that is being done.
#[derive(Clone, Default)]
pub(crate) struct Attempt(Arc<AtomicBool>);

impl Attempt {
    /// True once the caller has been told `Unanswered`: what is done now would surprise it.
    pub(crate) fn given_up(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// The thread. It ends with the last clone.
#[derive(Clone)]
pub(crate) struct Worker {
    jobs: mpsc::Sender<Job>,
    overdue: Arc<Mutex<bool>>,
}

impl Worker {
    /// Starts the thread; if the system refuses one, every call says `Unavailable`.
    pub(crate) fn start() -> Self {
        let (jobs, todo) = mpsc::channel::<Job>();
        // Refused: `todo` is dropped with the closure and each send fails.
        let _ = std::thread::Builder::new().name("keychain".into()).spawn(move || {
            for job in todo {
                job();
            }
        });
        Self { jobs, overdue: Arc::default() }
    }

    /// Has the thread do the work, and waits for at most `limit`.
    pub(crate) fn call<T: Send + 'static>(
        &self,
        limit: Duration,
        work: impl FnOnce(&Attempt) -> Result<T, KeychainError> + Send + 'static,
    ) -> Result<T, KeychainError> {
        self.wait(limit, true, work).unwrap_or(Err(KeychainError::Unanswered))
    }

    /// As [`Worker::call`], for what may be left unanswered: `None` then, and later calls are not held to it.
    pub(crate) fn ask<T: Send + 'static>(
        &self,
        limit: Duration,
        work: impl FnOnce(&Attempt) -> Result<T, KeychainError> + Send + 'static,
    ) -> Option<Result<T, KeychainError>> {
        self.wait(limit, false, work)
    }

    fn wait<T: Send + 'static>(
        &self,
        limit: Duration,
        counts: bool,
        work: impl FnOnce(&Attempt) -> Result<T, KeychainError> + Send + 'static,
    ) -> Option<Result<T, KeychainError>> {
        if *lock(&self.overdue) {
            return None;
        }
        let attempt = Attempt::default();
        let (reply, answer) = mpsc::sync_channel(1);
        let (overdue, theirs) = (Arc::clone(&self.overdue), attempt.clone());
        if self.jobs.send(Box::new(move || perform(work, &theirs, &reply, &overdue))).is_err() {
            return Some(Err(KeychainError::Unavailable));
        }
        match answer.recv_timeout(limit) {
            Ok(answer) => return Some(answer),
            Err(RecvTimeoutError::Disconnected) => return Some(Err(KeychainError::Unavailable)),
            Err(RecvTimeoutError::Timeout) => {}
        }
        // The thread answers under the same lock, so the answer is either here now or truly late.
        let mut overdue = lock(&self.overdue);
        if let Ok(answer) = answer.try_recv() {
            return Some(answer);
        }
        attempt.0.store(true, Ordering::SeqCst);
        *overdue |= counts;
        None
    }
}

/// Does one job on the thread. A store that panics is a store that does not work.
fn perform<T>(
    work: impl FnOnce(&Attempt) -> Result<T, KeychainError>,
    attempt: &Attempt,
    reply: &SyncSender<Result<T, KeychainError>>,
    overdue: &Mutex<bool>,
) {
    let answer = if attempt.given_up() {
        Err(KeychainError::Unanswered)
    } else {
        catch_unwind(AssertUnwindSafe(|| work(attempt))).unwrap_or(Err(KeychainError::Unavailable))
    };
    let mut overdue = lock(overdue);
    // A caller who has gone away has nothing to hear.
    let _ = reply.send(answer);
    *overdue = false;
}

fn lock(flag: &Mutex<bool>) -> MutexGuard<'_, bool> {
    flag.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AGES: Duration = Duration::from_secs(30);

    #[test]
    fn a_store_that_panics_is_unavailable_and_the_thread_lives_on() {
        let worker = Worker::start();
        let panics = |_: &Attempt| -> Result<(), KeychainError> { panic!("the store's own panic") };
        assert_eq!(worker.call(AGES, panics).unwrap_err(), KeychainError::Unavailable);
        assert_eq!(worker.call(AGES, |_| Ok(5)).unwrap(), 5);
    }

    #[test]
    fn what_waited_behind_a_blocked_call_is_not_done_once_its_caller_has_gone() {
        let worker = Worker::start();
        let (release, released) = mpsc::channel::<()>();
        let (started, starts) = mpsc::channel();
        let first = {
            let worker = worker.clone();
            std::thread::spawn(move || {
                worker.call(AGES, move |_| {
                    started.send(()).ok();
                    released.recv().ok();
                    Ok(())
                })
            })
        };
        starts.recv().unwrap();
        let done = Arc::new(AtomicBool::new(false));
        let set = Arc::clone(&done);
        let second = worker.call(Duration::from_millis(10), move |_| {
            set.store(true, Ordering::SeqCst);
            Ok(())
        });
        assert_eq!(second.unwrap_err(), KeychainError::Unanswered);
        assert_eq!(worker.call(AGES, |_| Ok(())).unwrap_err(), KeychainError::Unanswered);
        release.send(()).unwrap();
        first.join().unwrap().unwrap();
        while worker.call(AGES, |_| Ok(())).is_err() {
            std::thread::yield_now();
        }
        assert!(!done.load(Ordering::SeqCst));
    }
}
