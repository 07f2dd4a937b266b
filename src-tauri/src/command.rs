//! The page's one command.

use serde_json::Value;
use studio::{Code, Failure, Studio};
use tauri::ipc::Response;
use tauri::{State, async_runtime};

/// Runs a command of the table. On a thread of its own: dialogs and the keychain wait for a person.
#[tauri::command]
pub(crate) async fn call(
    studio: State<'_, Studio>,
    name: String,
    request: Value,
) -> Result<Response, Failure> {
    let studio = studio.inner().clone();
    let answer = async_runtime::spawn_blocking(move || api::call_for_text(&studio, &name, request)).await;
    // Text is taken for JSON here.
    answer.unwrap_or_else(|_| Err(Code::Internal.into())).map(Response::new)
}
