//! The account service itself, on a free port of this computer, with its mails for us to read.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use model::{Clock, SystemClock, Timestamp};
use server::accounts::Accounts;
use server::http::{self, Listening, Metrics, Service};
use server::images::Engine;
use server::keys::Keys;
use server::mail::{Mail, Text};
use server::store::Store;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use wire::NoticeVersion;

/// 2026-11-27T00:00:00Z, where a clock in our hand begins.
pub const START: i64 = 1_795_737_600;

/// A clock that goes on when a test says so.
pub struct HandClock(AtomicI64);

impl Default for HandClock {
    fn default() -> Self {
        Self(AtomicI64::new(START))
    }
}

impl HandClock {
    /// Lets so many seconds go by.
    pub fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed) * 1000)
    }
}

/// What a service is started with.
pub struct Setup {
    /// Where its key file lies, and its database unless that is elsewhere.
    pub dir: TempDir,
    /// Its database.
    pub store: Store,
    /// Its time.
    pub clock: Arc<dyn Clock>,
    /// Where it passes pictures' orders on to.
    pub engine: Option<Engine>,
    /// It believes a proxy that names the address of whoever asks.
    pub behind_proxy: bool,
}

impl Setup {
    /// An empty database of its own, and the computer's time.
    ///
    /// # Panics
    /// If the disk refuses.
    #[must_use]
    pub fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let store = Store::sqlite(&dir.path().join("accounts.db")).unwrap();
        Self { dir, store, clock: Arc::new(SystemClock), engine: None, behind_proxy: false }
    }
}

impl Default for Setup {
    fn default() -> Self {
        Self::new()
    }
}

/// A service that is there until it is dropped.
pub struct Running {
    /// What answers.
    pub service: Arc<Service>,
    /// Its database and its keys.
    pub dir: TempDir,
    /// Scheme, host and port.
    pub address: String,
    stop: Mutex<Option<oneshot::Sender<()>>>,
    stopped: Mutex<Option<JoinHandle<()>>>,
    runtime: Option<Runtime>,
}

impl Running {
    /// Starts one of its own.
    #[must_use]
    pub fn start() -> Self {
        Self::with(Setup::new())
    }

    /// Starts one as it is wanted.
    ///
    /// # Panics
    /// If the system gives no port.
    #[must_use]
    pub fn with(setup: Setup) -> Self {
        let Setup { dir, store, clock, engine, behind_proxy } = setup;
        let keys = Keys::at(&dir.path().join("keys.json")).unwrap();
        let service = Arc::new(Service {
            accounts: Accounts::new(store, keys, clock),
            notice_version: NoticeVersion::new("2026-11").unwrap(),
            behind_proxy,
            engine,
            metrics: Metrics::default(),
        });
        let runtime = Runtime::new().unwrap();
        let listening = runtime.block_on(Listening::at(([127, 0, 0, 1], 0).into())).unwrap();
        let (address, router) = (format!("http://{}", listening.address), http::router(Arc::clone(&service)));
        let (stop, told) = oneshot::channel::<()>();
        let stopped = runtime.spawn(http::serve(listening, router, async { drop(told.await) }));
        let (stop, stopped) = (Mutex::new(Some(stop)), Mutex::new(Some(stopped)));
        Self { service, dir, address, stop, stopped, runtime: Some(runtime) }
    }

    /// Host and port.
    ///
    /// # Panics
    /// Never: it listens there.
    #[must_use]
    pub fn socket(&self) -> SocketAddr {
        self.address.trim_start_matches("http://").parse().unwrap()
    }

    /// Does something where the service runs.
    ///
    /// # Panics
    /// Never: its runtime is there as long as it is.
    pub fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.as_ref().unwrap().block_on(work)
    }

    /// Ends it, and waits until it has ended.
    pub fn stop(&self) {
        drop(self.stop.lock().unwrap().take());
        if let Some(stopped) = self.stopped.lock().unwrap().take() {
            while !stopped.is_finished() {
                std::thread::yield_now();
            }
        }
    }

    /// Everything that is waiting in the outbox; it is taken out.
    ///
    /// # Panics
    /// If the database refuses.
    pub fn mails(&self) -> Vec<Mail> {
        let due = self.service.accounts.due_mails(100).unwrap();
        due.into_iter()
            .map(|due| {
                self.service.accounts.mail_sent(&due.id).unwrap();
                due.mail
            })
            .collect()
    }

    /// The code that came to an address, if one did.
    pub fn maybe_code_for(&self, email: &str) -> Option<String> {
        self.mails().into_iter().find_map(|mail| match mail.text {
            Text::Code { code, .. } if mail.to.as_str() == email => Some(code),
            _ => None,
        })
    }

    /// The code that came to an address.
    ///
    /// # Panics
    /// If none did.
    pub fn code_for(&self, email: &str) -> String {
        self.maybe_code_for(email).expect("a code")
    }

    /// The line that takes a change of the address back.
    ///
    /// # Panics
    /// If none came.
    pub fn undo_line(&self) -> String {
        let line = self.mails().into_iter().find_map(|mail| match mail.text {
            Text::EmailMoved { undo } => Some(undo),
            _ => None,
        });
        line.expect("a line")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.lock().map(|mut stop| stop.take()));
        // Before the connections to the database, which may not end inside of it.
        drop(self.runtime.take());
    }
}
