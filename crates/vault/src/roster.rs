//! Every item's place in the gallery, in memory: a few numbers for each, so that sorting, filtering and paging
//! 100,000 items touches no row.

use std::collections::HashMap;

use rusqlite::{Connection, Row};

use crate::error::VaultError;
use crate::gallery::Sort;

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
    pub generator: u32,
    pub model: u32,
}

/// The entries by number, and the orders computed so far.
#[derive(Debug, Default)]
pub struct Roster {
    entries: HashMap<u32, Entry>,
    orders: HashMap<Sort, Vec<u32>>,
}

const SELECT: &str = "SELECT seq, created_at, discarded_at, added_at, bytes, width, height, rating, favourite, \
     generator, model FROM item";

impl Roster {
    /// Reads the covering index once.
    pub fn load(connection: &Connection) -> Result<Self, VaultError> {
        let mut statement = connection.prepare(&format!("{SELECT} INDEXED BY item_gallery"))?;
        let rows = statement.query_map([], entry)?;
        let entries = rows.map(|row| row.map(|e| (e.seq, e))).collect::<Result<_, _>>()?;
        Ok(Self { entries, orders: HashMap::new() })
    }

    /// Takes one item's row in again after it was written, or out when it is gone.
    pub fn refresh(&mut self, connection: &Connection, seq: u32) -> Result<(), VaultError> {
        use rusqlite::OptionalExtension;
        let mut statement = connection.prepare_cached(&format!("{SELECT} WHERE seq = ?1"))?;
        match statement.query_row([seq], entry).optional()? {
            Some(fresh) => {
                if self.entries.insert(seq, fresh).is_none() {
                    self.orders.clear();
                }
            }
            // Orders may name a number that is gone: readers skip it.
            None => drop(self.entries.remove(&seq)),
        }
        Ok(())
    }

    /// One entry.
    pub fn entry(&self, seq: u32) -> Option<&Entry> {
        self.entries.get(&seq)
    }

    /// All entries, in no order.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// All entries in an order. Ties go by number, so that the order is the same every time.
    pub fn ordered(
        &mut self,
        sort: Sort,
        connection: &Connection,
    ) -> Result<impl Iterator<Item = Entry>, VaultError> {
        if !self.orders.contains_key(&sort) {
            let order = self.order(sort, connection)?;
            self.orders.insert(sort, order);
        }
        let order = self.orders.get(&sort).map(Vec::as_slice).unwrap_or_default();
        Ok(order.iter().filter_map(|seq| self.entries.get(seq).copied()))
    }

    fn order(&self, sort: Sort, connection: &Connection) -> Result<Vec<u32>, VaultError> {
        if sort == Sort::Name {
            let mut statement =
                connection.prepare("SELECT seq FROM item INDEXED BY item_name ORDER BY file_name, seq")?;
            let rows = statement.query_map([], |row| row.get(0))?;
            return Ok(rows.collect::<Result<_, _>>()?);
        }
        let mut keys: Vec<(i64, u32)> = self.entries.values().map(|e| (sort_key(sort, e), e.seq)).collect();
        keys.sort_unstable();
        if sort != Sort::Oldest {
            keys.reverse();
        }
        Ok(keys.into_iter().map(|(_, seq)| seq).collect())
    }
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
