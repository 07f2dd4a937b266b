//! `zimage-server`: the account service.

use std::fs;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Parser;
use model::SystemClock;
use server::accounts::Accounts;
use server::http::{self, Listening, Metrics, Service};
use server::images::Engine;
use server::keys::Keys;
use server::mail::{self, Post};
use server::store::Store;
use wire::NoticeVersion;

/// The account service of Z-Image Desktop.
#[derive(Parser)]
#[command(version, args_override_self = true)]
struct Options {
    /// Where to listen. TLS is for a proxy before it.
    #[arg(long, env = "ZIMAGE_SERVER_LISTEN", default_value = "127.0.0.1:8470")]
    listen: SocketAddr,
    /// The folder of the database and the key file, where nothing else is said.
    #[arg(long, env = "ZIMAGE_SERVER_DATA", default_value = "zimage-server-data")]
    data: PathBuf,
    /// A PostgreSQL database (`postgres://…`) in place of the file.
    #[arg(long, env = "ZIMAGE_SERVER_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// The key file. Keep a copy of it, and never beside the database's.
    #[arg(long, env = "ZIMAGE_SERVER_KEY_FILE")]
    key_file: Option<PathBuf>,
    /// The key file's text itself, for hosts that keep secrets in the environment.
    #[arg(long, env = "ZIMAGE_SERVER_KEYS", hide_env_values = true)]
    keys: Option<String>,
    /// A mail server (`smtps://user:password@host`). Without one, mails are printed: for development.
    #[arg(long, env = "ZIMAGE_SERVER_SMTP", hide_env_values = true)]
    smtp: Option<String>,
    /// Whose mails they are.
    #[arg(long, env = "ZIMAGE_SERVER_MAIL_FROM", default_value = "Z-Image <account@localhost>")]
    mail_from: String,
    /// An engine with OpenAI's path for pictures (`http://127.0.0.1:8188`). Without one, nobody gets pictures here.
    #[arg(long, env = "ZIMAGE_SERVER_ENGINE")]
    engine: Option<String>,
    /// The key that the engine wants.
    #[arg(long, env = "ZIMAGE_SERVER_ENGINE_KEY", hide_env_values = true)]
    engine_key: Option<String>,
    /// Pictures that an account may have in a day.
    #[arg(long, env = "ZIMAGE_SERVER_PICTURES", default_value_t = 100)]
    pictures: u32,
    /// A proxy stands before it and says in X-Forwarded-For where requests come from.
    #[arg(long, env = "ZIMAGE_SERVER_BEHIND_PROXY")]
    behind_proxy: bool,
    /// The privacy notice that is in force.
    #[arg(long, env = "ZIMAGE_SERVER_NOTICE", default_value = "2026-11")]
    notice: String,
    /// Copy the database file, which may be in use, to this new file, and end.
    #[arg(long, value_name = "FILE", conflicts_with = "database")]
    backup: Option<PathBuf>,
}

/// The database in the data folder.
const FILE: &str = "accounts.db";

fn main() -> ExitCode {
    match run(Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "zimage-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: Options) -> Result<()> {
    if let Some(to) = &options.backup {
        return Store::copy_sqlite(&options.data.join(FILE), to).context("the backup");
    }
    tracing_subscriber::fmt().json().with_target(false).with_writer(std::io::stderr).init();
    let post = match &options.smtp {
        Some(url) => Post::smtp(url, &options.mail_from)?,
        None => Post::Terminal,
    };
    let store = store(&options)?;
    let keys = keys(&options, &store)?;
    let service = Arc::new(Service {
        accounts: Accounts::new(store, keys, Arc::new(SystemClock)),
        notice_version: NoticeVersion::new(&options.notice).context("the notice's version")?,
        behind_proxy: options.behind_proxy,
        engine: engine(&options)?,
        metrics: Metrics::default(),
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(serve(options.listen, Arc::clone(&service), post));
    // Connections to the database are closed after everything that could ask them.
    drop(runtime);
    served
}

fn store(options: &Options) -> Result<Store> {
    /// Connections to PostgreSQL: it works with some dozens best, whatever the number of requests.
    const CONNECTIONS: usize = 16;
    match &options.database {
        Some(url) => Store::postgres(url, CONNECTIONS).context("the database"),
        None => {
            fs::create_dir_all(&options.data).context("the data folder")?;
            Store::sqlite(&options.data.join(FILE)).context("the database")
        }
    }
}

fn keys(options: &Options, store: &Store) -> Result<Keys> {
    if let Some(text) = &options.keys {
        return Keys::parse(text).context("the keys of the environment");
    }
    let path = options.key_file.clone().unwrap_or_else(|| options.data.join("keys.json"));
    // With new keys nobody would be known any more.
    if !path.try_exists().context("the key file")? && store.has_accounts()? {
        anyhow::bail!("the key file is missing, and the database has accounts of it");
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).context("the key file's folder")?;
    }
    Ok(Keys::at(&path)?)
}

fn engine(options: &Options) -> Result<Option<Engine>> {
    let made = |url: &String| Engine::at(url, options.engine_key.clone(), options.pictures.into());
    Ok(options.engine.as_ref().map(made).transpose()?)
}

async fn serve(listen: SocketAddr, service: Arc<Service>, post: Post) -> Result<()> {
    let listening = Listening::at(listen).await.context("can't listen there")?;
    writeln!(std::io::stdout(), "listening on http://{}", listening.address)?;
    tokio::spawn(mail::carry(Arc::clone(&service), post, Duration::from_secs(1)));
    tokio::spawn(retire(Arc::clone(&service)));
    http::serve(listening, http::router(service), stopped()).await;
    Ok(())
}

/// Takes out what has expired, every hour.
async fn retire(service: Arc<Service>) {
    let mut hours = tokio::time::interval(Duration::from_secs(3600));
    loop {
        hours.tick().await;
        let asked = Arc::clone(&service);
        if let Ok(Err(error)) = tokio::task::spawn_blocking(move || asked.accounts.retire()).await {
            tracing::error!(%error, "what has expired could not be taken out");
        }
    }
}

/// Comes back when somebody asks the service to end.
async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut ended) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = ended.recv() => return,
                _ = tokio::signal::ctrl_c() => return,
            }
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
