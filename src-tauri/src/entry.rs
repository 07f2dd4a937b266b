//! The window for typing: what opens or protects a vault is typed there, and its page's process ends right after.
//!
//! **Invariant:** the page that shows the vault neither sends nor gets what was typed here.

mod pane;

use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Mutex, MutexGuard, PoisonError};

use api::{Asked, WithoutSecret};
use serde_json::Value;
use studio::{Code, Failure, Studio};
use tauri::{AppHandle, Manager as _, State, WebviewWindow, async_runtime};

use crate::window::MAIN;

/// Label of the window.
pub(crate) const ENTRY: &str = "entry";

/// The answer's text, as for any other command.
type Answer = Result<String, Failure>;

/// A request that waits for its secret, and whoever asked.
struct Waiting {
    name: String,
    request: WithoutSecret,
    answer: SyncSender<Answer>,
}

impl Waiting {
    fn end(self, answer: Answer) {
        // Who asked may have gone.
        let _ = self.answer.try_send(answer);
    }
}

/// One request at a time.
#[derive(Default)]
enum Turn {
    #[default]
    Nobody,
    Waits(Waiting),
    /// It has its secret and is being carried out.
    Runs,
}

/// What is asked in the window for typing.
#[derive(Default)]
pub(crate) struct Entry(Mutex<Turn>);

impl Entry {
    fn turn(&self) -> MutexGuard<'_, Turn> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the turn; whoever waited before is told that it is over.
    fn begin(&self, waiting: Waiting) -> Result<(), Failure> {
        let mut turn = self.turn();
        match std::mem::replace(&mut *turn, Turn::Runs) {
            Turn::Runs => Err(Code::Cancelled.into()),
            before => {
                *turn = Turn::Waits(waiting);
                drop(turn);
                if let Turn::Waits(before) = before {
                    before.end(Err(Code::Cancelled.into()));
                }
                Ok(())
            }
        }
    }

    /// Hands over what waits, if it is so.
    fn take(&self, which: impl FnOnce(&Waiting) -> bool, then: Turn) -> Option<Waiting> {
        let mut turn = self.turn();
        match &*turn {
            Turn::Waits(waiting) if which(waiting) => {}
            _ => return None,
        }
        match std::mem::replace(&mut *turn, then) {
            Turn::Waits(waiting) => Some(waiting),
            Turn::Nobody | Turn::Runs => None,
        }
    }
}

/// Has a person type what the request lacks, and carries it out. Waits for them.
pub(crate) fn ask(app: &AppHandle, name: String, request: WithoutSecret) -> Answer {
    let (answer, answered) = sync_channel(1);
    let typed = request.typed;
    app.state::<Entry>().begin(Waiting { name, request, answer })?;
    if pane::open(app, typed).is_err() {
        cancel(app);
        return Err(Code::Internal.into());
    }
    answered.recv().unwrap_or_else(|_| Err(Code::Cancelled.into()))
}

/// The person thinks better of it. What is being carried out comes to its end.
pub(crate) fn cancel(app: &AppHandle) {
    end(app, |_| true);
}

/// The vault was locked: what needs it open is not asked any more.
pub(crate) fn locked(app: &AppHandle) {
    let needs_it =
        |name: &str| api::COMMANDS.iter().any(|row| row.name == name && row.needs == api::Needs::OpenVault);
    end(app, |waiting| needs_it(&waiting.name));
}

fn end(app: &AppHandle, which: impl FnOnce(&Waiting) -> bool) {
    if let Some(waiting) = app.state::<Entry>().take(which, Turn::Nobody) {
        waiting.end(Err(Code::Cancelled.into()));
        pane::close(app);
    }
}

/// What is asked for; the page in the window begins with it.
#[tauri::command]
pub(crate) fn entry_asked(entry: State<'_, Entry>, studio: State<'_, Studio>) -> Option<Asked> {
    match &*entry.turn() {
        Turn::Waits(waiting) => Some(Asked {
            typed: waiting.request.typed,
            name: waiting.name.clone(),
            settings: studio.settings(),
            wait_ms: studio.wait_ms(),
        }),
        Turn::Nobody | Turn::Runs => None,
    }
}

/// What was typed. A failure that typing again may mend is the answer; any other ends it, as success does.
#[tauri::command]
pub(crate) async fn entry_answer(app: AppHandle, secret: String) -> Result<(), Failure> {
    let carried_out = async_runtime::spawn_blocking(move || carry_out(&app, secret)).await;
    carried_out.unwrap_or_else(|_| Err(Code::Internal.into()))
}

fn carry_out(app: &AppHandle, secret: String) -> Result<(), Failure> {
    let (entry, studio) = (app.state::<Entry>(), app.state::<Studio>());
    let waiting = entry.take(|_| true, Turn::Runs).ok_or(Code::Cancelled)?;
    let answer = api::call_for_text(&studio, &waiting.name, waiting.request.with(secret));
    match answer {
        Err(failure) if api::may_be_mistyped(failure.code) => {
            *entry.turn() = Turn::Waits(waiting);
            Err(failure)
        }
        answer => {
            *entry.turn() = Turn::Nobody;
            pane::close(app);
            waiting.end(answer);
            Ok(())
        }
    }
}

/// Either page gives it up.
#[tauri::command]
pub(crate) async fn entry_cancel(app: AppHandle) {
    cancel(&app);
}

/// What the page of this window may run: the one with the pictures never has a secret in a request, and the one for
/// typing has no other command than those about what is being typed.
pub(crate) fn call(app: &AppHandle, window: &str, name: String, request: Value) -> Answer {
    let studio = app.state::<Studio>();
    let while_typing = api::WHILE_TYPING.contains(&name.as_str());
    match (window, studio.types_apart()) {
        (MAIN, false) => {}
        (MAIN, true) if !while_typing => {
            if let Some(request) = api::without_secret(&name, &request) {
                return if request.is_empty() {
                    ask(app, name, request)
                } else {
                    Err(Code::BadRequest.into())
                };
            }
        }
        (ENTRY, true) if while_typing => {}
        _ => return Err(Code::NoSuchCommand.into()),
    }
    api::call_for_text(&studio, &name, request)
}

/// The window, where it is shown.
pub(crate) fn shown(app: &AppHandle) -> Option<WebviewWindow> {
    app.get_webview_window(ENTRY).filter(|window| window.is_visible().unwrap_or(false))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::Receiver;

    use serde_json::json;

    use super::*;

    fn waiting() -> (Waiting, Receiver<Answer>) {
        let (answer, answered) = sync_channel(1);
        let request = json!({"with": {"by": "passphrase", "passphrase": ""}});
        let request = api::without_secret("vault_unlock", &request).unwrap();
        (Waiting { name: "vault_unlock".to_owned(), request, answer }, answered)
    }

    #[test]
    fn who_asks_later_takes_the_place_of_who_waits() {
        let entry = Entry::default();
        let ((first, told), (second, other)) = (waiting(), waiting());
        entry.begin(first).unwrap();
        entry.begin(second).unwrap();
        assert_eq!(told.try_recv().unwrap(), Err(Code::Cancelled.into()));
        assert!(other.try_recv().is_err());
    }

    #[test]
    fn what_is_being_carried_out_is_neither_given_up_nor_replaced() {
        let entry = Entry::default();
        let ((first, told), (second, _)) = (waiting(), waiting());
        entry.begin(first).unwrap();
        let taken = entry.take(|_| true, Turn::Runs).unwrap();
        assert!(entry.take(|_| true, Turn::Nobody).is_none());
        assert_eq!(entry.begin(second), Err(Code::Cancelled.into()));
        taken.end(Ok("done".to_owned()));
        assert_eq!(told.try_recv().unwrap(), Ok("done".to_owned()));
    }
}
