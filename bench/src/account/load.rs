//! The load: clients over HTTP on loopback, each with one connection that it keeps.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::rt::{Read, Write};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};
use wire::Purpose;
use wire::messages::{LoginAnswer, LoginFinish, LoginStart, Message, Platform, SealedAnswer};

use super::opaque::{PASSWORD, SigningIn};
use super::password::{HOST, Login};
use super::people::{REAL, email};
use super::serve::Serving;

/// A connection.
pub struct Client(SendRequest<Full<Bytes>>);

impl Client {
    /// Connects, with TLS where the server speaks it.
    pub async fn to(serving: &Serving) -> Result<Self> {
        let stream = tcp(serving.address).await?;
        let Some(certificate) = &serving.certificate else { return Self::over(TokioIo::new(stream)).await };
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from(certificate.clone()))?;
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let stream =
            TlsConnector::from(Arc::new(config)).connect(ServerName::try_from(HOST)?, stream).await?;
        Self::over(TokioIo::new(stream)).await
    }

    async fn over(stream: impl Read + Write + Unpin + Send + 'static) -> Result<Self> {
        let (sender, connection) = handshake(stream).await?;
        tokio::spawn(async move { drop(connection.await) });
        Ok(Self(sender))
    }

    /// Sends a message as if from an address, and takes the answer of success.
    async fn ask(&mut self, path: &str, from: Ipv4Addr, message: &impl Serialize) -> Result<Bytes> {
        let request = Request::post(path)
            .header("host", HOST)
            .header("content-type", "application/json")
            .header("x-forwarded-for", from.to_string())
            .body(Full::new(Bytes::from(serde_json::to_vec(message)?)))?;
        self.0.ready().await?;
        let response = self.0.send_request(request).await?;
        let (status, bytes) = (response.status(), response.into_body().collect().await?.to_bytes());
        ensure!(status == StatusCode::OK, "{path}: {status} {}", String::from_utf8_lossy(&bytes));
        Ok(bytes)
    }

    async fn post<A: DeserializeOwned>(
        &mut self,
        path: &str,
        from: Ipv4Addr,
        message: &impl Serialize,
    ) -> Result<A> {
        Ok(serde_json::from_slice(&self.ask(path, from, message).await?)?)
    }

    /// The first step of a sign-in.
    pub async fn start(&mut self, number: usize, ke1: &[u8], from: Ipv4Addr) -> Result<LoginAnswer> {
        let ke1 = Message::new(ke1).ok().context("not a first message")?;
        let start = LoginStart { email: email(number)?, ke1, purpose: Purpose::Login, device: None };
        self.post("/v1/opaque/login/start", from, &start).await
    }

    /// The second step.
    pub async fn finish(&mut self, answer: &LoginAnswer, ke3: &[u8], from: Ipv4Addr) -> Result<SealedAnswer> {
        let ke3 = Message::new(ke3).ok().context("not a proof")?;
        let finish = LoginFinish {
            login_id: answer.login_id,
            ke3,
            device_label: None,
            platform: Some(Platform::Linux),
        };
        self.post("/v1/opaque/login/finish", from, &finish).await
    }

    /// A whole sign-in but for the stretching: both requests, and the client's part of the key exchange.
    pub async fn sign_in(&mut self, number: usize) -> Result<()> {
        let from = whence();
        let (client, ke1) = SigningIn::start()?;
        let answer = self.start(number, &ke1, from).await?;
        let ke3 = client.finish(answer.ke2.as_bytes())?;
        self.finish(&answer, &ke3, from).await.map(drop)
    }

    /// The same at the plain handler.
    pub async fn log_in(&mut self, number: usize) -> Result<()> {
        let login = Login { email: email(number)?.as_str().to_owned(), password: PASSWORD.to_owned() };
        self.ask("/login", whence(), &login).await.map(drop)
    }
}

async fn tcp(address: SocketAddr) -> Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Where a request seems to come from: somewhere in a network of 65,536 parts that each have a throttle of their own.
pub fn whence() -> Ipv4Addr {
    Ipv4Addr::new(10, fastrand::u8(..), fastrand::u8(..), 1)
}

/// Which of the two is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The account service.
    Service,
    /// The plain handler.
    Plain,
}

/// What many logins came to.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// From the first to the last.
    pub wall: Duration,
    /// Milliseconds of each that succeeded, one after the other on each connection.
    pub each: Vec<f64>,
    /// What went wrong.
    pub errors: Vec<String>,
}

/// So many logins over so many connections at once. Each connection has accounts of its own, so that no two sign in to one
/// account at the same time: the service would slow the second down, as it should.
pub async fn log_in_many(who: Who, serving: &Serving, logins: usize, connections: usize) -> Result<Outcome> {
    let mut clients = Vec::with_capacity(connections);
    for _ in 0..connections {
        clients.push(Client::to(serving).await?);
    }
    // The first account's record is for clients that stretch.
    let own = (REAL - 1) / connections;
    let start = Instant::now();
    let tasks = clients.into_iter().enumerate().map(|(place, mut client)| {
        let share = logins / connections + usize::from(place < logins % connections);
        tokio::spawn(async move {
            let (mut outcome, first) = (Outcome::default(), fastrand::usize(..own));
            for turn in 0..share {
                let number = 1 + place * own + (first + turn) % own;
                let start = Instant::now();
                let done = match who {
                    Who::Service => client.sign_in(number).await,
                    Who::Plain => client.log_in(number).await,
                };
                match done {
                    Ok(()) => outcome.each.push(start.elapsed().as_secs_f64() * 1e3),
                    Err(error) => outcome.errors.push(format!("{error:#}")),
                }
            }
            outcome
        })
    });
    let mut all = Outcome::default();
    for task in tasks.collect::<Vec<_>>() {
        let one = task.await?;
        all.each.extend(one.each);
        all.errors.extend(one.errors);
    }
    all.wall = start.elapsed();
    Ok(all)
}
