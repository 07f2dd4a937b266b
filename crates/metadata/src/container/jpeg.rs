//! JPEG segments. Source: ITU T.81 annex B; Exif 2.32 §4.7.2; XMP part 3 §1.1.3; C2PA 2.1 §A.3.1 (APP11).

use super::{Blocks, be16};
use crate::limits;

const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
/// Box length and type that every part of a JUMBF after the first repeats.
const REPEATED_HEAD: usize = 8;

/// Walks the segments before the picture's data.
pub fn read(bytes: &[u8], blocks: &mut Blocks) {
    let (mut at, mut manifest) = (2, Vec::new());
    while let Some([0xff, marker]) = bytes.get(at..at + 2) {
        match marker {
            0xff => at += 1,
            // Markers without a length.
            0x01 | 0xd0..=0xd8 => at += 2,
            // The data begins, or the file ends: nothing that we read comes after it.
            0xda | 0xd9 => break,
            _ => {
                let Some(length) = be16(bytes, at + 2) else { break };
                let end = at + 2 + usize::from(length);
                let Some(data) = bytes.get(at + 4..end) else { break };
                segment(*marker, data, blocks, &mut manifest);
                at = end;
            }
        }
    }
    if !manifest.is_empty() {
        blocks.manifest(&manifest);
    }
}

fn segment(marker: u8, data: &[u8], blocks: &mut Blocks, manifest: &mut Vec<u8>) {
    match marker {
        0xe1 if data.starts_with(b"Exif\0\0") => blocks.exif(data),
        0xe1 => {
            if let Some(xmp) = data.strip_prefix(XMP) {
                blocks.xmp(xmp);
            }
        }
        0xeb => {
            // "JP", instance (2), number of the part (4), part of the box.
            if let Some(part) = data.strip_prefix(b"JP").and_then(|rest| rest.get(6..))
                && manifest.len() + part.len() <= limits::BLOCK
            {
                let head = if manifest.is_empty() { 0 } else { REPEATED_HEAD };
                manifest.extend_from_slice(part.get(head..).unwrap_or_default());
            }
        }
        0xfe => {
            blocks.push("jpeg:COM", "Comment", data);
        }
        // Every start of frame but the tables that share its range.
        0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
            if let Some([_, h1, h2, w1, w2]) = data.first_chunk::<5>() {
                blocks.size(
                    u32::from(u16::from_be_bytes([*w1, *w2])),
                    u32::from(u16::from_be_bytes([*h1, *h2])),
                );
            }
        }
        _ => {}
    }
}
