//! Requests to the service, each with its path, its message and the names of what is in it.

use std::sync::Arc;
use std::time::Duration;

use egress::{Answer, Gateway, Method, Request, Secret};
use model::Purpose;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wire::messages::Problem;
use wire::{AccessToken, MAX_BODY, Ticket};
use zeroize::Zeroizing;

use crate::error::{AccountError, refused};
use crate::service::Service;

/// How long a request may take.
const TIME: Duration = Duration::from_secs(30);
/// Bytes of a list of devices: fifty with labels of 64 characters.
const MAX_LIST: usize = 64 << 10;
/// Bytes of an export: every row about an account.
const MAX_EXPORT: usize = 4 << 20;

/// What shows that one may ask.
pub(crate) enum May<'a> {
    Anybody,
    Session(&'a AccessToken),
    Ticket(&'a Ticket),
}

/// The way to the service.
pub(crate) struct Talk {
    pub gateway: Arc<Gateway>,
    pub service: Service,
}

impl Talk {
    /// Sends a message and takes the answer, which is read as strictly as it was written.
    pub async fn ask<A: DeserializeOwned>(
        &self,
        (method, path): (Method, &str),
        may: May<'_>,
        message: Option<&impl Serialize>,
    ) -> Result<A, AccountError> {
        let answer = self.send((method, path), may, message, MAX_BODY).await?;
        serde_json::from_slice(&answer.body).map_err(|_| AccountError::BadAnswer)
    }

    /// The same where success says nothing more.
    pub async fn tell(
        &self,
        (method, path): (Method, &str),
        may: May<'_>,
        message: Option<&impl Serialize>,
    ) -> Result<(), AccountError> {
        self.send((method, path), may, message, MAX_BODY).await.map(drop)
    }

    /// The devices of an account: there may be many.
    pub async fn list<A: DeserializeOwned>(&self, path: &str, may: May<'_>) -> Result<A, AccountError> {
        let answer = self.send((Method::Get, path), may, None::<&()>, MAX_LIST).await?;
        serde_json::from_slice(&answer.body).map_err(|_| AccountError::BadAnswer)
    }

    /// The account's rows, as they come.
    pub async fn export(&self, ticket: &Ticket) -> Result<Vec<u8>, AccountError> {
        let path = (Method::Post, "/v1/account/export");
        let answer = self.send(path, May::Ticket(ticket), None::<&()>, MAX_EXPORT).await?;
        Ok(answer.body)
    }

    async fn send(
        &self,
        (method, path): (Method, &str),
        may: May<'_>,
        message: Option<&impl Serialize>,
        most: usize,
    ) -> Result<Answer, AccountError> {
        let body = message.map(|message| serde_json::to_vec(message).map(Zeroizing::new)).transpose();
        let body = body.map_err(|_| AccountError::Invalid)?;
        let mut fields = body.as_ref().map(|body| names(body)).unwrap_or_default();
        let secret = match may {
            May::Anybody => None,
            May::Session(token) => Some(Secret::Bearer(token.text())),
            May::Ticket(ticket) => Some(Secret::Ticket(ticket.text())),
        };
        fields.extend(secret.as_ref().map(|secret| match secret {
            Secret::Bearer(_) => "session",
            Secret::Ticket(_) => "ticket",
        }));
        let request = Request { method, path: path.to_owned(), secret, body, fields, most, time: TIME };
        let sent = self.gateway.send(Purpose::Account, &self.service.origin, request).await;
        let answer = sent.map_err(|error| match (error.into(), method) {
            // Whoever looks at something has changed nothing.
            (AccountError::Unanswered, Method::Get) => AccountError::Offline,
            (error, _) => error,
        })?;
        if (200..300).contains(&answer.status) {
            return Ok(answer);
        }
        match serde_json::from_slice::<Problem>(&answer.body) {
            Ok(problem) => Err(match refused(problem.kind, problem.retry_after) {
                // A service whose database broke off does not know what became of it.
                AccountError::Offline if method != Method::Get => AccountError::Unanswered,
                error => error,
            }),
            // Somebody before the service, who does not know what became of it.
            Err(_) if answer.status >= 500 && method != Method::Get => Err(AccountError::Unanswered),
            Err(_) if answer.status >= 500 => Err(AccountError::Offline),
            Err(_) => Err(AccountError::BadAnswer),
        }
    }
}

/// Every name of a field that this room can send. What is not here is not sent: a message with another field is a fault of
/// ours that a test finds.
const FIELDS: [&str; 20] = [
    "purpose",
    "email",
    "locale",
    "code",
    "ticket",
    "request",
    "upload",
    "new",
    "ke1",
    "device",
    "login_id",
    "ke3",
    "device_label",
    "platform",
    "refresh",
    "display_name",
    "notice_version",
    "address_ticket",
    "age_min_attested",
    "session",
];

/// The names of a message's fields, those of a field within included, for the ledger.
fn names(body: &[u8]) -> Vec<&'static str> {
    let Ok(serde_json::Value::Object(fields)) = serde_json::from_slice(body) else { return Vec::new() };
    let inner = fields.values().filter_map(|value| value.as_object()).flat_map(|object| object.keys());
    let known = |name: &String| FIELDS.iter().find(|field| *field == name).copied().unwrap_or("?");
    fields.keys().chain(inner).map(known).collect()
}
