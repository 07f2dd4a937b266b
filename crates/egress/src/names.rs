//! Where names lead. A name that led into another kind of place than its origin's would let a server of names reach
//! services on this computer or network with our requests (DNS rebinding).

use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::reach::Reach;

/// Which addresses a name may lead to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Names {
    /// Those of this kind of place alone. The connection is made to one of these, and not asked for again.
    Within(Reach),
    /// Every address that is ever spoken to: a proxy's.
    Any,
}

impl Names {
    fn allow(self, address: SocketAddr) -> bool {
        match (self, Reach::of(address.ip())) {
            (_, None) => false,
            (Self::Any, Some(_)) => true,
            (Self::Within(reach), Some(found)) => found == reach,
        }
    }
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let names = *self;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| names.allow(*address)).collect();
            if allowed.is_empty() {
                return Err("the name leads to no place of its kind".into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_the_internet_leads_nowhere_near() {
        let allow = |names: Names, text: &str| names.allow(text.parse().unwrap());
        let internet = Names::Within(Reach::Internet);
        assert!(allow(internet, "1.1.1.1:443"));
        for near in
            ["127.0.0.1:443", "10.0.0.1:443", "[::1]:443", "[::ffff:127.0.0.1]:443", "169.254.169.254:80"]
        {
            assert!(!allow(internet, near), "{near}");
        }
        assert!(allow(Names::Within(Reach::Computer), "127.0.0.1:80"));
        assert!(!allow(Names::Within(Reach::Computer), "1.1.1.1:80"));
        assert!(allow(Names::Any, "10.0.0.1:3128") && !allow(Names::Any, "169.254.169.254:80"));
    }
}
