//! The window for typing: what opens or protects a vault is typed there, and its page's process ends right after.
//!
//! **Invariant:** the page that shows the vault neither sends nor gets what was typed here.

mod pane;
mod route;
mod turn;

use std::sync::PoisonError;
use std::sync::mpsc::sync_channel;

use api::{Asked, WithoutSecret};
use serde_json::Value;
use studio::{Code, Failure, Studio, VaultState};
use tauri::{AppHandle, Manager as _, State, WebviewWindow, async_runtime};

use self::route::{Route, route};
pub(crate) use self::turn::Entry;
use self::turn::{Answer, Turn, Waiting};

/// Label of the window.
pub(crate) const ENTRY: &str = "entry";

/// Has a person type what the request lacks, and carries it out. Waits for them.
pub(crate) fn ask(app: &AppHandle, name: String, request: WithoutSecret) -> Answer {
    let (answer, answered) = sync_channel(1);
    let typed = request.typed;
    let entry = app.state::<Entry>();
    let opening = entry.opening.lock().unwrap_or_else(PoisonError::into_inner);
    entry.begin(Waiting::new(name, request, answer))?;
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
