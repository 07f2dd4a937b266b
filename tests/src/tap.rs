//! Everything that leaves for the account service, byte by byte, and the closed list of what may be in it.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

/// What came on one connection.
type Heard = Arc<Mutex<Vec<u8>>>;

/// A way to the service on which somebody listens.
pub struct Tap {
    /// Where clients are to believe the service to be.
    pub address: SocketAddr,
    leads_to: Arc<Mutex<SocketAddr>>,
    heard: Arc<Mutex<Vec<Heard>>>,
    losses: Losses,
}

/// How requests begin whose answers are lost on their way.
type Losses = Arc<Mutex<Vec<String>>>;

/// A request as it left.
pub struct Request {
    /// Of HTTP.
    pub method: String,
    /// As it was asked for.
    pub path: String,
    headers: Vec<(String, String)>,
    /// JSON, or nothing.
    pub body: Vec<u8>,
    /// Whether a ticket came with it.
    pub ticket_header: bool,
    raw: Vec<u8>,
}

impl Tap {
    /// Listens on a free port before a service.
    #[must_use]
    pub fn before(service: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let (heard, leads_to) = (Arc::<Mutex<Vec<Heard>>>::default(), Arc::new(Mutex::new(service)));
        let (hears, leads) = (Arc::clone(&heard), Arc::clone(&leads_to));
        let losses = Losses::default();
        let loses = Arc::clone(&losses);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let bytes = Heard::default();
                hears.lock().unwrap().push(Arc::clone(&bytes));
                let Ok(server) = TcpStream::connect(*leads.lock().unwrap()) else { continue };
                pass_on(client, server, bytes, Arc::clone(&loses));
            }
        });
        Self { address, leads_to, heard, losses }
    }

    /// The answer to the next request that begins so is lost: the service has done it, and its client hears nothing.
    pub fn loses(&self, begins: &str) {
        self.losses.lock().unwrap().push(begins.to_owned());
    }

    /// Whether everything that was to be lost is.
    #[must_use]
    pub fn has_lost_all(&self) -> bool {
        self.losses.lock().unwrap().is_empty()
    }

    /// From now on it leads to another one.
    pub fn lead_to(&self, service: SocketAddr) {
        *self.leads_to.lock().unwrap() = service;
    }

    /// Every request, in the order of their connections: each has one of its own.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        let heard = self.heard.lock().unwrap();
        heard.iter().map(|bytes| Request::of(bytes.lock().unwrap().clone())).collect()
    }
}

fn pass_on(client: TcpStream, server: TcpStream, heard: Heard, losses: Losses) {
    let asked = Arc::clone(&heard);
    let (mut from_client, mut to_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    thread::spawn(move || {
        let mut buffer = [0; 8192];
        while let Ok(read @ 1..) = from_client.read(&mut buffer) {
            heard.lock().unwrap().extend_from_slice(&buffer[..read]);
            if to_server.write_all(&buffer[..read]).is_err() {
                break;
            }
        }
        let _ = to_server.shutdown(Shutdown::Write);
    });
    let (mut from_server, mut to_client) = (server, client);
    thread::spawn(move || {
        let mut first = [0; 8192];
        let read = from_server.read(&mut first).unwrap_or(0);
        let begins = |line: &String| asked.lock().unwrap().starts_with(line.as_bytes());
        let lost = {
            let mut losses = losses.lock().unwrap();
            let place = losses.iter().position(begins);
            place.map(|place| losses.remove(place)).is_some()
        };
        if !lost && to_client.write_all(&first[..read]).is_ok() {
            let _ = std::io::copy(&mut from_server, &mut to_client);
        }
        let _ = from_server.shutdown(Shutdown::Both);
        let _ = to_client.shutdown(Shutdown::Both);
    });
}

impl Request {
    fn of(raw: Vec<u8>) -> Self {
        let end = raw.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(raw[..end].to_vec()).unwrap();
        let mut lines = head.lines();
        let mut first = lines.next().unwrap().split(' ');
        let headers: Vec<(String, String)> = lines
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        Self {
            method: first.next().unwrap().to_owned(),
            path: first.next().unwrap().to_owned(),
            ticket_header: headers.iter().any(|(name, _)| name == "x-ticket"),
            headers,
            body: raw[end + 4..].to_vec(),
            raw,
        }
    }

    /// Whether this text was in any part of it.
    #[must_use]
    pub fn raw_contains(&self, text: &str) -> bool {
        self.raw.windows(text.len()).any(|window| window == text.as_bytes())
    }

    /// The names of the fields of its message, those within included.
    #[must_use]
    pub fn fields(&self) -> Vec<&str> {
        let Ok(Value::Object(fields)) = serde_json::from_slice::<Value>(&self.body) else {
            return Vec::new();
        };
        let inner: Vec<String> =
            fields.values().filter_map(Value::as_object).flat_map(|object| object.keys().cloned()).collect();
        let all = fields.keys().cloned().chain(inner);
        all.map(|name| {
            LIST.iter().find(|(known, _)| *known == name).map_or("not in the list", |(known, _)| *known)
        })
        .collect()
    }
}

/// All that may be in a message, and how long it may be as text.
const LIST: [(&str, usize); 19] = [
    ("purpose", 20),
    ("email", 254),
    ("locale", 2),
    ("code", 8),
    ("ticket", 49),
    ("request", 43),
    ("upload", 256),
    ("new", 0),
    ("age_min_attested", 2),
    ("notice_version", 20),
    ("ke1", 128),
    ("device", 64),
    ("login_id", 22),
    ("ke3", 86),
    ("device_label", 64),
    ("platform", 7),
    ("refresh", 49),
    ("display_name", 80),
    ("address_ticket", 49),
];

/// All heads that may be there.
const HEADERS: [&str; 8] = [
    "accept",
    "authorization",
    "content-length",
    "content-type",
    "host",
    "user-agent",
    "x-ticket",
    "connection",
];

/// Everything that is ever asked for; `{}` is an id.
const PATHS: [(&str, &str); 18] = [
    ("GET", "/v1/service"),
    ("POST", "/v1/email-challenges"),
    ("POST", "/v1/email-challenges/{}/verify"),
    ("POST", "/v1/opaque/registration/start"),
    ("POST", "/v1/opaque/registration/finish"),
    ("POST", "/v1/opaque/login/start"),
    ("POST", "/v1/opaque/login/finish"),
    ("POST", "/v1/session/refresh"),
    ("GET", "/v1/sessions"),
    ("DELETE", "/v1/sessions"),
    ("PATCH", "/v1/sessions/{}"),
    ("DELETE", "/v1/sessions/{}"),
    ("GET", "/v1/account"),
    ("DELETE", "/v1/account"),
    ("PATCH", "/v1/account/profile"),
    ("POST", "/v1/account/email"),
    ("POST", "/v1/account/email/undo"),
    ("POST", "/v1/account/export"),
];

fn fits(declared: &str, path: &str) -> bool {
    let (parts, asked): (Vec<&str>, Vec<&str>) = (declared.split('/').collect(), path.split('/').collect());
    let is_id = |text: &str| {
        text.len() == 22 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    };
    parts.len() == asked.len()
        && parts.iter().zip(asked).all(|(part, asked)| *part == asked || (*part == "{}" && is_id(asked)))
}

/// Looks at every part of a request: nothing is in it that is not in the list.
///
/// # Panics
/// When something is.
pub fn is_in_the_closed_list(request: &Request) {
    for (name, value) in &request.headers {
        assert!(HEADERS.contains(&name.as_str()), "{}: {name}", request.path);
        let known = match name.as_str() {
            "host" => value.parse::<SocketAddr>().is_ok_and(|host| host.ip().is_loopback()),
            "user-agent" => value == "zimg/1",
            "accept" => value == "*/*",
            "content-type" => value == "application/json",
            "authorization" => value.starts_with("Bearer zis_a_") && value.len() == 56,
            "x-ticket" => value.starts_with("zis_t_") && value.len() == 49,
            _ => true,
        };
        assert!(known, "{}: {name}: {value}", request.path);
    }
    let known = PATHS.iter().any(|(method, path)| *method == request.method && fits(path, &request.path));
    assert!(known, "{} {}", request.method, request.path);
    if request.body.is_empty() {
        return;
    }
    assert!(["POST", "PATCH"].contains(&request.method.as_str()), "{}", request.path);
    let message: Value = serde_json::from_slice(&request.body).unwrap();
    // Only the message is there: written again it has the same length.
    assert_eq!(message.to_string().len(), request.body.len(), "{}", request.path);
    within(&request.path, &message);
}

fn within(path: &str, message: &Value) {
    for (name, value) in message.as_object().unwrap() {
        let (_, most) =
            LIST.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("{path}: {name}"));
        match value {
            Value::Object(_) if name == "new" => within(path, value),
            Value::String(text) => assert!(text.chars().count() <= *most, "{path}: {name}"),
            Value::Number(_) if name == "age_min_attested" => {}
            // Takes the name away.
            Value::Null if name == "display_name" => {}
            other => panic!("{path}: {name} is {other}"),
        }
    }
}
