//! Salvage: an ordinary archive of every item of a damaged vault that still verifies, and a list of what does not.
//!
//! **Invariant:** the damaged vault is not changed.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use model::{Clock, Item, ItemId, RawBlock, Sha256};
use vault::{Stored, VaultError, Wreck};

use crate::error::TransferError;
use crate::export::{Existing, Source, refuse_inside, write};
use crate::picture;
use crate::progress::{Progress, Watch};

/// What of an item could not be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LostPart {
    /// Everything: neither its row nor its picture can be read.
    All,
    /// The picture; what is known of it is in the archive.
    Picture,
    /// What the person and the vault knew of it; the picture is in the archive, with what it says by itself.
    Row,
    /// Tags or raw metadata; the rest is in the archive.
    Details,
}

/// An item that could not be saved whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// Its number in the damaged vault.
    pub seq: u32,
    /// Its id, where its row can be read.
    pub id: Option<ItemId>,
    /// What is lost.
    pub part: LostPart,
}

/// What was saved.
#[derive(Debug, Default)]
pub struct SalvageReport {
    /// Items in the archive.
    pub items: usize,
    /// Of these, with their picture.
    pub pictures: usize,
    /// What could not be saved, by item.
    pub losses: Vec<Loss>,
    /// Whether the list of all items could be read: otherwise there may have been more.
    pub all_known: bool,
    /// What is wrong with the container of the pictures as a whole.
    pub container: Option<VaultError>,
    /// Length of the archive.
    pub bytes: u64,
}

/// Writes an archive of what can be saved; as [`crate::export`] otherwise.
///
/// # Errors
/// See [`TransferError`]; [`TransferError::Nothing`] when nothing at all can be saved.
pub fn salvage(
    wreck: &Wreck,
    target: &Path,
    existing: Existing,
    clock: &dyn Clock,
    watch: &mut Watch<'_>,
) -> Result<SalvageReport, TransferError> {
    refuse_inside(wreck.folder().root(), target)?;
    let numbers = wreck.numbers()?;
    let source = Salvaged { wreck, known: Mutex::default(), lost: Mutex::default() };
    let mut chosen = Vec::with_capacity(numbers.seqs.len());
    let progress = Progress { total: numbers.seqs.len(), ..Progress::default() };
    for seq in numbers.seqs {
        if source.look(seq, clock) {
            chosen.push(seq);
        }
        if !watch(progress) {
            return Err(TransferError::Cancelled);
        }
    }
    let container = wreck.container(&mut || watch(progress)).ok_or(TransferError::Cancelled)?.err();
    let exported = write(&source, &chosen, target, existing, clock, watch)?;
    let lost = source.lost.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut losses: Vec<Loss> = lost.into_values().collect();
    losses.sort_by_key(|loss| loss.seq);
    Ok(SalvageReport {
        items: exported.items,
        pictures: exported.items - exported.damaged,
        losses,
        all_known: numbers.complete,
        container,
        bytes: exported.bytes,
    })
}

struct Salvaged<'a> {
    wreck: &'a Wreck,
    /// Items that were made of their pictures, because their rows are gone.
    known: Mutex<HashMap<u32, (Item, Vec<RawBlock>)>>,
    lost: Mutex<HashMap<u32, Loss>>,
}

impl Salvaged<'_> {
    /// Whether anything of the item can be saved.
    fn look(&self, seq: u32, clock: &dyn Clock) -> bool {
        match self.wreck.item(seq) {
            Ok((stored, tags)) => {
                if !tags {
                    self.lose(seq, Some(stored.item.id), LostPart::Details);
                }
                true
            }
            Err(_) => {
                let made = self.picture_alone(seq, clock);
                let there = made.is_some();
                self.lose(seq, None, if there { LostPart::Row } else { LostPart::All });
                if let Some(made) = made {
                    self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(seq, made);
                }
                there
            }
        }
    }

    /// The sealed bytes were authenticated by their key; what they are is told by themselves.
    fn picture_alone(&self, seq: u32, clock: &dyn Clock) -> Option<(Item, Vec<RawBlock>)> {
        let bytes = self.wreck.original(seq).ok()?;
        let now = clock.now();
        let sha256 = Sha256(crypto::sha256(&bytes));
        let source = picture::Source { file_name: String::new(), modified: now, sha256 };
        let (mut item, raw, _) = picture::item_of(&bytes, source, now).ok()?;
        item.file_name = format!("salvaged-{seq}.{}", item.format.extension());
        Some((item, raw))
    }

    /// The first loss that is noted is the greater: rows are looked at before pictures, and pictures before details.
    fn lose(&self, seq: u32, id: Option<ItemId>, part: LostPart) {
        let mut lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        let loss = Loss { seq, id, part };
        match lost.get_mut(&seq) {
            Some(known) if known.part == LostPart::Details && part == LostPart::Picture => *known = loss,
            Some(_) => {}
            None => drop(lost.insert(seq, loss)),
        }
    }

    fn made(&self, seq: u32) -> Option<(Item, Vec<RawBlock>)> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&seq).cloned()
    }
}

impl Source for Salvaged<'_> {
    fn items(&self, seqs: &[u32]) -> Result<Vec<Stored>, VaultError> {
        let one = |seq: &u32| match self.made(*seq) {
            Some((item, _)) => Some(Stored { seq: *seq, item }),
            None => self.wreck.item(*seq).ok().map(|(stored, _)| stored),
        };
        Ok(seqs.iter().filter_map(one).collect())
    }

    fn original(&self, of: &Stored) -> Result<Vec<u8>, VaultError> {
        let bytes = self.wreck.original(of.seq);
        let bytes = bytes.and_then(|bytes| {
            let same = crypto::sha256(&bytes) == of.item.sha256.0;
            if same { Ok(bytes) } else { Err(VaultError::DamagedPicture) }
        });
        if bytes.is_err() {
            self.lose(of.seq, Some(of.item.id), LostPart::Picture);
        }
        bytes
    }

    fn raw_blocks(&self, of: &Stored) -> Result<Vec<RawBlock>, VaultError> {
        if let Some((_, raw)) = self.made(of.seq) {
            return Ok(raw);
        }
        Ok(self.wreck.raw_blocks(of.seq).unwrap_or_else(|_| {
            self.lose(of.seq, Some(of.item.id), LostPart::Details);
            Vec::new()
        }))
    }
}
