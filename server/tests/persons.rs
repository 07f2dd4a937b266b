//! People who register, sign in, go on and change their passwords, while what they speak to falls and comes back.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};
use wire::client::{Registering, SigningIn};
use wire::messages::Granted;
use wire::{Password, Purpose, Stretching};

use crate::program::Program;
use crate::world::{START, World, b64, new_account, unb64};

const FIRST: &str = "the first password of mine";
const SECOND: &str = "the second password of mine";
/// How often a session goes on before the next step.
const ROUNDS: usize = 6;

/// An answer; none when nobody can tell whether it was done.
pub type Heard = Option<(u16, Value)>;

/// The way to a service that may fall at any time.
pub trait Way {
    fn say(&self, path: &str, message: &Value) -> Heard;

    /// Waits until it is there again.
    fn come_back(&self);
}

/// Asks on a connection of its own, from an address of our choice.
pub fn ask(address: &str, path: &str, from: &str, message: &Value) -> Heard {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(60))).ok()?;
    let (method, body) =
        if message.is_null() { ("GET", String::new()) } else { ("POST", message.to_string()) };
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: x\r\nx-forwarded-for: {from}\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
    .ok()?;
    let mut answer = String::new();
    if let Err(error) = stream.read_to_string(&mut answer) {
        assert!(![ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()), "{path} hangs");
        return None;
    }
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let length: usize = head.lines().find_map(|line| line.strip_prefix("content-length: "))?.parse().ok()?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    (body.len() == length).then(|| (status, serde_json::from_str(body).unwrap_or(Value::Null)))
}

/// A challenge for the address of a person, from a part of the network of their own.
pub fn challenge(number: usize) -> (String, String, Value) {
    let (email, from) = (format!("person{number}@example.com"), format!("198.18.{number}.1"));
    let message = json!({"purpose": "register", "email": email, "locale": "en"});
    (email, from, message)
}

pub struct Person {
    email: String,
    ticket: String,
    /// The service said that the account is made.
    pub made: bool,
    /// One of them is right.
    passwords: Vec<&'static str>,
    /// Of the last answer.
    refresh: Option<String>,
}

impl Person {
    pub fn new(email: String, ticket: String) -> Self {
        Self { email, ticket, made: false, passwords: vec![FIRST], refresh: None }
    }

    /// As far as it goes: a step whose outcome nobody knows is the last one.
    pub fn live(&mut self, way: &impl Way) {
        if self.steps(way).is_none() {
            way.come_back();
        }
    }

    fn steps(&mut self, way: &impl Way) -> Option<()> {
        let ticket = self.ticket.clone();
        set_password(way, &ticket, FIRST, true)?;
        self.made = true;
        self.go_on(way)?;
        let Granted::Ticket { ticket, .. } = self.prove(way, Purpose::ChangePassword)? else { panic!() };
        // All sessions end with the old password.
        self.refresh = None;
        self.passwords = vec![FIRST, SECOND];
        set_password(way, &ticket.text(), SECOND, false)?;
        self.passwords = vec![SECOND];
        self.go_on(way)
    }

    /// Signs in and renews the session some times. An answer that was lost is asked for again with the same token.
    fn go_on(&mut self, way: &impl Way) -> Option<()> {
        let Granted::Session(session) = self.prove(way, Purpose::Login)? else { panic!() };
        self.refresh = Some(session.refresh.text().to_string());
        for _ in 0..ROUNDS {
            match way.say("/v1/session/refresh", &json!({"refresh": self.refresh})) {
                Some((200, answer)) => self.refresh = Some(answer["refresh"].as_str().unwrap().to_owned()),
                Some(other) => panic!("the last token of {} is refused: {other:?}", self.email),
                None => way.come_back(),
            }
        }
        Some(())
    }

    fn prove(&self, way: &impl Way, purpose: Purpose) -> Option<Granted> {
        let password = Password::new(self.passwords[0]).unwrap();
        let (client, ke1) = SigningIn::start(&password).unwrap();
        let start = json!({"email": self.email, "ke1": b64(&ke1), "purpose": purpose});
        let (status, answer) = way.say("/v1/opaque/login/start", &start)?;
        assert_eq!(status, 200, "{}: {answer}", self.email);
        let signed = client.finish(&password, &unb64(&answer["ke2"]), Stretching::V1, purpose).unwrap();
        let finish = json!({"login_id": answer["login_id"], "ke3": b64(&signed.ke3)});
        let (status, answer) = way.say("/v1/opaque/login/finish", &finish)?;
        assert_eq!(status, 200, "{}: {answer}", self.email);
        let plain = wire::open(&signed.key, purpose, unb64(&answer["sealed"])).unwrap();
        Some(serde_json::from_slice(&plain).unwrap())
    }

    /// What was answered holds, and the account is whole or is not there.
    fn stands(&self, world: &World) {
        let in_with = |password: &str| {
            world.pass(5);
            world.sign_in(&self.email, password).ok()
        };
        let right: Vec<_> = self.passwords.iter().filter_map(|password| in_with(password)).collect();
        assert!(right.len() <= 1, "{} has two passwords", self.email);
        match right.first() {
            Some(session) => {
                let account = world.as_session("GET", "/v1/account", session, &Value::Null);
                assert_eq!((account.status.as_u16(), &account.json()["email"]), (200, &json!(self.email)));
            }
            None => {
                assert!(!self.made, "the account of {} was made and is not there", self.email);
                world.pass(3601);
                world.mails();
                world.register(&self.email, SECOND);
                assert!(in_with(SECOND).is_some());
            }
        }
    }
}

fn set_password(way: &impl Way, ticket: &str, password: &str, new: bool) -> Option<()> {
    let password = Password::new(password).unwrap();
    let (client, request) = Registering::start(&password).unwrap();
    let start = json!({"ticket": ticket, "request": b64(&request)});
    let (status, answer) = way.say("/v1/opaque/registration/start", &start)?;
    assert_eq!(status, 200, "{answer}");
    let (upload, _) = client.finish(&password, &unb64(&answer["response"]), Stretching::V1).unwrap();
    let mut finish = json!({"ticket": ticket, "upload": b64(&upload)});
    if new {
        finish["new"] = new_account();
    }
    let (status, answer) = way.say("/v1/opaque/registration/finish", &finish)?;
    assert_eq!(status, 201, "{answer}");
    Some(())
}

/// Looks at everybody after the last fall. `at` is when that was, by the service's clock.
pub fn all_stand(world: &World, persons: &[Person], at: i64) {
    world.pass(at - START);
    // At first, while the token before the last is good yet.
    for person in persons {
        let Some(refresh) = &person.refresh else { continue };
        let reply = world.post("/v1/session/refresh", &json!({"refresh": refresh}));
        assert_eq!(reply.status, 200, "the last token of {}: {reply:?}", person.email);
    }
    world.pass(3601);
    while !world.mails().is_empty() {}
    persons.iter().for_each(|person| person.stands(world));
    assert!(persons.iter().any(|person| person.made), "nobody got an account");
}

/// What holds in the tables whenever it is looked at: statements that count what may not be there.
pub const NEVER: [(&str, &str); 5] = [
    (
        "an account without a password",
        "SELECT count(*) FROM account a WHERE (SELECT count(*) FROM credential c WHERE c.account_id = a.id) <> 1",
    ),
    ("half a record", "SELECT count(*) FROM credential WHERE length(record) <> 192"),
    (
        "a password or a device of nobody",
        "SELECT (SELECT count(*) FROM credential WHERE account_id NOT IN (SELECT id FROM account))
           + (SELECT count(*) FROM session WHERE account_id NOT IN (SELECT id FROM account))",
    ),
    (
        "a registration that the log does not know, or one too many",
        "SELECT abs((SELECT count(*) FROM account) - (SELECT count(*) FROM security_event WHERE kind = 'registered'))",
    ),
    (
        "a ticket that was used and is there yet",
        "SELECT count(*) FROM ticket t JOIN account a ON a.email_idx = t.email_idx WHERE t.purpose = 'mail register'",
    ),
];

/// Dice that fall the same in every run.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) % sides
    }
}

/// Addresses whose codes were right, each with its ticket.
pub fn tickets(program: &Program, most: usize) -> Vec<(String, String)> {
    let asked: Vec<_> = (0..most)
        .map(|number| {
            let (email, from, message) = challenge(number);
            let (status, answer) = ask(&program.address, "/v1/email-challenges", &from, &message).unwrap();
            assert_eq!(status, 202, "{answer}");
            (email, answer["challenge_id"].as_str().unwrap().to_owned())
        })
        .collect();
    let codes = program.codes(most);
    let ticket = |(email, challenge): (String, String)| {
        let path = format!("/v1/email-challenges/{challenge}/verify");
        let (status, answer) =
            ask(&program.address, &path, "198.18.0.1", &json!({"code": codes[&email]})).unwrap();
        assert_eq!(status, 200, "{answer}");
        (email, answer["ticket"].as_str().unwrap().to_owned())
    };
    asked.into_iter().map(ticket).collect()
}
