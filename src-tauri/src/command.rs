//! The page's one command.

use serde_json::Value;
use studio::{Code, Failure};
use tauri::ipc::Response;
use tauri::{AppHandle, Webview, async_runtime};

use crate::entry;

/// Runs a command of the table. On a thread of its own: dialogs and the keychain wait for a person.
#[tauri::command]
pub(crate) async fn call(
    app: AppHandle,
    webview: Webview,
    name: String,
    request: Value,
) -> Result<Response, Failure> {
    let window = webview.label().to_owned();
    let answer = async_runtime::spawn_blocking(move || entry::call(&app, &window, name, request)).await;
    // Text is taken for JSON here.
    answer.unwrap_or_else(|_| Err(Code::Internal.into())).map(Response::new)
}
