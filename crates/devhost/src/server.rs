//! The routes: the window's files, commands, events, pictures, and what a test lays ready.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::sse::{self, Sse};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use futures_util::StreamExt as _;
use serde_json::Value;
use studio::{Code, Event, Failure, Studio};
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;

use crate::assets;
use crate::host::ScriptedHost;

/// The same rules as in the shipped window; only the scheme of pictures and commands differs.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
     connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-src 'none'; \
     frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html";

/// What is served.
#[derive(Clone)]
pub struct Served {
    pub studio: Studio,
    pub host: Arc<ScriptedHost>,
    pub events: broadcast::Sender<Event>,
    pub token: String,
    pub ui: PathBuf,
}

/// All routes behind the token.
pub fn router(served: Served) -> Router {
    Router::new()
        .route("/call/{name}", post(call))
        .route("/events", get(events))
        .route("/{token}/picture/{*address}", get(picture))
        .route("/test/pick", post(lay_pick))
        .route("/test/drop", post(drop_files))
        .route("/test/copied", get(copied))
        .route("/test/hold", post(hold))
        .route("/test/later", post(later))
        .fallback(asset)
        .layer(middleware::from_fn_with_state(served.clone(), guard))
        .with_state(served)
}

/// The token comes once in the address and then in a cookie.
async fn guard(State(served): State<Served>, request: Request, next: Next) -> Response {
    let in_query = request.uri().query() == Some(&format!("token={}", served.token));
    let cookie = format!("token={}", served.token);
    let in_cookie =
        request.headers().get(header::COOKIE).is_some_and(|value| value.as_bytes() == cookie.as_bytes());
    if !in_query && !in_cookie {
        return StatusCode::FORBIDDEN.into_response();
    }
    let mut response = next.run(request).await;
    if let Ok(value) = format!("{cookie}; HttpOnly; SameSite=Strict; Path=/").parse() {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}

async fn call(
    State(served): State<Served>,
    Path(name): Path<String>,
    Json(request): Json<Value>,
) -> Result<Response, Refused> {
    let text = blocking(move || api::call_for_text(&served.studio, &name, request)).await.map_err(Refused)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}

/// A failure as an answer.
struct Refused(Failure);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = if self.0.code == Code::Locked { StatusCode::LOCKED } else { StatusCode::BAD_REQUEST };
        (status, Json(self.0)).into_response()
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(Failure { code: Code::Internal }))
}

async fn events(State(served): State<Served>) -> impl IntoResponse {
    let stream = BroadcastStream::new(served.events.subscribe());
    let told = stream.filter_map(|event| async move {
        let text = serde_json::to_string(&event.ok()?).ok()?;
        Some(Ok::<_, Infallible>(sse::Event::default().data(text)))
    });
    Sse::new(told)
}

async fn picture(
    State(served): State<Served>,
    Path((_, address)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let picture = blocking(move || served.studio.picture_at(&address)).await.map_err(Refused)?;
    let headers = [(header::CONTENT_TYPE, picture.mime), (header::CACHE_CONTROL, "no-store".to_owned())];
    Ok((headers, picture.bytes).into_response())
}

async fn lay_pick(State(served): State<Served>, Json(paths): Json<Vec<PathBuf>>) -> StatusCode {
    served.host.lay(paths);
    StatusCode::NO_CONTENT
}

async fn drop_files(State(served): State<Served>, Json(paths): Json<Vec<PathBuf>>) -> StatusCode {
    served.studio.offer_dropped(paths);
    StatusCode::NO_CONTENT
}

async fn copied(State(served): State<Served>) -> Json<Option<String>> {
    Json(served.host.copied())
}

async fn hold(State(served): State<Served>, Json(held): Json<bool>) -> StatusCode {
    served.host.hold(held);
    StatusCode::NO_CONTENT
}

async fn later(State(served): State<Served>, Json(millis): Json<i64>) -> StatusCode {
    served.host.later(millis);
    StatusCode::NO_CONTENT
}

async fn asset(State(served): State<Served>, uri: Uri) -> Response {
    let Some(path) = assets::file_of(&served.ui, uri.path()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match std::fs::read(&path) {
        Ok(bytes) => {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(assets::mime_of(&path)));
            headers.insert(header::CONTENT_SECURITY_POLICY, header::HeaderValue::from_static(POLICY));
            headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
            (headers, Body::from(bytes)).into_response()
        }
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}
