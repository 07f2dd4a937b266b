//! Wrong passphrases and recovery keys: how long to wait after them, and how many there were.
//!
//! Against somebody at the keyboard only; what a thief of the files has to overcome is the work of each try. The counts
//! outlive the program, in a file beside the settings; a vault's id and two numbers are all that is in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use model::{Timestamp, VaultId};
use serde::{Deserialize, Serialize};

use crate::settings::{read_small, replace};

/// Tries that cost no waiting.
const FREE: u32 = 5;
/// The longest waiting, in milliseconds.
const LONGEST: i64 = 30_000;

/// Tries that failed since the vault was last opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct FailedAttempts {
    /// How many.
    pub count: u32,
    /// The first of them.
    pub since: Timestamp,
    /// The last of them.
    pub last: Timestamp,
}

impl FailedAttempts {
    /// These and later ones.
    pub(crate) fn and(self, later: Self) -> Self {
        Self { count: self.count.saturating_add(later.count), since: self.since, last: later.last }
    }

    /// Milliseconds that are left to wait. A clock that was set back does not make it longer.
    fn wait(&self, now: Timestamp) -> i64 {
        let Some(beyond) = self.count.checked_sub(FREE) else { return 0 };
        let delay = 1000_i64.checked_shl(beyond.min(10)).unwrap_or(LONGEST).min(LONGEST);
        let gone = now.millis().saturating_sub(self.last.millis()).max(0);
        delay.saturating_sub(gone).max(0)
    }
}

/// The counts of all vaults.
pub(crate) struct Attempts {
    file: PathBuf,
    known: Mutex<BTreeMap<String, FailedAttempts>>,
}

impl Attempts {
    /// Those that are kept in this folder. A file that can't be read counts as none.
    pub(crate) fn in_folder(folder: &Path) -> Self {
        let file = folder.join("attempts.json");
        let known =
            read_small(&file).and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        Self { file, known: Mutex::new(known) }
    }

    /// Those of a vault.
    pub(crate) fn of(&self, vault: &VaultId) -> Option<FailedAttempts> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&vault.to_string()).copied()
    }

    /// Milliseconds before the next try.
    pub(crate) fn wait(&self, vault: &VaultId, now: Timestamp) -> i64 {
        self.of(vault).map_or(0, |failed| failed.wait(now))
    }

    /// Counts a try that failed.
    pub(crate) fn failed(&self, vault: &VaultId, now: Timestamp) {
        self.change(|known| {
            let first = FailedAttempts { count: 0, since: now, last: now };
            let failed = known.entry(vault.to_string()).or_insert(first);
            failed.count = failed.count.saturating_add(1);
            failed.last = now;
        });
    }

    /// Forgets the tries of a vault that was opened, and gives them.
    pub(crate) fn opened(&self, vault: &VaultId) -> Option<FailedAttempts> {
        let failed = self.of(vault);
        if failed.is_some() {
            self.change(|known| {
                known.remove(&vault.to_string());
            });
        }
        failed
    }

    fn change(&self, change: impl FnOnce(&mut BTreeMap<String, FailedAttempts>)) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut known);
        // What can't be kept counts for this run of the program all the same.
        let _ = serde_json::to_vec(&*known).map(|bytes| replace(&self.file, &bytes));
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(1_795_496_400_000 + seconds * 1000)
    }

    #[test]
    fn five_tries_are_free_and_then_waiting_doubles_up_to_half_a_minute() {
        let dir = tempfile::tempdir().unwrap();
        let attempts = Attempts::in_folder(dir.path());
        let vault = VaultId::from_bytes([1; 16]);
        let waits: Vec<i64> = (0..12)
            .map(|_| {
                attempts.failed(&vault, at(0));
                attempts.wait(&vault, at(0)) / 1000
            })
            .collect();
        assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30]);
        assert_eq!(attempts.wait(&vault, at(29)), 1000);
        assert_eq!(attempts.wait(&vault, at(30)), 0);
        assert_eq!(attempts.wait(&vault, at(-9_999)), 30_000);
        assert_eq!(attempts.wait(&VaultId::from_bytes([2; 16]), at(0)), 0);
    }

    #[test]
    fn counts_outlive_the_program_and_end_with_an_opening() {
        let dir = tempfile::tempdir().unwrap();
        let vault = VaultId::from_bytes([1; 16]);
        let attempts = Attempts::in_folder(dir.path());
        (0..7).for_each(|n| attempts.failed(&vault, at(n)));
        let again = Attempts::in_folder(dir.path());
        assert_eq!(again.of(&vault), Some(FailedAttempts { count: 7, since: at(0), last: at(6) }));
        assert_eq!(again.opened(&vault).map(|failed| failed.count), Some(7));
        assert_eq!(Attempts::in_folder(dir.path()).of(&vault), None);
        fs::write(dir.path().join("attempts.json"), b"{broken").unwrap();
        assert_eq!(Attempts::in_folder(dir.path()).of(&vault), None);
    }
}
