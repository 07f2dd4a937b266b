//! Reading of requests.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;
use wire::messages::ProblemKind;
use wire::{AccessToken, Id, MAX_BODY, Ticket};

use super::Service;
use super::reply::Refused;
use crate::accounts::{Caller, Whence};
use crate::images::GenerationRequest;

/// How long a body may take.
const BODY_TIME: Duration = Duration::from_secs(10);

/// A message out of a body: JSON, of no more than [`MAX_BODY`] bytes, with no field that is not in the contract.
pub(super) struct Message<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<Service>> for Message<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, _: &Arc<Service>) -> Result<Self, Refused> {
        read(request, MAX_BODY).await.map(Self)
    }
}

/// Bytes of a request for pictures: a long prompt in any script.
const MAX_PROMPT: usize = 256 * 1024;

/// A request for pictures.
pub(super) struct Prompt(pub GenerationRequest);

impl FromRequest<Arc<Service>> for Prompt {
    type Rejection = Refused;

    async fn from_request(request: Request, _: &Arc<Service>) -> Result<Self, Refused> {
        read(request, MAX_PROMPT).await.map(Self)
    }
}

async fn read<T: DeserializeOwned>(request: Request, most: usize) -> Result<T, Refused> {
    let is_json = |headers: &HeaderMap| {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        kind.is_some_and(|kind| kind.split(';').next().is_some_and(|kind| kind.trim() == "application/json"))
    };
    if !is_json(request.headers()) {
        return Err(ProblemKind::BadRequest.into());
    }
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if length.is_some_and(|length| length.parse().is_ok_and(|length: usize| length > most)) {
        return Err(ProblemKind::TooLarge.into());
    }
    let body = axum::body::to_bytes(request.into_body(), most);
    let bytes = match tokio::time::timeout(BODY_TIME, body).await {
        Ok(Ok(bytes)) => bytes,
        // Longer than was said, or cut off.
        Ok(Err(_)) => return Err(ProblemKind::TooLarge.into()),
        Err(_) => return Err(ProblemKind::BadRequest.into()),
    };
    // Fields are told by their names alone, never by their order in a list.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(ProblemKind::BadRequest.into());
    }
    serde_json::from_slice(&bytes).map_err(|_| ProblemKind::BadRequest.into())
}

impl FromRequestParts<Arc<Service>> for Whence {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Refused> {
        let direct = parts.extensions.get::<SocketAddr>().map(SocketAddr::ip);
        // The proxy adds the address that it saw as the last one; what stands before it was claimed by the client.
        let told = parts.headers.get_all("x-forwarded-for").iter().next_back();
        let told =
            told.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse::<IpAddr>().ok());
        Ok(Self { ip: if service.behind_proxy { told.or(direct) } else { direct } })
    }
}

impl FromRequestParts<Arc<Service>> for Caller {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Refused> {
        let value = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = value
            .and_then(|value| value.strip_prefix("Bearer "))
            .and_then(|text| AccessToken::parse(text).ok());
        let token = token.ok_or(ProblemKind::Unauthorized)?;
        super::routes::blocking(service, move |accounts| accounts.caller(&token)).await
    }
}

/// A ticket out of the header `X-Ticket`.
pub(super) struct TicketHeader(pub Ticket);

impl FromRequestParts<Arc<Service>> for TicketHeader {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Service>) -> Result<Self, Refused> {
        let value = parts.headers.get("x-ticket").and_then(|value| value.to_str().ok());
        let ticket = value.and_then(|text| Ticket::parse(text).ok());
        ticket.map(Self).ok_or_else(|| ProblemKind::Unauthorized.into())
    }
}

/// An id out of the path.
pub(super) struct PathId(pub Id);

impl FromRequestParts<Arc<Service>> for PathId {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Refused> {
        let path = Path::<String>::from_request_parts(parts, service).await;
        let id = path.ok().and_then(|Path(text)| Id::parse(&text).ok());
        id.map(Self).ok_or_else(|| ProblemKind::NotFound.into())
    }
}
