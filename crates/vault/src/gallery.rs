//! Looking for items: a query gives the whole order at once, pages of it are read by number.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use model::{ItemId, Timestamp};
use rusqlite::Connection;

use crate::bits::SeqSet;
use crate::error::VaultError;
use crate::roster::{Entry, Totals};
use crate::search::{self, Condition, Hits, Words};
use crate::tables::items::{self, Stored};
use crate::tables::labels::{self, Kind};
use crate::vault::Vault;

/// Which items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Scope {
    /// All but the trash.
    #[default]
    Library,
    /// With the heart.
    Favourites,
    /// The trash.
    Trash,
}

impl Scope {
    pub(crate) fn has(self, entry: &Entry) -> bool {
        match self {
            Self::Library => !entry.discarded,
            Self::Favourites => !entry.discarded && entry.favourite,
            Self::Trash => entry.discarded,
        }
    }
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Sort {
    /// By the time of making, newest first.
    #[default]
    Newest,
    /// By the time of making, oldest first.
    Oldest,
    /// By the time of coming in, newest first.
    Added,
    /// By file name, as people read it: numbers count as numbers, and the case does not.
    Name,
    /// By the size of the file, largest first.
    Largest,
}

/// What to look for.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// The search field; see `search::parse`.
    pub text: String,
    /// Which items.
    pub scope: Scope,
    /// In which order.
    pub sort: Sort,
    /// Only from this program.
    pub generator: Option<String>,
    /// Only from this model.
    pub model: Option<String>,
    /// Only with this tag.
    pub tag: Option<String>,
    /// Only with at least this rating.
    pub min_rating: u8,
}

/// An item's place in a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Its number in this catalogue.
    pub seq: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// Width by height: 2^((byte − 128) / 32).
    pub aspect: u8,
}

/// A whole result in order, and the totals of the scopes.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Every hit.
    pub cells: Vec<Cell>,
    /// Items outside the trash.
    pub library: usize,
    /// Items with the heart.
    pub favourites: usize,
    /// Items in the trash.
    pub trash: usize,
}

impl Vault {
    /// Runs a query.
    ///
    /// # Errors
    /// When the catalogue can't be read.
    pub fn query(&self, query: &Query) -> Result<Listing, VaultError> {
        self.catalogue.read(|connection| {
            let filter = Filter::new(self, connection, query)?;
            let mut roster = self.roster.lock().unwrap_or_else(PoisonError::into_inner);
            let Totals { library, favourites, trash } = roster.totals();
            let mut cells = Vec::new();
            if let Some(filter) = filter {
                let few = filter.few().and_then(|seqs| roster.few(seqs.iter(), query.sort));
                match few {
                    Some(few) => {
                        let few = few.into_iter().filter(|entry| filter.found(entry.seq));
                        cells.extend(few.filter(|entry| filter.admits(entry)).map(cell));
                    }
                    None => {
                        let entries = roster.ordered(query.sort, connection, |seq| filter.found(seq))?;
                        cells.extend(entries.filter(|entry| filter.admits(entry)).map(cell));
                    }
                }
            }
            Ok(Listing { cells, library, favourites, trash })
        })
    }

    /// Reads what a search for the middle of a word needs, once; later searches find it there, and the first of them
    /// reads it when nobody did before. With 100,000 items it takes about a second, so it is best called on a thread
    /// of its own when the first page is shown. `go_on` is asked often; on `false` nothing is kept.
    ///
    /// # Errors
    /// When the catalogue can't be read.
    pub fn warm_up(&self, go_on: &mut dyn FnMut() -> bool) -> Result<(), VaultError> {
        if self.words.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
            return Ok(());
        }
        // The lock is not held meanwhile, so that a search or an import need not wait.
        let before = self.unlearned.load(Ordering::Acquire);
        let words = self.catalogue.read(|connection| Words::load(connection, go_on))?;
        let mut kept = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        // Where words came in under the reading, the next search reads once more.
        if kept.is_none() && self.unlearned.load(Ordering::Acquire) == before {
            *kept = words;
        }
        Ok(())
    }

    fn with_words(&self, connection: &Connection, work: &mut dyn FnMut(&Words)) -> Result<(), VaultError> {
        let mut words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        if words.is_none() {
            *words = Words::load(connection, &mut || true)?;
        }
        if let Some(words) = &*words {
            work(words);
        }
        Ok(())
    }

    /// The items of these numbers, in this order; one that is gone meanwhile is left out.
    ///
    /// # Errors
    /// When the catalogue can't be read.
    pub fn items(&self, seqs: &[u32]) -> Result<Vec<Stored>, VaultError> {
        self.catalogue.read(|connection| {
            seqs.iter().filter_map(|seq| items::load(connection, *seq).transpose()).collect()
        })
    }

    /// The ids of these numbers, each once, in this order; one that is gone meanwhile is left out.
    ///
    /// # Errors
    /// When the catalogue can't be read.
    pub fn ids(&self, seqs: &[u32]) -> Result<Vec<ItemId>, VaultError> {
        let mut seen = std::collections::HashSet::with_capacity(seqs.len());
        let each = seqs.iter().filter(|seq| seen.insert(**seq));
        self.catalogue
            .read(|connection| each.filter_map(|seq| items::id_of(connection, *seq).transpose()).collect())
    }

    /// The number of an item in this catalogue.
    ///
    /// # Errors
    /// [`VaultError::NoSuchItem`] or when the catalogue can't be read.
    pub fn seq_of(&self, id: &ItemId) -> Result<u32, VaultError> {
        self.catalogue.read(|connection| items::seq_of(connection, id)?.ok_or(VaultError::NoSuchItem))
    }
}

/// So many are put in order in a fraction of a millisecond.
const FEW: usize = 4096;

struct Filter {
    scope: Scope,
    min_rating: u8,
    generator: Option<u32>,
    model: Option<u32>,
    tagged: Option<SeqSet>,
    hits: Hits,
    conditions: Vec<(Condition, bool)>,
}

impl Filter {
    /// `None` when nothing can match, because a name is not known.
    fn new(vault: &Vault, connection: &Connection, query: &Query) -> Result<Option<Self>, VaultError> {
        let mut filter = Self {
            scope: query.scope,
            min_rating: query.min_rating,
            generator: None,
            model: None,
            tagged: None,
            hits: Hits::default(),
            conditions: Vec::new(),
        };
        for (name, kind, place) in [
            (&query.generator, Kind::Generator, &mut filter.generator),
            (&query.model, Kind::Model, &mut filter.model),
        ] {
            if let Some(name) = name {
                let Some(id) = labels::find(connection, kind, name)? else { return Ok(None) };
                *place = Some(id);
            }
        }
        if let Some(tag) = &query.tag {
            filter.tagged = Some(tagged(connection, tag)?);
        }
        let parsed = search::parse(&query.text);
        if !parsed.terms.is_empty() {
            filter.hits = search::find(connection, &parsed, |work| vault.with_words(connection, work))?;
        }
        filter.conditions = parsed.conditions;
        Ok(Some(filter))
    }

    /// The hits, where they are so few that putting them in order is quicker than walking through all items.
    fn few(&self) -> Option<&SeqSet> {
        self.hits.wanted.as_ref().filter(|wanted| wanted.len() <= FEW)
    }

    fn admits(&self, entry: &Entry) -> bool {
        self.scope.has(entry)
            && entry.rating >= self.min_rating
            && self.generator.is_none_or(|id| id == entry.generator)
            && self.model.is_none_or(|id| id == entry.model)
            && self.conditions.iter().all(|(condition, holds)| condition.admits(entry) == *holds)
    }

    /// What the number alone tells: the search and the tag.
    fn found(&self, seq: u32) -> bool {
        self.tagged.as_ref().is_none_or(|set| set.contains(seq))
            && self.hits.wanted.as_ref().is_none_or(|set| set.contains(seq))
            && !self.hits.unwanted.contains(seq)
    }
}

fn tagged(connection: &Connection, tag: &str) -> Result<SeqSet, VaultError> {
    let mut statement = connection.prepare_cached("SELECT item FROM tag WHERE name = ?1")?;
    let rows = statement.query_map([tag], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn cell(entry: &Entry) -> Cell {
    Cell { seq: entry.seq, created_at: Timestamp::from_millis(entry.created_at), aspect: entry.aspect }
}
