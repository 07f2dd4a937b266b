//! What is kept on this computer, kind by kind: what the files and the catalogue really hold; and what is done with data.

use std::fs;

use model::{Basis, Kept, Processing, Recipient, Timestamp};
use serde::Serialize;

use crate::online::{Choice, Place};
use crate::{Failure, Studio};

/// A kind of thing that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct StoredKind {
    /// How many.
    #[ts(type = "number")]
    pub count: u64,
    /// Bytes of them; 0 where they are within the catalogue.
    #[ts(type = "number")]
    pub bytes: u64,
    /// When the oldest came.
    pub since: Option<Timestamp>,
}

/// Everything that is kept on this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct StoredView {
    /// Pictures with their prompts; bytes of the originals.
    pub pictures: StoredKind,
    /// Those in the trash.
    pub trash: StoredKind,
    /// Lines of the ledger.
    pub ledger: StoredKind,
    /// Bytes of the vault's encrypted files.
    #[ts(type = "number")]
    pub vault_bytes: u64,
    /// Bytes of the settings file, which is not encrypted.
    #[ts(type = "number")]
    pub settings_bytes: u64,
    /// Where the account's session is kept.
    pub session: Option<Place>,
}

/// Something that is done with data, as the table has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ProcessingRow {
    /// What it is.
    pub processing: Processing,
    /// What allows it.
    pub basis: Basis,
    /// Who gets it.
    pub recipient: Recipient,
    /// How long it is kept.
    pub kept: Kept,
    /// Clauses of the notice that tell of it.
    pub clauses: Vec<u8>,
    /// The person may object.
    pub objection: bool,
}

impl Studio {
    /// Everything that is done with data.
    #[must_use]
    pub fn processing(&self) -> Vec<ProcessingRow> {
        let row = |processing: Processing| ProcessingRow {
            processing,
            basis: processing.basis(),
            recipient: processing.recipient(),
            kept: processing.kept(),
            clauses: processing.clauses().to_vec(),
            objection: processing.is_open_to_objection(),
        };
        Processing::ALL.into_iter().map(row).collect()
    }

    /// What is kept on this computer.
    ///
    /// # Errors
    /// [`crate::Code::Locked`], or when the vault can't be read.
    pub fn stored(&self) -> Result<StoredView, Failure> {
        let vault = self.vault()?;
        let kind = |held: vault::Held| StoredKind { count: held.count, bytes: held.bytes, since: held.since };
        let (library, trash) = vault.holdings()?;
        let (count, since) = vault.ledger_extent()?;
        // Its journals are files of the vault, too.
        let files = fs::read_dir(vault.folder().root()).into_iter().flatten().flatten();
        let vault_bytes = files.filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum();
        let settings = fs::metadata(self.inner.config.settings.join("settings.json"));
        Ok(StoredView {
            pictures: kind(library),
            trash: kind(trash),
            ledger: StoredKind { count, bytes: 0, since },
            vault_bytes,
            settings_bytes: settings.map_or(0, |file| file.len()),
            session: Choice::of(&vault)?.kept,
        })
    }
}
