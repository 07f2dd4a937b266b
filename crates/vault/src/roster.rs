//! Every item's place in the gallery, in memory: a few numbers for each, so that sorting, filtering and paging
//! 100,000 items touches no row.
//!
//! **Invariant:** an order holds exactly the numbers that have an entry: SQLite gives the number of an erased item
//! to a new one, so nothing stale may stay.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row};

use crate::error::VaultError;
use crate::gallery::Sort;
use crate::natural;

/// What the gallery needs of an item to place it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub seq: u32,
    pub created_at: i64,
    pub added_at: i64,
    pub bytes: i64,
    pub discarded: bool,
    pub favourite: bool,
    pub rating: u8,
    /// Width by height as one byte; see [`aspect`].
    pub aspect: u8,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    pub generator: u32,
    pub model: u32,
}

/// How many items there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Outside the trash.
    pub library: usize,
    /// With the heart, outside the trash.
    pub favourites: usize,
    /// In the trash.
    pub trash: usize,
}

impl Totals {
    fn count(&mut self, entry: &Entry, by: isize) {
        let heart = entry.favourite && !entry.discarded;
        let place = if entry.discarded { &mut self.trash } else { &mut self.library };
        *place = place.saturating_add_signed(by);
        if heart {
            self.favourites = self.favourites.saturating_add_signed(by);
        }
    }
}

/// The entries by number, and the orders computed so far.
#[derive(Debug, Default)]
pub struct Roster {
    /// The place is the number: SQLite counts up from the largest, so there are few gaps.
    entries: Vec<Option<Entry>>,
    orders: HashMap<Sort, Vec<u32>>,
    totals: Totals,
}

/// More numbers than this are not items of ours.
const MAX_SEQ: u32 = 1 << 26;

const SELECT: &str = "SELECT seq, created_at, discarded_at, added_at, bytes, width, height, rating, favourite, \
     generator, model FROM item";

impl Roster {
    /// Reads the covering index once.
    pub fn load(connection: &Connection) -> Result<Self, VaultError> {
        let mut statement = connection.prepare(&format!("{SELECT} INDEXED BY item_gallery"))?;
        let mut rows = statement.query([])?;
        let mut roster = Self::default();
        // The index is in the order of making: the first order comes for nothing.
        let mut oldest = Vec::new();
        while let Some(row) = rows.next()? {
            let entry = entry(row)?;
            oldest.push((entry.created_at, entry.seq));
            roster.put(entry)?;
        }
        if !oldest.is_sorted() {
            oldest.sort_unstable();
        }
        roster.orders.insert(Sort::Newest, oldest.iter().rev().map(|(_, seq)| *seq).collect());
        Ok(roster)
    }

    /// Takes one item's row in again after it was written, or out when it is gone.
    pub fn refresh(&mut self, connection: &Connection, seq: u32) -> Result<(), VaultError> {
        let mut statement = connection.prepare_cached(&format!("{SELECT} WHERE seq = ?1"))?;
        let fresh = statement.query_row([seq], entry).optional()?;
        let old = self.entry(seq).copied();
        if let Some(old) = old.filter(|old| fresh.is_none_or(|fresh| moved(old, &fresh))) {
            self.leave_orders(&old);
        }
        match fresh {
            Some(fresh) => {
                self.put(fresh)?;
                if old.is_none_or(|old| moved(&old, &fresh)) {
                    self.enter_orders(&fresh);
                }
            }
            None => self.take(seq),
        }
        Ok(())
    }

    fn put(&mut self, fresh: Entry) -> Result<(), VaultError> {
        if fresh.seq > MAX_SEQ {
            return Err(VaultError::Internal(0));
        }
        self.take(fresh.seq);
        let place = fresh.seq as usize;
        if place >= self.entries.len() {
            self.entries.resize(place + 1, None);
        }
        if let Some(entry) = self.entries.get_mut(place) {
            *entry = Some(fresh);
        }
        self.totals.count(&fresh, 1);
        Ok(())
    }

    fn take(&mut self, seq: u32) {
        if let Some(old) = self.entries.get_mut(seq as usize).and_then(Option::take) {
            self.totals.count(&old, -1);
        }
    }

    /// A name's place is known to the catalogue only: that order is made anew when it is asked for.
    fn enter_orders(&mut self, entry: &Entry) {
        self.orders.remove(&Sort::Name);
        let entries = &self.entries;
        for (sort, order) in &mut self.orders {
            let place = order.partition_point(|seq| comes_before(entries, *sort, *seq, entry));
            order.insert(place, entry.seq);
        }
    }

    fn leave_orders(&mut self, entry: &Entry) {
        let entries = &self.entries;
        for (sort, order) in &mut self.orders {
            let place = match sort {
                Sort::Name => order.iter().position(|seq| *seq == entry.seq),
                sort => Some(order.partition_point(|seq| comes_before(entries, *sort, *seq, entry))),
            };
            if let Some(place) = place.filter(|place| order.get(*place) == Some(&entry.seq)) {
                order.remove(place);
            }
        }
    }

    /// One entry.
    pub fn entry(&self, seq: u32) -> Option<&Entry> {
        self.entries.get(seq as usize)?.as_ref()
    }

    /// All entries, in no order.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().flatten()
    }

    /// How many there are.
    pub const fn totals(&self) -> Totals {
        self.totals
    }

    /// The entries whose numbers are to be kept, in an order. Ties go by number, so that the order is the same every
    /// time. The numbers are asked about first, as they are less to read than the entries.
    pub fn ordered(
        &mut self,
        sort: Sort,
        connection: &Connection,
        keep: impl Fn(u32) -> bool,
    ) -> Result<impl Iterator<Item = &Entry>, VaultError> {
        if !self.orders.contains_key(&sort) {
            let order = self.order(sort, connection)?;
            self.orders.insert(sort, order);
        }
        let order = self.orders.get(&sort).map(Vec::as_slice).unwrap_or_default();
        Ok(order.iter().filter(move |seq| keep(**seq)).filter_map(|seq| self.entry(*seq)))
    }

    /// The entries of some numbers in an order: quicker than [`Roster::ordered`] where they are few. `None` for an
    /// order that only the catalogue knows.
    pub fn few(&self, seqs: impl Iterator<Item = u32>, sort: Sort) -> Option<Vec<&Entry>> {
        if sort == Sort::Name {
            return None;
        }
        let mut entries: Vec<&Entry> = seqs.filter_map(|seq| self.entry(seq)).collect();
        entries.sort_unstable_by_key(|entry| (sort_key(sort, entry), entry.seq));
        if !ascends(sort) {
            entries.reverse();
        }
        Some(entries)
    }

    fn order(&self, sort: Sort, connection: &Connection) -> Result<Vec<u32>, VaultError> {
        if sort == Sort::Name {
            let mut statement = connection
                .prepare("SELECT file_name, seq FROM item INDEXED BY item_name ORDER BY file_name, seq")?;
            let rows =
                statement.query_map([], |row| Ok((natural::key(row.get_ref(0)?.as_str()?), row.get(1)?)))?;
            let mut names: Vec<(String, u32)> = rows.collect::<Result<_, _>>()?;
            names.sort_by(|(one, _), (other, _)| one.cmp(other));
            return Ok(names.into_iter().map(|(_, seq)| seq).collect());
        }
        let mut keys: Vec<(i64, u32)> =
            self.entries().map(|entry| (sort_key(sort, entry), entry.seq)).collect();
        keys.sort_unstable();
        if !ascends(sort) {
            keys.reverse();
        }
        Ok(keys.into_iter().map(|(_, seq)| seq).collect())
    }
}

/// Whether `seq` stands before `entry` in an order; the entry itself does not.
fn comes_before(entries: &[Option<Entry>], sort: Sort, seq: u32, entry: &Entry) -> bool {
    let other = entries.get(seq as usize).and_then(Option::as_ref);
    let other = (other.map_or(0, |other| sort_key(sort, other)), seq);
    let own = (sort_key(sort, entry), entry.seq);
    if ascends(sort) { other < own } else { other > own }
}

/// Whether any order has to change.
fn moved(old: &Entry, new: &Entry) -> bool {
    (old.created_at, old.added_at, old.bytes) != (new.created_at, new.added_at, new.bytes)
}

const fn ascends(sort: Sort) -> bool {
    matches!(sort, Sort::Oldest | Sort::Name)
}

const fn sort_key(sort: Sort, entry: &Entry) -> i64 {
    match sort {
        Sort::Newest | Sort::Oldest | Sort::Name => entry.created_at,
        Sort::Added => entry.added_at,
        Sort::Largest => entry.bytes,
    }
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        seq: row.get(0)?,
        created_at: row.get(1)?,
        discarded: row.get::<_, i64>(2)? != 0,
        added_at: row.get(3)?,
        bytes: row.get(4)?,
        aspect: aspect(row.get(5)?, row.get(6)?),
        width: row.get(5)?,
        height: row.get(6)?,
        rating: row.get(7)?,
        favourite: row.get(8)?,
        generator: row.get(9)?,
        model: row.get(10)?,
    })
}

/// Width by height in one byte: 2^((byte − 128) / 32), from 1:16 to 16:1 in steps of 2 %.
pub fn aspect(width: u32, height: u32) -> u8 {
    let ratio = f64::from(width.max(1)) / f64::from(height.max(1));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte")]
    let byte = (128.0 + 32.0 * ratio.log2()).round().clamp(0.0, 255.0) as u8;
    byte
}
