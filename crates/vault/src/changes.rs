//! Changing what is in the open vault: adding, editing, the trash, erasing.
//!
//! **Invariant:** pictures are on the disk before the rows that point at them, and keys go before the bytes they open.

use std::collections::HashSet;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use model::{BlobId, ItemEdit, ItemId, Sha256, Timestamp};
use rusqlite::Connection;

use crate::catalogue;
use crate::error::{AddFailed, VaultError};
use crate::images::NewBlob;
use crate::lookup::one;
use crate::prepare::Prepared;
use crate::search;
use crate::tables::{items, sealed};
use crate::vault::Vault;

/// What became of an item that was to be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It is in the vault.
    New(ItemId),
    /// The same bytes are in the vault already, as this item.
    Duplicate(ItemId),
}

impl Vault {
    /// Adds items in one step: either all that are new, or (on an error) none. The pictures are on the disk
    /// before the rows that point at them.
    ///
    /// # Errors
    /// When a file can't be written. Then none was added, or the disk did not even let that be known.
    pub fn add(&self, batch: Vec<Prepared>) -> Result<Vec<Added>, AddFailed> {
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

    fn commit(&self, writer: &mut Connection, fresh: &[Prepared]) -> Result<(), AddFailed> {
        self.touch(writer)?;
        let blobs: Vec<_> =
            fresh.iter().flat_map(|prepared| prepared.parts.iter().map(|part| &part.blob)).collect();
        let seqs = match self.write_both(writer, fresh, &blobs) {
            Ok(seqs) => seqs,
            Err(failed) if failed.undecided && catalogue::supersede(writer).is_err() => {
                // The rows may be on the disk, so what they point at stays. The next opening knows.
                self.orphans.store(true, Ordering::Relaxed);
                return Err(failed);
            }
            Err(AddFailed { error, .. }) => {
                let ids: Vec<BlobId> = blobs.iter().map(|blob| blob.id).collect();
                self.drop_blobs(&ids);
                return Err(error.into());
            }
        };
        for prepared in fresh {
            self.learn_words(&prepared.item);
        }
        self.refresh(writer, &seqs).map_err(undecided)
    }

    /// The bytes are sealed and go to the disk while the rows are made; the rows are committed only when the bytes are there.
    fn write_both(
        &self,
        writer: &mut Connection,
        fresh: &[Prepared],
        blobs: &[&NewBlob],
    ) -> Result<Vec<u32>, AddFailed> {
        std::thread::scope(|scope| {
            let put = scope.spawn(|| self.images.put(blobs));
            let transaction = catalogue::begin(writer)?;
            let seqs = insert_all(&transaction, fresh)?;
            put.join().unwrap_or(Err(VaultError::Internal(0)))?;
            transaction.commit().map_err(undecided)?;
            Ok(seqs)
        })
    }

    /// Takes sealed bytes away that nothing points at. That it fails harms nobody: the next opening tries again.
    /// While somebody copies the vault, they wait.
    pub(crate) fn drop_blobs(&self, ids: &[BlobId]) {
        if !self.must_wait(ids) && self.images.remove(ids).is_err() {
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

    /// Changes what a person can change, of each item or of none; gives the items as they were before.
    ///
    /// # Errors
    /// [`VaultError::NoSuchItem`] or when the catalogue can't be written.
    pub fn edit(&self, edits: &[(ItemId, ItemEdit)]) -> Result<Vec<items::Stored>, VaultError> {
        let mut writer = self.catalogue.writer();
        self.touch(&writer)?;
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
        self.touch(&writer)?;
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

    pub(crate) fn is_discarded(&self, seq: u32) -> Option<bool> {
        self.roster.lock().unwrap_or_else(PoisonError::into_inner).entry(seq).map(|entry| entry.discarded)
    }

    /// Erases items for good: keys and rows first, in one step; then the sealed bytes, which nobody can open
    /// any more. Gives how many there were.
    ///
    /// # Errors
    /// When the catalogue can't be written; then nothing was erased.
    pub fn erase(&self, ids: &[ItemId]) -> Result<usize, VaultError> {
        let mut writer = self.catalogue.writer();
        self.touch(&writer)?;
        let transaction = catalogue::begin(&mut writer)?;
        let (mut seqs, mut blobs) = (Vec::new(), Vec::<BlobId>::new());
        for id in ids {
            let Some(seq) = items::seq_of(&transaction, id)? else { continue };
            blobs.extend(sealed::blobs(&transaction, seq)?);
            items::delete(&transaction, seq)?;
            seqs.push(seq);
        }
        if !seqs.is_empty() {
            catalogue::set_meta(&transaction, catalogue::ERASED, "1")?;
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
}

/// Free pages given back after an erasure: 64 MiB, so that it is felt by nobody.
const FREE_PAGES: u32 = 4096;

fn undecided(error: impl Into<VaultError>) -> AddFailed {
    AddFailed { error: error.into(), undecided: true }
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
