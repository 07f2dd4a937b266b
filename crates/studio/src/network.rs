//! The ledger of the network on the open vault. Without an open vault nothing is written down, so nothing goes.

use std::sync::{Arc, Weak};

use egress::{Entry, Intent, Ledger, LedgerError, Outcome};
use model::Purpose;
use vault::{LedgerIntent, LedgerOutcome, Vault};

use crate::{Event, Topic};

mod keeping;
mod view;

pub use keeping::{LedgerClearRequest, LedgerKeepRequest};
pub use view::{
    LedgerCount, LedgerDayRow, LedgerDaysRequest, LedgerEnd, LedgerRequest, LedgerRow, LedgerView,
};

/// The ledger of one opening of a vault. It does not hold the vault: a lock does not wait for it.
pub(crate) struct VaultLedger {
    pub vault: Weak<Vault>,
    pub tell: Arc<dyn Fn(Event) + Send + Sync>,
}

impl VaultLedger {
    fn told(&self) {
        (self.tell)(Event::Changed { topics: vec![Topic::Ledger] });
    }
}

impl Ledger for VaultLedger {
    fn may(&self, purpose: Purpose) -> bool {
        match purpose {
            // Each such request is a step that the person takes.
            Purpose::Account => self.vault.strong_count() > 0,
        }
    }

    fn open(&self, intent: &Intent) -> Result<Entry, LedgerError> {
        let vault = self.vault.upgrade().ok_or(LedgerError)?;
        let line = LedgerIntent {
            at: intent.at,
            purpose: intent.purpose,
            origin: intent.origin.clone(),
            proxy: intent.proxy.clone(),
            fields: intent.fields.iter().map(|&field| field.to_owned()).collect(),
            sent: intent.bytes,
        };
        let id = vault.open_ledger_line(&line).map_err(|_| LedgerError)?;
        self.told();
        Ok(Entry(id))
    }

    fn close(&self, entry: Entry, outcome: Outcome) {
        let outcome = match outcome {
            Outcome::Answered { status, bytes } => LedgerOutcome::Answered { status, received: bytes },
            Outcome::Failed => LedgerOutcome::Failed,
            Outcome::Cancelled => LedgerOutcome::Cancelled,
        };
        if let Some(vault) = self.vault.upgrade() {
            // The line then says that nobody knows, which is true.
            let _ = vault.close_ledger_line(entry.0, outcome);
        }
        self.told();
    }
}
