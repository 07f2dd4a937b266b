//! The program is killed again and again in the middle of what it does, and comes back on the same database.

use std::cell::Cell;
use std::io::Write as _;
use std::net::TcpStream;
use std::path::Path;
use std::sync::{Condvar, Mutex, mpsc};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::json;
use server::store::Store;
use wire::Password;
use wire::client::Registering;

use crate::persons::{self, Dice, Heard, NEVER, Person, Way, ask};
use crate::program::{PATIENCE, Program};
use crate::world::{World, b64, new_account, unb64};

/// So many register one after the other.
const ROW: usize = 30;

/// Where the program is now, and how often it was started.
struct Place {
    now: Mutex<(usize, String)>,
    moved: Condvar,
}

/// A way to it, on which each request is announced just before it goes.
struct Announced<'a> {
    place: &'a Place,
    announce: Box<dyn Fn(&'static str) + 'a>,
    from: String,
    seen: Cell<usize>,
}

/// In the middle of these it is killed: what they write is worth most.
const TARGETS: [&str; 4] = [
    "/v1/opaque/registration/finish",
    "/v1/session/refresh",
    "/v1/opaque/login/finish",
    "/v1/email-challenges",
];

impl Way for Announced<'_> {
    fn say(&self, path: &str, message: &serde_json::Value) -> Heard {
        loop {
            let (seen, address) = self.place.now.lock().unwrap().clone();
            self.seen.set(seen);
            // Who finds nobody there has not asked anything, and waits.
            if TcpStream::connect(&address).is_err() {
                self.come_back();
                continue;
            }
            if let Some(target) = TARGETS.iter().find(|target| **target == path) {
                (self.announce)(target);
            }
            return ask(&address, path, &self.from, message);
        }
    }

    fn come_back(&self) {
        let now = self.place.now.lock().unwrap();
        let waited = self
            .place
            .moved
            .wait_timeout_while(now, PATIENCE, |(started, _)| *started == self.seen.get())
            .unwrap();
        assert!(!waited.1.timed_out(), "a connection broke, and nobody had killed the program");
    }
}

/// Registers one after the other with a record that no password opens, which costs no time: here the rows count. Gives those
/// that the service answered for.
fn in_a_row(way: &impl Way, tickets: &[(String, String)]) -> Vec<String> {
    let register = |ticket: &str| {
        let (_, request) = Registering::start(&Password::new("any password").unwrap()).unwrap();
        let start = json!({"ticket": ticket, "request": b64(&request)});
        let (status, answer) = way.say("/v1/opaque/registration/start", &start)?;
        assert_eq!(status, 200, "{answer}");
        // A point, the base of its group, and what may be any bytes.
        let mut upload = unb64(&answer["response"])[..32].to_vec();
        upload.resize(192, 7);
        let finish = json!({"ticket": ticket, "upload": b64(&upload), "new": new_account()});
        way.say("/v1/opaque/registration/finish", &finish)
    };
    let mut made = Vec::new();
    for (email, ticket) in tickets {
        match register(ticket) {
            Some((201, _)) => made.push(email.clone()),
            Some(other) => panic!("{other:?}"),
            None => way.come_back(),
        }
    }
    made
}

/// Lets them live while the program is killed; gives how often that was.
fn shaken(
    start: &dyn Fn() -> Program,
    mut program: Program,
    persons: &mut [Person],
    others: &[(String, String)],
    seed: u64,
) -> (usize, Vec<String>) {
    let place = Place { now: Mutex::new((0, program.address.clone())), moved: Condvar::new() };
    let (said, heard) = mpsc::channel();
    // Who registers in a row waits until its turn to be shaken has come.
    let (turns, turn) = mpsc::sync_channel(0);
    let mut dice = Dice(seed);
    std::thread::scope(|scope| {
        let lanes = persons.len().div_ceil(3);
        for (lane, persons) in persons.chunks_mut(lanes).enumerate() {
            let (place, said) = (&place, said.clone());
            scope.spawn(move || {
                let announce = Box::new(move |path| {
                    let _ = said.send(path);
                });
                let way = Announced { place, announce, from: format!("198.19.{lane}.1"), seen: Cell::new(0) };
                for person in persons {
                    person.live(&way);
                    // A code for somebody else: a mail that may be on its way when the program falls.
                    let (_, _, message) = persons::challenge(1000 + lane);
                    if way.say("/v1/email-challenges", &message).is_none() {
                        way.come_back();
                    }
                }
            });
        }
        drop(said);
        let place = &place;
        let row = scope.spawn(move || {
            // Every fifth is left to come to its answer.
            let turn = Cell::new(0_usize);
            let announce = Box::new(move |path| {
                turn.set(turn.get() + usize::from(path == TARGETS[0]));
                if path == TARGETS[0] && !turn.get().is_multiple_of(5) {
                    let _ = turns.send(());
                }
            });
            let from = "198.19.200.1".to_owned();
            in_a_row(&Announced { place, announce, from, seen: Cell::new(0) }, others)
        });
        let (mut falls, mut row_goes_on, mut lives_go_on) = (0, true, true);
        while row_goes_on || lives_go_on {
            if row_goes_on && (falls % 3 > 0 || !lives_go_on) {
                row_goes_on = is_said(turn.recv_timeout(PATIENCE)).is_some();
            } else {
                let target = TARGETS[dice.below(4) as usize];
                // Renewals are many.
                let mut skips = if target.ends_with("refresh") { dice.below(10) } else { 0 };
                loop {
                    match is_said(heard.recv_timeout(PATIENCE)) {
                        Some(path) if path == target && skips == 0 => break,
                        Some(path) => skips -= u64::from(path == target),
                        None => {
                            lives_go_on = false;
                            break;
                        }
                    }
                }
            }
            // From before the request has arrived until after it is done, and now and then until long after that.
            let most = if dice.below(4) == 0 { 20_000 } else { 2500 };
            let (announced, wait) = (Instant::now(), Duration::from_micros(dice.below(most)));
            while announced.elapsed() < wait {
                std::hint::spin_loop();
            }
            program.kill();
            program = start();
            falls += 1;
            *place.now.lock().unwrap() = (falls, program.address.clone());
            place.moved.notify_all();
            // What was announced before that is over.
            while heard.try_recv().is_ok() {}
        }
        (falls, row.join().unwrap())
    })
}

/// What was announced; none when all who do so have come to their end.
fn is_said<T>(heard: Result<T, mpsc::RecvTimeoutError>) -> Option<T> {
    assert_ne!(heard.as_ref().err(), Some(&mpsc::RecvTimeoutError::Timeout), "nobody says anything any more");
    heard.ok()
}

/// The lives of so many on a database, and what is left of them in the end.
fn killed(database: &[&str], most: usize, store: impl FnOnce(&Path) -> Store) {
    let dir = tempfile::tempdir().unwrap();
    let keys = dir.path().join("keys.json");
    let mut more = vec!["--behind-proxy", "--key-file", keys.to_str().unwrap()];
    more.extend(database);
    let start = || Program::start(dir.path(), &more);
    let began = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let program = start();
    let mut tickets = persons::tickets(&program, most + ROW);
    let others = tickets.split_off(most);
    let mut persons: Vec<Person> =
        tickets.into_iter().map(|(email, ticket)| Person::new(email, ticket)).collect();
    let (falls, row) = shaken(&start, program, &mut persons, &others, 0x7a69_6d67_0000_0001);
    let made = persons.iter().filter(|person| person.made).count();
    let _ = writeln!(
        std::io::stderr(),
        "killed {falls} times; {made} of {most} accounts were answered for, and {} of {ROW}",
        row.len()
    );
    assert!(falls > ROW / 2 && (1..ROW).contains(&row.len()), "killed only {falls} times");
    let store = store(dir.path());
    let world = World::with(dir, store, None);
    persons::all_stand(&world, &persons, i64::try_from(began).unwrap());
    for email in row {
        world.pass(3601);
        assert_eq!(
            world.code("register", &email).1,
            None,
            "the account of {email} was made and is not there"
        );
    }
}

#[test]
fn on_sqlite_no_account_is_half_made_and_no_answer_is_taken_back() {
    killed(&[], 6, |dir| {
        let file = dir.join("data").join("accounts.db");
        let connection = rusqlite::Connection::open(&file).unwrap();
        let said: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(said, "ok");
        let mut strays = connection.prepare("PRAGMA foreign_key_check").unwrap();
        assert!(!strays.exists([]).unwrap(), "a row of nobody");
        for (what, sql) in NEVER {
            assert_eq!(connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap(), 0, "{what}");
        }
        Store::sqlite(&file).unwrap()
    });
}

#[test]
fn on_postgres_no_account_is_half_made_and_no_answer_is_taken_back() {
    let Some(url) = crate::postgres::database() else { return };
    killed(&["--database", &url], 4, |_| {
        crate::postgres::never(&url);
        Store::postgres(&url, 4).unwrap()
    });
}
