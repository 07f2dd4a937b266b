//! The window for typing: what opens or protects a vault is typed there, and its page's process ends right after.
//!
//! **Invariant:** the page that shows the vault neither sends nor gets what was typed here.

mod pane;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Mutex, MutexGuard, PoisonError};

use api::{Asked, WithoutSecret};
use serde_json::Value;
use studio::{Code, Failure, Studio, VaultState};
use tauri::{AppHandle, Manager as _, State, WebviewWindow, async_runtime};

use crate::window::MAIN;

/// Label of the window.
pub(crate) const ENTRY: &str = "entry";

/// The answer's text, as for any other command.
type Answer = Result<String, Failure>;

/// A request that waits for its secret, and whoever asked.
struct Waiting {
    /// See [`Asked::id`].
    id: u32,
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
    /// The command has its secret and is being carried out.
    Runs(String),
}

/// What is asked in the window for typing.
#[derive(Default)]
pub(crate) struct Entry {
    turn: Mutex<Turn>,
    /// Held while a turn begins and its window opens: two at once would open it twice.
    opening: Mutex<()>,
}

impl Entry {
    fn turn(&self) -> MutexGuard<'_, Turn> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the turn; whoever waited before is told that it is over.
    fn begin(&self, waiting: Waiting) -> Result<(), Failure> {
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
    fn take(&self, which: impl FnOnce(&Waiting) -> bool) -> Option<Waiting> {
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
    fn settle(&self) {
        *self.turn() = Turn::Nobody;
    }
}

/// Questions so far.
static ASKED: AtomicU32 = AtomicU32::new(0);

/// Has a person type what the request lacks, and carries it out. Waits for them.
pub(crate) fn ask(app: &AppHandle, name: String, request: WithoutSecret) -> Answer {
    let (answer, answered) = sync_channel(1);
    let typed = request.typed;
    let entry = app.state::<Entry>();
    let opening = entry.opening.lock().unwrap_or_else(PoisonError::into_inner);
    entry.begin(Waiting { id: ASKED.fetch_add(1, Ordering::Relaxed), name, request, answer })?;
    if pane::open(app, typed).is_err() {
        cancel(app);
        return Err(Code::Internal.into());
    }
    drop(opening);
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
    // What is being carried out may still ask something in a window of the system's own: the page need not wait for that.
    if matches!(&*app.state::<Entry>().turn(), Turn::Runs(name) if needs_it(name)) {
        pane::close(app);
    }
}

fn end(app: &AppHandle, which: impl FnOnce(&Waiting) -> bool) {
    let entry = app.state::<Entry>();
    if let Some(waiting) = entry.take(which) {
        // The window first: whoever asks next opens it anew.
        pane::close(app);
        entry.settle();
        waiting.end(Err(Code::Cancelled.into()));
    }
}

/// What is asked for; the page in the window begins with it.
#[tauri::command]
pub(crate) fn entry_asked(entry: State<'_, Entry>, studio: State<'_, Studio>) -> Option<Asked> {
    match &*entry.turn() {
        Turn::Waits(waiting) => Some(Asked {
            id: waiting.id,
            typed: waiting.request.typed,
            name: waiting.name.clone(),
            settings: studio.settings(),
            wait_ms: studio.wait_ms(),
        }),
        Turn::Nobody | Turn::Runs(_) => None,
    }
}

/// What was typed. A failure that typing again may mend is the answer; any other ends it, as success does.
#[tauri::command]
pub(crate) async fn entry_answer(app: AppHandle, id: u32, secret: String) -> Result<(), Failure> {
    let shell = app.clone();
    let carried_out = async_runtime::spawn_blocking(move || carry_out(&shell, id, secret)).await;
    carried_out.unwrap_or_else(|_| {
        // It panicked: the next one must not find the turn taken.
        pane::close(&app);
        app.state::<Entry>().settle();
        Err(Code::Internal.into())
    })
}

fn carry_out(app: &AppHandle, id: u32, secret: String) -> Result<(), Failure> {
    let (entry, studio) = (app.state::<Entry>(), app.state::<Studio>());
    let waiting = entry.take(|waiting| waiting.id == id).ok_or(Code::Cancelled)?;
    let answer = api::call_for_text(&studio, &waiting.name, waiting.request.with(secret));
    match answer {
        Err(failure) if api::may_be_mistyped(failure.code) => {
            *entry.turn() = Turn::Waits(waiting);
            // Whoever locked meanwhile found nothing that waits.
            if studio.status().vault != VaultState::Open {
                locked(app);
            }
            // What the system asked in between may have left the keyboard with the main window.
            pane::come_back(app);
            Err(failure)
        }
        answer => {
            pane::close(app);
            entry.settle();
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

/// What becomes of a page's request.
#[derive(Debug)]
enum Route {
    /// It is carried out as it is.
    Runs,
    /// A person types what it lacks first.
    Waits(WithoutSecret),
    /// It is none of this page's.
    Refused(Code),
}

/// The page with the pictures never has a secret in a request, and the one for typing has no other command than those
/// about what is being typed.
fn route(window: &str, apart: bool, name: &str, request: &Value) -> Route {
    let while_typing = api::WHILE_TYPING.contains(&name);
    match (window, apart) {
        (MAIN, false) => Route::Runs,
        (MAIN, true) if while_typing => Route::Refused(Code::NoSuchCommand),
        (MAIN, true) if !api::names_its_parts(name, request) => Route::Refused(Code::BadRequest),
        (MAIN, true) => match api::without_secret(name, request) {
            Some(lacking) if lacking.is_empty() => Route::Waits(lacking),
            Some(_) => Route::Refused(Code::BadRequest),
            None => Route::Runs,
        },
        (ENTRY, true) if while_typing || api::ANYWHERE.contains(&name) => Route::Runs,
        _ => Route::Refused(Code::NoSuchCommand),
    }
}

/// Runs what the page of this window may run.
pub(crate) fn call(app: &AppHandle, window: &str, name: String, request: Value) -> Answer {
    let studio = app.state::<Studio>();
    if window == ENTRY {
        // Who chooses a passphrase for an open vault is at work in it.
        let _ = studio.touch();
    }
    match route(window, studio.types_apart(), &name, &request) {
        Route::Runs => api::call_for_text(&studio, &name, request),
        Route::Waits(lacking) => ask(app, name, lacking),
        Route::Refused(code) => Err(code.into()),
    }
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
        let id = ASKED.fetch_add(1, Ordering::Relaxed);
        (Waiting { id, name: "vault_unlock".to_owned(), request, answer }, answered)
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

    #[test]
    fn no_secret_comes_from_the_page_with_the_pictures_in_any_form() {
        let route = |name: &str, request: Value| route(MAIN, true, name, &request);
        let secret = "x";
        for (name, request) in [
            ("vault_unlock", json!({"with": {"by": "passphrase", "passphrase": secret}})),
            ("vault_unlock", json!({"with": ["passphrase", secret]})),
            ("vault_unlock", json!([{"by": "passphrase", "passphrase": secret}])),
            ("vault_prove", json!([["recovery", secret]])),
            ("vault_salvage", json!({"with": ["recovery", secret]})),
            ("vault_create", json!({"protection": ["passphrase", secret]})),
            ("vaults_create", json!([["passphrase", secret], "label"])),
            ("protection_change", json!([{"by": "passphrase", "passphrase": secret}])),
            ("key_replace", json!([secret])),
            ("key_replace", json!({"passphrase": secret})),
        ] {
            assert!(
                matches!(route(name, request.clone()), Route::Refused(Code::BadRequest)),
                "{name} {request}"
            );
        }
        let empty = json!({"with": {"by": "passphrase", "passphrase": ""}});
        assert!(matches!(route("vault_unlock", empty), Route::Waits(_)));
        assert!(matches!(route("vault_unlock", json!({"with": {"by": "keychain"}})), Route::Runs));
        assert!(matches!(route("vault_salvage", json!({"with": null})), Route::Runs));
        assert!(matches!(route("gallery_query", Value::Null), Route::Runs));
    }

    #[test]
    fn the_page_for_typing_may_do_nothing_else() {
        for command in api::COMMANDS {
            let routed = route(ENTRY, true, command.name, &Value::Null);
            let allowed = [api::WHILE_TYPING, api::ANYWHERE].concat().contains(&command.name);
            assert_eq!(matches!(routed, Route::Runs), allowed, "{}", command.name);
        }
    }
}
