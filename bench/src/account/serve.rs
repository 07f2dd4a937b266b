//! What runs in a process of its own: the service as `zimage-server` puts it together, or the plain handler beside it.
//!
//! The order comes as a line of JSON on standard input, with the secrets; the service ends when that input does. The
//! answer is a line of JSON on standard output. The service's log goes to standard error, as the program's.

use std::io::{BufRead as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use model::SystemClock;
use serde::{Deserialize, Serialize};
use server::accounts::Accounts;
use server::http::{self, Listening, Metrics, Service};
use server::keys::Keys;
use server::mail::{self, Post};
use server::store::Store;
use tokio::sync::oneshot;
use wire::NoticeVersion;

use super::password;

/// The argument that makes this program do it.
pub const COMMAND: &str = "account-serve";

/// What is to be served.
#[derive(Serialize, Deserialize)]
pub enum Order {
    /// The account service.
    Service {
        /// Its SQLite file.
        database: PathBuf,
        /// The text of its key file.
        keys: String,
    },
    /// A password over TLS, compared with its Argon2id hash.
    Password {
        /// Its SQLite file.
        database: PathBuf,
    },
}

/// Where it listens.
#[derive(Serialize, Deserialize)]
pub struct Serving {
    /// The address.
    pub address: std::net::SocketAddr,
    /// In DER, where TLS is spoken.
    pub certificate: Option<Vec<u8>>,
}

/// Serves until standard input ends.
pub fn run() -> Result<()> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let order: Order = serde_json::from_str(&line)?;
    let (ended, end) = oneshot::channel();
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        let _ = ended.send(());
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match order {
        Order::Service { database, keys } => runtime.block_on(service(database, &keys, end)),
        Order::Password { database } => runtime.block_on(async {
            tokio::select! {
                served = password::serve(&database) => served,
                _ = end => Ok(()),
            }
        }),
    }
}

/// Says where it listens.
pub fn say(serving: &Serving) -> Result<()> {
    writeln!(std::io::stdout(), "{}", serde_json::to_string(serving)?)?;
    Ok(())
}

/// As in the program's `main`.
async fn service(database: PathBuf, keys: &str, end: oneshot::Receiver<()>) -> Result<()> {
    tracing_subscriber::fmt().json().with_target(false).with_writer(std::io::stderr).init();
    let accounts = Accounts::new(Store::sqlite(&database)?, Keys::parse(keys)?, Arc::new(SystemClock));
    let service = Arc::new(Service {
        accounts,
        notice_version: NoticeVersion::new("2026-11").ok().context("the notice's version")?,
        behind_proxy: true,
        engine: None,
        metrics: Metrics::default(),
    });
    service.accounts.retire()?;
    let listening = Listening::at(([127, 0, 0, 1], 0).into()).await?;
    say(&Serving { address: listening.address, certificate: None })?;
    tokio::spawn(mail::carry(Arc::clone(&service), Post::Terminal, Duration::from_secs(1)));
    http::serve(listening, http::router(service), async { drop(end.await) }).await;
    Ok(())
}
