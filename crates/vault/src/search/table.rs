//! The FTS5 table.

use rusqlite::{Connection, params};

use super::parse::{Parsed, Term};
use super::words::Words;
use crate::bits::SeqSet;
use crate::error::VaultError;

/// The folded text of an item, column by column.
#[derive(Debug, Default)]
pub struct Document {
    pub prompt: String,
    pub negative: String,
    pub model: String,
    pub generator: String,
    pub file_name: String,
    pub title: String,
    pub tags: String,
    /// With its mark before it.
    pub seed: String,
}

impl Document {
    fn columns(&self) -> [&str; COLUMNS.len()] {
        let Self { prompt, negative, model, generator, file_name, title, tags, seed } = self;
        [prompt, negative, model, generator, file_name, title, tags, seed]
    }

    /// Adds its words.
    pub fn add_words(&self, words: &mut Words) {
        self.columns().into_iter().for_each(|text| words.add(text));
    }
}

const COLUMNS: [&str; 8] = ["prompt", "negative", "model", "generator", "file_name", "title", "tags", "seed"];

const TEXTS: &str =
    "SELECT rowid, prompt, negative, model, generator, file_name, title, tags, seed FROM search";

/// Adds an item's text.
pub fn insert(connection: &Connection, seq: u32, text: &Document) -> Result<(), VaultError> {
    let [prompt, negative, model, generator, file_name, title, tags, seed] = text.columns();
    connection
        .prepare_cached(
            "INSERT INTO search (rowid, prompt, negative, model, generator, file_name, title, tags, seed) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![seq, prompt, negative, model, generator, file_name, title, tags, seed])?;
    Ok(())
}

/// Replaces an item's text.
pub fn update(connection: &Connection, seq: u32, text: &Document) -> Result<(), VaultError> {
    delete(connection, seq)?;
    insert(connection, seq, text)
}

/// Removes an item's text, from the index as well (`secure-delete` is on).
pub fn delete(connection: &Connection, seq: u32) -> Result<(), VaultError> {
    connection.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([seq])?;
    Ok(())
}

/// Pages merged in one step: some milliseconds.
const MERGE_PAGES: i64 = 200;

/// Brings the index a step nearer to one piece. Every search and every removal looks into each of its pieces.
/// `first` begins; gives whether there is more to do.
///
/// # Errors
/// When the catalogue can't be written.
pub fn merge(connection: &Connection, first: bool) -> Result<bool, VaultError> {
    let before = connection.total_changes();
    // A negative number puts all pieces on one level, so that the steps that follow make them one.
    let pages = if first { -MERGE_PAGES } else { MERGE_PAGES };
    connection.prepare_cached("INSERT INTO search (search, rank) VALUES ('merge', ?1)")?.execute([pages])?;
    // As SQLite's manual says: fewer than two changed rows mean that nothing was merged.
    Ok(connection.total_changes() - before >= 2)
}

/// What a query allows and what it rules out.
#[derive(Debug, Default)]
pub struct Hits {
    /// Only these, when there is something to be found.
    pub wanted: Option<SeqSet>,
    /// Never these.
    pub unwanted: SeqSet,
}

/// Finds the items that match. `with_words` is called only when the index knows no word that begins as typed.
///
/// # Errors
/// When the catalogue can't be read.
pub fn find(
    connection: &Connection,
    parsed: &Parsed,
    with_words: impl FnOnce(&mut dyn FnMut(&Words)) -> Result<(), VaultError>,
) -> Result<Hits, VaultError> {
    let (indexed, literal): (Vec<&Term>, Vec<&Term>) =
        parsed.terms.iter().partition(|term| term.is_indexed());
    let wanted: Vec<&Term> = indexed.iter().copied().filter(|term| !term.without).collect();
    let mut hits = Hits::default();
    for term in indexed.iter().filter(|term| term.without) {
        run(connection, &term.expression(), &mut hits.unwanted)?;
    }
    if !wanted.is_empty() {
        let narrow: Vec<String> = wanted.iter().map(|term| term.expression()).collect();
        let mut found = SeqSet::default();
        run(connection, &narrow.join(" AND "), &mut found)?;
        if found.is_empty() {
            let mut wide = Vec::new();
            with_words(&mut |words| wide = wanted.iter().map(|term| term.wide_expression(words)).collect())?;
            if wide != narrow {
                run(connection, &wide.join(" AND "), &mut found)?;
            }
        }
        hits.wanted = Some(found);
    }
    if !literal.is_empty() {
        hits.wanted = Some(look(connection, &literal, hits.wanted.as_ref())?);
    }
    Ok(hits)
}

fn run(connection: &Connection, expression: &str, found: &mut SeqSet) -> Result<(), VaultError> {
    let mut statement = connection.prepare_cached("SELECT rowid FROM search WHERE search MATCH ?1")?;
    let mut rows = statement.query([expression])?;
    while let Some(row) = rows.next()? {
        found.insert(row.get(0)?);
    }
    Ok(())
}

/// The items among `within` (or all) whose folded text holds each term: the slow way, for what has no word in it.
fn look(connection: &Connection, terms: &[&Term], within: Option<&SeqSet>) -> Result<SeqSet, VaultError> {
    let mut found = SeqSet::default();
    let mut keep = |row: &rusqlite::Row<'_>| -> rusqlite::Result<()> {
        let mut texts = [""; COLUMNS.len()];
        for (place, text) in (1..).zip(&mut texts) {
            *text = row.get_ref(place)?.as_str().unwrap_or_default();
        }
        if terms.iter().all(|term| holds(&texts, term) != term.without) {
            found.insert(row.get(0)?);
        }
        Ok(())
    };
    if let Some(within) = within {
        let mut statement = connection.prepare_cached(&format!("{TEXTS} WHERE rowid = ?1"))?;
        for seq in within.iter() {
            let mut rows = statement.query([seq])?;
            while let Some(row) = rows.next()? {
                keep(row)?;
            }
        }
    } else {
        let mut statement = connection.prepare_cached(TEXTS)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            keep(row)?;
        }
    }
    Ok(found)
}

fn holds(texts: &[&str; COLUMNS.len()], term: &Term) -> bool {
    let mut columns =
        COLUMNS.iter().zip(texts).filter(|(name, _)| term.column.is_none_or(|wanted| wanted == **name));
    columns.any(|(_, text)| memchr::memmem::find(text.as_bytes(), term.text.as_bytes()).is_some())
}

impl Words {
    /// The words of every item; `None` when `go_on` said no.
    ///
    /// # Errors
    /// When the catalogue can't be read.
    pub fn load(
        connection: &Connection,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<Option<Self>, VaultError> {
        let mut words = Self::default();
        let mut statement = connection.prepare(TEXTS)?;
        let mut rows = statement.query([])?;
        // Many items say the same in the shorter columns as the one before.
        let mut last: [String; COLUMNS.len()] = std::array::from_fn(|_| String::new());
        while let Some(row) = rows.next()? {
            for (place, last) in (1..).zip(&mut last) {
                let text = row.get_ref(place)?.as_str().unwrap_or_default();
                if text != last {
                    words.add(text);
                    last.clear();
                    last.push_str(text);
                }
            }
            if !go_on() {
                return Ok(None);
            }
        }
        Ok(Some(words))
    }
}
