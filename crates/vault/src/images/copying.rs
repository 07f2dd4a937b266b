//! Sealed chunks going out to a copy and coming in from one, as they are: nothing is opened.

use model::BlobId;
use rusqlite::Connection;
use rusqlite::blob::Blob;

use super::{Images, connect, settle};
use crate::error::{InPart, Part, VaultError};

/// Where a chunk lies.
#[derive(Debug, Clone, Copy)]
pub struct ChunkPlace {
    /// Its number in the file.
    pub seq: i64,
    /// Whose.
    pub blob: BlobId,
    /// Order within the blob.
    pub n: u32,
}

impl Images {
    /// Where the chunks of some blobs lie, each blob's in their order.
    pub fn places(&self, wanted: impl Fn(&BlobId) -> bool) -> Result<Vec<ChunkPlace>, VaultError> {
        let reader = connect(&self.path, false)?;
        let mut statement = reader
            .prepare("SELECT seq, blob, n FROM chunk INDEXED BY chunk_blob ORDER BY blob, n")
            .part(Part::Images)?;
        let mut rows = statement.query([]).part(Part::Images)?;
        let mut places = Vec::new();
        while let Some(row) = rows.next().part(Part::Images)? {
            let blob = BlobId::from_bytes(row.get(1).part(Part::Images)?);
            if wanted(&blob) {
                places.push(ChunkPlace {
                    seq: row.get(0).part(Part::Images)?,
                    blob,
                    n: row.get(2).part(Part::Images)?,
                });
            }
        }
        Ok(places)
    }

    /// The chunks at these places, each with its blob's id, its number and its length before it.
    pub fn frames(&self, places: &[ChunkPlace]) -> Result<Vec<u8>, VaultError> {
        self.reading(|reader| {
            let mut frames = Vec::new();
            let mut open: Option<Blob<'_>> = None;
            for place in places {
                push(reader, &mut open, place, &mut frames)?;
            }
            Ok(frames)
        })
    }
}

fn push<'c>(
    reader: &'c Connection,
    open: &mut Option<Blob<'c>>,
    place: &ChunkPlace,
    frames: &mut Vec<u8>,
) -> Result<(), VaultError> {
    let blob = match open {
        Some(blob) => {
            blob.reopen(place.seq).part(Part::Images)?;
            blob
        }
        None => open.insert(
            reader.blob_open(rusqlite::MAIN_DB, "chunk", "sealed", place.seq, true).part(Part::Images)?,
        ),
    };
    let length = u32::try_from(blob.size()).map_err(|_| VaultError::Damaged(Part::Images))?;
    frames.extend_from_slice(place.blob.as_bytes());
    frames.extend_from_slice(&place.n.to_be_bytes());
    frames.extend_from_slice(&length.to_be_bytes());
    let start = frames.len();
    frames.resize(start + length as usize, 0);
    let room = frames.get_mut(start..).unwrap_or_default();
    blob.read_at_exact(room, 0).part(Part::Images)
}

/// A new container that is being filled. It is nobody's yet, so it needs no journal until it is whole.
pub struct Filling {
    images: Images,
    /// Since the last commit.
    pending: usize,
}

/// Chunks put in one transaction: 32 MiB at most.
const BATCH: usize = 128;

impl Filling {
    /// Starts with an empty container.
    pub fn begin(images: Images) -> Result<Self, VaultError> {
        images
            .writer()
            .execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;")
            .part(Part::Images)?;
        Ok(Self { images, pending: 0 })
    }

    /// Takes a chunk in; its place is the next.
    pub fn put(&mut self, blob: &[u8], n: u32, sealed: &[u8]) -> Result<(), VaultError> {
        let writer = self.images.writer();
        writer
            .prepare_cached("INSERT INTO chunk (blob, n, sealed) VALUES (?1, ?2, ?3)")
            .and_then(|mut insert| insert.execute(rusqlite::params![blob, n, sealed]))
            .part(Part::Images)?;
        self.pending += 1;
        if self.pending >= BATCH {
            writer.execute_batch("COMMIT; BEGIN;").part(Part::Images)?;
            self.pending = 0;
        }
        Ok(())
    }

    /// Everything came in.
    pub fn settle(&mut self) -> Result<(), VaultError> {
        let writer = self.images.writer();
        writer.execute_batch("COMMIT;").part(Part::Images)?;
        settle(&writer)
    }

    /// Chunks by the order in which they came, from 0, as [`Images::frames`] gives them.
    pub fn read_back(&self, range: std::ops::Range<usize>) -> Result<Vec<u8>, VaultError> {
        let seqs = |place: usize| i64::try_from(place).unwrap_or(i64::MAX);
        let places = self.images.reading(|reader| {
            let mut statement = reader
                .prepare_cached("SELECT seq, blob, n FROM chunk WHERE seq > ?1 AND seq <= ?2 ORDER BY seq")
                .part(Part::Images)?;
            let rows = statement
                .query_map([seqs(range.start), seqs(range.end)], |row| {
                    Ok(ChunkPlace { seq: row.get(0)?, blob: BlobId::from_bytes(row.get(1)?), n: row.get(2)? })
                })
                .part(Part::Images)?;
            rows.collect::<Result<Vec<_>, _>>().part(Part::Images)
        })?;
        self.images.frames(&places)
    }
}
