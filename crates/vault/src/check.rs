//! Checking that a vault is whole: quickly by what SQLite and the cipher say, or by reading everything back.

use std::sync::PoisonError;

use model::{ItemId, Timestamp};
use rusqlite::Connection;

use crate::catalogue;
use crate::error::VaultError;
use crate::vault::Vault;
use crate::watched::watched;

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// Items looked at.
    pub items: usize,
    /// Items whose original does not open or is not what its digest says.
    pub damaged: Vec<ItemId>,
    /// Items whose original is whole and whose thumbnail does not open.
    pub thumbnails: Vec<ItemId>,
    /// Items whose row in the catalogue can't be read.
    pub unreadable: usize,
    /// SQLite finds the catalogue whole, and every page of it is authentic; also where a check was stopped before it knew.
    pub catalogue_whole: bool,
    /// SQLite finds the container of the pictures whole; also where a check was stopped before it knew.
    pub images_whole: bool,
}

impl CheckReport {
    /// Nothing is hurt.
    pub fn is_whole(&self) -> bool {
        let items = self.damaged.len() + self.thumbnails.len() + self.unreadable;
        items == 0 && self.catalogue_whole && self.images_whole
    }
}

/// How far a check is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckStep {
    /// So many of the vault's files were asked; SQLite does not say how far it is in the next.
    Files(usize),
    /// So many items are done.
    Items(usize),
}

impl CheckStep {
    /// Files that are asked.
    pub const FILES: usize = 2;
}

/// Told how far a check is, and several times a second while SQLite works; `false` stops it.
pub type CheckWatch<'a> = dyn FnMut(CheckStep) -> bool + 'a;

/// When everything was last read back, and what came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastCheck {
    /// When it ended.
    pub at: Timestamp,
    /// Nothing was hurt.
    pub whole: bool,
}

/// Names of the facts in the catalogue.
const CHECKED_AT: &str = "checked_at";
const CHECKED_WHOLE: &str = "checked_whole";

impl Vault {
    /// Asks SQLite and the cipher whether the two files are whole, without opening any picture; still the files are read
    /// from end to end. A check that was stopped reports what it has seen.
    pub fn check_quick(&self, go_on: &mut CheckWatch<'_>) -> CheckReport {
        self.check_files(go_on).0
    }

    /// The quick check, and whether it came to its end.
    fn check_files(&self, go_on: &mut CheckWatch<'_>) -> (CheckReport, bool) {
        let mut report = CheckReport { catalogue_whole: true, images_whole: true, ..CheckReport::default() };
        for file in 0..CheckStep::FILES {
            let mut go_on = || go_on(CheckStep::Files(file));
            if !go_on() {
                return (report, false);
            }
            let (asked, whole) = match file {
                0 => (self.check_catalogue(&mut go_on), &mut report.catalogue_whole),
                _ => (self.images.check(&mut go_on), &mut report.images_whole),
            };
            match asked {
                Ok(Some(verdict)) => *whole = verdict,
                Ok(None) => return (report, false),
                Err(_) => *whole = false,
            }
        }
        (report, go_on(CheckStep::Files(CheckStep::FILES)))
    }

    /// The cipher reads the catalogue in one go that can't be stopped: a second for some hundred megabytes.
    fn check_catalogue(&self, go_on: &mut dyn FnMut() -> bool) -> Result<Option<bool>, VaultError> {
        let ask = |connection: &mut Connection| {
            let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
            let bad_pages = connection.prepare("PRAGMA cipher_integrity_check")?.exists([])?;
            Ok(verdict == "ok" && !bad_pages)
        };
        self.catalogue.read_afresh(|connection| watched(connection, ask, go_on))
    }

    /// The quick check, and then opens every original and compares it with its digest, and every thumbnail. `go_on` is
    /// told how far it is and says whether to go on; a check that was stopped reports what it has seen.
    ///
    /// # Errors
    /// When the files can't be read for another reason than damage.
    pub fn check(&self, go_on: &mut CheckWatch<'_>) -> Result<CheckReport, VaultError> {
        let (mut report, going) = self.check_files(go_on);
        if !going {
            return Ok(report);
        }
        // What readers remember is not what lies on the disk.
        self.catalogue.readers.lock().unwrap_or_else(PoisonError::into_inner).clear();
        // What is in memory since the opening names every item, even where the catalogue has been hurt since.
        let known: Vec<u32> = {
            let roster = self.roster.lock().unwrap_or_else(PoisonError::into_inner);
            roster.entries().map(|entry| entry.seq).collect()
        };
        for seq in known {
            match self.items(&[seq]) {
                Ok(found) => found.iter().try_for_each(|stored| self.check_item(stored, &mut report))?,
                Err(VaultError::Damaged(_) | VaultError::Internal(_)) => {
                    report.unreadable += 1;
                    report.items += 1;
                }
                Err(error) => return Err(error),
            }
            if !go_on(CheckStep::Items(report.items)) {
                return Ok(report);
            }
        }
        report.catalogue_whole &= report.unreadable == 0;
        Ok(report)
    }

    fn check_item(&self, stored: &crate::Stored, report: &mut CheckReport) -> Result<(), VaultError> {
        let id = stored.item.id;
        let original = self.original(&id).map(|bytes| crypto::sha256(&bytes) == stored.item.sha256.0);
        let (original, thumbnail) = (original, self.thumbnail(&id));
        if self.is_gone(stored.seq)? {
            return Ok(());
        }
        report.items += 1;
        match (original, thumbnail) {
            (Ok(true), Ok(_)) => {}
            (Ok(true), Err(_)) => report.thumbnails.push(id),
            _ => report.damaged.push(id),
        }
        Ok(())
    }

    /// Somebody may erase what is being looked at: that is no damage.
    fn is_gone(&self, seq: u32) -> Result<bool, VaultError> {
        Ok(self.items(&[seq])?.is_empty())
    }

    /// Keeps in the vault that everything was read back.
    ///
    /// # Errors
    /// When the catalogue can't be written.
    pub fn note_check(&self, at: Timestamp, whole: bool) -> Result<(), VaultError> {
        let writer = self.catalogue.writer();
        catalogue::set_meta(&writer, CHECKED_WHOLE, if whole { "1" } else { "0" })?;
        catalogue::set_meta(&writer, CHECKED_AT, &at.millis().to_string())
    }

    /// When everything was last read back; `None` when it never was.
    ///
    /// # Errors
    /// When the catalogue can't be read.
    pub fn last_check(&self) -> Result<Option<LastCheck>, VaultError> {
        self.catalogue.read(|connection| {
            let at = catalogue::meta(connection, CHECKED_AT)?.and_then(|text| text.parse().ok());
            let whole = catalogue::meta(connection, CHECKED_WHOLE)?.as_deref() == Some("1");
            Ok(at.map(|millis| LastCheck { at: Timestamp::from_millis(millis), whole }))
        })
    }

    /// The name that the person gave this vault, for those who keep several.
    ///
    /// # Errors
    /// When the catalogue can't be read.
    pub fn label(&self) -> Result<Option<String>, VaultError> {
        self.catalogue
            .read(|connection| Ok(catalogue::meta(connection, LABEL)?.filter(|text| !text.is_empty())))
    }

    /// Names this vault; an empty name takes it away.
    ///
    /// # Errors
    /// When the catalogue can't be written.
    pub fn set_label(&self, label: &str) -> Result<(), VaultError> {
        catalogue::set_meta(&self.catalogue.writer(), LABEL, label)
    }
}

const LABEL: &str = "label";
