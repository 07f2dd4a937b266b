//! The plain baseline: a password arrives over TLS and is compared with an Argon2id hash of it, at the cost that the
//! program's own stretching has. What comes of it is a session in the same kind of SQLite file, as durable as the
//! service's. Everything else is left out, which is to its advantage: no throttles, no log, no sealed columns; and the
//! memory of Argon2id is kept from one login to the next.

use std::cell::RefCell;
use std::convert::Infallible;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, ensure};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::{ServerConfig, crypto::ring};
use wire::AccessToken;

use super::people;
use super::serve::{self, Serving};

/// Name in the certificate.
pub const HOST: &str = "localhost";

const SCHEMA: &str = "
CREATE TABLE person (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, salt BLOB NOT NULL, hash BLOB NOT NULL) STRICT;
CREATE TABLE session (token BLOB PRIMARY KEY, person INTEGER NOT NULL REFERENCES person (id), created INTEGER NOT NULL) STRICT;";

/// A login.
#[derive(Serialize, Deserialize)]
pub struct Login {
    /// Whose.
    pub email: String,
    /// In the clear, inside of TLS.
    pub password: String,
}

/// A new file with so many people, all of one password.
pub fn fill(path: &Path, people: usize, password: &str) -> Result<()> {
    let mut connection = Connection::open(path)?;
    connection.execute_batch("PRAGMA journal_mode = WAL;")?;
    connection.execute_batch(SCHEMA)?;
    let salt: [u8; 16] = crypto::random();
    let hash = hash(password, &salt)?;
    let transaction = connection.transaction()?;
    for number in 0..people {
        transaction
            .prepare_cached("INSERT INTO person (email, salt, hash) VALUES (?1, ?2, ?3)")?
            .execute(params![people::email(number)?.as_str(), salt, hash])?;
    }
    Ok(transaction.commit()?)
}

/// Argon2id over 64 MiB, 3 passes, 1 lane: `wire::Stretching::V1`.
fn hash(password: &str, salt: &[u8]) -> Result<[u8; 32]> {
    thread_local! {
        static MEMORY: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
    }
    let cost = Params::new(64 * 1024, 3, 1, Some(32)).map_err(|error| anyhow::anyhow!("{error}"))?;
    let blocks = cost.block_count();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, cost);
    let mut out = [0; 32];
    MEMORY.with_borrow_mut(|memory| {
        memory.resize(blocks, Block::default());
        let run = argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut out, memory);
        run.map_err(|error| anyhow::anyhow!("{error}"))
    })?;
    Ok(out)
}

/// Listens and says where.
pub async fn serve(database: &Path) -> Result<()> {
    let connection = Connection::open(database)?;
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")?;
    let connection = Arc::new(Mutex::new(connection));
    let key = rcgen::KeyPair::generate()?;
    let certificate = rcgen::CertificateParams::new([HOST.to_owned()])?.self_signed(&key)?.der().clone();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key.into())?;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    serve::say(&Serving { address: listener.local_addr()?, certificate: Some(certificate.to_vec()) })?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let (acceptor, connection) = (acceptor.clone(), Arc::clone(&connection));
        tokio::spawn(async move {
            let Ok(stream) = acceptor.accept(stream).await else { return };
            let service = service_fn(move |request| answer(Arc::clone(&connection), request));
            let mut builder = http1::Builder::new();
            builder.timer(TokioTimer::new());
            drop(builder.serve_connection(TokioIo::new(stream), service).await);
        });
    }
}

async fn answer(
    connection: Arc<Mutex<Connection>>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let token = match Limited::new(request.into_body(), 4096).collect().await {
        Ok(body) => {
            let body = body.to_bytes();
            tokio::task::spawn_blocking(move || log_in(&connection, &body)).await.ok().and_then(Result::ok)
        }
        Err(_) => None,
    };
    let status = if token.is_some() { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
    let mut response = Response::new(Full::new(Bytes::from(token.unwrap_or_default())));
    *response.status_mut() = status;
    Ok(response)
}

/// Gives a token for a password.
fn log_in(connection: &Mutex<Connection>, body: &[u8]) -> Result<String> {
    let login: Login = serde_json::from_slice(body)?;
    let (person, salt, kept): (i64, Vec<u8>, Vec<u8>) = {
        let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
        let mut statement =
            connection.prepare_cached("SELECT id, salt, hash FROM person WHERE email = ?1")?;
        statement.query_row([&login.email], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
    };
    ensure!(hash(&login.password, &salt)?.as_slice() == kept, "another password");
    let token = AccessToken::random();
    let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
    connection
        .prepare_cached("INSERT INTO session (token, person, created) VALUES (?1, ?2, unixepoch())")?
        .execute(params![token.hash().0, person])
        .context("no session")?;
    Ok(token.text().to_string())
}
