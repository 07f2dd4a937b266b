//! How long the ledger is kept, and what a person does with it: clear it, take it along.

use model::Timestamp;
use serde::{Deserialize, Serialize};
use vault::{LedgerFilter, Vault};

use super::LedgerRow;
use crate::{Code, Failure, Studio, Topic, kit};

/// Under this name the vault keeps [`LedgerChoice`].
const CHOICE: &str = "ledger";
/// Milliseconds of a day.
const DAY: i64 = 86_400_000;
/// Lines that are read at once where all are.
const PAGE: u32 = 1000;

/// What the vault keeps of how the ledger is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct LedgerChoice {
    /// Days that a line is kept; as long as the vault without.
    pub keep_days: Option<u16>,
    /// Lines from before this were taken out.
    pub cleared: Option<Timestamp>,
}

impl LedgerChoice {
    pub(super) fn of(vault: &Vault) -> Result<Self, Failure> {
        let text = vault.choice(CHOICE)?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    fn keep(&self, vault: &Vault) -> Result<(), Failure> {
        let text = serde_json::to_string(self).map_err(|_| Code::Internal)?;
        Ok(vault.choose(CHOICE, Some(&text))?)
    }
}

/// Which lines are taken out.
#[derive(Debug, Clone, Copy, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct LedgerClearRequest {
    /// Those from before this; `null` for all.
    pub before: Option<Timestamp>,
}

/// How long lines are kept.
#[derive(Debug, Clone, Copy, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct LedgerKeepRequest {
    /// Days; `null` as long as the vault.
    pub days: Option<u16>,
}

impl Studio {
    /// Takes lines out of the ledger for good. That this was done stays.
    ///
    /// # Errors
    /// [`Code::Locked`], or when the vault can't be written.
    pub fn clear_ledger(&self, request: LedgerClearRequest) -> Result<(), Failure> {
        let now = self.inner.clock.now();
        let before = request.before.filter(|before| *before < now);
        // What goes in this very millisecond is meant as well.
        let before = before.unwrap_or_else(|| Timestamp::from_millis(now.millis() + 1));
        self.take_out(&*self.vault()?, before)
    }

    /// Keeps lines of the ledger for so many days from now on.
    ///
    /// # Errors
    /// As [`Studio::clear_ledger`]; [`Code::BadRequest`] for no day.
    pub fn keep_ledger(&self, request: LedgerKeepRequest) -> Result<(), Failure> {
        if request.days == Some(0) {
            return Err(Code::BadRequest.into());
        }
        let vault = self.vault()?;
        LedgerChoice { keep_days: request.days, ..LedgerChoice::of(&vault)? }.keep(&vault)?;
        self.tell_changed(&[Topic::Ledger]);
        self.retire_ledger(&vault)
    }

    /// Takes out what has had its time.
    pub(crate) fn retire_ledger(&self, vault: &Vault) -> Result<(), Failure> {
        let Some(days) = LedgerChoice::of(vault)?.keep_days else { return Ok(()) };
        let before = Timestamp::from_millis(self.inner.clock.now().millis() - i64::from(days) * DAY);
        match vault.ledger_extent()? {
            (_, Some(oldest)) if oldest < before => self.take_out(vault, before),
            _ => Ok(()),
        }
    }

    fn take_out(&self, vault: &Vault, before: Timestamp) -> Result<(), Failure> {
        if vault.clear_ledger(before)? > 0 {
            LedgerChoice { cleared: Some(before), ..LedgerChoice::of(vault)? }.keep(vault)?;
            self.tell_changed(&[Topic::Ledger]);
            self.renew_when_due();
        }
        Ok(())
    }

    /// Writes the whole ledger into a file (JSON), where the person wants it; `false` when the dialog was closed.
    ///
    /// # Errors
    /// [`Code::Locked`], or when the file can't be written.
    pub fn save_ledger(&self) -> Result<bool, Failure> {
        let vault = self.vault()?;
        let mut lines: Vec<LedgerRow> = Vec::new();
        loop {
            let before = lines.last().map(|line| line.id);
            let page = vault.ledger(&LedgerFilter::default(), before, PAGE)?;
            if page.is_empty() {
                break;
            }
            lines.extend(page.into_iter().map(LedgerRow::from));
        }
        let cleared = LedgerChoice::of(&vault)?.cleared;
        drop(vault);
        let name = format!("z-image-ledger-{}.json", self.inner.clock.now().compact());
        let Some(path) = self.pick_file(name) else { return Ok(false) };
        let file = serde_json::json!({ "ledger": lines, "cleared_before": cleared });
        let text = serde_json::to_string_pretty(&file).map_err(|_| Code::Internal)?;
        kit::write(&path, &text).map_err(|error| Code::from(error.kind()))?;
        Ok(true)
    }
}
