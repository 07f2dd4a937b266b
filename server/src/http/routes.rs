//! What each path does.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as In;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use wire::messages::{
    AccountView, Challenge, ChallengeRequest, CodeRequest, EmailChange, EmailUndo, LoginAnswer, LoginFinish,
    LoginStart, Message as Bytes, Problem, ProblemKind, ProfileChange, Receipt, RefreshRequest,
    RegistrationAnswer, RegistrationFinish, RegistrationStart, SealedAnswer, ServiceView, SessionLabel,
    SessionTokens, SessionView, TicketAnswer,
};

use super::body::{Message, PathId, Prompt, TicketHeader};
use super::reply::Refused;
use super::{Service, State};
use crate::accounts::{Accounts, Caller, Refusal, Whence};
use crate::images::GenerationRequest;

type Answer<T> = Result<Json<T>, Refused>;

/// Asks the accounts on a thread that may wait.
pub(super) async fn blocking<T: Send + 'static>(
    service: &Arc<Service>,
    work: impl FnOnce(&Accounts) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refused> {
    let service = Arc::clone(service);
    match tokio::task::spawn_blocking(move || work(&service.accounts)).await {
        Ok(answer) => answer.map_err(Refused::from),
        Err(_) => Err(ProblemKind::Unavailable.into()),
    }
}

/// Who the service is.
#[utoipa::path(get, path = "/v1/service", responses((status = 200, body = ServiceView)))]
pub(super) async fn service(In(service): State) -> Answer<ServiceView> {
    let bytes = |bytes: &[u8]| Bytes::new(bytes).map_err(|_| ProblemKind::Unavailable);
    let keys = service.accounts.keys();
    Ok(Json(ServiceView {
        server_key: bytes(keys.newest().1.key().as_bytes())?,
        receipt_key: bytes(&keys.receipt_key())?,
        notice_version: service.notice_version.clone(),
    }))
}

/// This document.
pub(super) async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], super::document())
}

/// Sends a code by mail. The answer is the same whether or not there is such an account.
#[utoipa::path(post, path = "/v1/email-challenges", request_body = ChallengeRequest,
    responses((status = 202, body = Challenge), (status = 429, body = Problem)))]
pub(super) async fn challenge(
    In(service): State,
    whence: Whence,
    Message(request): Message<ChallengeRequest>,
) -> Result<(StatusCode, Json<Challenge>), Refused> {
    let challenge = blocking(&service, move |accounts| accounts.challenge(&request, whence)).await?;
    Ok((StatusCode::ACCEPTED, Json(challenge)))
}

/// Exchanges a code for a ticket. One refusal for a code that is wrong, old, or was never sent.
#[utoipa::path(post, path = "/v1/email-challenges/{id}/verify", params(("id" = wire::Id, Path)),
    request_body = CodeRequest,
    responses((status = 200, body = TicketAnswer), (status = 401, body = Problem)))]
pub(super) async fn verify(
    In(service): State,
    PathId(id): PathId,
    Message(request): Message<CodeRequest>,
) -> Answer<TicketAnswer> {
    blocking(&service, move |accounts| accounts.verify(&id, &request)).await.map(Json)
}

/// Begins the registration of a password.
#[utoipa::path(post, path = "/v1/opaque/registration/start", request_body = RegistrationStart,
    responses((status = 200, body = RegistrationAnswer), (status = 401, body = Problem)))]
pub(super) async fn registration_start(
    In(service): State,
    Message(request): Message<RegistrationStart>,
) -> Answer<RegistrationAnswer> {
    blocking(&service, move |accounts| accounts.registration_start(&request)).await.map(Json)
}

/// Ends it: an account is made, or its password replaced. No session comes of it.
#[utoipa::path(post, path = "/v1/opaque/registration/finish", request_body = RegistrationFinish,
    responses((status = 201), (status = 401, body = Problem)))]
pub(super) async fn registration_finish(
    In(service): State,
    whence: Whence,
    Message(request): Message<RegistrationFinish>,
) -> Result<StatusCode, Refused> {
    blocking(&service, move |accounts| accounts.registration_finish(&request, whence)).await?;
    Ok(StatusCode::CREATED)
}

/// Begins the proof of a password. The answer has one shape whether or not there is such an account.
#[utoipa::path(post, path = "/v1/opaque/login/start", request_body = LoginStart,
    responses((status = 200, body = LoginAnswer), (status = 429, body = Problem)))]
pub(super) async fn login_start(
    In(service): State,
    whence: Whence,
    Message(request): Message<LoginStart>,
) -> Answer<LoginAnswer> {
    blocking(&service, move |accounts| accounts.login_start(&request, whence)).await.map(Json)
}

/// Ends it. One refusal for every proof that proves nothing.
#[utoipa::path(post, path = "/v1/opaque/login/finish", request_body = LoginFinish,
    responses((status = 200, body = SealedAnswer), (status = 401, body = Problem)))]
pub(super) async fn login_finish(
    In(service): State,
    whence: Whence,
    Message(request): Message<LoginFinish>,
) -> Answer<SealedAnswer> {
    blocking(&service, move |accounts| accounts.login_finish(&request, whence)).await.map(Json)
}

/// Gives the next pair of tokens.
#[utoipa::path(post, path = "/v1/session/refresh", request_body = RefreshRequest,
    responses((status = 200, body = SessionTokens), (status = 401, body = Problem)))]
pub(super) async fn refresh(
    In(service): State,
    whence: Whence,
    Message(request): Message<RefreshRequest>,
) -> Answer<SessionTokens> {
    blocking(&service, move |accounts| accounts.refresh(&request, whence)).await.map(Json)
}

/// The devices of the account.
#[utoipa::path(get, path = "/v1/sessions", security(("bearer" = [])),
    responses((status = 200, body = Vec<SessionView>), (status = 401, body = Problem)))]
pub(super) async fn sessions(In(service): State, caller: Caller) -> Answer<Vec<SessionView>> {
    blocking(&service, move |accounts| accounts.sessions(caller)).await.map(Json)
}

/// Signs all other devices out.
#[utoipa::path(delete, path = "/v1/sessions", security(("bearer" = [])),
    responses((status = 204), (status = 401, body = Problem)))]
pub(super) async fn end_other_sessions(In(service): State, caller: Caller) -> Result<StatusCode, Refused> {
    blocking(&service, move |accounts| accounts.end_other_sessions(caller)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Names a device.
#[utoipa::path(patch, path = "/v1/sessions/{id}", params(("id" = wire::Id, Path)), security(("bearer" = [])),
    request_body = SessionLabel,
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn name_session(
    In(service): State,
    caller: Caller,
    PathId(id): PathId,
    Message(request): Message<SessionLabel>,
) -> Result<StatusCode, Refused> {
    blocking(&service, move |accounts| accounts.name_session(caller, &id, &request)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Signs a device out.
#[utoipa::path(delete, path = "/v1/sessions/{id}", params(("id" = wire::Id, Path)), security(("bearer" = [])),
    responses((status = 204), (status = 401, body = Problem)))]
pub(super) async fn end_session(
    In(service): State,
    caller: Caller,
    PathId(id): PathId,
) -> Result<StatusCode, Refused> {
    blocking(&service, move |accounts| accounts.end_session(caller, &id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// All that is held of the person.
#[utoipa::path(get, path = "/v1/account", security(("bearer" = [])),
    responses((status = 200, body = AccountView), (status = 401, body = Problem)))]
pub(super) async fn account(In(service): State, caller: Caller) -> Answer<AccountView> {
    blocking(&service, move |accounts| accounts.account(&caller.account)).await.map(Json)
}

/// Deletes the account of a ticket.
#[utoipa::path(delete, path = "/v1/account", params(("X-Ticket" = wire::Ticket, Header)),
    responses((status = 200, body = Receipt), (status = 401, body = Problem)))]
pub(super) async fn delete_account(
    In(service): State,
    whence: Whence,
    TicketHeader(ticket): TicketHeader,
) -> Answer<Receipt> {
    blocking(&service, move |accounts| accounts.delete(&ticket, whence)).await.map(Json)
}

/// Changes parts of the record and gives it as it stands.
#[utoipa::path(patch, path = "/v1/account/profile", security(("bearer" = [])), request_body = ProfileChange,
    responses((status = 200, body = AccountView), (status = 401, body = Problem)))]
pub(super) async fn change_profile(
    In(service): State,
    caller: Caller,
    Message(request): Message<ProfileChange>,
) -> Answer<AccountView> {
    blocking(&service, move |accounts| accounts.change_profile(&caller.account, &request)).await.map(Json)
}

/// Moves the account of a ticket to another address.
#[utoipa::path(post, path = "/v1/account/email", request_body = EmailChange,
    responses((status = 204), (status = 401, body = Problem)))]
pub(super) async fn change_email(
    In(service): State,
    whence: Whence,
    Message(request): Message<EmailChange>,
) -> Result<StatusCode, Refused> {
    blocking(&service, move |accounts| accounts.change_email(&request, whence)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes such a move back.
#[utoipa::path(post, path = "/v1/account/email/undo", request_body = EmailUndo,
    responses((status = 204), (status = 401, body = Problem)))]
pub(super) async fn undo_email(
    In(service): State,
    whence: Whence,
    Message(request): Message<EmailUndo>,
) -> Result<StatusCode, Refused> {
    blocking(&service, move |accounts| accounts.undo_email(&request, whence)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Every row about the account of a ticket.
#[utoipa::path(post, path = "/v1/account/export", params(("X-Ticket" = wire::Ticket, Header)),
    responses((status = 200, body = crate::accounts::Export), (status = 401, body = Problem)))]
pub(super) async fn export(
    In(service): State,
    whence: Whence,
    TicketHeader(ticket): TicketHeader,
) -> Answer<crate::accounts::Export> {
    blocking(&service, move |accounts| accounts.export(&ticket, whence)).await.map(Json)
}

/// Makes pictures. Neither the prompt nor a picture is kept. The answer is the engine's: JSON, or events where they were
/// asked for. Closing the connection ends it.
#[utoipa::path(post, path = "/v1/images/generations", security(("bearer" = [])), request_body = GenerationRequest,
    responses((status = 200, body = serde_json::Value), (status = 401, body = Problem), (status = 429, body = Problem),
        (status = 502, body = Problem)))]
pub(super) async fn generate(
    In(service): State,
    caller: Caller,
    Prompt(request): Prompt,
) -> Result<Response, Refused> {
    let engine = service.engine.as_ref().ok_or(ProblemKind::NotFound)?;
    let pictures = i64::from(request.pictures().ok_or(ProblemKind::BadRequest)?);
    let turn = engine.turn(&caller.account).ok_or(Refusal::TooMany(1))?;
    let per_day = engine.per_day;
    blocking(&service, move |accounts| accounts.count_pictures(&caller.account, pictures, per_day)).await?;
    match engine.make(&request, turn).await {
        Ok(response) => Ok(response),
        Err(problem) => {
            blocking(&service, move |accounts| accounts.uncount_pictures(&caller.account, pictures)).await?;
            Err(problem.into())
        }
    }
}

/// Whether the service and its database answer.
pub(super) async fn health(In(service): State) -> Response {
    match blocking(&service, Accounts::is_alive).await {
        Ok(()) => "ok\n".into_response(),
        Err(refused) => refused.into_response(),
    }
}

/// Counts, as Prometheus reads them.
pub(super) async fn metrics(In(service): State) -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")],
        service.metrics.text(),
    )
}

/// For every other path and method.
pub(super) async fn nothing_here() -> Refused {
    ProblemKind::NotFound.into()
}
