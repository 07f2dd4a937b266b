//! The door.

use std::collections::HashMap;
use std::error::Error;
use std::io::ErrorKind;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use model::{Clock, Purpose};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder, RequestBuilder};
use rustls::CertificateError;

use crate::ledger::{Entry, Intent, Ledger, LedgerError, Outcome};
use crate::names::Names;
use crate::origin::{Origin, OriginError};
use crate::reach::Reach;
use crate::request::{Answer, Method, Request, Secret};
use crate::route::{Proxy, Route};

/// What the program says it is: its name and the version of the protocol, nothing about the computer.
const AGENT: &str = "zimg/1";
/// How long a connection may take to be made.
const CONNECT_TIME: Duration = Duration::from_secs(15);

/// Why there is no answer. No message holds an address or anything that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EgressError {
    /// The person does not want requests for this.
    #[error("requests for this purpose are turned off")]
    NotAllowed,
    /// The ledger can't be written, so nothing went.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Not a place to send to.
    #[error(transparent)]
    Origin(#[from] OriginError),
    /// The computer is offline, or nobody is there.
    #[error("nobody answers there")]
    Unreachable,
    /// It took too long; it may have arrived.
    #[error("no answer in time")]
    TimedOut,
    /// It went, and the connection ended before the answer was whole.
    #[error("the answer did not arrive")]
    Unanswered,
    /// The other end's certificate is not valid, or not for this name.
    #[error("the connection is not safe")]
    Untrusted,
    /// By this computer's clock the certificate is not valid yet, or no more.
    #[error("the connection is not safe, perhaps because the clock is wrong")]
    Clock,
    /// The answer is longer than it may be, wants to lead elsewhere, or is no answer.
    #[error("the answer is not one")]
    BadAnswer,
}

/// The door to the network.
pub struct Gateway {
    ledger: Arc<dyn Ledger>,
    clock: Arc<dyn Clock>,
    route: Route,
    /// Certificates that are trusted besides the system's.
    extra_roots: Vec<Certificate>,
    /// Made when they are first needed, by where they may go and through what. They keep no connection and no cookie.
    clients: Mutex<HashMap<(Reach, Option<String>), Client>>,
}

impl Gateway {
    /// Makes the door.
    pub fn new(ledger: Arc<dyn Ledger>, clock: Arc<dyn Clock>, route: Route) -> Self {
        Self { ledger, clock, route, extra_roots: Vec::new(), clients: Mutex::default() }
    }

    /// Trusts one more certificate (DER), for all that is sent from here.
    ///
    /// # Errors
    /// [`EgressError::Untrusted`] when it is none.
    pub fn trusting(mut self, certificate: &[u8]) -> Result<Self, EgressError> {
        self.extra_roots.push(Certificate::from_der(certificate).map_err(|_| EgressError::Untrusted)?);
        Ok(self)
    }

    /// Asks, writes down, sends, and completes the line. Dropped before the answer came, the line says so.
    ///
    /// # Errors
    /// See [`EgressError`]. A status that says no is an answer and no error.
    pub async fn send(
        &self,
        purpose: Purpose,
        origin: &Origin,
        request: Request,
    ) -> Result<Answer, EgressError> {
        if !self.ledger.may(purpose) {
            return Err(EgressError::NotAllowed);
        }
        let url = origin.at(&request.path)?;
        let (client, proxy) = self.client(origin)?;
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Patch => reqwest::Method::PATCH,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut building = client.request(method, url).timeout(request.time);
        if let Some(secret) = &request.secret {
            let (name, text) = match secret {
                Secret::Bearer(token) => (AUTHORIZATION.as_str(), format!("Bearer {}", token.as_str())),
                Secret::Ticket(ticket) => ("x-ticket", ticket.to_string()),
            };
            let mut value = HeaderValue::from_str(&text).map_err(|_| OriginError::Malformed)?;
            value.set_sensitive(true);
            building = building.header(name, value);
        }
        let bytes = request.body.as_ref().map_or(0, |body| body.len() as u64);
        if let Some(body) = &request.body {
            building = building.header(CONTENT_TYPE, "application/json").body(body.to_vec());
        }
        let intent = Intent {
            at: self.clock.now(),
            purpose,
            origin: origin.to_string(),
            proxy,
            fields: request.fields.clone(),
            bytes,
        };
        let mut line =
            Line { ledger: &*self.ledger, entry: self.ledger.open(&intent)?, outcome: Outcome::Cancelled };
        let answered = take(building, request.most).await;
        line.outcome = match &answered {
            Ok(answer) => Outcome::Answered { status: answer.status, bytes: answer.body.len() as u64 },
            Err(_) => Outcome::Failed,
        };
        answered
    }

    /// The proxy that requests to an origin go through, without what a person signs in to it with.
    pub fn proxy(&self, origin: &Origin) -> Option<String> {
        self.route.proxy(origin).as_ref().map(Proxy::shown)
    }

    /// The client for an origin, and the proxy that it goes through.
    fn client(&self, origin: &Origin) -> Result<(Client, Option<String>), EgressError> {
        let proxy = self.route.proxy(origin);
        let shown = proxy.as_ref().map(Proxy::shown);
        let key = (origin.reach(), shown.clone());
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&key) {
            return Ok((client.clone(), shown));
        }
        let client = self.build(origin.reach(), proxy)?;
        clients.insert(key, client.clone());
        Ok((client, shown))
    }

    fn build(&self, reach: Reach, proxy: Option<Proxy>) -> Result<Client, EgressError> {
        // One provider for the whole program; that another call was first is no error.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // Who goes through a proxy leaves it to the proxy where a name leads.
        let names = if proxy.is_some() { Names::Any } else { Names::Within(reach) };
        let mut builder = ClientBuilder::new()
            .user_agent(AGENT)
            .redirect(Policy::none())
            .referer(false)
            .https_only(reach != Reach::Computer)
            .connect_timeout(CONNECT_TIME)
            .pool_max_idle_per_host(0)
            .dns_resolver(Arc::new(names))
            .tls_certs_merge(self.extra_roots.iter().cloned())
            .no_proxy();
        if let Some(proxy) = proxy {
            builder = builder.proxy(proxy.for_client()?);
        }
        builder.build().map_err(|_| EgressError::Unreachable)
    }
}

/// A line of the ledger that is completed whatever happens.
struct Line<'a> {
    ledger: &'a dyn Ledger,
    entry: Entry,
    outcome: Outcome,
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        self.ledger.close(self.entry, self.outcome);
    }
}

/// Sends and takes the answer, no more of it than it may have.
async fn take(building: RequestBuilder, most: usize) -> Result<Answer, EgressError> {
    let mut response = building.send().await.map_err(|error| told(&error))?;
    let status = response.status();
    // Whoever wants to lead elsewhere has no answer.
    if status.is_redirection() || response.content_length().is_some_and(|length| length > most as u64) {
        return Err(EgressError::BadAnswer);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| told(&error))? {
        if body.len() + chunk.len() > most {
            return Err(EgressError::BadAnswer);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status: status.as_u16(), body })
}

/// The error of TLS that an error is, or that lies in it: those of input and output hold others without naming them as their
/// cause.
fn tls_of<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    error.downcast_ref().or_else(|| tls_of(inner?))
}

/// Whether the other end closed the connection in the middle of its answer or before it.
fn broke_off(error: &reqwest::Error) -> bool {
    let mut source: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(cause) = source {
        let ended = cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_incomplete_message);
        let io = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        let broken = [ErrorKind::ConnectionReset, ErrorKind::BrokenPipe, ErrorKind::UnexpectedEof];
        if ended || io.is_some_and(|kind| broken.contains(&kind)) {
            return true;
        }
        source = cause.source();
    }
    false
}

/// What a person can do something about.
fn told(error: &reqwest::Error) -> EgressError {
    let mut source: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(cause) = source {
        let tls = tls_of(cause);
        if let Some(rustls::Error::InvalidCertificate(why)) = tls {
            return match why {
                CertificateError::Expired
                | CertificateError::ExpiredContext { .. }
                | CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. } => EgressError::Clock,
                _ => EgressError::Untrusted,
            };
        }
        if tls.is_some() {
            return EgressError::Untrusted;
        }
        source = cause.source();
    }
    match () {
        // Before there is a connection nothing has gone.
        () if error.is_connect() => EgressError::Unreachable,
        () if error.is_timeout() => EgressError::TimedOut,
        () if error.is_request() || broke_off(error) => EgressError::Unanswered,
        () => EgressError::BadAnswer,
    }
}
