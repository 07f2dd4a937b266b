//! From the bytes of a file to an item: sniff, decode within limits, read the metadata, make the thumbnail.

use std::sync::{Mutex, MutexGuard, PoisonError};

use imaging::{DecodeError, Limits, Picture};
use metadata::{Pixels, Reading};
use model::{Format, Item, ItemId, Origin, RawBlock, Sha256, Timestamp};
use vault::{Prepared, Rendition};

use crate::error::Refusal;

/// Longer edge of a thumbnail in pixels: sharp in the largest cell of the gallery on a dense display.
pub const THUMBNAIL_EDGE: u32 = 512;

/// What is known of a file besides its bytes.
pub struct Source {
    /// Its name, without the folder.
    pub file_name: String,
    /// When it was last written.
    pub modified: Timestamp,
    /// Digest of its bytes.
    pub sha256: Sha256,
}

/// Makes the item of a file. A file that can't be decoded is not taken, even where its metadata can be read: nobody
/// could look at it here, and the original stays where the person has it.
///
/// # Errors
/// The reason why it is not taken.
pub fn prepare(bytes: Vec<u8>, source: Source, now: Timestamp) -> Result<Prepared, Refusal> {
    let (item, raw, thumbnail) = item_of(&bytes, source, now)?;
    Ok(vault::prepare(item, raw, bytes, thumbnail.as_ref()))
}

/// What the bytes say by themselves: the item, its raw metadata and its thumbnail.
///
/// # Errors
/// As [`prepare`].
pub fn item_of(
    bytes: &[u8],
    source: Source,
    now: Timestamp,
) -> Result<(Item, Vec<RawBlock>, Option<Rendition>), Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    let format = Format::sniff(bytes).ok_or(Refusal::Unsupported)?;
    let (picture, _alone) = decode(bytes).map_err(refusal)?;
    let reading = read_metadata(bytes, &picture);
    let thumbnail = thumbnail(&picture);
    let item = Item {
        id: ItemId::new(now),
        sha256: source.sha256,
        file_name: source.file_name,
        format,
        bytes: bytes.len() as u64,
        width: picture.width,
        height: picture.height,
        animated: reading.animated,
        created_at: reading.created_at.unwrap_or(source.modified),
        added_at: now,
        discarded_at: None,
        origin: Origin::Imported,
        title: String::new(),
        rating: 0,
        favourite: false,
        tags: Vec::new(),
        recipe: reading.recipe.unwrap_or_default(),
        provenance: reading.provenance,
    };
    Ok((item, reading.raw, thumbnail))
}

/// The thumbnail of a file's bytes, where they can be decoded.
pub fn thumbnail_of(bytes: &[u8]) -> Option<Rendition> {
    let (picture, _alone) = decode(bytes).ok()?;
    thumbnail(&picture)
}

/// Pixels of a picture that is decoded beside others: 96 MB at four bytes each.
const ORDINARY: u64 = 24_000_000;
/// Held while a larger one is in memory.
static LARGE: Mutex<()> = Mutex::new(());

/// Decodes; of pictures beyond the ordinary only one is in memory at a time, as long as the guard is held, so that
/// a folder of the largest does not take a gigabyte for every core.
fn decode(bytes: &[u8]) -> Result<(Picture, Option<MutexGuard<'static, ()>>), DecodeError> {
    let ordinary = Limits { max_pixels: ORDINARY, ..Limits::default() };
    match imaging::decode(bytes, &ordinary) {
        Err(DecodeError::TooLarge) => {
            let alone = LARGE.lock().unwrap_or_else(PoisonError::into_inner);
            Ok((imaging::decode(bytes, &Limits::default())?, Some(alone)))
        }
        picture => Ok((picture?, None)),
    }
}

/// Reads the metadata; the decoded picture is at hand for those that hide it in the pixels.
fn read_metadata(bytes: &[u8], picture: &Picture) -> Reading {
    let Picture { width, height, data, layout } = picture;
    let pixels = Pixels { width: *width, height: *height, data, channels: layout.bytes() };
    metadata::read(bytes, Some(pixels))
}

fn thumbnail(picture: &Picture) -> Option<Rendition> {
    let small = imaging::thumbnail(picture, THUMBNAIL_EDGE).ok()?;
    Some(Rendition { bytes: small.bytes, mime: small.mime })
}

fn refusal(error: DecodeError) -> Refusal {
    match error {
        DecodeError::TooLarge => Refusal::TooLarge,
        DecodeError::Unsupported => Refusal::Unsupported,
        _ => Refusal::Damaged,
    }
}
