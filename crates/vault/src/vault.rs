//! The open vault: making, opening, adding, changing, erasing.

use std::collections::HashSet;
use std::fs::File;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crypto::{Header, SlotId, SlotSecret, VaultKey};
use model::{BlobId, ItemEdit, ItemId, RawBlock, Sha256, Timestamp, VaultId};
use rusqlite::Connection;
use zeroize::Zeroizing;

use crate::catalogue::{self, Catalogue};
use crate::error::{Part, VaultError};
use crate::folder::Folder;
use crate::images::{Images, NewBlob};
use crate::prepare::{Prepared, Role};
use crate::roster::Roster;
use crate::search::{self, Words};
use crate::slots::{self, NewSlot, SlotView};
use crate::tables::{items, sealed};

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

/// What became of an item that was to be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It is in the vault.
    New(ItemId),
    /// The same bytes are in the vault already, as this item.
    Duplicate(ItemId),
}

/// A vault, as long as it is open. Dropping it locks it.
pub struct Vault {
    pub(crate) folder: Folder,
    pub(crate) key: VaultKey,
    pub(crate) header: Mutex<Header>,
    pub(crate) catalogue: Catalogue,
    pub(crate) images: Images,
    pub(crate) roster: Mutex<Roster>,
    /// Read when a search first needs it.
    pub(crate) words: Mutex<Option<Words>>,
    /// Changes of texts while there were no words to add to.
    pub(crate) unlearned: AtomicUsize,
    /// The catalogue says that files may disagree.
    unclean: AtomicBool,
    /// Sealed bytes that nothing points at were left behind: the next opening must look for them.
    orphans: AtomicBool,
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
        let catalogue = Catalogue::create(folder, catalogue_key(&key, &id), &id)?;
        // The header comes last: without it the folder is not a vault, and with it the vault is whole.
        folder.write_header(&bytes)?;
        Ok((Self::new(folder, key, header, (catalogue, images), Roster::default(), lock), ids))
    }

    /// Opens a vault with one of its secrets.
    ///
    /// # Errors
    /// See [`VaultError`]; whatever it is, no file was changed or removed.
    pub fn open(folder: &Folder, secret: &SlotSecret) -> Result<Self, VaultError> {
        Self::inspect(folder)?;
        let lock = folder.lock()?;
        let header = folder.header()?;
        let key = header.unlock(secret)?;
        let id = header.vault_id();
        let catalogue = Catalogue::open(folder, catalogue_key(&key, &id), &id)?;
        let images = Images::open(folder, &id)?;
        let roster = catalogue.read(|connection| Roster::load(connection))?;
        folder.mend_copy(&header.to_bytes(&key)?);
        let vault = Self::new(folder, key, header, (catalogue, images), roster, lock);
        match vault.tidy_after_crash() {
            // There is no room to tidy up. Looking needs none, and the next opening tries again.
            Err(VaultError::DiskFull) | Ok(()) => Ok(vault),
            Err(error) => Err(error),
        }
    }

    fn new(
        folder: &Folder,
        key: VaultKey,
        header: Header,
        (catalogue, images): (Catalogue, Images),
        roster: Roster,
        lock: File,
    ) -> Self {
        Self {
            folder: folder.clone(),
            key,
            header: Mutex::new(header),
            catalogue,
            images,
            roster: Mutex::new(roster),
            words: Mutex::default(),
            unlearned: AtomicUsize::new(0),
            unclean: AtomicBool::new(false),
            orphans: AtomicBool::new(false),
            _lock: lock,
        }
    }

    /// Its id.
    pub fn id(&self) -> VaultId {
        self.header.lock().unwrap_or_else(PoisonError::into_inner).vault_id()
    }

    /// When it was made.
    pub fn created_at(&self) -> Timestamp {
        self.header.lock().unwrap_or_else(PoisonError::into_inner).created()
    }

    /// The folder it lies in.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Adds items in one step: either all that are new, or (on an error) none. The pictures are on the disk
    /// before the rows that point at them.
    ///
    /// # Errors
    /// When a file can't be written.
    pub fn add(&self, batch: Vec<Prepared>) -> Result<Vec<Added>, VaultError> {
        let mut writer = self.catalogue.writer();
        let mut outcomes = Vec::with_capacity(batch.len());
        let mut fresh = Vec::new();
        let mut seen = std::collections::HashMap::<Sha256, ItemId>::new();
        for prepared in batch {
            let digest = prepared.item.sha256;
            let known = seen
                .get(&digest)
                .copied()
                .map_or_else(|| items::by_digest(&writer, &digest), |id| Ok(Some(id)))?;
            if let Some(id) = known {
                outcomes.push(Added::Duplicate(id));
                continue;
            }
            seen.insert(digest, prepared.item.id);
            outcomes.push(Added::New(prepared.item.id));
            fresh.push(prepared);
        }
        if !fresh.is_empty() {
            self.commit(&mut writer, &fresh)?;
        }
        Ok(outcomes)
    }

    fn commit(&self, writer: &mut Connection, fresh: &[Prepared]) -> Result<(), VaultError> {
        self.mark_unclean(writer)?;
        let blobs: Vec<_> =
            fresh.iter().flat_map(|prepared| prepared.parts.iter().map(|part| &part.blob)).collect();
        let seqs = match self.write_both(writer, fresh, &blobs) {
            Ok(seqs) => seqs,
            Err(error) => {
                let ids: Vec<BlobId> = blobs.iter().map(|blob| blob.id).collect();
                self.drop_blobs(&ids);
                return Err(error);
            }
        };
        for prepared in fresh {
            self.learn_words(&prepared.item);
        }
        self.refresh(writer, &seqs)
    }

    /// The bytes are sealed and go to the disk while the rows are made; the rows are committed only when the bytes are there.
    fn write_both(
        &self,
        writer: &mut Connection,
        fresh: &[Prepared],
        blobs: &[&NewBlob],
    ) -> Result<Vec<u32>, VaultError> {
        std::thread::scope(|scope| {
            let put = scope.spawn(|| self.images.put(blobs));
            let transaction = catalogue::begin(writer)?;
            let seqs = insert_all(&transaction, fresh)?;
            put.join().unwrap_or(Err(VaultError::Internal(0)))?;
            transaction.commit()?;
            Ok(seqs)
        })
    }

    /// Takes sealed bytes away that nothing points at. That it fails harms nobody: the next opening tries again.
    fn drop_blobs(&self, ids: &[BlobId]) {
        if self.images.remove(ids).is_err() {
            self.orphans.store(true, Ordering::Relaxed);
        }
    }

    fn learn_words(&self, item: &model::Item) {
        let mut words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        match words.as_mut() {
            Some(words) => items::document(item).add_words(words),
            None => drop(self.unlearned.fetch_add(1, Ordering::Release)),
        }
    }

    fn refresh(&self, connection: &Connection, seqs: &[u32]) -> Result<(), VaultError> {
        let mut roster = self.roster.lock().unwrap_or_else(PoisonError::into_inner);
        seqs.iter().try_for_each(|seq| roster.refresh(connection, *seq))
    }

    /// Whether these bytes are in the vault, and as which item.
    ///
    /// # Errors
    /// When the catalogue can't be read.
    pub fn find_digest(&self, digest: &Sha256) -> Result<Option<ItemId>, VaultError> {
        self.catalogue.read(|connection| items::by_digest(connection, digest))
    }

    /// Lengths in bytes of all originals: a file of another length can't be a duplicate.
    ///
    /// # Errors
    /// When the catalogue can't be read.
    pub fn lengths(&self) -> Result<HashSet<u64>, VaultError> {
        self.catalogue.read(|connection| items::lengths(connection))
    }

    /// One item.
    ///
    /// # Errors
    /// [`VaultError::NoSuchItem`] or when the catalogue can't be read.
    pub fn item(&self, id: &ItemId) -> Result<items::Stored, VaultError> {
        self.catalogue.read(|connection| one(connection, id))
    }

    /// The items that follow `after` in order of arrival, the trash included, at most `limit`.
    ///
    /// # Errors
    /// When the catalogue can't be read.
    pub fn page(&self, after: u32, limit: u32) -> Result<Vec<items::Stored>, VaultError> {
        self.catalogue.read(|connection| items::page(connection, after, limit))
    }

    /// Numbers of other items outside the trash with the same prompt, newest first.
    ///
    /// # Errors
    /// When the catalogue can't be read.
    pub fn same_prompt(&self, of: &items::Stored, limit: u32) -> Result<Vec<u32>, VaultError> {
        self.catalogue.read(|connection| items::same_prompt(connection, of, limit))
    }

    /// The metadata of an item exactly as it stood in the file.
    ///
    /// # Errors
    /// [`VaultError::NoSuchItem`] or when the catalogue can't be read.
    pub fn raw_blocks(&self, id: &ItemId) -> Result<Vec<RawBlock>, VaultError> {
        self.catalogue.read(|connection| {
            let seq = items::seq_of(connection, id)?.ok_or(VaultError::NoSuchItem)?;
            items::raw_blocks(connection, seq)
        })
    }

    /// The original file, bit for bit.
    ///
    /// # Errors
    /// [`VaultError::NoSuchItem`] or [`VaultError::DamagedPicture`].
    pub fn original(&self, id: &ItemId) -> Result<Vec<u8>, VaultError> {
        self.bytes(id, Role::Original)?.map(|(bytes, _)| bytes).ok_or(VaultError::NoSuchItem)
    }

    /// The small picture; `None` where the original could not be decoded.
    ///
    /// # Errors
    /// [`VaultError::DamagedPicture`] or when the vault can't be read.
    pub fn thumbnail(&self, id: &ItemId) -> Result<Option<(Vec<u8>, String)>, VaultError> {
        self.bytes(id, Role::Thumbnail)
    }

    /// The small picture of the item with this number: the quickest way to it.
    ///
    /// # Errors
    /// As [`Vault::thumbnail`]; [`VaultError::NoSuchItem`] when there is none.
    pub fn thumbnail_at(&self, seq: u32) -> Result<Option<(Vec<u8>, String)>, VaultError> {
        let entry = self.catalogue.read(|connection| sealed::find_at(connection, seq, Role::Thumbnail))?;
        if entry.is_none() && self.is_discarded(seq).is_none() {
            return Err(VaultError::NoSuchItem);
        }
        self.open_bytes(entry, Role::Thumbnail)
    }

    fn bytes(&self, id: &ItemId, role: Role) -> Result<Option<(Vec<u8>, String)>, VaultError> {
        let entry = self.catalogue.read(|connection| sealed::find(connection, id, role))?;
        self.open_bytes(entry, role)
    }

    fn open_bytes(
        &self,
        entry: Option<sealed::Entry>,
        role: Role,
    ) -> Result<Option<(Vec<u8>, String)>, VaultError> {
        let Some(entry) = entry else { return Ok(None) };
        let bytes = self.images.get(&entry.blob, &entry.key, role == Role::Thumbnail)?;
        Ok(Some((bytes, entry.mime)))
    }

    /// Changes what a person can change, of each item or of none; gives the items as they were before.
    ///
    /// # Errors
    /// [`VaultError::NoSuchItem`] or when the catalogue can't be written.
    pub fn edit(&self, edits: &[(ItemId, ItemEdit)]) -> Result<Vec<items::Stored>, VaultError> {
        let mut writer = self.catalogue.writer();
        let transaction = catalogue::begin(&mut writer)?;
        let (mut before, mut after) = (Vec::with_capacity(edits.len()), Vec::with_capacity(edits.len()));
        for (id, edit) in edits {
            let stored = one(&transaction, id)?;
            let mut item = stored.item.clone();
            apply(&mut item, edit);
            items::update(&transaction, stored.seq, &item)?;
            before.push(stored);
            after.push(item);
        }
        transaction.commit()?;
        after.iter().for_each(|item| self.learn_words(item));
        let seqs: Vec<u32> = before.iter().map(|stored| stored.seq).collect();
        self.refresh(&writer, &seqs)?;
        Ok(before)
    }

    /// Puts items into the trash; those that are there or unknown are passed over. Gives how many were moved.
    ///
    /// # Errors
    /// When the catalogue can't be written; then none was moved.
    pub fn discard(&self, ids: &[ItemId], now: Timestamp) -> Result<usize, VaultError> {
        self.move_items(ids, now.millis().max(1), |discarded| !discarded)
    }

    /// Takes items out of the trash. Gives how many were moved.
    ///
    /// # Errors
    /// As [`Vault::discard`].
    pub fn restore(&self, ids: &[ItemId]) -> Result<usize, VaultError> {
        self.move_items(ids, 0, |discarded| discarded)
    }

    fn move_items(&self, ids: &[ItemId], at: i64, fits: impl Fn(bool) -> bool) -> Result<usize, VaultError> {
        let mut writer = self.catalogue.writer();
        let transaction = catalogue::begin(&mut writer)?;
        let mut moved = HashSet::new();
        for id in ids {
            let Some(seq) = items::seq_of(&transaction, id)? else { continue };
            if !moved.contains(&seq) && self.is_discarded(seq).is_some_and(&fits) {
                items::set_discarded(&transaction, seq, at)?;
                moved.insert(seq);
            }
        }
        transaction.commit()?;
        self.refresh(&writer, &Vec::from_iter(moved.iter().copied()))?;
        Ok(moved.len())
    }

    fn is_discarded(&self, seq: u32) -> Option<bool> {
        self.roster.lock().unwrap_or_else(PoisonError::into_inner).entry(seq).map(|entry| entry.discarded)
    }

    /// Erases items for good: keys and rows first, in one step; then the sealed bytes, which nobody can open
    /// any more. Gives how many there were.
    ///
    /// # Errors
    /// When the catalogue can't be written; then nothing was erased.
    pub fn erase(&self, ids: &[ItemId]) -> Result<usize, VaultError> {
        let mut writer = self.catalogue.writer();
        self.mark_unclean(&writer)?;
        let transaction = catalogue::begin(&mut writer)?;
        let (mut seqs, mut blobs) = (Vec::new(), Vec::<BlobId>::new());
        for id in ids {
            let Some(seq) = items::seq_of(&transaction, id)? else { continue };
            blobs.extend(sealed::blobs(&transaction, seq)?);
            items::delete(&transaction, seq)?;
            seqs.push(seq);
        }
        transaction.commit()?;
        self.refresh(&writer, &seqs)?;
        // The items are gone whatever happens to the space they took.
        self.drop_blobs(&blobs);
        let _ = self.images.shrink(FREE_PAGES);
        Ok(seqs.len())
    }

    /// Brings the search index into one piece after many items came in, so that searching and erasing stay as quick
    /// as with few. Goes in steps of milliseconds, between which others can write; `go_on` is asked after each.
    ///
    /// # Errors
    /// When the catalogue can't be written; the index is whole all the same.
    pub fn settle(&self, go_on: &mut dyn FnMut() -> bool) -> Result<(), VaultError> {
        let mut first = true;
        while search::merge(&self.catalogue.writer(), first)? && go_on() {
            first = false;
        }
        Ok(())
    }

    /// Erases everything in the trash for good.
    ///
    /// # Errors
    /// As [`Vault::erase`].
    pub fn empty_trash(&self) -> Result<usize, VaultError> {
        let query = crate::Query { scope: crate::Scope::Trash, ..crate::Query::default() };
        let seqs: Vec<u32> = self.query(&query)?.cells.iter().map(|cell| cell.seq).collect();
        let ids: Vec<ItemId> = self.items(&seqs)?.into_iter().map(|stored| stored.item.id).collect();
        self.erase(&ids)
    }

    fn mark_unclean(&self, writer: &Connection) -> Result<(), VaultError> {
        if !self.unclean.load(Ordering::Relaxed) {
            catalogue::set_meta(writer, "clean", "0")?;
            self.unclean.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    /// A crash between the two files leaves sealed bytes that nothing points at: take them out.
    fn tidy_after_crash(&self) -> Result<(), VaultError> {
        let writer = self.catalogue.writer();
        if catalogue::meta(&writer, "clean")?.as_deref() != Some("0") {
            return Ok(());
        }
        let known: HashSet<BlobId> = sealed::all_blobs(&writer)?.into_iter().collect();
        let orphans: Vec<BlobId> = self.images.ids()?.into_iter().filter(|id| !known.contains(id)).collect();
        self.images.remove(&orphans)?;
        catalogue::set_meta(&writer, "clean", "1")
    }
}

/// Free pages given back after an erasure: 64 MiB, so that it is felt by nobody.
const FREE_PAGES: u32 = 4096;

/// How long locking may take to put the index in order.
const SETTLE_AT_END: Duration = Duration::from_millis(150);

impl Drop for Vault {
    fn drop(&mut self) {
        // An error here means the sweep runs at the next opening, which does no harm.
        let (unclean, orphans) = (*self.unclean.get_mut(), *self.orphans.get_mut());
        if unclean {
            let until = Instant::now() + SETTLE_AT_END;
            let _ = self.settle(&mut || Instant::now() < until);
        }
        let writer = self.catalogue.writer();
        if unclean && !orphans {
            let _ = catalogue::set_meta(&writer, "clean", "1");
        }
        let _ = writer.execute_batch("PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE);");
    }
}

fn insert_all(transaction: &Connection, fresh: &[Prepared]) -> Result<Vec<u32>, VaultError> {
    let mut seqs = Vec::with_capacity(fresh.len());
    for prepared in fresh {
        let seq = items::insert(transaction, &prepared.item, &prepared.raw)?;
        for part in &prepared.parts {
            sealed::insert(transaction, seq, part)?;
        }
        seqs.push(seq);
    }
    Ok(seqs)
}

fn catalogue_key(key: &VaultKey, id: &VaultId) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(*key.catalogue_key(id).as_bytes())
}

fn one(connection: &Connection, id: &ItemId) -> Result<items::Stored, VaultError> {
    let seq = items::seq_of(connection, id)?.ok_or(VaultError::NoSuchItem)?;
    items::load(connection, seq)?.ok_or(VaultError::NoSuchItem)
}

/// A tag is one line: what would break it or turn its direction around is left out.
fn plain(tag: &str) -> String {
    let turns = |c| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let line: String =
        tag.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !turns(*c)).collect();
    line.trim().to_owned()
}

fn apply(item: &mut model::Item, edit: &ItemEdit) {
    let ItemEdit { title, prompt, negative_prompt, rating, favourite, tags, add_tags, remove_tags } =
        edit.clone();
    item.title = title.unwrap_or_else(|| std::mem::take(&mut item.title));
    if let Some(prompt) = prompt {
        item.recipe.prompt = Some(prompt).filter(|text| !text.is_empty());
    }
    item.recipe.negative_prompt = negative_prompt.or(item.recipe.negative_prompt.take());
    item.rating = rating.unwrap_or(item.rating).min(5);
    item.favourite = favourite.unwrap_or(item.favourite);
    let mut changed = tags.unwrap_or_else(|| std::mem::take(&mut item.tags));
    changed.extend(add_tags.unwrap_or_default());
    for tag in &mut changed {
        *tag = plain(tag);
    }
    let removed = remove_tags.unwrap_or_default();
    changed.retain(|tag| !tag.is_empty() && !removed.contains(tag));
    changed.sort();
    changed.dedup();
    item.tags = changed;
}
