//! Which service, and how it is known again.

use egress::{Origin, OriginError, Reach};
use wire::ServerKey;

/// The hosted service. **An assumption**: z-image.ai has published no address for accounts yet.
pub const HOSTED: &str = "https://account.z-image.ai";

/// The hosted service's key, once it has published one. Until then it is known by the first answer, like any other.
pub const HOSTED_KEY: Option<[u8; 32]> = None;

/// How a service is known again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// By this key alone: the official one's, or that of the first time.
    By(ServerKey),
    /// Not yet: whoever answers first. What it is then shown as can be compared.
    NotYet,
}

/// A service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Where it is.
    pub origin: Origin,
    /// How it is known.
    pub known: Known,
}

impl Service {
    /// One by its address, which a person set.
    ///
    /// # Errors
    /// [`OriginError`].
    pub fn at(address: &str, reach: Reach, known: Known) -> Result<Self, OriginError> {
        Ok(Self { origin: Origin::parse(address, reach)?, known })
    }
}
