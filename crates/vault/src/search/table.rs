//! The FTS5 table.

use std::collections::HashSet;

use rusqlite::{Connection, params};

use super::parse::{Parsed, Term};
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
}

/// Adds an item's text.
pub fn insert(connection: &Connection, seq: u32, text: &Document) -> Result<(), VaultError> {
    connection
        .prepare_cached(
            "INSERT INTO search (rowid, prompt, negative, model, generator, file_name, title, tags) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            seq,
            text.prompt,
            text.negative,
            text.model,
            text.generator,
            text.file_name,
            text.title,
            text.tags
        ])?;
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

/// The numbers of the items that match, through the index.
pub(crate) fn matches(connection: &Connection, parsed: &Parsed) -> Result<HashSet<u32>, VaultError> {
    let wanted: Vec<String> = parsed.terms.iter().filter(|t| !t.without).map(Term::expression).collect();
    let unwanted: Vec<String> = parsed.terms.iter().filter(|t| t.without).map(Term::expression).collect();
    let mut found =
        if wanted.is_empty() { every(connection)? } else { run(connection, &wanted.join(" AND "))? };
    for expression in unwanted {
        for seq in run(connection, &expression)? {
            found.remove(&seq);
        }
    }
    Ok(found)
}

fn run(connection: &Connection, expression: &str) -> Result<HashSet<u32>, VaultError> {
    let mut statement = connection.prepare_cached("SELECT rowid FROM search WHERE search MATCH ?1")?;
    let rows = statement.query_map([expression], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn every(connection: &Connection) -> Result<HashSet<u32>, VaultError> {
    let mut statement = connection.prepare_cached("SELECT seq FROM item INDEXED BY item_gallery")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The numbers of the items whose folded text holds each term anywhere: the slow way, for what the index does
/// not know.
pub fn scan(connection: &Connection, parsed: &Parsed) -> Result<HashSet<u32>, VaultError> {
    let mut statement = connection.prepare_cached(
        "SELECT rowid, prompt, negative, model, generator, file_name, title, tags FROM search",
    )?;
    let mut rows = statement.query([])?;
    let mut found = HashSet::new();
    while let Some(row) = rows.next()? {
        let mut text = [""; COLUMNS.len()];
        for (place, value) in text.iter_mut().enumerate() {
            *value = row.get_ref(place + 1)?.as_str().unwrap_or_default();
        }
        if parsed.terms.iter().all(|term| holds(&text, term) != term.without) {
            found.insert(row.get(0)?);
        }
    }
    Ok(found)
}

const COLUMNS: [&str; 7] = ["prompt", "negative", "model", "generator", "file_name", "title", "tags"];

fn holds(text: &[&str; COLUMNS.len()], term: &Term) -> bool {
    let mut columns =
        COLUMNS.iter().zip(text).filter(|(name, _)| term.column.is_none_or(|wanted| wanted == **name));
    columns.any(|(_, text)| memchr::memmem::find(text.as_bytes(), term.text.as_bytes()).is_some())
}
