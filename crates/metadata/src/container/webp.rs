//! WebP chunks. Source: RFC 9649 §2.5 to §2.7.

use super::{Blocks, le32};
use crate::Note;

/// Walks the chunks of the RIFF container.
pub fn read(bytes: &[u8], blocks: &mut Blocks) {
    let mut at = 12;
    while let (Some(kind), Some(length)) = (bytes.get(at..at + 4), le32(bytes, at + 4)) {
        let start = at + 8;
        let data = usize::try_from(length).ok().and_then(|n| bytes.get(start..start.checked_add(n)?));
        let Some(data) = data else { return blocks.note(Note::DamagedBlock) };
        chunk(kind, data, blocks);
        // Chunks begin at even places.
        at = start + data.len() + data.len() % 2;
    }
}

fn chunk(kind: &[u8], data: &[u8], blocks: &mut Blocks) {
    match (kind, data) {
        (b"EXIF", _) => blocks.exif(data),
        (b"XMP ", _) => blocks.xmp(data),
        (b"C2PA", _) => blocks.manifest(data),
        (b"ANIM", _) => blocks.reading.animated = true,
        (b"VP8X", [_, _, _, _, w0, w1, w2, h0, h1, h2, ..]) => {
            blocks
                .size(u32::from_le_bytes([*w0, *w1, *w2, 0]) + 1, u32::from_le_bytes([*h0, *h1, *h2, 0]) + 1);
        }
        (b"VP8 ", [_, _, _, 0x9d, 0x01, 0x2a, w0, w1, h0, h1, ..]) if blocks.reading.width.is_none() => {
            let edge = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
            blocks.size(edge(*w0, *w1), edge(*h0, *h1));
        }
        (b"VP8L", [0x2f, a, b, c, d, ..]) if blocks.reading.width.is_none() => {
            let bits = u32::from_le_bytes([*a, *b, *c, *d]);
            blocks.size((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1);
        }
        _ => {}
    }
}
