//! PostgreSQL goes away and comes back while people work.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use server::store::Store;

use crate::persons::{self, Heard, Person, Way, ask};
use crate::postgres::Cluster;
use crate::world::{START, World, b64};

/// So long an answer may take, whether the database is there or not; much more than it does on a busy machine.
const BOUND: Duration = Duration::from_secs(15);
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Answered,
    Refused,
}

/// A way to the service, on which an answer is there in time, and says so when the database is not.
struct Bounded<'a> {
    world: &'a World,
    from: String,
    tells: mpsc::Sender<Said>,
    /// Counts when the database goes and when it is gone.
    falls: &'a AtomicUsize,
    /// The same when a step of two messages began.
    began: Cell<usize>,
}

impl Way for Bounded<'_> {
    fn say(&self, path: &str, message: &Value) -> Heard {
        if path.ends_with("/start") {
            self.began.set(self.falls.load(Ordering::SeqCst));
        }
        let asked = Instant::now();
        let heard = ask(&self.world.address().to_string(), path, &self.from, message);
        assert!(asked.elapsed() < BOUND, "{path} took {:?}", asked.elapsed());
        let Some((status, answer)) = heard else { panic!("the service itself fell") };
        let fell = self.began.get() != self.falls.load(Ordering::SeqCst);
        let _ = self.tells.send(if status == 503 { Said::Refused } else { Said::Answered });
        match status {
            503 => {
                assert_eq!(answer["type"], "unavailable", "{path}: {answer}");
                None
            }
            // What is worth little may be lost when the server crashes: the first of two messages was.
            401 if fell && path.ends_with("/finish") => None,
            _ => Some((status, answer)),
        }
    }

    fn come_back(&self) {
        let start = Instant::now();
        while self.say("/healthz", &Value::Null).is_none() {
            assert!(start.elapsed() < PATIENCE, "the service does not find its database again");
        }
    }
}

/// Waits until so much of this was said.
fn wait_for(heard: &mpsc::Receiver<Said>, what: Said, mut times: u32) {
    while times > 0 {
        times -= u32::from(heard.recv_timeout(PATIENCE).unwrap() == what);
    }
}

fn people(world: &World, most: usize) -> Vec<Person> {
    let ticket = |number| {
        let (email, from, message) = persons::challenge(number);
        let challenged = world.say("POST", "/v1/email-challenges", &[("x-forwarded-for", &from)], &message);
        let challenge = challenged.json()["challenge_id"].as_str().unwrap().to_owned();
        let code = world.mails().into_iter().find_map(|mail| match mail.text {
            server::mail::Text::Code { code, .. } if mail.to.as_str() == email => Some(code),
            _ => None,
        });
        let verified = world
            .post(&format!("/v1/email-challenges/{challenge}/verify"), &json!({"code": code.unwrap()}))
            .json();
        Person::new(email, verified["ticket"].as_str().unwrap().to_owned())
    };
    (0..most).map(ticket).collect()
}

/// Whatever is asked for, the answer is that it can't be had now, in the form of the contract.
fn everything_is_unavailable(world: &World) {
    let token = |kind: &str| format!("zis_{kind}_{}", "A".repeat(43));
    let bearer = format!("Bearer {}", token("a"));
    for (path, message) in [
        ("/v1/email-challenges", json!({"purpose": "register", "email": "a@example.com", "locale": "en"})),
        (
            "/v1/opaque/login/start",
            json!({"email": "a@example.com", "ke1": b64(&[7; 96]), "purpose": "login"}),
        ),
        ("/v1/session/refresh", json!({"refresh": token("r")})),
    ] {
        let asked = Instant::now();
        let reply = world.post(path, &message);
        assert_eq!((reply.status.as_u16(), reply.refusal().as_str()), (503, "unavailable"), "{path}");
        assert!(asked.elapsed() < BOUND, "{path} took {:?}", asked.elapsed());
    }
    for path in ["/v1/account", "/healthz"] {
        let reply = world.send("GET", path, &[("authorization", &bearer)], b"");
        assert_eq!((reply.status.as_u16(), reply.refusal().as_str()), (503, "unavailable"), "{path}");
    }
    // What needs no database is there.
    assert_eq!(world.send("GET", "/v1/service", &[], b"").status, 200);
}

#[test]
fn without_its_database_it_says_so_in_time_and_goes_on_by_itself_when_it_is_back() {
    let Some(mut cluster) = Cluster::of_its_own() else { return };
    let url = cluster.database();
    let world = World::with(tempfile::tempdir().unwrap(), Store::postgres(&url, 4).unwrap(), None);
    let mut persons = people(&world, 4);
    let (falls, over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (tells, heard) = mpsc::channel();
    std::thread::scope(|scope| {
        for (lane, persons) in persons.chunks_mut(2).enumerate() {
            let (world, falls, over, tells) = (&world, &falls, &over, tells.clone());
            scope.spawn(move || {
                let from = format!("198.19.{lane}.1");
                let way = Bounded { world, from, tells, falls, began: Cell::new(0) };
                persons.iter_mut().for_each(|person| person.live(&way));
                // Who is done asks on, so that the database never falls unnoticed.
                while !over.load(Ordering::Relaxed) {
                    way.come_back();
                }
            });
        }
        drop(tells);
        for signal in ["INT", "QUIT", "INT"] {
            wait_for(&heard, Said::Answered, 25);
            falls.fetch_add(1, Ordering::SeqCst);
            cluster.stop(signal);
            falls.fetch_add(1, Ordering::SeqCst);
            wait_for(&heard, Said::Refused, 5);
            everything_is_unavailable(&world);
            cluster.start_again();
            assert_eq!(world.send("GET", "/healthz", &[], b"").status, 200, "not at once");
        }
        over.store(true, Ordering::Relaxed);
    });
    crate::postgres::never(&url);
    persons::all_stand(&world, &persons, START);
    // The connections of the service end before their server.
    drop(world);
}

#[test]
fn a_restart_of_the_database_that_nobody_noticed_fails_no_request() {
    let Some(mut cluster) = Cluster::of_its_own() else { return };
    let store = Store::postgres(&cluster.database(), 4).unwrap();
    let world = World::with(tempfile::tempdir().unwrap(), store, None);
    let address = world.address().to_string();
    for signal in ["INT", "QUIT"] {
        // At the same time, so that there are several connections.
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    assert_eq!(ask(&address, "/healthz", "127.0.0.1", &Value::Null).unwrap().0, 200)
                });
            }
        });
        cluster.stop(signal);
        cluster.start_again();
        for _ in 0..8 {
            assert_eq!(world.send("GET", "/healthz", &[], b"").status, 200, "{signal}");
        }
    }
    drop(world);
}
