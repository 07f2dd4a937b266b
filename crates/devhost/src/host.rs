//! Dialogs that a test has answered beforehand, a clipboard that it can read, jobs that it can hold, and a clock that it
//! can put forward.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use model::{Clock, SystemClock, Timestamp};
use studio::{Confirm, Host, HostError, Language, Pick};

/// Gives what the test laid ready, and keeps what was copied.
#[derive(Default)]
pub struct ScriptedHost {
    answers: Mutex<VecDeque<Vec<PathBuf>>>,
    copied: Mutex<Option<String>>,
    held: Mutex<bool>,
    released: Condvar,
    /// Milliseconds that the clock is ahead.
    ahead: AtomicI64,
}

impl ScriptedHost {
    /// Lays an answer ready for the next dialog; an empty one is a closed dialog.
    pub fn lay(&self, answer: Vec<PathBuf>) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).push_back(answer);
    }

    /// Jobs stand still after their next progress, or go on.
    pub fn hold(&self, held: bool) {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = held;
        self.released.notify_all();
    }

    /// Returns once jobs are not held.
    pub fn wait(&self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        while *held {
            held = self.released.wait(held).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The clock goes forward by these milliseconds.
    pub fn later(&self, millis: i64) {
        self.ahead.fetch_add(millis, Ordering::SeqCst);
    }

    /// What was copied last.
    pub fn copied(&self) -> Option<String> {
        self.copied.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Clock for ScriptedHost {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(SystemClock.now().millis().saturating_add(self.ahead.load(Ordering::SeqCst)))
    }
}

impl Host for ScriptedHost {
    fn pick(&self, _: &Pick, _: Language) -> Vec<PathBuf> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).pop_front().unwrap_or_default()
    }

    /// The person says yes; what is asked is on no page.
    fn confirm(&self, _: Confirm, _: Language) -> bool {
        true
    }

    fn copy(&self, text: &str) -> Result<(), HostError> {
        *self.copied.lock().unwrap_or_else(PoisonError::into_inner) = Some(text.to_owned());
        Ok(())
    }

    fn take_back_copied(&self) {
        *self.copied.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
