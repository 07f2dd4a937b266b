//! Whoever does not speak TLS as it must be gets nothing of a request, and nobody waits for him.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use egress::{Answer, EgressError, Origin, Outcome, Reach, Request};
use model::Purpose;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use crate::peer::{Certified, Peer};
use crate::{Lines, ask, gateway};

/// Far from what the request itself may take.
const SOON: Duration = Duration::from_secs(10);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    Closes,
    Waits,
}

/// Somebody who hears the first words of everybody, and says always the same.
struct Stranger {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<u8>>>,
    gone: Arc<Notify>,
}

impl Stranger {
    async fn says(words: Vec<u8>, then: Then) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (heard, gone) = (Arc::<Mutex<Vec<u8>>>::default(), Arc::<Notify>::default());
        let (hears, goes) = (Arc::clone(&heard), Arc::clone(&gone));
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut buffer = [0; 16384];
            let read = stream.read(&mut buffer).await.unwrap_or(0);
            hears.lock().unwrap().extend_from_slice(&buffer[..read]);
            let _ = stream.write_all(&words).await;
            if then == Then::Closes {
                let _ = stream.shutdown().await;
            }
            // Whatever is said to that is heard as well.
            while let Ok(read @ 1..) = stream.read(&mut buffer).await {
                hears.lock().unwrap().extend_from_slice(&buffer[..read]);
            }
            goes.notify_one();
        });
        Self { address, heard, gone }
    }

    /// Everything that was said to him until the other end went.
    async fn heard(&self) -> Vec<u8> {
        tokio::time::timeout(SOON, self.gone.notified()).await.unwrap();
        self.heard.lock().unwrap().clone()
    }
}

/// Asks there over TLS. However it ends, the ledger has a line that says so.
async fn ask_at(port: u16, trusted: Option<&Peer>, request: Request) -> Result<Answer, EgressError> {
    let lines = Arc::new(Lines::default());
    let mut gateway = gateway(&lines);
    if let Some(peer) = trusted {
        gateway = gateway.trusting(&peer.certificate).unwrap();
    }
    let there = Origin::parse(&format!("https://localhost:{port}"), Reach::Internet).unwrap();
    let answered = tokio::time::timeout(SOON, gateway.send(Purpose::Account, &there, request)).await;
    let Ok(answered) = answered else { panic!("it hangs") };
    let closed = lines.closed.lock().unwrap().clone();
    assert_eq!(closed.len(), 1);
    assert_eq!(closed[0].1 == Outcome::Failed, answered.is_err());
    answered
}

/// The kinds of TLS's records in bytes.
fn kinds(mut bytes: &[u8]) -> Vec<u8> {
    let mut kinds = Vec::new();
    while let [kind, _, _, high, low, rest @ ..] = bytes {
        kinds.push(*kind);
        bytes = rest.get(usize::from(u16::from_be_bytes([*high, *low]))..).unwrap_or_default();
    }
    kinds
}

/// A first message that was begun, and no word of a request.
fn nothing_is_told(heard: &[u8], to: &str) {
    let kinds = kinds(heard);
    assert_eq!(kinds.first(), Some(&0x16), "{to}");
    assert!(kinds.iter().all(|kind| [0x14, 0x15, 0x16].contains(kind)), "{to}: {kinds:x?}");
    for secret in ["hana@example.com", "zis_a_secret", "/v1/account"] {
        assert!(!heard.windows(secret.len()).any(|window| window == secret.as_bytes()), "{to}: {secret}");
    }
}

fn record(kind: u8, version: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    [&[kind, 3, version, length[0], length[1]], content].concat()
}

/// The answer of a server that knows this version of TLS and none after it.
fn server_hello(version: u8) -> Vec<u8> {
    // Its random bytes, no session, AES-128 with SHA-1, no compression.
    let inner = [&[3, version][..], &[7; 32], &[0, 0, 0x2f, 0]].concat();
    let length = u8::try_from(inner.len()).unwrap();
    record(0x16, version, &[&[2, 0, 0, length][..], &inner].concat())
}

/// Bytes without any order, the same in every run.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes()[0]
    };
    std::iter::repeat_with(next).take(length).collect()
}

#[tokio::test]
async fn an_answer_that_is_no_handshake_ends_it_and_no_byte_of_the_request_leaves() {
    let hello = server_hello(3);
    for (name, words, then) in [
        ("noise", noise(4000), Then::Waits),
        ("noise that ends", noise(3), Then::Closes),
        ("plain HTTP", b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_vec(), Then::Waits),
        ("not a word", Vec::new(), Then::Closes),
        ("a record without its end", hello[..20].to_vec(), Then::Closes),
        ("half a head of a record", hello[..3].to_vec(), Then::Closes),
        ("a record that is too long", [&[0x16, 3, 3, 0xff, 0xff][..], &[0; 100]].concat(), Then::Waits),
        ("an empty handshake", record(0x16, 3, &[]), Then::Closes),
        ("TLS 1.1", server_hello(2), Then::Waits),
        ("TLS 1.0", server_hello(1), Then::Waits),
        ("a suite that nobody offered", hello, Then::Waits),
        ("data before any key", record(0x17, 3, b"HTTP/1.1 200 OK\r\n\r\n"), Then::Waits),
        ("that it does not want to", record(0x15, 3, &[2, 40]), Then::Waits),
        ("that it is over", record(0x15, 3, &[1, 0]), Then::Closes),
    ] {
        let stranger = Stranger::says(words, then).await;
        let refused = ask_at(stranger.address.port(), None, ask("/v1/account")).await.unwrap_err();
        assert!(matches!(refused, EgressError::Untrusted | EgressError::Unreachable), "{name}: {refused:?}");
        nothing_is_told(&stranger.heard().await, name);
    }
}

#[tokio::test]
async fn a_handshake_that_does_not_go_on_is_not_waited_for() {
    for words in [Vec::new(), server_hello(3)[..20].to_vec()] {
        let stranger = Stranger::says(words, Then::Waits).await;
        let request = Request { time: Duration::from_millis(300), ..ask("/v1/account") };
        let refused = ask_at(stranger.address.port(), None, request).await.unwrap_err();
        assert_eq!(refused, EgressError::TimedOut);
        nothing_is_told(&stranger.heard().await, "who does not go on");
    }
}

#[derive(Debug, Clone, Copy)]
enum Spoilt {
    /// No byte after so many.
    Cut(usize),
    /// One bit of this byte is another.
    Flipped(usize),
    Not,
}

/// A way to a server on which what it says is spoilt.
async fn way_to(server: SocketAddr, spoilt: Spoilt) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        let mut server = TcpStream::connect(server).await.unwrap();
        let ((mut from_client, mut to_client), (mut from_server, mut to_server)) =
            (client.split(), server.split());
        let back = async {
            let (mut buffer, mut passed) = ([0; 16384], 0);
            while let Ok(read @ 1..) = from_server.read(&mut buffer).await {
                let mut goes = read;
                match spoilt {
                    Spoilt::Cut(place) if place <= passed + read => goes = place - passed,
                    Spoilt::Flipped(place) if (passed..passed + read).contains(&place) => {
                        buffer[place - passed] ^= 1;
                    }
                    _ => {}
                }
                if to_client.write_all(&buffer[..goes]).await.is_err() || goes < read {
                    return;
                }
                passed += read;
            }
        };
        tokio::select! {
            () = back => {}
            _ = tokio::io::copy(&mut from_client, &mut to_server) => {}
        }
    });
    address
}

#[tokio::test]
async fn a_handshake_that_is_cut_off_or_changed_on_its_way_brings_no_request_out() {
    let peer = Peer::https(Certified::Now("localhost")).await;
    let cuts = [1, 4, 5, 9, 80, 127, 130, 140, 200, 350, 500].map(Spoilt::Cut);
    // In the first message, its random bytes and its key, and in what is sealed after it.
    let flips = [5, 9, 12, 60, 80, 110, 140, 200, 350, 500].map(Spoilt::Flipped);
    for spoilt in cuts.into_iter().chain(flips) {
        let way = way_to(peer.address, spoilt).await;
        let refused = ask_at(way.port(), Some(&peer), ask("/v1/account")).await.unwrap_err();
        assert!(
            matches!(refused, EgressError::Untrusted | EgressError::Unreachable),
            "{spoilt:?}: {refused:?}"
        );
        assert!(peer.heard.lock().unwrap().is_empty(), "{spoilt:?}: a request arrived");
    }
    // The way itself is one.
    let way = way_to(peer.address, Spoilt::Not).await;
    assert_eq!(ask_at(way.port(), Some(&peer), ask("/v1/account")).await.unwrap().status, 200);
    assert!(!peer.heard.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused_before_a_byte_of_the_request_leaves() {
    for name in ["other.example", "localhost.example", "*.localhost", "127.0.0.1"] {
        let peer = Peer::https(Certified::Now(name)).await;
        let refused = ask_at(peer.address.port(), Some(&peer), ask("/v1/account")).await.unwrap_err();
        assert_eq!(refused, EgressError::Untrusted, "{name}");
        assert!(peer.heard.lock().unwrap().is_empty(), "{name}: a request arrived");
    }
}
