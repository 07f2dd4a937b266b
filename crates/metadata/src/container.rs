//! Containers: where the bytes of metadata stand in each format.
//!
//! **Invariant:** a walk looks at heads and copies only blocks that may hold metadata; it never searches the data
//! of the picture.

mod bmff;
mod exif;
mod jpeg;
mod png;
pub mod text;
mod webp;
pub mod xmp;

use model::{Format, RawBlock};

use crate::{Note, Reading, limits, provenance};

/// Reads a file's blocks, size and provenance; the recipe is for others.
pub fn read(bytes: &[u8]) -> Reading {
    let mut blocks = Blocks::default();
    blocks.reading.format = Format::sniff(bytes);
    match blocks.reading.format {
        Some(Format::Png) => png::read(bytes, &mut blocks),
        Some(Format::Jpeg) => jpeg::read(bytes, &mut blocks),
        Some(Format::Webp) => webp::read(bytes, &mut blocks),
        Some(Format::Avif) => bmff::read(bytes, &mut blocks),
        None => {}
    }
    blocks.reading
}

/// Blocks found so far, and how many bytes they are.
#[derive(Default)]
struct Blocks {
    reading: Reading,
    /// Bytes of the blocks kept.
    bytes: usize,
    /// Bytes inflated, also of blocks that were then left out.
    inflated: usize,
    /// EXIF entries walked, and bytes of their values looked at.
    exif_entries: usize,
    exif_bytes: usize,
}

impl Blocks {
    /// Keeps a block; false when it is over a limit.
    fn push(&mut self, place: &str, key: &str, bytes: &[u8]) -> bool {
        if self.reading.raw.len() >= limits::BLOCKS {
            self.note(Note::TooManyBlocks);
            return false;
        }
        let size = bytes.len() + key.len();
        if size > limits::BLOCK || self.bytes + size > limits::FILE {
            self.note(Note::BlockTooLarge);
            return false;
        }
        self.bytes += size;
        self.reading.raw.push(RawBlock {
            place: place.to_owned(),
            key: key.to_owned(),
            bytes: bytes.to_vec(),
        });
        true
    }

    fn size(&mut self, width: u32, height: u32) {
        self.reading.width = Some(width);
        self.reading.height = Some(height);
    }

    fn note(&mut self, note: Note) {
        if !self.reading.notes.contains(&note) {
            self.reading.notes.push(note);
        }
    }

    fn exif(&mut self, block: &[u8]) {
        exif::read(block, self);
    }

    fn xmp(&mut self, packet: &[u8]) {
        if !self.push("xmp", "", packet) {
            return;
        }
        for (name, value) in xmp::fields(packet, &["DigitalSourceType", "CreateDate"]) {
            match name {
                "DigitalSourceType" if value.len() > limits::NAME => self.note(Note::BlockTooLarge),
                "DigitalSourceType" => self.reading.provenance.digital_source_type = Some(value),
                _ => self.created(value.trim()),
            }
        }
    }

    /// Takes a time in RFC 3339; one without a zone says nothing.
    fn created(&mut self, time: &str) {
        self.reading.created_at = self.reading.created_at.or(model::Timestamp::from_rfc3339(time).ok());
    }

    fn manifest(&mut self, block: &[u8]) {
        provenance::read(block, &mut self.reading.provenance);
    }
}

/// Big-endian 16 bits at a place.
fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk::<2>().map(|b| u16::from_be_bytes(*b))
}

/// Big-endian 32 bits at a place.
fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk::<4>().map(|b| u32::from_be_bytes(*b))
}

/// Little-endian 32 bits at a place.
fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk::<4>().map(|b| u32::from_le_bytes(*b))
}
