//! The way that requests take.

use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use reqwest::header::HeaderValue;

use crate::gateway::EgressError;
use crate::origin::{Origin, OriginError};
use crate::reach::Reach;

/// Through what requests go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Route {
    /// As the system is set: through its proxy, if it has one for this place.
    #[default]
    System,
    /// Through no proxy.
    Direct,
    /// Through this one: `http://host:port`.
    Proxy(String),
}

/// A proxy.
pub(crate) struct Proxy {
    url: String,
    shown: String,
    auth: Option<HeaderValue>,
}

impl Route {
    /// The proxy for an origin. This computer is always reached directly.
    pub(crate) fn proxy(&self, origin: &Origin) -> Option<Proxy> {
        if origin.reach() == Reach::Computer {
            return None;
        }
        match self {
            Self::Direct => None,
            Self::Proxy(url) => Some(Proxy { url: url.clone(), shown: url.clone(), auth: None }),
            Self::System => {
                let uri = origin.to_string().parse().ok()?;
                Matcher::from_system().intercept(&uri).map(|found| Proxy::of(&found))
            }
        }
    }
}

impl Proxy {
    fn of(found: &Intercept) -> Self {
        let uri = found.uri();
        let (scheme, host) = (uri.scheme_str().unwrap_or("http"), uri.host().unwrap_or_default());
        let url = match uri.port_u16() {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        };
        Self { shown: url.clone(), url, auth: found.basic_auth().cloned() }
    }

    /// As it is written down: without what a person signs in to it with.
    pub(crate) fn shown(&self) -> String {
        self.shown.clone()
    }

    pub(crate) fn for_client(self) -> Result<reqwest::Proxy, EgressError> {
        let proxy = reqwest::Proxy::all(&self.url).map_err(|_| OriginError::Malformed)?;
        Ok(match self.auth {
            Some(auth) => proxy.custom_http_auth(auth),
            None => proxy,
        })
    }
}
