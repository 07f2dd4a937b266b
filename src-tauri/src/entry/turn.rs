//! Whose turn it is to have a secret typed: one request at a time.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Mutex, MutexGuard, PoisonError};

use api::WithoutSecret;
use studio::{Code, Failure};

/// Questions so far.
static ASKED: AtomicU32 = AtomicU32::new(0);

/// The answer's text, as for any other command.
pub(super) type Answer = Result<String, Failure>;

/// A request that waits for its secret, and whoever asked.
pub(super) struct Waiting {
    /// See [`api::Asked::id`].
    pub(super) id: u32,
    pub(super) name: String,
    pub(super) request: WithoutSecret,
    answer: SyncSender<Answer>,
}

impl Waiting {
    /// For whoever waits for the answer at the other end.
    pub(super) fn new(name: String, request: WithoutSecret, answer: SyncSender<Answer>) -> Self {
        Self { id: ASKED.fetch_add(1, Ordering::Relaxed), name, request, answer }
    }

    pub(super) fn end(self, answer: Answer) {
        // Who asked may have gone.
        let _ = self.answer.try_send(answer);
    }
}

/// One request at a time.
#[derive(Default)]
pub(super) enum Turn {
    #[default]
    Nobody,
    Waits(Waiting),
    /// The command has its secret and is being carried out.
    Runs(String),
}

/// What is asked in the window for typing.
#[derive(Default)]
pub(crate) struct Entry {
    turn: Mutex<Turn>,
    /// Held while a turn begins and its window opens: two at once would open it twice.
    pub(super) opening: Mutex<()>,
}

impl Entry {
    pub(super) fn turn(&self) -> MutexGuard<'_, Turn> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the turn; whoever waited before is told that it is over.
    pub(super) fn begin(&self, waiting: Waiting) -> Result<(), Failure> {
        let mut turn = self.turn();
        if matches!(*turn, Turn::Runs(_)) {
            return Err(Code::Cancelled.into());
        }
        let before = std::mem::replace(&mut *turn, Turn::Waits(waiting));
        drop(turn);
        if let Turn::Waits(before) = before {
            before.end(Err(Code::Cancelled.into()));
        }
        Ok(())
    }

    /// Hands over what waits, if it is so; until it is settled nothing else takes the turn.
    pub(super) fn take(&self, which: impl FnOnce(&Waiting) -> bool) -> Option<Waiting> {
        let mut turn = self.turn();
        let name = match &*turn {
            Turn::Waits(waiting) if which(waiting) => waiting.name.clone(),
            _ => return None,
        };
        match std::mem::replace(&mut *turn, Turn::Runs(name)) {
            Turn::Waits(waiting) => Some(waiting),
            Turn::Nobody | Turn::Runs(_) => None,
        }
    }

    /// The turn is free.
    pub(super) fn settle(&self) {
        *self.turn() = Turn::Nobody;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, sync_channel};

    use serde_json::json;

    use super::*;

    fn waiting() -> (Waiting, Receiver<Answer>) {
        let (answer, answered) = sync_channel(1);
        let request = json!({"with": {"by": "passphrase", "passphrase": ""}});
        let request = api::without_secret("vault_unlock", &request).unwrap();
        (Waiting::new("vault_unlock".to_owned(), request, answer), answered)
    }

    #[test]
    fn who_asks_later_takes_the_place_of_who_waits() {
        let entry = Entry::default();
        let ((first, told), (second, other)) = (waiting(), waiting());
        let old = first.id;
        entry.begin(first).unwrap();
        entry.begin(second).unwrap();
        assert!(
            entry.take(|waiting| waiting.id == old).is_none(),
            "what was typed for the first is not for the second"
        );
        assert_eq!(told.try_recv().unwrap(), Err(Code::Cancelled.into()));
        assert!(other.try_recv().is_err());
    }

    #[test]
    fn what_is_being_carried_out_is_neither_given_up_nor_replaced() {
        let entry = Entry::default();
        let ((first, told), (second, _)) = (waiting(), waiting());
        entry.begin(first).unwrap();
        let taken = entry.take(|_| true).unwrap();
        assert!(entry.take(|_| true).is_none());
        assert_eq!(entry.begin(second), Err(Code::Cancelled.into()));
        entry.settle();
        taken.end(Ok("done".to_owned()));
        assert_eq!(told.try_recv().unwrap(), Ok("done".to_owned()));
    }
}
