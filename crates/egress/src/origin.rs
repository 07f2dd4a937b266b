//! Whom a request goes to: scheme, host and port, and nothing after them.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

use crate::reach::Reach;

/// Why a text is no place to send to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// Not an address of the web, or more than scheme, host and port.
    #[error("not an address of a service")]
    Malformed,
    /// Without TLS, only this computer is spoken to.
    #[error("a connection that others can read")]
    Plain,
    /// An address that is never spoken to, or another kind of place than was said.
    #[error("not a place to send to")]
    Reach,
}

/// A scheme, a host and a port, and how far away they may be.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    url: Url,
    reach: Reach,
}

impl Origin {
    /// Takes what a person or a constant says: `https://host`, with a port or not, or `http://` for this computer alone. How
    /// far away it may be is the address's own kind where it is one, and otherwise `named`: that, a name must lead to.
    ///
    /// # Errors
    /// See [`OriginError`].
    pub fn parse(text: &str, named: Reach) -> Result<Self, OriginError> {
        let url = Url::parse(text.trim()).map_err(|_| OriginError::Malformed)?;
        let bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
        if !bare || !url.username().is_empty() || url.password().is_some() {
            return Err(OriginError::Malformed);
        }
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(OriginError::Malformed)?;
        let reach = match address(host) {
            Some(ip) => Reach::of(ip).ok_or(OriginError::Reach)?,
            None if is_localhost(host) => Reach::Computer,
            None if named == Reach::Computer => return Err(OriginError::Reach),
            None => named,
        };
        match url.scheme() {
            "https" => {}
            "http" if reach == Reach::Computer => {}
            "http" => return Err(OriginError::Plain),
            _ => return Err(OriginError::Malformed),
        }
        Ok(Self { url, reach })
    }

    /// How far away it may be.
    #[must_use]
    pub fn reach(&self) -> Reach {
        self.reach
    }

    /// The host, as people know it.
    #[must_use]
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// A path of it. `path` begins with a slash and is written in our code: of what comes from outside only what is plain
    /// may be in it.
    ///
    /// # Errors
    /// [`OriginError::Malformed`] for anything that could lead elsewhere.
    pub(crate) fn at(&self, path: &str) -> Result<Url, OriginError> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte);
        if !path.starts_with('/') || path.starts_with("//") || path.contains("..") || !path.bytes().all(plain)
        {
            return Err(OriginError::Malformed);
        }
        let mut url = self.url.clone();
        url.set_path(path);
        Ok(url)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url.as_str().trim_end_matches('/'))
    }
}

/// The address that a host is, if it is one.
pub(crate) fn address(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// RFC 6761: these names are this computer whatever a server of names says.
fn is_localhost(host: &str) -> bool {
    let host = host.trim_end_matches('.');
    host == "localhost" || host.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<(String, Reach), OriginError> {
        Origin::parse(text, Reach::Internet).map(|origin| (origin.to_string(), origin.reach()))
    }

    #[test]
    fn services_are_named_by_scheme_host_and_port() {
        for (text, shown, reach) in [
            ("https://account.example", "https://account.example", Reach::Internet),
            (" https://Account.Example:443/ ", "https://account.example", Reach::Internet),
            ("https://例え.jp:8443", "https://xn--r8jz45g.jp:8443", Reach::Internet),
            ("http://127.0.0.1:8470", "http://127.0.0.1:8470", Reach::Computer),
            ("http://localhost:8470/", "http://localhost:8470", Reach::Computer),
            ("https://192.168.1.5:8470", "https://192.168.1.5:8470", Reach::Network),
            ("https://[::1]:8470", "https://[::1]:8470", Reach::Computer),
            // An address in disguise is what it is.
            ("http://2130706433:80", "http://127.0.0.1", Reach::Computer),
        ] {
            assert_eq!(parsed(text), Ok((shown.to_owned(), reach)), "{text}");
        }
    }

    #[test]
    fn what_is_more_than_that_or_could_be_read_by_others_is_refused() {
        for text in [
            "",
            "account.example",
            "https://",
            "ftp://a.example",
            "https://a.example/v1",
            "https://a.example?x",
            "https://a.example#x",
            "https://user@a.example",
            "https://u:p@a.example",
            "file:///etc/passwd",
            "data:,x",
        ] {
            assert_eq!(parsed(text), Err(OriginError::Malformed), "{text}");
        }
        for text in ["http://account.example", "http://192.168.1.5", "http://8.8.8.8"] {
            assert_eq!(parsed(text), Err(OriginError::Plain), "{text}");
        }
        for text in ["https://169.254.169.254", "https://0.0.0.0", "https://[fe80::1]", "https://0xa9fea9fe"]
        {
            assert_eq!(parsed(text), Err(OriginError::Reach), "{text}");
        }
    }

    #[test]
    fn a_path_leads_nowhere_else() {
        let origin = Origin::parse("https://a.example", Reach::Internet).unwrap();
        assert_eq!(origin.at("/v1/sessions/AB-_9").unwrap().as_str(), "https://a.example/v1/sessions/AB-_9");
        for path in
            ["", "v1", "//evil.example", "/v1/../x", "/v1?x", "/v1#x", "/v1\\x", "/v1/%2e", "/@evil", "/あ"]
        {
            assert_eq!(origin.at(path), Err(OriginError::Malformed), "{path}");
        }
    }
}
