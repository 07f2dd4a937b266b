//! What the owner of an account does with it.

mod password;
mod record;

pub use record::Deleted;

use std::sync::{Arc, Mutex, PoisonError};

use egress::{Gateway, Method};
use serde::de::DeserializeOwned;
use wire::messages::{Message, RefreshRequest, ServiceView};
use wire::{AccessToken, ServerKey};

use crate::error::AccountError;
use crate::kept::{Keeping, Kept, NotKept};
use crate::service::{Known, Service};
use crate::session::Session;
use crate::talk::{May, Talk};

/// How the account stands on this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nobody is signed in.
    SignedOut,
    /// Somebody is, or was when it was last heard of.
    SignedIn,
}

/// The account on this computer.
pub struct Account {
    talk: Talk,
    keeping: Mutex<Keeping>,
    /// Held over a renewal, so that two requests do not use one token twice.
    session: tokio::sync::Mutex<Option<Session>>,
    device: Mutex<Option<Message<48>>>,
    /// The key of the service: pinned, or of the first answer.
    server: Mutex<Option<ServerKey>>,
}

impl Account {
    /// The account with a service, as it was kept.
    pub fn new(gateway: Arc<Gateway>, service: Service, keeping: Keeping) -> Self {
        let kept = keeping.load(&service.origin.to_string());
        let known = match service.known {
            Known::By(key) => Some(key),
            Known::NotYet => kept.as_ref().map(|kept| ServerKey::from_bytes(*kept.server.as_bytes())),
        };
        let session = kept.as_ref().map(|kept| kept.session.clone());
        Self {
            talk: Talk { gateway, service },
            keeping: Mutex::new(keeping),
            session: tokio::sync::Mutex::new(session.map(|(id, refresh)| Session::kept(id, refresh))),
            device: Mutex::new(kept.and_then(|kept| kept.device)),
            server: Mutex::new(known),
        }
    }

    /// How it stands, without asking or waiting for anybody.
    pub fn standing(&self) -> Standing {
        match self.session.try_lock() {
            Ok(session) if session.is_none() => Standing::SignedOut,
            // Whose session is being renewed is signed in.
            _ => Standing::SignedIn,
        }
    }

    /// The service's key, by which two people can compare whom they speak to; none before the first answer.
    pub fn server_key(&self) -> Option<ServerKey> {
        *self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The proxy that requests go through, as the computer is set.
    pub fn proxy(&self) -> Option<String> {
        self.talk.gateway.proxy(&self.talk.service.origin)
    }

    /// Asks the service who it is.
    ///
    /// # Errors
    /// [`AccountError::AnotherService`] when it is not the one that is known.
    pub async fn service(&self) -> Result<ServiceView, AccountError> {
        let view: ServiceView = self.get("/v1/service", May::Anybody).await?;
        self.meet(ServerKey::from_bytes(*view.server_key.as_bytes()))?;
        Ok(view)
    }

    /// Compares a key with the one that is known, or knows it from now on.
    fn meet(&self, key: ServerKey) -> Result<(), AccountError> {
        let mut known = self.server.lock().unwrap_or_else(PoisonError::into_inner);
        match *known {
            Some(known) if known != key => Err(AccountError::AnotherService),
            _ => {
                *known = Some(key);
                Ok(())
            }
        }
    }

    fn keeping(&self) -> std::sync::MutexGuard<'_, Keeping> {
        self.keeping.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the session where it is kept.
    ///
    /// # Errors
    /// [`NotKept`]: it lasts until the program ends.
    fn keep(&self, session: &Session) -> Result<(), NotKept> {
        let server = self.server_key().ok_or(NotKept)?;
        let server = Message::new(server.as_bytes()).map_err(|_| NotKept)?;
        let device = self.device.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let origin = self.talk.service.origin.to_string();
        let kept = Kept::new(origin, server, (session.id, session.refresh.clone()), device);
        self.keeping().save(&kept)
    }

    /// An access token that is of use; the next pair is asked for where it is time.
    ///
    /// # Errors
    /// [`AccountError::SignedOut`] when the service does not know the session any more; then it is forgotten here too.
    async fn access(&self) -> Result<AccessToken, AccountError> {
        let mut held = self.session.lock().await;
        let session = held.as_ref().ok_or(AccountError::SignedOut)?;
        if session.is_fresh() {
            return Ok(session.access.clone());
        }
        match self.renewed(session).await {
            Ok(renewed) => {
                let session = held.insert(renewed);
                // Where it can't be kept, the one that is kept is old; its use ends the session for safety.
                let _ = self.keep(session);
                Ok(session.access.clone())
            }
            Err(AccountError::Refused) => {
                *held = None;
                self.keeping().forget();
                Err(AccountError::SignedOut)
            }
            Err(error) => Err(error),
        }
    }

    /// The next pair of tokens.
    async fn renewed(&self, session: &Session) -> Result<Session, AccountError> {
        let request = RefreshRequest { refresh: session.refresh.clone() };
        let answer = self.post("/v1/session/refresh", May::Anybody, &request).await;
        answer.map(Session::of).map_err(|error| match error {
            // The next try uses the same token, which the service allows for a minute.
            AccountError::Unanswered => AccountError::Offline,
            error => error,
        })
    }

    /// Forgets that the session was good, after the service did not know it.
    async fn with_access<A>(
        &self,
        ask: impl AsyncFn(&AccessToken) -> Result<A, AccountError>,
    ) -> Result<A, AccountError> {
        match ask(&self.access().await?).await {
            // The access token alone may have been taken back: the refresh token tells.
            Err(AccountError::Refused) => {
                if let Some(session) = self.session.lock().await.as_mut() {
                    *session = Session::kept(session.id, session.refresh.clone());
                }
                ask(&self.access().await?).await.map_err(|error| match error {
                    // The session is good, as its renewal shows: that answer makes no sense.
                    AccountError::Refused => AccountError::BadAnswer,
                    error => error,
                })
            }
            answer => answer,
        }
    }

    async fn get<A: DeserializeOwned>(&self, path: &str, may: May<'_>) -> Result<A, AccountError> {
        self.talk.ask((Method::Get, path), may, None::<&()>).await
    }

    async fn post<A: DeserializeOwned>(
        &self,
        path: &str,
        may: May<'_>,
        message: &impl serde::Serialize,
    ) -> Result<A, AccountError> {
        self.talk.ask((Method::Post, path), may, Some(message)).await
    }
}
