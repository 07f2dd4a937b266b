//! Checking that everything in a vault can be read back.

use model::ItemId;

use crate::error::VaultError;
use crate::vault::Vault;

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// Items looked at.
    pub items: usize,
    /// Items whose original does not open or is not what its digest says, or whose thumbnail does not open.
    pub damaged: Vec<ItemId>,
    /// SQLite finds the catalogue whole.
    pub catalogue_whole: bool,
    /// SQLite finds the container of the pictures whole.
    pub images_whole: bool,
}

impl CheckReport {
    /// Nothing is hurt.
    pub fn is_whole(&self) -> bool {
        self.damaged.is_empty() && self.catalogue_whole && self.images_whole
    }
}

/// Items read at a time.
const PAGE: u32 = 256;

impl Vault {
    /// Opens every original and compares it with its digest, and every thumbnail. `go_on` is told how many items are done and says
    /// whether to go on; a check that was stopped reports what it has seen.
    ///
    /// # Errors
    /// When the catalogue can't be read at all.
    pub fn check(&self, go_on: &mut dyn FnMut(usize) -> bool) -> Result<CheckReport, VaultError> {
        let mut report = CheckReport {
            catalogue_whole: self.catalogue.read_afresh(|connection| {
                let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
                let bad_pages = connection.prepare("PRAGMA cipher_integrity_check")?.exists([])?;
                Ok(verdict == "ok" && !bad_pages)
            })?,
            images_whole: self.images.check().unwrap_or(false),
            ..CheckReport::default()
        };
        let mut after = 0;
        loop {
            let page = self.page(after, PAGE)?;
            let Some(last) = page.last() else { return Ok(report) };
            after = last.seq;
            for stored in page {
                let id = &stored.item.id;
                let whole = self.original(id).is_ok_and(|b| crypto::sha256(&b) == stored.item.sha256.0);
                if !whole || self.thumbnail(id).is_err() {
                    report.damaged.push(stored.item.id);
                }
                report.items += 1;
                if !go_on(report.items) {
                    return Ok(report);
                }
            }
        }
    }
}
