//! Requests about rights, and when their answers are due.

use model::Timestamp;
use serde::{Deserialize, Serialize};
use vault::Vault;

use super::{Right, day, due};
use crate::{Code, Failure, Studio};

/// Under this name the vault keeps what was asked for.
const CHOICE: &str = "rights";
/// Requests that are remembered.
const MOST: usize = 200;

/// A request that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct RightsRow {
    /// What was asked for.
    pub right: Right,
    /// When.
    pub at: Timestamp,
    /// When an answer is due; `null` for a complaint, which has no such day.
    pub due: Option<Timestamp>,
    /// It was answered.
    pub answered: bool,
}

/// Which request.
#[derive(Debug, Clone, Copy, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct RightsRowRequest {
    /// When it was made.
    pub at: Timestamp,
}

fn log(vault: &Vault) -> Result<Vec<RightsRow>, Failure> {
    let text = vault.choice(CHOICE)?;
    // What can't be read is not replaced by nothing.
    text.map_or(Ok(Vec::new()), |text| serde_json::from_str(&text).map_err(|_| Code::Internal.into()))
}

fn keep(vault: &Vault, rows: &[RightsRow]) -> Result<(), Failure> {
    let text = serde_json::to_string(rows).map_err(|_| Code::Internal)?;
    Ok(vault.choose(CHOICE, Some(&text))?)
}

/// Notes that somebody asked; whoever does so twice on a day has asked once. Gives all requests.
pub(super) fn note(vault: &Vault, right: Right, at: Timestamp, zone: i32) -> Result<Vec<RightsRow>, Failure> {
    let mut rows = log(vault)?;
    if !rows.iter().any(|row| row.right == right && day(row.at, zone) == day(at, zone)) {
        let due = (right != Right::Complaint).then(|| due(at));
        rows.insert(0, RightsRow { right, at, due, answered: false });
        rows.truncate(MOST);
        keep(vault, &rows)?;
    }
    Ok(rows)
}

impl Studio {
    /// Requests that were made, newest first.
    ///
    /// # Errors
    /// [`Code::Locked`], or when the vault can't be read.
    pub fn rights(&self) -> Result<Vec<RightsRow>, Failure> {
        log(&*self.vault()?)
    }

    /// Notes that a request was answered, or that it was not after all.
    ///
    /// # Errors
    /// As [`Studio::rights`].
    pub fn rights_answered(&self, request: RightsRowRequest) -> Result<Vec<RightsRow>, Failure> {
        self.change_rights(|rows| {
            rows.iter_mut().filter(|row| row.at == request.at).for_each(|row| row.answered = !row.answered);
        })
    }

    /// Forgets a request.
    ///
    /// # Errors
    /// As [`Studio::rights`].
    pub fn rights_forget(&self, request: RightsRowRequest) -> Result<Vec<RightsRow>, Failure> {
        self.change_rights(|rows| rows.retain(|row| row.at != request.at))
    }

    fn change_rights(&self, change: impl FnOnce(&mut Vec<RightsRow>)) -> Result<Vec<RightsRow>, Failure> {
        let vault = self.vault()?;
        let mut rows = log(&vault)?;
        change(&mut rows);
        keep(&vault, &rows)?;
        Ok(rows)
    }
}
