//! The open vault: making it, opening it, closing it.

use std::collections::HashSet;
use std::fs::File;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crypto::{CatalogueKey, Header, SlotId, SlotSecret, VaultKey};
use model::{BlobId, Timestamp, VaultId};
use rusqlite::Connection;

use crate::backup::Holds;
use crate::catalogue::{self, Catalogue};
use crate::error::{Part, VaultError};
use crate::folder::Folder;
use crate::images::Images;
use crate::roster::Roster;
use crate::search::Words;
use crate::slots::{self, NewSlot, SlotView};
use crate::tables::sealed;
use crate::ways;

/// What can be told of a vault without opening it.
#[derive(Debug, Clone)]
pub struct VaultInfo {
    /// Its id.
    pub id: VaultId,
    /// When it was made.
    pub created_at: Timestamp,
    /// The ways that open it.
    pub slots: Vec<SlotView>,
}

/// The header and the key that opened it: they change together.
pub(crate) struct Keys {
    pub header: Header,
    pub key: VaultKey,
}

/// A vault, as long as it is open. Dropping it locks it.
pub struct Vault {
    pub(crate) folder: Folder,
    pub(crate) keys: Mutex<Keys>,
    pub(crate) catalogue: Catalogue,
    pub(crate) images: Images,
    pub(crate) roster: Mutex<Roster>,
    /// Read when a search first needs it.
    pub(crate) words: Mutex<Option<Words>>,
    /// Changes of texts while there were no words to add to.
    pub(crate) unlearned: AtomicUsize,
    /// Something was changed since it was opened: the catalogue says that files may disagree, and counts.
    touched: AtomicBool,
    /// Sealed bytes that nothing points at were left behind: the next opening must look for them.
    pub(crate) orphans: AtomicBool,
    /// The header is from before the last change of the ways in.
    pub(crate) older_keys: AtomicBool,
    /// Held by the one who writes the catalogue anew.
    pub(crate) renewing: Mutex<()>,
    /// Sealed bytes that somebody who copies still needs.
    pub(crate) holds: Mutex<Holds>,
    /// Keeps other processes out.
    _lock: File,
}

impl Vault {
    /// Reads who a vault is and what opens it.
    ///
    /// # Errors
    /// [`VaultError::NoVault`], [`VaultError::Newer`] or [`VaultError::Damaged`].
    pub fn inspect(folder: &Folder) -> Result<VaultInfo, VaultError> {
        if !folder.has_header() && folder.has_anything() {
            return Err(VaultError::Missing(Part::Header));
        }
        let header = folder.header()?;
        Ok(VaultInfo { id: header.vault_id(), created_at: header.created(), slots: slots::views(&header) })
    }

    /// Makes a vault in an empty place; gives the ids of the slots in their order.
    ///
    /// # Errors
    /// [`VaultError::Exists`] when any file of a vault is there.
    pub fn create(
        folder: &Folder,
        id: VaultId,
        new_slots: &[NewSlot],
        now: Timestamp,
    ) -> Result<(Self, Vec<SlotId>), VaultError> {
        if folder.has_anything() {
            return Err(VaultError::Exists);
        }
        folder.make()?;
        let lock = folder.lock()?;
        let key = VaultKey::random();
        let mut header = Header::create(id, now, &key);
        let mut ids = Vec::new();
        for slot in new_slots {
            ids.push(header.add_slot(&key, &slot.secret, &slot.options, now)?);
        }
        let bytes = header.to_bytes(&key)?;
        let images = Images::create(folder, &id)?;
        let keys = header.catalogue_keys(&key)?;
        let newest = keys.last().ok_or(VaultError::Internal(0))?;
        let catalogue = Catalogue::create(folder, newest.key.duplicate(), &id)?;
        ways::expect(&catalogue.writer(), &[&header])?;
        // The header comes last: without it the folder is not a vault, and with it the vault is whole.
        folder.write_header(&bytes)?;
        let keys = Keys { header, key };
        Ok((Self::new(folder, keys, (catalogue, images), Roster::default(), lock), ids))
    }

    /// Opens a vault with one of its secrets.
    ///
    /// # Errors
    /// See [`VaultError`]; whatever it is, no file was changed or removed.
    pub fn open(folder: &Folder, secret: &SlotSecret) -> Result<Self, VaultError> {
        Self::inspect(folder)?;
        let lock = folder.lock()?;
        let (mut header, mut key) = match folder.unlock(secret) {
            Err(VaultError::WrongSecret) => expected_copy(folder, secret).ok_or(VaultError::WrongSecret)?,
            unlocked => unlocked?,
        };
        let id = header.vault_id();
        folder.sweep();
        let keys = header.catalogue_keys(&key)?;
        let (catalogue, number) = match open_catalogue(folder, &keys, &id) {
            Ok(opened) => opened,
            Err(VaultError::Damaged(Part::Catalogue)) if is_older(folder, &keys, &id) => {
                (header, key) = newer_copy(folder, &id, secret).ok_or(VaultError::OlderHeader)?;
                open_catalogue(folder, &header.catalogue_keys(&key)?, &id)?
            }
            Err(error) => return Err(error),
        };
        let images = Images::open(folder, &id)?;
        let roster = catalogue.read(|connection| Roster::load(connection))?;
        let (judged, older) = ways::judge(folder, &catalogue.writer(), (header, &key, number), secret)?;
        header = judged;
        let keys = header.catalogue_keys(&key)?;
        if keys.last().is_some_and(|newest| newest.number == number) && keys.len() > 1 {
            // It was written anew, and then the program ended. What the disk refuses now costs only a clearer word later.
            let _ = images.note_catalogue_key(number);
            header.keep_catalogue_key(number)?;
        }
        folder.mend_copy(&header.to_bytes(&key)?);
        let vault = Self::new(folder, Keys { header, key }, (catalogue, images), roster, lock);
        vault.older_keys.store(older, Ordering::Relaxed);
        match vault.tidy_after_crash() {
            // There is no room to tidy up. Looking needs none, and the next opening tries again.
            Err(VaultError::DiskFull) | Ok(()) => Ok(vault),
            Err(error) => Err(error),
        }
    }

    fn new(
        folder: &Folder,
        keys: Keys,
        (catalogue, images): (Catalogue, Images),
        roster: Roster,
        lock: File,
    ) -> Self {
        Self {
            folder: folder.clone(),
            keys: Mutex::new(keys),
            catalogue,
            images,
            roster: Mutex::new(roster),
            words: Mutex::default(),
            unlearned: AtomicUsize::new(0),
            touched: AtomicBool::new(false),
            orphans: AtomicBool::new(false),
            older_keys: AtomicBool::new(false),
            renewing: Mutex::default(),
            holds: Mutex::default(),
            _lock: lock,
        }
    }

    /// Its id.
    pub fn id(&self) -> VaultId {
        self.keys().header.vault_id()
    }

    /// When it was made.
    pub fn created_at(&self) -> Timestamp {
        self.keys().header.created()
    }

    /// The folder it lies in.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    pub(crate) fn keys(&self) -> MutexGuard<'_, Keys> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How often the vault was opened and changed. A copy from before has a smaller number.
    ///
    /// # Errors
    /// When the catalogue can't be read.
    pub fn generation(&self) -> Result<u64, VaultError> {
        self.catalogue.read(|connection| generation(connection))
    }

    /// The newest generation of this vault that its container has seen: above [`Vault::generation`] where the catalogue
    /// beside it is an older copy.
    ///
    /// # Errors
    /// When the container can't be read.
    pub fn seen_generation(&self) -> Result<u64, VaultError> {
        self.images.generation()
    }

    /// The name of its line: copies that are used on purpose have names of their own, and the first line has none.
    ///
    /// # Errors
    /// When the catalogue can't be read.
    pub fn line(&self) -> Result<String, VaultError> {
        Ok(self.catalogue.read(|connection| catalogue::meta(connection, LINE))?.unwrap_or_default())
    }

    /// This copy is used on purpose: from now on it is newer than this number and in a line of its own, so that neither it
    /// nor the vault that it is a copy of is measured by the other.
    ///
    /// # Errors
    /// When the catalogue can't be written; then nothing has changed.
    pub fn accept_generation(&self, known: u64) -> Result<(), VaultError> {
        let mut writer = self.catalogue.writer();
        let transaction = catalogue::begin(&mut writer)?;
        let next = generation(&transaction)?.max(known).saturating_add(1);
        catalogue::set_meta(&transaction, GENERATION, &next.to_string())?;
        catalogue::set_meta(&transaction, LINE, &hex::encode(crypto::random::<8>()))?;
        Ok(transaction.commit()?)
    }

    /// Called before the first change: from now on the next opening must look whether the files agree.
    pub(crate) fn touch(&self, writer: &Connection) -> Result<(), VaultError> {
        if !self.touched.load(Ordering::Relaxed) {
            let next = generation(writer)?.saturating_add(1);
            catalogue::set_meta(writer, GENERATION, &next.to_string())?;
            catalogue::set_meta(writer, "clean", "0")?;
            // After the catalogue's: a container that is ahead tells that an older catalogue was put beside it.
            self.images.note_generation(next)?;
            self.touched.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    /// A crash between the two files leaves sealed bytes that nothing points at: take them out.
    fn tidy_after_crash(&self) -> Result<(), VaultError> {
        let writer = self.catalogue.writer();
        // A power cut may have torn pages that lie whole in the log. A check of the file would take them for damage.
        let _ = writer.execute_batch("PRAGMA wal_checkpoint(PASSIVE);");
        if catalogue::meta(&writer, "clean")?.as_deref() != Some("0") {
            return Ok(());
        }
        if self.images.generation()? > generation(&writer)? {
            // What nothing points at here may belong to the newer catalogue, which may come back.
            self.orphans.store(true, Ordering::Relaxed);
            return Ok(());
        }
        let known: HashSet<BlobId> = sealed::all_blobs(&writer)?.into_iter().collect();
        let orphans: Vec<BlobId> = self.images.ids()?.into_iter().filter(|id| !known.contains(id)).collect();
        self.images.remove(&orphans)?;
        catalogue::set_meta(&writer, "clean", "1")
    }
}

const GENERATION: &str = "generation";
const LINE: &str = "line";

pub(crate) fn generation(connection: &Connection) -> Result<u64, VaultError> {
    Ok(catalogue::meta(connection, GENERATION)?.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// The copy of the header, where the catalogue expects that one and not the first: somebody put an older header in the
/// first one's place, which does not know this secret yet.
fn expected_copy(folder: &Folder, secret: &SlotSecret) -> Option<(Header, VaultKey)> {
    let [first, copy] = folder.headers();
    let (first, copy) = (first.ok()?, copy.ok()?);
    if first.vault_id() != copy.vault_id() || ways::same(&first, &copy) {
        return None;
    }
    let key = copy.unlock(secret).ok()?;
    let (catalogue, _) = open_catalogue(folder, &copy.catalogue_keys(&key).ok()?, &copy.vault_id()).ok()?;
    let expects = |header: &Header| ways::is_expected(&catalogue.writer(), header);
    (expects(&copy).ok()? && !expects(&first).ok()?).then_some((copy, key))
}

/// Whether the catalogue has had a newer key than the header knows.
fn is_older(folder: &Folder, keys: &[CatalogueKey], id: &VaultId) -> bool {
    let newest = Images::open(folder, id).and_then(|images| images.catalogue_key()).unwrap_or(0);
    keys.iter().all(|held| held.number < newest)
}

/// The copy of the header, where that one knows the catalogue's key.
fn newer_copy(folder: &Folder, id: &VaultId, secret: &SlotSecret) -> Option<(Header, VaultKey)> {
    folder.headers().into_iter().flatten().find_map(|header| {
        let key = header.unlock(secret).ok()?;
        let keys = header.catalogue_keys(&key).ok()?;
        (header.vault_id() == *id && !is_older(folder, &keys, id)).then_some((header, key))
    })
}

/// Opens the catalogue with the newest of its keys that fits, and gives that key's number.
fn open_catalogue(
    folder: &Folder,
    keys: &[CatalogueKey],
    id: &VaultId,
) -> Result<(Catalogue, u32), VaultError> {
    let mut refusal = VaultError::Damaged(Part::Catalogue);
    for held in keys.iter().rev() {
        match Catalogue::open(folder, held.key.duplicate(), id) {
            Ok(catalogue) => return Ok((catalogue, held.number)),
            // So SQLCipher answers to a key that does not fit.
            Err(error @ VaultError::Damaged(Part::Catalogue)) => refusal = error,
            Err(error) => return Err(error),
        }
    }
    Err(refusal)
}

/// How long locking may take to put the index in order.
const SETTLE_AT_END: Duration = Duration::from_millis(150);

impl Drop for Vault {
    fn drop(&mut self) {
        // An error here means the sweep runs at the next opening, which does no harm.
        let (touched, orphans) = (*self.touched.get_mut(), *self.orphans.get_mut());
        if touched {
            let until = Instant::now() + SETTLE_AT_END;
            let _ = self.settle(&mut || Instant::now() < until);
        }
        let writer = self.catalogue.writer();
        if touched && !orphans {
            let _ = catalogue::set_meta(&writer, "clean", "1");
        }
        if touched {
            let _ = writer.execute_batch("PRAGMA incremental_vacuum;");
        }
        let _ = writer.execute_batch("PRAGMA wal_checkpoint(TRUNCATE);");
    }
}
