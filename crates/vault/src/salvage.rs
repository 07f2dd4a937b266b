//! A damaged vault, opened to save what can be saved: no file of it is changed, and what can't be read is passed over.
//!
//! The catalogue is read from a copy, because SQLite would write beside the original; a part of the disk that gives no
//! answer is left empty in it. The container of the pictures is read where it lies.
//!
//! **Invariant:** what is handed out is authentic: every page of the catalogue and every chunk is sealed, and an original
//! that is not what its digest says is not handed out.

mod container;
mod copy;

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crypto::{CatalogueKey, SlotSecret, SubKey};
use model::RawBlock;
use rusqlite::Connection;

use crate::catalogue::{self, SCHEMA_VERSION};
use crate::cipher;
use crate::error::{Part, VaultError};
use crate::folder::Folder;
use crate::prepare::Role;
use crate::tables::items::{self, Stored};
use crate::tables::sealed;
use crate::vault::Vault;
use container::Container;

/// A damaged vault, open for reading.
pub struct Wreck {
    catalogue: PathBuf,
    key: SubKey,
    connection: Mutex<Connection>,
    container: Result<Container, VaultError>,
    /// Some of the catalogue's file gave no answer.
    holes: bool,
    folder: Folder,
    _scratch: Scratch,
    _lock: Option<File>,
}

/// The copy of the catalogue; gone with this value.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        // It is encrypted like the catalogue itself: if it stays, it takes room and no more.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The numbers of the items of a damaged vault.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbers {
    /// Those that are known, in order of arrival.
    pub seqs: Vec<u32>,
    /// Whether these are all.
    pub complete: bool,
}

/// Ways to learn the numbers: when one is hurt, another may be whole.
const WAYS: [&str; 4] = [
    "SELECT seq FROM item NOT INDEXED ORDER BY seq",
    "SELECT seq FROM item INDEXED BY item_gallery",
    "SELECT seq FROM item INDEXED BY item_name",
    "SELECT item FROM sealed WHERE role = 0",
];

impl Wreck {
    /// Opens what is there. `scratch` is a folder of its own that is made and removed again.
    ///
    /// # Errors
    /// [`VaultError::InUse`]; what is wrong with the header when neither it nor its copy opens; what is wrong with the
    /// catalogue when nothing of it can be read: then a backup is the only way.
    pub fn open(folder: &Folder, secret: &SlotSecret, scratch: &Path) -> Result<Self, VaultError> {
        let lock = match folder.lock() {
            Ok(lock) => Some(lock),
            Err(VaultError::InUse) => return Err(VaultError::InUse),
            // On a disk that can't be written nobody else writes either.
            Err(_) => None,
        };
        let keys = keys(folder, secret)?;
        Self::with_keys(folder, keys, scratch, lock)
    }

    fn with_keys(
        folder: &Folder,
        keys: Vec<CatalogueKey>,
        scratch: &Path,
        lock: Option<File>,
    ) -> Result<Self, VaultError> {
        let _ = fs::remove_dir_all(scratch);
        Folder::new(scratch).make()?;
        let scratch = Scratch(scratch.to_path_buf());
        let mut refusal = VaultError::Missing(Part::Catalogue);
        for (n, file) in folder.catalogues().into_iter().enumerate() {
            match try_catalogue(&file, &scratch.0.join(n.to_string()), &keys) {
                Ok((catalogue, key, connection, holes)) => {
                    return Ok(Self {
                        catalogue,
                        key,
                        connection: Mutex::new(connection),
                        container: Container::open(folder),
                        holes,
                        folder: folder.clone(),
                        _scratch: scratch,
                        _lock: lock,
                    });
                }
                // What is wrong with the catalogue itself is said, not what is wrong with an old copy of it.
                Err(error) if n == 0 => refusal = error,
                Err(_) => {}
            }
        }
        Err(refusal)
    }

    /// The folder it lies in.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// What is wrong with the container of the pictures as a whole; without it texts alone can be saved. This reads all
    /// of it; `None` when it was stopped.
    pub fn container(&self, go_on: &mut dyn FnMut() -> bool) -> Option<Result<(), VaultError>> {
        match &self.container {
            Ok(container) => container.fault(go_on),
            Err(VaultError::Missing(part)) => Some(Err(VaultError::Missing(*part))),
            Err(_) => Some(Err(VaultError::Damaged(Part::Images))),
        }
    }

    /// Runs `work`; after an error the connection is made anew, because one bad page poisons it.
    fn with<T>(&self, work: impl FnOnce(&Connection) -> Result<T, VaultError>) -> Result<T, VaultError> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let result = work(&connection);
        if result.is_err() {
            *connection = cipher::open_hurt(&self.catalogue, self.key.as_bytes())?;
        }
        result
    }

    /// Numbers of all items that anything in the catalogue still names.
    ///
    /// # Errors
    /// When the copy of the catalogue can't be opened again.
    pub fn numbers(&self) -> Result<Numbers, VaultError> {
        let (mut found, mut complete) = (BTreeSet::new(), !self.holes);
        for way in WAYS {
            let mut whole = false;
            let walked = self.with(|connection| {
                let mut statement = connection.prepare(way)?;
                let mut rows = statement.query([])?;
                while let Some(row) = rows.next()? {
                    found.insert(row.get(0)?);
                }
                whole = true;
                Ok(())
            });
            complete &= walked.is_ok() && whole;
        }
        if !complete {
            self.probe(&mut found)?;
        }
        Ok(Numbers { seqs: found.into_iter().collect(), complete })
    }

    /// Asks for each number by itself, where the lists are hurt: a bad page in the middle hides what comes after it.
    fn probe(&self, found: &mut BTreeSet<u32>) -> Result<(), VaultError> {
        let highest = self.with(|connection| {
            Ok(connection.query_row("SELECT max(seq) FROM item", [], |row| row.get::<_, Option<u32>>(0))?)
        });
        let highest = highest.ok().flatten().into_iter().chain(found.last().copied()).max().unwrap_or(0);
        for seq in 1..=highest.min(MAX_SEQ) {
            if found.contains(&seq) {
                continue;
            }
            let there = self.with(|connection| {
                let mut statement = connection.prepare_cached("SELECT 1 FROM item WHERE seq = ?1")?;
                Ok(statement.exists([seq])?)
            });
            if let Ok(true) = there {
                found.insert(seq);
            }
        }
        Ok(())
    }

    /// An item as its row says, and whether its tags could be read as well.
    ///
    /// # Errors
    /// [`VaultError::NoSuchItem`] when there is no row; when it can't be read.
    pub fn item(&self, seq: u32) -> Result<(Stored, bool), VaultError> {
        let mut stored =
            self.with(|connection| items::row(connection, seq))?.ok_or(VaultError::NoSuchItem)?;
        let tags = self.with(|connection| items::tags(connection, seq));
        let whole = tags.is_ok();
        stored.item.tags = tags.unwrap_or_default();
        Ok((stored, whole))
    }

    /// The metadata of an item as it stood in the file.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn raw_blocks(&self, seq: u32) -> Result<Vec<RawBlock>, VaultError> {
        self.with(|connection| items::raw_blocks(connection, seq))
    }

    /// The original of an item, as it was sealed. Whether it is what the item's row says is for the caller to compare.
    ///
    /// # Errors
    /// When its key or its chunks can't be read, or are not what was sealed.
    pub fn original(&self, seq: u32) -> Result<Vec<u8>, VaultError> {
        let entry = self.with(|connection| sealed::find_at(connection, seq, Role::Original))?;
        let entry = entry.ok_or(VaultError::DamagedPicture)?;
        match &self.container {
            Ok(container) => container.read(&entry.blob, &entry.key),
            Err(_) => Err(VaultError::Missing(Part::Images)),
        }
    }
}

impl Vault {
    /// The same for a vault that is open: nobody writes while the catalogue is being copied.
    ///
    /// # Errors
    /// As [`Wreck::open`].
    pub fn as_wreck(&self, scratch: &Path) -> Result<Wreck, VaultError> {
        let _writer = self.catalogue.writer();
        let keys = {
            let keys = self.keys();
            keys.header.catalogue_keys(&keys.key)?
        };
        Wreck::with_keys(&self.folder, keys, scratch, None)
    }
}

/// More numbers than this are not items of ours.
const MAX_SEQ: u32 = 1 << 26;

/// All keys that the header or its copy give for the secret: either may be hurt or belong elsewhere.
fn keys(folder: &Folder, secret: &SlotSecret) -> Result<Vec<CatalogueKey>, VaultError> {
    let (mut keys, mut refusal) = (Vec::new(), None);
    for header in folder.headers() {
        let opened = header.and_then(|header| {
            let key = header.unlock(secret)?;
            Ok(header.catalogue_keys(&key)?)
        });
        match opened {
            Ok(held) => keys.extend(held),
            // That the secret is wrong says more than that the other file is missing.
            Err(error) if refusal.is_none() || matches!(error, VaultError::WrongSecret) => {
                refusal = Some(error);
            }
            Err(_) => {}
        }
    }
    if keys.is_empty() { Err(refusal.unwrap_or(VaultError::Missing(Part::Header))) } else { Ok(keys) }
}

type Opened = (PathBuf, SubKey, Connection, bool);

fn try_catalogue(file: &Path, into: &Path, keys: &[CatalogueKey]) -> Result<Opened, VaultError> {
    cipher::refuse_plain(file)?;
    let mut holes = copy::what_answers(file, into)?;
    let log = with_ending(file, "-wal");
    if log.exists() {
        holes |= copy::what_answers(&log, &with_ending(into, "-wal"))?;
    }
    let mut refusal = VaultError::Damaged(Part::Catalogue);
    for held in keys.iter().rev() {
        match cipher::open_hurt(into, held.key.as_bytes()) {
            Ok(connection) => {
                let version: i64 = connection
                    .query_row("PRAGMA user_version", [], |row| row.get(0))
                    .unwrap_or(SCHEMA_VERSION);
                if version > SCHEMA_VERSION {
                    return Err(VaultError::Newer);
                }
                return Ok((into.to_path_buf(), held.key.duplicate(), connection, holes));
            }
            Err(error) => refusal = error,
        }
    }
    Err(refusal)
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

impl Folder {
    /// The catalogue, and older or newer copies of it that a migration or a renewal left.
    fn catalogues(&self) -> Vec<PathBuf> {
        let mut files = vec![self.catalogue(), self.fresh_catalogue()];
        let olds = (1..SCHEMA_VERSION).rev().map(|version| catalogue::old_copy(self, version));
        files.extend(olds.filter(|path| path.exists()));
        files
    }
}

/// Opens a file to read it, without anything that would change it.
fn open_to_read(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().read(true).open(path)
}
