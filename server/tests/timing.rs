//! The time of an answer does not tell whether there is an account.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use wire::client::SigningIn;
use wire::{Password, Purpose};

use crate::persons::Dice;
use crate::world::{Database, PASSWORD, World, b64};

const DAY: i64 = 86_400;
/// Times of each of the two.
const SAMPLES: usize = 5000;
/// A machine that does something else may tilt one comparison, and not three.
const TRIES: usize = 3;

/// What two samples of times tell.
#[derive(Debug)]
struct Comparison {
    /// How likely it is that one distribution gives samples that differ so much (Mann and Whitney's U, two-sided, by its
    /// approximation with the normal distribution).
    p: f64,
    /// How far apart their medians are, in parts of the first.
    shift: f64,
}

impl Comparison {
    fn of(a: &[f64], b: &[f64]) -> Self {
        let mut all: Vec<(f64, bool)> =
            a.iter().map(|time| (*time, true)).chain(b.iter().map(|time| (*time, false))).collect();
        all.sort_by(|x, y| x.0.total_cmp(&y.0));
        let (mut ranks, mut place) = (0.0, 0);
        // Equal times share the middle of their ranks.
        for equal in all.chunk_by(|x, y| x.0 == y.0) {
            let middle = place as f64 + (equal.len() as f64 + 1.0) / 2.0;
            ranks += middle * equal.iter().filter(|(_, first)| *first).count() as f64;
            place += equal.len();
        }
        let (n, m) = (a.len() as f64, b.len() as f64);
        let u = ranks - n * (n + 1.0) / 2.0;
        let z = (u - n * m / 2.0).abs() / (n * m * (n + m + 1.0) / 12.0).sqrt();
        let (before, after) = (median(a), median(b));
        Self { p: twice_the_tail(z), shift: (after - before).abs() / before }
    }

    fn tells(&self) -> bool {
        self.p <= 0.01 && self.shift >= 0.05
    }
}

/// How much of the normal distribution is farther out than `z` on both sides: erfc(z/√2) by Abramowitz and Stegun, 7.1.26.
fn twice_the_tail(z: f64) -> f64 {
    let x = z / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let series = [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592];
    series.iter().fold(0.0, |sum, factor| (sum + factor) * t) * (-x * x).exp()
}

fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// Times like those of a service: a longest part that is always the same, some noise, and now and then something else.
fn like_a_service(dice: &mut Dice, mean: f64) -> Vec<f64> {
    let mut one = || {
        let noise: u64 = (0..4).map(|_| dice.below(100)).sum();
        let pause = if dice.below(20) == 0 { dice.below(1000) as f64 } else { 0.0 };
        mean * (1.0 + (noise as f64 - 198.0) / 1000.0) + pause
    };
    (0..SAMPLES).map(|_| one()).collect()
}

#[test]
fn a_difference_of_a_tenth_would_be_found_and_none_is_found_where_there_is_none() {
    let mut dice = Dice(0x7469_6d65);
    let mut found = [0, 0];
    for _ in 0..50 {
        let [a, b] = [(); 2].map(|()| like_a_service(&mut dice, 1000.0));
        let slower = like_a_service(&mut dice, 1100.0);
        found[0] += usize::from(Comparison::of(&a, &b).tells());
        found[1] += usize::from(Comparison::of(&a, &slower).tells());
    }
    assert_eq!(found, [0, 50]);
    // Against values from tables.
    for (z, p) in [(0.0, 1.0), (1.0, 0.317_31), (1.959_96, 0.05), (2.575_83, 0.01), (3.290_53, 0.001)] {
        assert!((twice_the_tail(z) - p).abs() < 1e-5, "{z}");
    }
    let small = Comparison::of(&[1.0, 2.0, 3.0, 4.0], &[5.0, 6.0, 7.0, 8.0]);
    assert!((small.p - 0.020_92).abs() < 1e-4, "{small:?}");
}

/// One connection for all requests, so that nothing but the answer takes its time.
struct Line(TcpStream);

impl Line {
    fn to(world: &World) -> Self {
        let stream = TcpStream::connect(world.address()).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        Self(stream)
    }

    /// The status, the answer, and how long it took to come.
    fn ask(&mut self, path: &str, message: &Value) -> (u16, Value, f64) {
        let body = message.to_string();
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let (mut answer, mut buffer) = (Vec::new(), [0; 8192]);
        let start = Instant::now();
        self.0.write_all(request.as_bytes()).unwrap();
        loop {
            let read = self.0.read(&mut buffer).unwrap();
            assert!(read > 0, "the connection was closed");
            answer.extend_from_slice(&buffer[..read]);
            let text = String::from_utf8_lossy(&answer);
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
            if body.len() == length.parse::<usize>().unwrap() {
                let taken = start.elapsed().as_secs_f64();
                let status = head.split(' ').nth(1).unwrap().parse().unwrap();
                return (status, serde_json::from_str(body).unwrap(), taken);
            }
        }
    }
}

/// Asks for one and the other in a random order, each on a day of its own, on which no throttle knows of another try.
fn compare(what: &str, mut time: impl FnMut(&mut Line, &str) -> f64) {
    let world = World::on(Database::Sqlite).unwrap();
    world.register("hana@example.com", PASSWORD);
    let mut line = Line::to(&world);
    let mut dice = Dice(0x6f72_6465);
    let mut compared = Vec::new();
    for _ in 0..TRIES {
        let mut times = [Vec::new(), Vec::new()];
        while times.iter().any(|times| times.len() < SAMPLES + 20) {
            let which = dice.below(2) as usize;
            world.pass(DAY);
            times[which].push(time(&mut line, ["hana@example.com", "rene@example.com"][which]));
        }
        // The first ones find nothing ready.
        let comparison = Comparison::of(&times[0][20..], &times[1][20..]);
        let _ = writeln!(std::io::stderr(), "{what}: {comparison:?}, {:.6} s", median(&times[0]));
        if !comparison.tells() {
            return;
        }
        compared.push(comparison);
    }
    panic!("{what} tells whether there is an account: {compared:?}");
}

fn first_message() -> String {
    b64(&SigningIn::start(&Password::new(PASSWORD).unwrap()).unwrap().1)
}

#[test]
fn the_first_answer_of_a_sign_in_takes_as_long_with_an_account_as_without() {
    let ke1 = first_message();
    compare("the start of a sign-in", |line, email| {
        let start = json!({"email": email, "ke1": ke1, "purpose": Purpose::Login});
        let (status, answer, time) = line.ask("/v1/opaque/login/start", &start);
        assert_eq!(status, 200, "{answer}");
        time
    });
}

#[test]
fn a_wrong_proof_is_refused_as_fast_with_an_account_as_without() {
    let ke1 = first_message();
    compare("a wrong proof", |line, email| {
        let start = json!({"email": email, "ke1": ke1, "purpose": Purpose::Login});
        let (_, answer, _) = line.ask("/v1/opaque/login/start", &start);
        let finish = json!({"login_id": answer["login_id"], "ke3": b64(&[9; 64])});
        let (status, answer, time) = line.ask("/v1/opaque/login/finish", &finish);
        assert_eq!(status, 401, "{answer}");
        time
    });
}

#[test]
fn a_code_is_promised_as_fast_with_an_account_as_without() {
    for purpose in ["register", "reset_password"] {
        compare(purpose, |line, email| {
            let request = json!({"purpose": purpose, "email": email, "locale": "en"});
            let (status, answer, time) = line.ask("/v1/email-challenges", &request);
            assert_eq!(status, 202, "{answer}");
            time
        });
    }
}
