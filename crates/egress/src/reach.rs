//! What kinds of places there are in the network, told by the address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How far away a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// This computer.
    Computer,
    /// The network that it is in: private and unique local addresses.
    Network,
    /// The internet.
    Internet,
}

impl Reach {
    /// Where an address is; `None` for what is never spoken to: link-local ones (where clouds answer questions about a
    /// machine), those of nobody, of many, or reserved.
    #[must_use]
    pub fn of(address: IpAddr) -> Option<Self> {
        match address.to_canonical() {
            IpAddr::V4(ip) => of_v4(ip),
            IpAddr::V6(ip) => of_v6(ip),
        }
    }
}

fn of_v4(ip: Ipv4Addr) -> Option<Reach> {
    let [a, b, c, _] = ip.octets();
    if ip.is_loopback() {
        return Some(Reach::Computer);
    }
    if ip.is_private() || (a == 100 && (64..128).contains(&b)) {
        return Some(Reach::Network);
    }
    let reserved = a == 0 || a >= 240 || (a == 198 && (b == 18 || b == 19)) || (a == 192 && b == 0 && c == 0);
    let never = reserved || ip.is_link_local() || ip.is_multicast() || ip.is_documentation();
    if never { None } else { Some(Reach::Internet) }
}

fn of_v6(ip: Ipv6Addr) -> Option<Reach> {
    /// Where Amazon's machines are told about themselves.
    const METADATA: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);
    if ip.is_loopback() {
        return Some(Reach::Computer);
    }
    if ip.is_unique_local() && ip != METADATA {
        return Some(Reach::Network);
    }
    let [first, second, ..] = ip.segments();
    // 2000::/3 is what has been given out; in it, 2001:db8::/32 is for documents, 2001::/32 and 2002::/16 hide others.
    let hidden = (first == 0x2001 && (second == 0xdb8 || second == 0)) || first == 0x2002;
    (first & 0xe000 == 0x2000 && !hidden).then_some(Reach::Internet)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(text: &str) -> Option<Reach> {
        Reach::of(text.parse().unwrap())
    }

    #[test]
    fn every_kind_of_address_is_told() {
        for text in ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"] {
            assert_eq!(reach(text), Some(Reach::Computer), "{text}");
        }
        for text in ["10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "fd12::1", "::ffff:10.0.0.1"] {
            assert_eq!(reach(text), Some(Reach::Network), "{text}");
        }
        for text in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"] {
            assert_eq!(reach(text), Some(Reach::Internet), "{text}");
        }
        for text in [
            "0.0.0.0",
            "0.1.2.3",
            "169.254.169.254",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "198.18.0.1",
            "192.0.0.170",
            "::",
            "fe80::1",
            "ff02::1",
            "fd00:ec2::254",
            "2001:db8::1",
            "2002:7f00:1::",
            "64:ff9b::7f00:1",
            "::127.0.0.1",
            "::ffff:169.254.169.254",
        ] {
            assert_eq!(reach(text), None, "{text}");
        }
    }
}
