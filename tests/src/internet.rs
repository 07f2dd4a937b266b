//! An internet of a test's own: in a network that nobody else is in, with a server of names, a service behind TLS at an address
//! that is nobody's neighbour, and somebody who sees every packet.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

use socket2::{Domain, Protocol, Socket, Type};

use crate::middle::Middle;
use crate::service::Running;

/// Where the service is.
pub const FAR_AWAY: Ipv4Addr = Ipv4Addr::new(9, 9, 9, 9);
/// Where names are asked for.
pub const NAMES: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, 0, 0, 53)), 53);

/// Where packets went, and how many connections or questions these were.
pub type Flows = BTreeMap<(Kind, SocketAddr), usize>;

/// What a packet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The first of a connection.
    Tcp,
    /// One of its own.
    Udp,
    /// Of another protocol.
    Other(u8),
}

/// It.
pub struct Internet {
    asked: Arc<Mutex<Vec<String>>>,
    seen: Arc<Mutex<BTreeSet<(Kind, SocketAddr, u16)>>>,
    /// Before the service.
    pub middle: Middle,
}

impl Internet {
    /// Makes it, in a network of this process alone: the service has this name in it, and nothing else has one. The
    /// authority that vouches for it is written into a file (PEM).
    ///
    /// # Panics
    /// Where this process is not alone in its network.
    #[must_use]
    pub fn with(service: &Running, name: &str, authority: &Path) -> Self {
        let run = |command: &str| {
            let output = Command::new("sh").args(["-c", command]).output().unwrap();
            assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        };
        run(&format!("ip link set lo up && ip addr add {FAR_AWAY}/32 dev lo"));
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("resolv.conf"), format!("nameserver {}\n", NAMES.ip())).unwrap();
        fs::write(folder.path().join("hosts"), "127.0.0.1 localhost\n").unwrap();
        fs::write(folder.path().join("nsswitch.conf"), "hosts: files dns\n").unwrap();
        for file in ["resolv.conf", "hosts", "nsswitch.conf"] {
            run(&format!("mount --bind {}/{file} /etc/{file}", folder.path().display()));
        }
        let seen = Arc::default();
        sees_packets(Arc::clone(&seen));
        let asked = Arc::default();
        answers_for(name.to_owned(), Arc::clone(&asked));
        let place = SocketAddr::new(FAR_AWAY.into(), 443);
        let middle = service.block_on(Middle::at(place, name, service.socket()));
        fs::write(authority, &middle.authority_pem).unwrap();
        Self { asked, seen, middle }
    }

    /// The names that were asked for.
    ///
    /// # Panics
    /// Never.
    #[must_use]
    pub fn names(&self) -> BTreeSet<String> {
        self.asked.lock().unwrap().iter().cloned().collect()
    }

    /// Where packets went.
    ///
    /// # Panics
    /// Never.
    #[must_use]
    pub fn flows(&self) -> Flows {
        let mut flows = Flows::new();
        for (kind, to, _) in self.seen.lock().unwrap().iter() {
            *flows.entry((*kind, *to)).or_default() += 1;
        }
        flows
    }
}

/// Notes the first packet of every connection and every packet of other kinds, but the answers from where names are asked for.
fn sees_packets(seen: Arc<Mutex<BTreeSet<(Kind, SocketAddr, u16)>>>) {
    /// ETH_P_ALL of `linux/if_ether.h`.
    const EVERYTHING: u16 = 3;
    let everything = Protocol::from(i32::from(EVERYTHING.to_be()));
    let socket = Socket::new(Domain::PACKET, Type::DGRAM, Some(everything)).unwrap();
    thread::spawn(move || {
        let mut packet = [0; 65536];
        let mut socket = socket;
        while let Ok(read) = std::io::Read::read(&mut socket, &mut packet) {
            if let Some(found) = flow_of(&packet[..read]) {
                seen.lock().unwrap().insert(found);
            }
        }
    });
}

/// What a packet is, where it goes, and from which port.
fn flow_of(packet: &[u8]) -> Option<(Kind, SocketAddr, u16)> {
    let (protocol, to, from, rest) = match packet.first()? >> 4 {
        4 => {
            let [from, to] = [12, 16].map(|at| <[u8; 4]>::try_from(packet.get(at..at + 4)?).ok());
            let head = usize::from(packet[0] & 15) * 4;
            (*packet.get(9)?, IpAddr::from(to?), IpAddr::from(from?), packet.get(head..)?)
        }
        _ => {
            let [from, to] = [8, 24].map(|at| <[u8; 16]>::try_from(packet.get(at..at + 16)?).ok());
            let [from, to] = [from?, to?].map(|bytes| IpAddr::from(Ipv6Addr::from(bytes)));
            (*packet.get(6)?, to, from, packet.get(40..)?)
        }
    };
    let port = |at: usize| Some(u16::from_be_bytes([*rest.get(at)?, *rest.get(at + 1)?]));
    match protocol {
        6 => {
            // SYN without ACK: the beginning of a connection.
            let begins = rest.get(13)? & 0b1_0010 == 0b10;
            begins.then_some((Kind::Tcp, SocketAddr::new(to, port(2)?), port(0)?))
        }
        17 if SocketAddr::new(from, port(0)?) == NAMES => None,
        17 => Some((Kind::Udp, SocketAddr::new(to, port(2)?), port(0)?)),
        other => Some((Kind::Other(other), SocketAddr::new(to, 0), 0)),
    }
}

/// Answers questions for names (RFC 1035, section 4): this one leads far away, there is no other.
fn answers_for(known: String, asked: Arc<Mutex<Vec<String>>>) {
    const A: [u8; 4] = [0, 1, 0, 1];
    let socket = UdpSocket::bind(NAMES).unwrap();
    thread::spawn(move || {
        let mut packet = [0; 1500];
        while let Ok((read, from)) = socket.recv_from(&mut packet) {
            let Some((name, end)) = question(&packet[..read]) else { continue };
            asked.lock().unwrap().push(name.clone());
            let kind = &packet[end - 4..end];
            let (code, answers) = match (name == known, kind == A) {
                (true, true) => (0, 1),
                (true, false) => (0, 0),
                (false, _) => (3, 0),
            };
            let mut answer = packet[..2].to_vec();
            answer.extend([0x81, 0x80 | code, 0, 1, 0, answers, 0, 0, 0, 0]);
            answer.extend(&packet[12..end]);
            if answers == 1 {
                // The name of the question, its kind, no time to live, four bytes.
                answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
                answer.extend(FAR_AWAY.octets());
            }
            let _ = socket.send_to(&answer, from);
        }
    });
}

/// The name that is asked for, and where the question ends.
fn question(packet: &[u8]) -> Option<(String, usize)> {
    let (mut at, mut labels) = (12, Vec::new());
    loop {
        let length = usize::from(*packet.get(at)?);
        at += 1;
        if length == 0 {
            break;
        }
        labels.push(std::str::from_utf8(packet.get(at..at + length)?).ok()?.to_lowercase());
        at += length;
    }
    (packet.len() >= at + 4).then(|| (labels.join("."), at + 4))
}
