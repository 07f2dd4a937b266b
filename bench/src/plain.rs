//! The baselines: the same rows and bytes in one SQLite file, without sealing or inside SQLCipher. The library is the
//! one that the vault links; without a key it is plain SQLite.

use std::path::Path;

use anyhow::{Context, Result};
use rusqlite::{Connection, OptionalExtension, params};

/// How the file is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Plain, 16 KiB pages and a rollback journal: as `images.db`, without the sealing.
    Truncate,
    /// Plain, 16 KiB pages and a write-ahead log.
    Wal,
    /// SQLCipher as it comes: 4 KiB pages, HMAC-SHA512, a raw key.
    Cipher,
}

/// What is written of an item.
pub struct Row<'a> {
    /// Its id.
    pub id: [u8; 16],
    /// Its file's name.
    pub file_name: &'a str,
    /// What was asked for.
    pub prompt: &'a str,
    /// The file.
    pub original: &'a [u8],
    /// The small picture.
    pub thumbnail: &'a [u8],
}

/// A baseline.
pub struct Plain {
    connection: Connection,
}

const KEY: &str = "PRAGMA key = \"x'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'\";";

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS item (seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, file_name TEXT NOT NULL, prompt TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS original (item INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS thumbnail (item INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;";

const ORIGINAL: &str = "SELECT o.bytes FROM item i JOIN original o ON o.item = i.seq WHERE i.id = ?1";
const THUMBNAIL: &str = "SELECT t.bytes FROM item i JOIN thumbnail t ON t.item = i.seq WHERE i.id = ?1";

impl Plain {
    /// Opens a file or makes it. Durability is the vault's: `synchronous = FULL`.
    pub fn open(path: &Path, kind: Kind) -> Result<Self> {
        let connection = Connection::open(path)?;
        let settings = match kind {
            Kind::Truncate => "PRAGMA page_size = 16384; PRAGMA journal_mode = TRUNCATE;".to_owned(),
            Kind::Wal => "PRAGMA page_size = 16384; PRAGMA journal_mode = WAL;".to_owned(),
            Kind::Cipher => format!("{KEY} PRAGMA journal_mode = WAL;"),
        };
        connection.execute_batch(&settings)?;
        connection.execute_batch("PRAGMA synchronous = FULL;")?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self { connection })
    }

    /// Writes rows in one transaction.
    pub fn insert(&mut self, rows: &[Row<'_>]) -> Result<()> {
        let transaction = self.connection.transaction()?;
        for row in rows {
            transaction
                .prepare_cached("INSERT INTO item (id, file_name, prompt) VALUES (?1, ?2, ?3)")?
                .execute(params![row.id, row.file_name, row.prompt])?;
            let seq = transaction.last_insert_rowid();
            for (sql, bytes) in [
                ("INSERT INTO original VALUES (?1, ?2)", row.original),
                ("INSERT INTO thumbnail VALUES (?1, ?2)", row.thumbnail),
            ] {
                transaction.prepare_cached(sql)?.execute(params![seq, bytes])?;
            }
        }
        Ok(transaction.commit()?)
    }

    /// The file of an item.
    pub fn original(&self, id: &[u8; 16]) -> Result<Vec<u8>> {
        self.bytes(ORIGINAL, id)
    }

    /// The small picture of an item.
    pub fn thumbnail(&self, id: &[u8; 16]) -> Result<Vec<u8>> {
        self.bytes(THUMBNAIL, id)
    }

    fn bytes(&self, sql: &str, id: &[u8; 16]) -> Result<Vec<u8>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let bytes: Option<Vec<u8>> = statement.query_row([id], |row| row.get(0)).optional()?;
        bytes.context("the baseline lacks an item")
    }
}
