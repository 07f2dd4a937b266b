//! The real service, a ledger that remembers, and a clock in our hand.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use account::{Account, Keeping, Known, Service};
use egress::{Entry, Gateway, Intent, Ledger, LedgerError, Outcome, Reach, Route};
use journeys::service::{HandClock, Running, Setup};
use journeys::tap::Tap;
use model::{Clock, Purpose, SystemClock};
use wire::{MailCode, ServerKey, Ticket};

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
    running: Running,
    clock: Arc<HandClock>,
    lines: Arc<Lines>,
}

/// A client behind this door.
pub fn client(gateway: Gateway, address: &str, known: Known, keeping: Keeping) -> Account {
    let service = Service::at(address, Reach::Internet, known).unwrap();
    Account::new(Arc::new(gateway), service, keeping)
}

impl World {
    pub fn new() -> Self {
        let clock = Arc::new(HandClock::default());
        let running = Running::with(Setup { clock: Arc::clone(&clock) as Arc<dyn Clock>, ..Setup::new() });
        Self { running, clock, lines: Arc::default() }
    }

    pub fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.running.block_on(work)
    }

    pub fn tap(&self) -> Tap {
        Tap::before(self.address())
    }

    /// A client of its own, which keeps nothing.
    pub fn account(&self, place: Place<'_>, known: Known) -> Account {
        let address = match place {
            Place::Direct => self.address(),
            Place::Tap(tap) => tap.address,
        };
        let gateway = self.gateway(Arc::new(SystemClock));
        client(gateway, &format!("http://{address}"), known, Keeping::Memory)
    }

    /// A client of its own that keeps its session there.
    pub fn keeping_account(&self, keeping: Keeping) -> Account {
        let address = self.address();
        client(self.gateway(Arc::new(SystemClock)), &format!("http://{address}"), Known::NotYet, keeping)
    }

    /// A door with this ledger.
    pub fn gateway(&self, clock: Arc<dyn Clock>) -> Gateway {
        Gateway::new(Arc::clone(&self.lines) as Arc<dyn Ledger>, clock, Route::System)
    }

    pub fn address(&self) -> SocketAddr {
        self.running.socket()
    }

    pub fn server_key(&self) -> ServerKey {
        self.running.service.accounts.keys().newest().1.key()
    }

    pub fn pass(&self, seconds: i64) {
        self.clock.pass(seconds);
    }

    pub fn lines(&self) -> Vec<Intent> {
        self.lines.0.lock().unwrap().clone()
    }

    /// The service ends.
    pub fn stop(&self) {
        self.running.stop();
    }

    /// The code that came to an address.
    pub fn code_for(&self, email: &str) -> MailCode {
        MailCode::new(&self.running.code_for(email)).unwrap()
    }

    /// The line by which a move to another address is taken back.
    pub fn undo(&self) -> Ticket {
        Ticket::parse(&self.running.undo_line()).unwrap()
    }
}
