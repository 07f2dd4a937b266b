//! Pictures for accounts: a request of OpenAI's shape is handed to an engine, and its answer handed back as it comes.
//!
//! **Invariant:** neither a prompt nor a picture is in any table, file, line of the log or metric. They pass through memory,
//! and are gone with the connection.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wire::Id;
use wire::messages::ProblemKind;
use zeroize::Zeroizing;

/// How long the engine may take to be reached.
const CONNECT_TIME: Duration = Duration::from_secs(10);
/// How long it may be silent: a picture takes its time.
const SILENT_TIME: Duration = Duration::from_secs(300);
/// Bytes of an answer: four large pictures and their drafts.
const MOST_BYTES: usize = 256 << 20;
/// Characters of a prompt.
const MOST_CHARACTERS: usize = 32_000;
/// Pictures of a request.
const MOST_PICTURES: u8 = 4;

/// What is asked for. Fields that are left out are for the engine to choose.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GenerationRequest {
    /// What is to be seen.
    pub prompt: String,
    /// Whether the engine may learn from it. There is no default: who asks has to say.
    pub training: bool,
    /// What is not to be seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub negative_prompt: Option<String>,
    /// Of the engine's models, which.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// How many pictures, 1 to 4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<u8>,
    /// `1024x1024` and its like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// Where chance begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<i64>,
    /// Steps of the sampler.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<u32>,
    /// How closely the prompt is followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guidance: Option<f64>,
    /// As the engine names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<String>,
    /// `png`, `jpeg` or `webp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_format: Option<String>,
    /// `b64_json`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_format: Option<String>,
    /// Whether the answer comes as events, drafts first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream: Option<bool>,
    /// How many drafts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partial_images: Option<u8>,
}

impl GenerationRequest {
    /// How many pictures it asks for, if it is within the bounds.
    #[must_use]
    pub fn pictures(&self) -> Option<u8> {
        let short = |text: &Option<String>, most: usize| {
            text.as_ref().is_none_or(|text| text.chars().count() <= most)
        };
        let names = [&self.model, &self.size, &self.quality, &self.output_format, &self.response_format];
        let sound = (1..=MOST_CHARACTERS).contains(&self.prompt.chars().count())
            && short(&self.negative_prompt, MOST_CHARACTERS)
            && names.into_iter().all(|name| short(name, 100))
            && self.guidance.is_none_or(f64::is_finite);
        Some(self.n.unwrap_or(1)).filter(|n| sound && (1..=MOST_PICTURES).contains(n))
    }
}

/// An engine that makes the pictures.
pub struct Engine {
    client: Client,
    url: Url,
    key: Option<Zeroizing<String>>,
    /// Pictures that an account may have in a day.
    pub per_day: i64,
    /// Accounts whose request is under way; one at a time.
    busy: Arc<Mutex<HashSet<Id>>>,
}

/// An engine's address that is none.
#[derive(Debug, thiserror::Error)]
#[error("not an address of an engine")]
pub struct EngineError;

/// An account's turn. When it is dropped the next may begin.
pub struct Turn {
    account: Id,
    busy: Arc<Mutex<HashSet<Id>>>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.account);
    }
}

impl Engine {
    /// One by its address, to which `/v1/images/generations` is added, and the key that it wants.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn at(url: &str, key: Option<String>, per_day: i64) -> Result<Self, EngineError> {
        // That another call was first is no error.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let base = Url::parse(url).map_err(|_| EngineError)?;
        let here = matches!(base.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        if base.scheme() != "https" && !(here && base.scheme() == "http") {
            return Err(EngineError);
        }
        let url = base.join("/v1/images/generations").map_err(|_| EngineError)?;
        let client = Client::builder()
            .redirect(Policy::none())
            // Prompts go to the engine and to nobody in between.
            .no_proxy()
            .connect_timeout(CONNECT_TIME)
            .read_timeout(SILENT_TIME);
        let client = client.build().map_err(|_| EngineError)?;
        Ok(Self { client, url, key: key.map(Zeroizing::new), per_day, busy: Arc::default() })
    }

    /// An account's turn, unless a request of it is under way.
    #[must_use]
    pub fn turn(&self, account: &Id) -> Option<Turn> {
        let fresh = self.busy.lock().unwrap_or_else(PoisonError::into_inner).insert(*account);
        fresh.then(|| Turn { account: *account, busy: Arc::clone(&self.busy) })
    }

    /// Hands a request on and its answer back, piece by piece. Who closes the connection ends the engine's as well.
    ///
    /// # Errors
    /// [`ProblemKind::Upstream`]; what the engine said about it goes nowhere, since it may quote the prompt.
    pub async fn make(&self, request: &GenerationRequest, turn: Turn) -> Result<Response, ProblemKind> {
        let body = serde_json::to_vec(request).map_err(|_| ProblemKind::BadRequest)?;
        let mut asking =
            self.client.post(self.url.clone()).header(header::CONTENT_TYPE, "application/json").body(body);
        if let Some(key) = &self.key {
            asking = asking.bearer_auth(key.as_str());
        }
        let answer = asking.send().await.map_err(|_| ProblemKind::Upstream)?;
        let kind = answer
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .unwrap_or_default();
        let kind = match kind.split(';').next().unwrap_or_default().trim() {
            "application/json" => "application/json",
            "text/event-stream" => "text/event-stream",
            _ => return Err(ProblemKind::Upstream),
        };
        if !answer.status().is_success() {
            return Err(ProblemKind::Upstream);
        }
        let mut response = Response::new(passed_on(answer, turn));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        Ok(response)
    }
}

/// The body of an answer, as it comes. An engine that breaks off or goes on for ever breaks the answer off.
fn passed_on(answer: reqwest::Response, turn: Turn) -> Body {
    let begin = (answer, turn, 0_usize);
    Body::from_stream(futures_util::stream::try_unfold(begin, async |(mut answer, turn, sent)| {
        let Some(piece) = answer.chunk().await.map_err(|_| std::io::ErrorKind::BrokenPipe)? else {
            return Ok(None);
        };
        let sent = sent + piece.len();
        if sent > MOST_BYTES {
            return Err(std::io::Error::from(std::io::ErrorKind::FileTooLarge));
        }
        Ok(Some((piece, (answer, turn, sent))))
    }))
}
