//! Ctrl-C: a job stops at its next safe place; a second one ends the program at once, which the vault survives.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use studio::{Failure, JobId, Studio};

use crate::exit::Exit;

/// What Ctrl-C does at the moment.
enum Duty {
    /// It ends the program.
    End,
    /// It is only noted.
    Note,
    /// It stops this job.
    Stop(Studio, JobId),
    /// It ends the program after this: putting the terminal back in order.
    EndAfter(Box<dyn FnOnce() + Send>),
}

/// Hears Ctrl-C, and the system's wish that the program ends.
#[derive(Clone)]
pub struct Signals {
    duty: Arc<Mutex<Duty>>,
    noted: Arc<AtomicBool>,
}

impl Signals {
    /// From now on it is heard. Where the system has no signals, nothing is.
    pub fn listen() -> Self {
        let signals = Self { duty: Arc::new(Mutex::new(Duty::End)), noted: Arc::default() };
        let heard = signals.clone();
        let _ = ctrlc::set_handler(move || heard.heard());
        #[cfg(unix)]
        listen_to_others();
        signals
    }

    fn heard(&self) {
        if self.noted.swap(true, Ordering::SeqCst) {
            end();
        }
        let mut duty = self.lock();
        match &*duty {
            Duty::Note => return,
            Duty::Stop(studio, job) => {
                // A job that is over has nothing to stop.
                let _ = studio.cancel_job(*job);
                return;
            }
            Duty::End | Duty::EndAfter(_) => {}
        }
        if let Duty::EndAfter(before) = std::mem::replace(&mut *duty, Duty::End) {
            before();
        }
        end();
    }

    /// Does something that must not be cut short.
    pub fn hold<T>(&self, work: impl FnOnce() -> T) -> T {
        *self.lock() = Duty::Note;
        let value = work();
        *self.lock() = Duty::End;
        value
    }

    /// Asks the person something. The program would not notice a signal that comes just before it begins to read: ended
    /// from here, it can't be left waiting.
    pub fn ask<T>(&self, before_the_end: impl FnOnce() + Send + 'static, work: impl FnOnce() -> T) -> T {
        *self.lock() = Duty::EndAfter(Box::new(before_the_end));
        let value = work();
        *self.lock() = Duty::End;
        value
    }

    /// Starts a job that Ctrl-C stops; it can't come between the two.
    pub fn job(
        &self,
        studio: &Studio,
        start: impl FnOnce() -> Result<JobId, Failure>,
    ) -> Result<JobId, Failure> {
        let mut duty = self.lock();
        let job = start()?;
        *duty = Duty::Stop(studio.clone(), job);
        Ok(job)
    }

    /// The job is over. What it did is still to be told, so Ctrl-C does not end the program from now on.
    pub fn job_is_over(&self) {
        *self.lock() = Duty::Note;
    }

    /// Whether Ctrl-C was heard.
    pub fn was_heard(&self) -> bool {
        self.noted.load(Ordering::SeqCst)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Duty> {
        self.duty.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A file that has grown to the system's limit is an error like a full disk's; and Ctrl-\ ends the program at once, as a
/// second Ctrl-C does.
#[cfg(unix)]
fn listen_to_others() {
    use signal_hook::consts::{SIGQUIT, SIGXFSZ};
    let _ = signal_hook::flag::register(SIGXFSZ, Arc::default());
    if let Ok(mut quits) = signal_hook::iterator::Signals::new([SIGQUIT]) {
        std::thread::spawn(move || {
            if quits.forever().next().is_some() {
                end();
            }
        });
    }
}

/// At once; nothing of what was being written in the clear is left.
fn end() -> ! {
    transfer::remove_unfinished();
    memory::end(Exit::Cancelled as u8)
}
