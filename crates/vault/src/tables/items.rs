//! Items, their raw blocks, tags and search text: written together, so that none can miss the others.

use model::{Format, Item, ItemId, Origin, RawBlock, Recipe, Sha256, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::VaultError;
use crate::search::{self, Document};
use crate::tables::labels::{self, Kind};

/// An item and its number in this catalogue.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// Order of arrival, only meaningful inside this catalogue.
    pub seq: u32,
    /// The item.
    pub item: Item,
}

/// Items read at a time where all are gone through.
const PAGE: u32 = 500;

const COLUMNS: &str = "seq, id, sha256, file_name, format, bytes, width, height, animated, created_at, added_at, \
     discarded_at, origin, title, rating, favourite, recipe, provenance";

/// Inserts an item and all that hangs on it; gives its number.
pub fn insert(connection: &Connection, item: &Item, raw: &[RawBlock]) -> Result<u32, VaultError> {
    let generator = labels::intern(connection, Kind::Generator, item.recipe.generator.as_deref())?;
    let model = labels::intern(connection, Kind::Model, item.recipe.model.as_deref())?;
    connection
        .prepare_cached(
            "INSERT INTO item (id, sha256, file_name, format, bytes, width, height, animated, created_at, added_at, \
             discarded_at, origin, title, rating, favourite, generator, model, recipe, provenance, prompt_hash) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
        )?
        .execute(params![
            item.id.as_bytes(),
            item.sha256.0,
            item.file_name,
            item.format.name(),
            i64::try_from(item.bytes).unwrap_or(i64::MAX),
            item.width,
            item.height,
            item.animated,
            item.created_at.millis(),
            item.added_at.millis(),
            // 0 means that it is not there, so the first instant of all is given one millisecond more.
            item.discarded_at.map_or(0, |at| at.millis().max(1)),
            origin_name(item.origin),
            item.title,
            item.rating,
            item.favourite,
            generator,
            model,
            json(&item.recipe)?,
            json(&item.provenance)?,
            prompt_hash(&item.recipe),
        ])?;
    let seq = u32::try_from(connection.last_insert_rowid()).map_err(|_| VaultError::Internal(0))?;
    insert_raw(connection, seq, raw)?;
    set_tags(connection, seq, &item.tags)?;
    search::insert(connection, seq, &document(item))?;
    Ok(seq)
}

fn insert_raw(connection: &Connection, seq: u32, raw: &[RawBlock]) -> Result<(), VaultError> {
    let mut statement = connection
        .prepare_cached("INSERT INTO raw_block (item, n, place, key, bytes) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for (n, block) in (0_i64..).zip(raw) {
        statement.execute(params![seq, n, block.place, block.key, block.bytes])?;
    }
    Ok(())
}

fn set_tags(connection: &Connection, seq: u32, tags: &[String]) -> Result<(), VaultError> {
    connection.prepare_cached("DELETE FROM tag WHERE item = ?1")?.execute([seq])?;
    let mut statement =
        connection.prepare_cached("INSERT OR IGNORE INTO tag (item, name) VALUES (?1, ?2)")?;
    for tag in tags {
        statement.execute(params![seq, tag])?;
    }
    Ok(())
}

/// Writes the search text of every item anew.
pub fn index_all(connection: &Connection) -> Result<(), VaultError> {
    let mut after = 0;
    loop {
        let items = page(connection, after, PAGE)?;
        let Some(last) = items.last() else { return Ok(()) };
        after = last.seq;
        items
            .iter()
            .try_for_each(|stored| search::update(connection, stored.seq, &document(&stored.item)))?;
    }
}

/// Writes the columns that a person can change, and the search text with them.
pub fn update(connection: &Connection, seq: u32, item: &Item) -> Result<(), VaultError> {
    connection
        .prepare_cached(
            "UPDATE item SET title = ?2, rating = ?3, favourite = ?4, recipe = ?5, prompt_hash = ?6 WHERE seq = ?1",
        )?
        .execute(params![
            seq,
            item.title,
            item.rating,
            item.favourite,
            json(&item.recipe)?,
            prompt_hash(&item.recipe)
        ])?;
    set_tags(connection, seq, &item.tags)?;
    search::update(connection, seq, &document(item))
}

/// Puts an item into the trash or takes it out (0).
pub fn set_discarded(connection: &Connection, seq: u32, at: i64) -> Result<(), VaultError> {
    connection
        .prepare_cached("UPDATE item SET discarded_at = ?2 WHERE seq = ?1")?
        .execute(params![seq, at])?;
    Ok(())
}

/// Removes an item, its raw blocks, tags, keys and search text.
pub fn delete(connection: &Connection, seq: u32) -> Result<(), VaultError> {
    search::delete(connection, seq)?;
    connection.prepare_cached("DELETE FROM item WHERE seq = ?1")?.execute([seq])?;
    Ok(())
}

/// The number of an item.
pub fn seq_of(connection: &Connection, id: &ItemId) -> Result<Option<u32>, VaultError> {
    let mut statement = connection.prepare_cached("SELECT seq FROM item WHERE id = ?1")?;
    Ok(statement.query_row([id.as_bytes()], |row| row.get(0)).optional()?)
}

/// The id of a number.
pub fn id_of(connection: &Connection, seq: u32) -> Result<Option<ItemId>, VaultError> {
    let mut statement = connection.prepare_cached("SELECT id FROM item WHERE seq = ?1")?;
    Ok(statement.query_row([seq], |row| Ok(ItemId::from_bytes(row.get(0)?))).optional()?)
}

/// Whether these bytes are in the vault, and as which item.
pub fn by_digest(connection: &Connection, digest: &Sha256) -> Result<Option<ItemId>, VaultError> {
    let mut statement = connection.prepare_cached("SELECT id FROM item WHERE sha256 = ?1")?;
    Ok(statement.query_row([digest.0], |row| Ok(ItemId::from_bytes(row.get(0)?))).optional()?)
}

/// Whether any item has this length: without one, the bytes can't be in the vault.
pub fn lengths(connection: &Connection) -> Result<std::collections::HashSet<u64>, VaultError> {
    let mut statement = connection.prepare_cached("SELECT bytes FROM item INDEXED BY item_gallery")?;
    let rows = statement.query_map([], |row| row.get::<_, i64>(0))?;
    Ok(rows.map(|row| row.map(|n| u64::try_from(n).unwrap_or(0))).collect::<Result<_, _>>()?)
}

/// One item.
pub fn load(connection: &Connection, seq: u32) -> Result<Option<Stored>, VaultError> {
    let Some(mut stored) = row(connection, seq)? else { return Ok(None) };
    stored.item.tags = tags(connection, seq)?;
    Ok(Some(stored))
}

/// One item without its tags.
pub fn row(connection: &Connection, seq: u32) -> Result<Option<Stored>, VaultError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM item WHERE seq = ?1"))?;
    statement.query_row([seq], |row| Ok(stored(row))).optional()?.transpose()
}

/// The items that follow `after` in order of arrival, at most `limit`.
pub fn page(connection: &Connection, after: u32, limit: u32) -> Result<Vec<Stored>, VaultError> {
    let mut statement = connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM item WHERE seq > ?1 ORDER BY seq LIMIT ?2"))?;
    let rows = statement.query_map([after, limit], |row| Ok(stored(row)))?;
    let mut items = rows.map(|row| row?).collect::<Result<Vec<_>, VaultError>>()?;
    for one in &mut items {
        one.item.tags = tags(connection, one.seq)?;
    }
    Ok(items)
}

/// Other items with the same prompt, newest number first.
pub fn same_prompt(connection: &Connection, of: &Stored, limit: u32) -> Result<Vec<u32>, VaultError> {
    let hash = prompt_hash(&of.item.recipe);
    if hash == 0 {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare_cached(
        "SELECT seq FROM item WHERE prompt_hash = ?1 AND prompt_hash <> 0 AND seq <> ?2 AND discarded_at = 0 \
         ORDER BY seq DESC LIMIT ?3",
    )?;
    let rows = statement.query_map(params![hash, of.seq, limit], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The raw blocks of an item in the file's order.
pub fn raw_blocks(connection: &Connection, seq: u32) -> Result<Vec<RawBlock>, VaultError> {
    let mut statement =
        connection.prepare_cached("SELECT place, key, bytes FROM raw_block WHERE item = ?1 ORDER BY n")?;
    let rows = statement
        .query_map([seq], |row| Ok(RawBlock { place: row.get(0)?, key: row.get(1)?, bytes: row.get(2)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The tags of an item, sorted.
pub fn tags(connection: &Connection, seq: u32) -> Result<Vec<String>, VaultError> {
    let mut statement = connection.prepare_cached("SELECT name FROM tag WHERE item = ?1 ORDER BY name")?;
    let rows = statement.query_map([seq], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn stored(row: &Row<'_>) -> Result<Stored, VaultError> {
    let format: String = row.get(4)?;
    let (recipe, provenance): (String, String) = (row.get(16)?, row.get(17)?);
    let discarded: i64 = row.get(11)?;
    let origin: String = row.get(12)?;
    let item = Item {
        id: ItemId::from_bytes(row.get(1)?),
        sha256: Sha256(row.get(2)?),
        file_name: row.get(3)?,
        format: Format::from_name(&format).ok_or(VaultError::Internal(0))?,
        bytes: u64::try_from(row.get::<_, i64>(5)?).unwrap_or(0),
        width: row.get(6)?,
        height: row.get(7)?,
        animated: row.get(8)?,
        created_at: Timestamp::from_millis(row.get(9)?),
        added_at: Timestamp::from_millis(row.get(10)?),
        discarded_at: (discarded != 0).then(|| Timestamp::from_millis(discarded)),
        origin: if origin == "generated" { Origin::Generated } else { Origin::Imported },
        title: row.get(13)?,
        rating: row.get(14)?,
        favourite: row.get(15)?,
        tags: Vec::new(),
        recipe: serde_json::from_str(&recipe).map_err(|_| VaultError::Internal(0))?,
        provenance: serde_json::from_str(&provenance).map_err(|_| VaultError::Internal(0))?,
    };
    Ok(Stored { seq: row.get(0)?, item })
}

const fn origin_name(origin: Origin) -> &'static str {
    match origin {
        Origin::Imported => "imported",
        Origin::Generated => "generated",
    }
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, VaultError> {
    serde_json::to_string(value).map_err(|_| VaultError::Internal(0))
}

/// The first 63 bits of the prompt's digest; only equality matters.
fn prompt_hash(recipe: &Recipe) -> i64 {
    let Some(prompt) = recipe.prompt.as_deref().map(str::trim).filter(|p| !p.is_empty()) else { return 0 };
    let digest = crypto::sha256(prompt.as_bytes());
    let first = digest.first_chunk::<8>().map_or(0, |bytes| i64::from_be_bytes(*bytes));
    (first & i64::MAX).max(1)
}

/// The folded text of an item.
pub fn document(item: &Item) -> Document {
    let characters = item.recipe.character_prompts.iter().map(|c| c.prompt.as_str());
    let prompt: Vec<&str> = item.recipe.prompt.as_deref().into_iter().chain(characters).collect();
    Document {
        prompt: search::fold(&prompt.join("\n")),
        negative: search::fold(item.recipe.negative_prompt.as_deref().unwrap_or_default()),
        model: search::fold(item.recipe.model.as_deref().unwrap_or_default()),
        generator: search::fold(item.recipe.generator.as_deref().unwrap_or_default()),
        file_name: search::fold(&item.file_name),
        title: search::fold(&item.title),
        tags: search::fold(&item.tags.join("\n")),
        seed: item
            .recipe
            .seed
            .as_ref()
            .map_or_else(String::new, |seed| format!("{}{seed}", search::SEED_MARK)),
    }
}
