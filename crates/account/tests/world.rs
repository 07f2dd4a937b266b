//! The real service, a ledger that remembers, and a clock in our hand.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use account::{Account, Keeping, Known, Service};
use egress::{Entry, Gateway, Intent, Ledger, LedgerError, Outcome, Reach, Route};
use model::{Clock, Purpose, SystemClock, Timestamp};
use server::accounts::Accounts;
use server::http::{self, Listening, Metrics};
use server::keys::Keys;
use server::mail::Text;
use server::store::Store;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use wire::{MailCode, NoticeVersion, ServerKey, Ticket};

use journeys::tap::Tap;

struct HandClock(AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed) * 1000)
    }
}

/// A ledger in memory.
#[derive(Default)]
struct Lines(Mutex<Vec<Intent>>);

impl Ledger for Lines {
    fn may(&self, _: Purpose) -> bool {
        true
    }

    fn open(&self, intent: &Intent) -> Result<Entry, LedgerError> {
        let mut lines = self.0.lock().unwrap();
        lines.push(intent.clone());
        Ok(Entry(lines.len() as i64))
    }

    fn close(&self, _: Entry, _: Outcome) {}
}

/// Where a client believes the service to be.
pub enum Place<'a> {
    Direct,
    Tap(&'a Tap),
}

pub struct World {
    service: Arc<http::Service>,
    clock: Arc<HandClock>,
    lines: Arc<Lines>,
    address: SocketAddr,
    stop: Mutex<Option<oneshot::Sender<()>>>,
    stopped: Mutex<Option<tokio::task::JoinHandle<()>>>,
    runtime: Option<Runtime>,
    _dir: TempDir,
}

/// A client behind this door.
pub fn client(gateway: Gateway, address: &str, known: Known, keeping: Keeping) -> Account {
    let service = Service::at(address, Reach::Internet, known).unwrap();
    Account::new(Arc::new(gateway), service, keeping)
}

impl World {
    pub fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let clock = Arc::new(HandClock(AtomicI64::new(1_795_737_600)));
        let store = Store::sqlite(&dir.path().join("accounts.db")).unwrap();
        let keys = Keys::at(&dir.path().join("keys.json")).unwrap();
        let service = Arc::new(http::Service {
            accounts: Accounts::new(store, keys, Arc::clone(&clock) as Arc<dyn Clock>),
            notice_version: NoticeVersion::new("2026-11").unwrap(),
            behind_proxy: false,
            engine: None,
            metrics: Metrics::default(),
        });
        let runtime = Runtime::new().unwrap();
        let listening = runtime.block_on(Listening::at(([127, 0, 0, 1], 0).into())).unwrap();
        let (address, router) = (listening.address, http::router(Arc::clone(&service)));
        let (stop, told) = oneshot::channel::<()>();
        let stopped = runtime.spawn(http::serve(listening, router, async { drop(told.await) }));
        Self {
            service,
            clock,
            lines: Arc::default(),
            address,
            stop: Mutex::new(Some(stop)),
            stopped: Mutex::new(Some(stopped)),
            runtime: Some(runtime),
            _dir: dir,
        }
    }

    pub fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.as_ref().unwrap().block_on(work)
    }

    pub fn tap(&self) -> Tap {
        Tap::before(self.address)
    }

    /// A client of its own, which keeps nothing.
    pub fn account(&self, place: Place<'_>, known: Known) -> Account {
        let address = match place {
            Place::Direct => self.address,
            Place::Tap(tap) => tap.address,
        };
        let gateway = self.gateway(Arc::new(SystemClock));
        client(gateway, &format!("http://{address}"), known, Keeping::Memory)
    }

    /// A client of its own that keeps its session there.
    pub fn keeping_account(&self, keeping: Keeping) -> Account {
        let address = self.address;
        client(self.gateway(Arc::new(SystemClock)), &format!("http://{address}"), Known::NotYet, keeping)
    }

    /// A door with this ledger.
    pub fn gateway(&self, clock: Arc<dyn Clock>) -> Gateway {
        Gateway::new(Arc::clone(&self.lines) as Arc<dyn Ledger>, clock, Route::System)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn server_key(&self) -> ServerKey {
        self.service.accounts.keys().newest().1.key()
    }

    pub fn pass(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds, Ordering::Relaxed);
    }

    pub fn lines(&self) -> Vec<Intent> {
        self.lines.0.lock().unwrap().clone()
    }

    /// The service ends.
    pub fn stop(&self) {
        drop(self.stop.lock().unwrap().take());
        if let Some(stopped) = self.stopped.lock().unwrap().take() {
            while !stopped.is_finished() {
                std::thread::yield_now();
            }
        }
    }

    fn mails(&self) -> Vec<(String, Text)> {
        let due = self.service.accounts.due_mails(100).unwrap();
        due.into_iter()
            .map(|due| {
                self.service.accounts.mail_sent(&due.id).unwrap();
                (due.mail.to.as_str().to_owned(), due.mail.text)
            })
            .collect()
    }

    /// The code that came to an address.
    pub fn code_for(&self, email: &str) -> MailCode {
        let code = self.mails().into_iter().find_map(|(to, text)| match text {
            Text::Code { code, .. } if to == email => Some(code),
            _ => None,
        });
        MailCode::new(&code.unwrap()).unwrap()
    }

    /// The line by which a move to another address is taken back.
    pub fn undo(&self) -> Ticket {
        let undo = self.mails().into_iter().find_map(|(_, text)| match text {
            Text::EmailMoved { undo } => Some(undo),
            _ => None,
        });
        Ticket::parse(&undo.unwrap()).unwrap()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        drop(self.stop.lock().unwrap().take());
        drop(self.runtime.take());
    }
}
