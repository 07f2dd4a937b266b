//! Serves the command table and the built window on loopback, so that browser tests drive the real application.
//!
//! Never shipped. **Invariant:** listens on 127.0.0.1 only, and answers only those who have the token it prints.

mod assets;
mod host;
mod server;

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Parser;
use studio::{Config, Event, Language, Studio};
use tokio::net::TcpListener;
use tokio::sync::broadcast;

/// Serves the application to a browser on this computer.
#[derive(Debug, Parser)]
#[command(name = "devhost")]
struct Arguments {
    /// The built window.
    #[arg(long, default_value = "ui/dist")]
    ui: PathBuf,
    /// Folder for vaults and settings.
    #[arg(long)]
    data: PathBuf,
    /// Folder in which generators' folders are looked for.
    #[arg(long)]
    home: Option<PathBuf>,
    /// Language when none was chosen yet.
    #[arg(long, default_value = "en")]
    language: String,
    /// Use cheap passphrases, so that tests are quick.
    #[arg(long)]
    cheap_passphrase: bool,
    /// Port; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let token: String = crypto::random::<16>().iter().map(|byte| format!("{byte:02x}")).collect();
    let (events, _) = broadcast::channel::<Event>(1024);
    let host = Arc::new(host::ScriptedHost::default());
    let studio = studio(&arguments, &token, &host, events.clone());
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.port)).await.context("can't listen")?;
    let address = listener.local_addr()?;
    announce(&format!("http://{address}/?token={token}"));
    let router = server::router(server::Served {
        studio: studio.clone(),
        host: Arc::clone(&host),
        events,
        token,
        ui: arguments.ui,
    });
    axum::serve(listener, router).with_graceful_shutdown(stopped()).await?;
    host.hold(false);
    studio.lock();
    Ok(())
}

fn studio(
    arguments: &Arguments,
    token: &str,
    host: &Arc<host::ScriptedHost>,
    events: broadcast::Sender<Event>,
) -> Studio {
    let config = Config {
        data: arguments.data.clone(),
        vault: None,
        settings: arguments.data.clone(),
        home: arguments.home.clone(),
        language: Language::of_locale(&arguments.language),
        pictures: format!("/{token}/picture/"),
        passphrase: arguments.cheap_passphrase.then_some(crypto::PassphraseParams::FOR_TESTS),
        minute: std::time::Duration::from_secs(60),
        renews: true,
    };
    let holder = Arc::clone(host);
    let clock: Arc<dyn model::Clock> = Arc::<host::ScriptedHost>::clone(host);
    let host: Arc<dyn studio::Host> = Arc::<host::ScriptedHost>::clone(host);
    Studio::new(config, host, clock, move |event| {
        // Only the thread of a job tells how much there is to do.
        let at_work =
            matches!(&event, Event::Job { job } if job.is_running() && !job.stopping && job.total > 0);
        // Nobody listens before the page is open.
        let _ = events.send(event);
        if at_work {
            holder.wait();
        }
    })
}

#[allow(clippy::print_stdout, reason = "whoever started this reads the address from its output")]
fn announce(url: &str) {
    println!("{}", serde_json::json!({ "url": url }));
}

/// Ends on Ctrl-C, or when whoever started this closes its standard input.
async fn stopped() {
    let closed = tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink()));
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = closed => {}
    }
}
