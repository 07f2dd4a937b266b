//! Answers: refusals in one form, headers on all of them, and what is written down of each.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use wire::messages::{Problem, ProblemKind};

use super::{Service, State};
use crate::accounts::Refusal;

/// A refusal on its way out.
#[derive(Debug)]
pub struct Refused(Problem);

impl From<ProblemKind> for Refused {
    fn from(kind: ProblemKind) -> Self {
        let title = match kind {
            ProblemKind::BadRequest => "Not a message of this path",
            ProblemKind::TooLarge => "Longer than a message may be",
            ProblemKind::Unauthorized => "This opens nothing",
            ProblemKind::NotFound => "No such path",
            ProblemKind::TooMany => "Too many tries",
            ProblemKind::QuotaExceeded => "The day's share is used up",
            ProblemKind::Upstream => "The engine gave no picture",
            ProblemKind::Unavailable => "The service can't answer now",
        };
        Self(Problem { kind, title: title.to_owned(), retry_after: None })
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        if let Refusal::Store(error) = &refusal {
            tracing::error!(%error, "the database gave no answer");
        }
        let mut refused = Self::from(refusal.kind());
        refused.0.retry_after = refusal.retry_after();
        refused
    }
}

fn status(kind: ProblemKind) -> StatusCode {
    match kind {
        ProblemKind::BadRequest => StatusCode::BAD_REQUEST,
        ProblemKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ProblemKind::Unauthorized => StatusCode::UNAUTHORIZED,
        ProblemKind::NotFound => StatusCode::NOT_FOUND,
        ProblemKind::TooMany | ProblemKind::QuotaExceeded => StatusCode::TOO_MANY_REQUESTS,
        ProblemKind::Upstream => StatusCode::BAD_GATEWAY,
        ProblemKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = (status(self.0.kind), axum::Json(&self.0)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.0.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// What every answer has in common.
pub(super) async fn around(
    axum::extract::State(service): State,
    path: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let start = Instant::now();
    let method = request.method().clone();
    let mut response = next.run(request).await;
    for (name, value) in [
        (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    // The path as it is declared: what stands in it is not written down.
    let route = path.as_ref().map_or("none", MatchedPath::as_str);
    let taken = start.elapsed();
    service.metrics.answered(method.as_str(), route, response.status().as_u16(), taken);
    tracing::info!(
        method = method.as_str(),
        route,
        status = response.status().as_u16(),
        micros = u64::try_from(taken.as_micros()).unwrap_or(u64::MAX),
        "answered"
    );
    response
}

impl Service {
    /// Notes that a mail could not be sent, without a word about which.
    pub fn mail_failed(&self) {
        self.metrics.mail(false);
        tracing::warn!("a mail could not be sent; it will be tried again");
    }
}
