//! Words on the port that are no request of HTTP/1.1, or only half of one, by clients that then wait.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::persons::Dice;
use crate::world::{Database, PASSWORD, World};

/// The ten seconds that a head and a body each may take, and as much again for a busy machine.
const LIMIT: Duration = Duration::from_secs(40);

/// What TLS begins with, as a browser says it: versions 1.2 and 1.3, a name, a key.
fn client_hello() -> Vec<u8> {
    let name = b"account.example";
    let length = |inner: &[u8]| u16::try_from(inner.len()).unwrap().to_be_bytes();
    let extension = |kind: u16, inner: &[u8]| [&kind.to_be_bytes()[..], &length(inner), inner].concat();
    let named = [&[0][..], &length(name), name].concat();
    let extensions = [
        extension(0, &[&length(&named)[..], &named].concat()),
        extension(43, &[4, 3, 4, 3, 3]),
        extension(13, &[0, 4, 4, 3, 8, 4]),
        extension(10, &[0, 2, 0, 29]),
        extension(51, &[&[0, 36, 0, 29, 0, 32][..], &[9; 32]].concat()),
        extension(16, b"\0\x0c\x02h2\x08http/1.1"),
    ]
    .concat();
    let suites = [0, 4, 0x13, 1, 0xc0, 0x2b];
    let inner = [&[3, 3][..], &[7; 32], &[0], &suites, &[1, 0], &length(&extensions), &extensions].concat();
    let message = [&[1, 0][..], &length(&inner), &inner].concat();
    [&[0x16, 3, 1][..], &length(&message), &message].concat()
}

fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut dice = Dice(seed);
    (0..length).map(|_| dice.below(256) as u8).collect()
}

fn garbage() -> Vec<(&'static str, Vec<u8>)> {
    let post = "POST /v1/session/refresh HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
    let with = |rest: &str| [post, rest].concat().into_bytes();
    let hello = client_hello();
    let settings = b"\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x64".as_slice();
    vec![
        ("nothing", Vec::new()),
        ("half of what TLS begins with", hello[..hello.len() / 2].to_vec()),
        ("what TLS begins with", hello),
        ("an old record of TLS", [&[0x80, 0x2e, 1, 3, 1][..], &[0; 43]].concat()),
        ("a few random bytes", noise(1, 7)),
        ("random bytes", noise(2, 3000)),
        ("many random bytes", noise(3, 1 << 20)),
        ("one byte again and again", vec![b'A'; 100_000]),
        ("ends of lines", b"\r\n".repeat(5000)),
        ("HTTP/2", [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", settings].concat()),
        ("half of HTTP/2's first words", b"PRI * HTTP/2.0\r\n\r".to_vec()),
        ("HTTP/0.9", b"GET /healthz\r\n".to_vec()),
        ("HTTP/3 by name", b"GET / HTTP/3.0\r\nhost: x\r\n\r\n".to_vec()),
        ("half a line", b"POST /v1/sess".to_vec()),
        ("half a head", post.as_bytes().to_vec()),
        ("a head without a body", with("content-length: 60\r\n\r\n")),
        ("half a body", with("content-length: 60\r\n\r\n{\"refresh\": ")),
        ("half a piece", with("transfer-encoding: chunked\r\n\r\n40\r\n{\"refresh\": ")),
        ("pieces without a last one", with("transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n")),
        ("a piece of no length", with("transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n")),
        ("a negative length", with("content-length: -1\r\n\r\n{}")),
        ("two lengths", with("content-length: 2\r\ncontent-length: 3\r\n\r\n{} ")),
    ]
}

/// What is answered until the connection is closed; its client only waits.
fn hear(world: &World, words: &[u8]) -> Result<Vec<u8>, Duration> {
    let mut stream = TcpStream::connect(world.address()).unwrap();
    let limit = Some(LIMIT);
    stream.set_read_timeout(limit).unwrap();
    stream.set_write_timeout(limit).unwrap();
    let start = Instant::now();
    // It may be closed before all of it was said.
    let _ = stream.write_all(words);
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()) => {
            Err(start.elapsed())
        }
        _ => Ok(answer),
    }
}

#[test]
fn garbage_and_halves_are_closed_in_time_or_refused_and_others_are_answered_meanwhile() {
    let world = World::on(Database::Sqlite).unwrap();
    world.register("hana@example.com", PASSWORD);
    std::thread::scope(|scope| {
        let all: Vec<_> = garbage()
            .into_iter()
            .map(|(name, words)| {
                let world = &world;
                (name, scope.spawn(move || hear(world, &words)))
            })
            .collect();
        assert!(world.sign_in("hana@example.com", PASSWORD).is_ok(), "garbage keeps others out");
        for (name, heard) in all {
            let heard = heard.join().unwrap();
            let answer = heard.unwrap_or_else(|time| panic!("{name} is waited for after {time:?}"));
            let text = String::from_utf8_lossy(&answer).into_owned();
            assert!(text.is_empty() || text.starts_with("HTTP/1.1 4"), "{name}: {text}");
        }
    });
    assert!(world.sign_in("hana@example.com", PASSWORD).is_ok());
    assert_eq!(world.send("GET", "/healthz", &[], b"").status, 200);
}
