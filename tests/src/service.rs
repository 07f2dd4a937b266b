//! The account service itself, on a free port of this computer, with its mails for us to read.

use std::net::SocketAddr;
use std::sync::Arc;

use model::SystemClock;
use server::accounts::Accounts;
use server::http::{self, Listening, Metrics, Service};
use server::keys::Keys;
use server::mail::{Mail, Text};
use server::store::Store;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use wire::NoticeVersion;

/// A service that is there until it is dropped.
pub struct Running {
    service: Arc<Service>,
    /// Its database and its keys.
    pub dir: TempDir,
    /// Scheme, host and port.
    pub address: String,
    stop: Option<oneshot::Sender<()>>,
    runtime: Option<Runtime>,
}

impl Running {
    /// Starts it.
    #[must_use]
    pub fn start() -> Self {
        let dir = TempDir::new().unwrap();
        let store = Store::sqlite(&dir.path().join("accounts.db")).unwrap();
        let keys = Keys::at(&dir.path().join("keys.json")).unwrap();
        let service = Arc::new(Service {
            accounts: Accounts::new(store, keys, Arc::new(SystemClock)),
            notice_version: NoticeVersion::new("2026-11").unwrap(),
            behind_proxy: false,
            engine: None,
            metrics: Metrics::default(),
        });
        let runtime = Runtime::new().unwrap();
        let listening = runtime.block_on(Listening::at(([127, 0, 0, 1], 0).into())).unwrap();
        let (address, router) = (format!("http://{}", listening.address), http::router(Arc::clone(&service)));
        let (stop, stopped) = oneshot::channel::<()>();
        runtime.spawn(http::serve(listening, router, async { drop(stopped.await) }));
        Self { service, dir, address, stop: Some(stop), runtime: Some(runtime) }
    }

    /// Host and port.
    ///
    /// # Panics
    /// Never: it listens there.
    #[must_use]
    pub fn socket(&self) -> SocketAddr {
        self.address.trim_start_matches("http://").parse().unwrap()
    }

    fn mails(&self) -> Vec<Mail> {
        let due = self.service.accounts.due_mails(100).unwrap();
        due.into_iter()
            .map(|due| {
                self.service.accounts.mail_sent(&due.id).unwrap();
                due.mail
            })
            .collect()
    }

    /// The code that came to an address.
    pub fn code_for(&self, email: &str) -> String {
        let code = self.mails().into_iter().find_map(|mail| match mail.text {
            Text::Code { code, .. } if mail.to.as_str() == email => Some(code),
            _ => None,
        });
        code.expect("a code")
    }

    /// The line that takes a change of the address back.
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
        drop(self.stop.take());
        drop(self.runtime.take());
    }
}
