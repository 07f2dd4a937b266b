//! AVIF: the XMP and EXIF items. Source: ISO/IEC 14496-12 §8.11; AVIF 1.1 §2.
//!
//! Items are found by what they hold rather than through the item tables: XMP packets and TIFF headers name
//! themselves, and a damaged table then hides nothing.

use super::{Blocks, be32};

/// Looks for the size property, the XMP packet and the EXIF block.
pub fn read(bytes: &[u8], blocks: &mut Blocks) {
    if let Some(at) = find(bytes, b"ispe") {
        if let (Some(width), Some(height)) = (be32(bytes, at + 8), be32(bytes, at + 12)) {
            blocks.size(width, height);
        }
    }
    blocks.reading.animated = bytes.get(8..12) == Some(b"avis");
    if let Some(start) = find(bytes, b"<x:xmpmeta") {
        let rest = bytes.get(start..).unwrap_or_default();
        let end = find(rest, b"</x:xmpmeta>").map_or(rest.len(), |end| end + 12);
        blocks.xmp(rest.get(..end).unwrap_or_default());
    }
    if let Some(start) = find(bytes, b"Exif\0\0II*\0").or_else(|| find(bytes, b"Exif\0\0MM\0*")) {
        blocks.exif(bytes.get(start..).unwrap_or_default());
    }
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}
