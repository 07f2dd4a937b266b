//! Files that a person picked, dropped or was shown, under a number: the window never names a path.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::{Code, Failure};

/// Names an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(transparent)]
#[ts(type = "number")]
pub struct OfferId(u32);

/// Something that could be imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Offer {
    /// Its number.
    pub id: OfferId,
    /// What a person would call it: the last part of the path, or of the first of several.
    pub label: String,
    /// How many files and folders were picked.
    pub paths: usize,
}

/// The offers of this run of the program.
#[derive(Default)]
pub(crate) struct Offers {
    next: AtomicU32,
    known: Mutex<HashMap<OfferId, Vec<PathBuf>>>,
}

impl Offers {
    /// Takes paths in; `None` when there are none.
    pub(crate) fn add(&self, paths: Vec<PathBuf>) -> Option<Offer> {
        let first = paths.first()?;
        let label = first.file_name().unwrap_or(first.as_os_str()).to_string_lossy().into_owned();
        let id = OfferId(self.next.fetch_add(1, Ordering::Relaxed));
        let offer = Offer { id, label, paths: paths.len() };
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(id, paths);
        Some(offer)
    }

    /// All paths of these offers.
    pub(crate) fn paths(&self, ids: &[OfferId]) -> Result<Vec<PathBuf>, Failure> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut paths = Vec::new();
        for id in ids {
            paths.extend_from_slice(known.get(id).ok_or(Code::NoSuchOffer)?);
        }
        if paths.is_empty() { Err(Code::Nothing.into()) } else { Ok(paths) }
    }
}
