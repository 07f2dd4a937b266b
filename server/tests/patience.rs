//! Clients that take their time, and many of them at once.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use crate::persons::{self, Heard, Person, Way};
use crate::program::Program;
use crate::world::{Database, World};

/// What a connection answers to these bytes until it ends.
fn say(stream: &mut TcpStream, bytes: &[u8]) -> String {
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// How many files this process may have open, as many as the system lets it.
fn open_files() -> usize {
    // util-linux, as setpriv is. Where it can't, fewer do.
    let this = std::process::id().to_string();
    let _ = std::process::Command::new("sh")
        .args(["-c", "prlimit --pid \"$1\" --nofile=\"$(ulimit -Hn)\":", "sh", &this])
        .output();
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap_or_default();
    line.split_whitespace().nth(3).and_then(|soft| soft.parse().ok()).unwrap_or(2000)
}

fn connect(world: &World) -> TcpStream {
    let stream = TcpStream::connect(world.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream
}

/// The way to a service that does not fall.
pub struct Straight<'a>(pub &'a Program);

impl Way for Straight<'_> {
    fn say(&self, path: &str, message: &Value) -> Heard {
        persons::ask(&self.0.address, path, "198.18.0.1", message)
    }

    fn come_back(&self) {
        panic!("a connection broke");
    }
}

#[test]
fn ten_thousand_connections_that_say_nothing_keep_nobody_out() {
    // The program inherits what this process may open; other tests need some files of their own.
    let most = 10_000.min(open_files().saturating_sub(2000));
    let strict = std::env::var_os("ZIMAGE_REQUIRE_ALL").is_some();
    assert!(!strict || most >= 1000, "the system lets nobody hold enough connections: {most}");
    let dir = tempfile::tempdir().unwrap();
    let program = Program::start(dir.path(), &["--behind-proxy"]);
    let (email, ticket) = persons::tickets(&program, 1).remove(0);
    let mut held = Vec::new();
    while held.len() < most {
        let mut stream = TcpStream::connect(&program.address).unwrap();
        stream.write_all(b"POST /v1/opaque/login/start HTTP/1.1\r\nhost: x\r\ncontent-le").unwrap();
        held.push(stream);
    }
    // Connections are taken in their order: whoever is answered now was taken after all of these. Where the machine is slow
    // at opening them, the time of the first ones for their heads is over by then.
    let straight = Straight(&program);
    assert_eq!(straight.say("/healthz", &Value::Null).unwrap().0, 200);
    let open = std::fs::read_dir(format!("/proc/{}/fd", program.pid())).unwrap().count();
    let mut person = Person::new(email, ticket);
    person.live(&straight);
    assert!(person.made, "kept out by {most} connections");
    let _ = writeln!(std::io::stderr(), "connections: {most} opened, {open} files of the program then");
    assert!(open > 1000, "only {open} were held at once");
}

#[test]
fn a_head_without_an_end_and_a_body_that_does_not_come_are_given_up() {
    let world = World::on(Database::Sqlite).unwrap();
    let slow: Vec<_> = [
        "GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ".to_owned(),
        "POST /v1/session/refresh HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 80\r\n\r\n{".to_owned(),
    ]
    .into_iter()
    .map(|bytes| {
        let mut stream = connect(&world);
        std::thread::spawn(move || say(&mut stream, bytes.as_bytes()))
    })
    .collect();
    // Meanwhile others are answered.
    assert_eq!(world.send("GET", "/healthz", &[], b"").status, 200);
    let answers: Vec<String> = slow.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert!(answers[0].is_empty() || answers[0].starts_with("HTTP/1.1 408"), "{}", answers[0]);
    assert!(answers[1].starts_with("HTTP/1.1 400"), "{}", answers[1]);
}

#[test]
fn bytes_that_are_no_http_are_no_trouble() {
    let world = World::on(Database::Sqlite).unwrap();
    let long = format!("GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "y".repeat(1 << 20));
    let hello = [0x16, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3];
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(2000));
    for bytes in [
        b"\0\0\0\0\r\n\r\n".as_slice(),
        &hello,
        b"GET\r\n\r\n",
        long.as_bytes(),
        many.as_bytes(),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let mut stream = connect(&world);
        let _ = stream.write_all(bytes);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let answer = say(&mut stream, b"");
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    let smuggled = "POST /v1/session/refresh HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\
                    transfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let answer = say(&mut connect(&world), smuggled.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert_eq!(world.send("GET", "/healthz", &[], b"").status, 200);
}

#[test]
fn a_head_that_comes_in_bytes_is_answered_when_it_is_whole() {
    let world = World::on(Database::Sqlite).unwrap();
    let mut stream = connect(&world);
    stream.set_nodelay(true).unwrap();
    let body = json!({"refresh": "zis_r_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}).to_string();
    let request = format!(
        "POST /v1/session/refresh HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    for byte in request.as_bytes() {
        stream.write_all(&[*byte]).unwrap();
    }
    let answer = say(&mut stream, b"");
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
}
