//! A service on a free port of this computer, its clock in our hand, and a client that knows the protocol.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use journeys::service::{HandClock, Running, Setup};
use model::Clock;
use serde_json::{Value, json};
use server::http;
use server::images::Engine;
use server::mail::Mail;
use server::store::Store;
use tempfile::TempDir;
use wire::client::{Registering, SigningIn};
use wire::messages::{Granted, SessionTokens};
use wire::{Password, Purpose, Stretching};

pub use journeys::service::START;

/// A password that both ends accept.
pub const PASSWORD: &str = "夜明けの灯台と青い鳥 and a lantern";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

pub struct World {
    pub running: Running,
    clock: Arc<HandClock>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: Vec<(String, String)>,
    pub bytes: Vec<u8>,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// The kind of a refusal.
    pub fn refusal(&self) -> String {
        self.json()["type"].as_str().unwrap_or_default().to_owned()
    }
}

impl World {
    /// `None` where this database is not installed.
    pub fn on(database: Database) -> Option<Self> {
        Self::before(database, None)
    }

    /// The same before an engine.
    pub fn before(database: Database, engine: Option<Engine>) -> Option<Self> {
        let dir = TempDir::new().unwrap();
        let store = match database {
            Database::Sqlite => Store::sqlite(&dir.path().join("accounts.db")).unwrap(),
            Database::Postgres => Store::postgres(&crate::postgres::database()?, 4).unwrap(),
        };
        Some(Self::with(dir, store, engine))
    }

    /// The same over a folder with a key file and a database that may have been used before.
    pub fn with(dir: TempDir, store: Store, engine: Option<Engine>) -> Self {
        let clock = Arc::new(HandClock::default());
        let of_hand = Arc::clone(&clock) as Arc<dyn Clock>;
        let running = Running::with(Setup { dir, store, clock: of_hand, engine, behind_proxy: true });
        Self { running, clock }
    }

    pub fn database_file(&self) -> PathBuf {
        self.running.dir.path().join("accounts.db")
    }

    pub fn address(&self) -> SocketAddr {
        self.running.socket()
    }

    /// Lets so many seconds go by.
    pub fn pass(&self, seconds: i64) {
        self.clock.pass(seconds);
    }

    pub fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.running.block_on(work)
    }

    /// Sends a request on a connection of its own and looks whether the answer is in the contract.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let reply = self.block_on(async {
            let stream = tokio::net::TcpStream::connect(self.address()).await.unwrap();
            let (mut sender, connection) =
                hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
            tokio::spawn(async move { drop(connection.await) });
            let mut request = Request::builder().method(method).uri(path).header("host", "account.example");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let request = request.body(Full::new(Bytes::copy_from_slice(body))).unwrap();
            let response = sender.send_request(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let headers = parts.headers.iter();
            let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
            Reply {
                status: parts.status,
                headers: headers.collect(),
                bytes: body.collect().await.unwrap().to_bytes().to_vec(),
            }
        });
        crate::contract::holds(method, path, &reply);
        reply
    }

    /// A message as JSON.
    pub fn post(&self, path: &str, message: &Value) -> Reply {
        self.say("POST", path, &[], message)
    }

    pub fn say(&self, method: &str, path: &str, headers: &[(&str, &str)], message: &Value) -> Reply {
        let mut all = vec![("content-type", "application/json")];
        all.extend(headers);
        self.send(method, path, &all, message.to_string().as_bytes())
    }

    /// The same with an access token.
    pub fn as_session(&self, method: &str, path: &str, session: &SessionTokens, message: &Value) -> Reply {
        let bearer = format!("Bearer {}", *session.access.text());
        self.say(method, path, &[("authorization", &bearer)], message)
    }

    /// Everything that is waiting in the outbox.
    pub fn mails(&self) -> Vec<Mail> {
        self.running.mails()
    }

    /// Asks for a code and gives the challenge and the code that came.
    pub fn code(&self, purpose: &str, email: &str) -> (String, Option<String>) {
        let request = json!({"purpose": purpose, "email": email, "locale": "ja"});
        let reply = self.post("/v1/email-challenges", &request);
        assert_eq!(reply.status, 202, "{reply:?}");
        let code = self.running.maybe_code_for(email);
        (reply.json()["challenge_id"].as_str().unwrap().to_owned(), code)
    }

    /// A ticket for a step that a mail allows.
    pub fn mail_ticket(&self, purpose: &str, email: &str) -> String {
        let (challenge, code) = self.code(purpose, email);
        let reply =
            self.post(&format!("/v1/email-challenges/{challenge}/verify"), &json!({"code": code.unwrap()}));
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()["ticket"].as_str().unwrap().to_owned()
    }

    /// Registers a password with a ticket.
    pub fn set_password(&self, ticket: &str, password: &str, new: Option<Value>) -> Reply {
        let password = Password::new(password).unwrap();
        let (client, request) = Registering::start(&password).unwrap();
        let reply =
            self.post("/v1/opaque/registration/start", &json!({"ticket": ticket, "request": b64(&request)}));
        if reply.status != 200 {
            return reply;
        }
        let answer = unb64(&reply.json()["response"]);
        let (upload, key) = client.finish(&password, &answer, Stretching::V1).unwrap();
        assert_eq!(key, self.running.service.accounts.keys().newest().1.key());
        let mut finish = json!({"ticket": ticket, "upload": b64(&upload)});
        if let Some(new) = new {
            finish["new"] = new;
        }
        self.post("/v1/opaque/registration/finish", &finish)
    }

    /// Makes an account.
    pub fn register(&self, email: &str, password: &str) {
        let ticket = self.mail_ticket("register", email);
        let reply = self.set_password(&ticket, password, Some(new_account()));
        assert_eq!(reply.status, 201, "{reply:?}");
    }

    /// Proves a password; the refusal otherwise.
    pub fn prove(
        &self,
        email: &str,
        password: &str,
        purpose: Purpose,
        more: &Value,
    ) -> Result<Granted, Reply> {
        let password = Password::new(password).unwrap();
        let (client, ke1) = SigningIn::start(&password).unwrap();
        let mut start = json!({"email": email, "ke1": b64(&ke1), "purpose": purpose});
        if let Some(device) = more.get("device") {
            start["device"] = device.clone();
        }
        let reply = self.post("/v1/opaque/login/start", &start);
        if reply.status != 200 {
            return Err(reply);
        }
        let answer = reply.json();
        let finished = client.finish(&password, &unb64(&answer["ke2"]), Stretching::V1, purpose);
        // Who does not know the password has nothing better to send than this.
        let ke3 = finished.as_ref().map_or_else(|_| vec![1; 64], |signed| signed.ke3.clone());
        let finish = json!({"login_id": answer["login_id"], "ke3": b64(&ke3), "platform": "linux",
                            "device_label": "書斎の端末"});
        let reply = self.post("/v1/opaque/login/finish", &finish);
        let (200, Ok(signed)) = (reply.status.as_u16(), finished) else { return Err(reply) };
        assert_eq!(signed.server, self.running.service.accounts.keys().newest().1.key());
        let plain = wire::open(&signed.key, purpose, unb64(&reply.json()["sealed"])).unwrap();
        Ok(serde_json::from_slice(&plain).unwrap())
    }

    pub fn sign_in(&self, email: &str, password: &str) -> Result<SessionTokens, Reply> {
        match self.prove(email, password, Purpose::Login, &json!({}))? {
            Granted::Session(session) => Ok(session),
            Granted::Ticket { .. } => panic!("a ticket for a login"),
        }
    }

    /// A ticket for what a password is proved for.
    pub fn proof_ticket(&self, email: &str, password: &str, purpose: Purpose) -> String {
        match self.prove(email, password, purpose, &json!({})).unwrap() {
            Granted::Ticket { ticket, .. } => ticket.text().to_string(),
            Granted::Session(_) => panic!("a session for {purpose:?}"),
        }
    }
}

pub fn new_account() -> Value {
    json!({"age_min_attested": 16, "notice_version": "2026-11", "locale": "ja"})
}

pub fn b64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

pub fn unb64(value: &Value) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(value.as_str().unwrap()).unwrap()
}

/// The service's document.
pub fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| serde_json::from_str(http::document()).unwrap())
}

/// Makes a test of each database.
#[macro_export]
macro_rules! on_both {
    ($($name:ident($world:ident) $body:block)*) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            fn run($world: $crate::world::World) $body

            #[test]
            fn on_sqlite() {
                run($crate::world::World::on($crate::world::Database::Sqlite).unwrap());
            }

            #[test]
            fn on_postgres() {
                $crate::world::World::on($crate::world::Database::Postgres).into_iter().for_each(run);
            }
        }
    )*};
}
