//! A session: tokens in memory, by this program's own clock.

use std::time::{Duration, Instant};

use wire::messages::SessionTokens;
use wire::{AccessToken, Id, RefreshToken};

/// An access token is not used any more so long before its end: a request takes its time.
const MARGIN: Duration = Duration::from_secs(30);

/// The tokens of one who is signed in.
pub(crate) struct Session {
    pub id: Id,
    pub access: AccessToken,
    /// By the clock that nobody sets.
    until: Instant,
    pub refresh: RefreshToken,
}

impl Session {
    /// Takes what the service gave.
    pub fn of(tokens: SessionTokens) -> Self {
        let until = Instant::now() + Duration::from_secs(tokens.expires_in.into());
        Self { id: tokens.session_id, access: tokens.access, until, refresh: tokens.refresh }
    }

    /// One that was kept: it has no access token that is of any use.
    pub fn kept(id: Id, refresh: RefreshToken) -> Self {
        Self { id, access: AccessToken::random(), until: Instant::now(), refresh }
    }

    /// Whether the access token is of use.
    pub fn is_fresh(&self) -> bool {
        Instant::now() + MARGIN < self.until
    }
}
