//! How long the ledger is kept, and what a person does with it: clear it, take it along.

use model::Timestamp;
use serde::{Deserialize, Serialize};
use vault::{LedgerFilter, Vault};

use super::LedgerRow;
use crate::{Code, Confirm, Failure, Studio, Topic, kit};

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
    /// Takes lines out of the ledger for good, after a question of the system's own: whatever runs in the page can't hide what
    /// it did. That this was done stays.
    ///
    /// # Errors
    /// [`Code::Locked`], [`Code::Cancelled`], or when the vault can't be written.
    pub fn clear_ledger(&self, request: LedgerClearRequest) -> Result<(), Failure> {
        drop(self.vault()?);
        self.confirmed(Confirm::ClearLedger)?;
        // Whose clock was set back means all lines as well.
        let before = request.before.unwrap_or_else(|| Timestamp::from_millis(i64::MAX));
        if self.take_out(&*self.vault()?, before)? {
            self.renew_when_due();
        }
        Ok(())
    }

    /// Keeps lines of the ledger for so many days from now on; where older ones go with that, after a question.
    ///
    /// # Errors
    /// As [`Studio::clear_ledger`]; [`Code::BadRequest`] for no day.
    pub fn keep_ledger(&self, request: LedgerKeepRequest) -> Result<(), Failure> {
        if request.days == Some(0) {
            return Err(Code::BadRequest.into());
        }
        let oldest = self.vault()?.ledger_extent()?.1;
        let before = request.days.map(|days| self.days_ago(days));
        if oldest.zip(before).is_some_and(|(oldest, before)| oldest < before) {
            self.confirmed(Confirm::ClearLedger)?;
        }
        let vault = self.vault()?;
        LedgerChoice { keep_days: request.days, ..LedgerChoice::of(&vault)? }.keep(&vault)?;
        self.tell_changed(&[Topic::Ledger]);
        if self.retire_ledger(&vault)? {
            self.renew_when_due();
        }
        Ok(())
    }

    fn days_ago(&self, days: u16) -> Timestamp {
        Timestamp::from_millis(self.inner.clock.now().millis() - i64::from(days) * DAY)
    }

    /// Takes out what has had its time; whether that was something.
    pub(crate) fn retire_ledger(&self, vault: &Vault) -> Result<bool, Failure> {
        let Some(days) = LedgerChoice::of(vault)?.keep_days else { return Ok(false) };
        let before = self.days_ago(days);
        match vault.ledger_extent()? {
            (_, Some(oldest)) if oldest < before => self.take_out(vault, before),
            _ => Ok(false),
        }
    }

    fn take_out(&self, vault: &Vault, before: Timestamp) -> Result<bool, Failure> {
        // A request that is under way completes its line.
        if vault.clear_ledger(before, self.inner.started_at)? == 0 {
            return Ok(false);
        }
        let choice = LedgerChoice::of(vault)?;
        let cleared = choice.cleared.max(Some(before.min(self.inner.clock.now())));
        LedgerChoice { cleared, ..choice }.keep(vault)?;
        self.tell_changed(&[Topic::Ledger]);
        Ok(true)
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
