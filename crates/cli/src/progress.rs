//! One line on the terminal that says how far a job is.

use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;

use studio::{Job, Language};

use crate::texts;

/// The line. It is there only on a terminal and without `--json`.
pub struct Line {
    language: Language,
    /// `None` when nothing may be shown any more; otherwise whether something is.
    shown: Mutex<Option<bool>>,
}

impl Line {
    /// A line that is empty yet.
    pub fn new(language: Language, wanted: bool) -> Self {
        let wanted = wanted && io::stderr().is_terminal();
        Self { language, shown: Mutex::new(wanted.then_some(false)) }
    }

    /// Shows how far the job is.
    pub fn show(&self, job: &Job) {
        let mut shown = studio_lock(&self.shown);
        if !job.is_running() || shown.is_none() {
            return;
        }
        let text = texts::progress(job, self.language);
        let _ = write!(io::stderr().lock(), "\r{text}\x1b[K");
        *shown = Some(true);
    }

    /// Takes the line away for good: the job's last news may come after its result.
    pub fn end(&self) {
        if studio_lock(&self.shown).take() == Some(true) {
            let _ = write!(io::stderr().lock(), "\r\x1b[K");
        }
    }
}

fn studio_lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
