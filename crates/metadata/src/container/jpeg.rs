//! JPEG segments. Source: ITU T.81 annex B; Exif 2.32 §4.7.2; XMP part 3 §1.1.3; C2PA 2.1 §A.3.1 (APP11).

use super::Blocks;
use super::text::utf8_or_latin1;

const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// Walks the segments before the picture's data.
pub fn read(bytes: &[u8], blocks: &mut Blocks) {
    let (mut at, mut manifest) = (2, Vec::new());
    while let Some([0xff, marker]) = bytes.get(at..at + 2) {
        if *marker == 0xff {
            at += 1;
            continue;
        }
        // The data begins, or the file ends: nothing that we read comes after it.
        if matches!(*marker, 0xda | 0xd9) {
            break;
        }
        let Some(length) = bytes.get(at + 2..at + 4).and_then(|b| b.first_chunk::<2>()) else { break };
        let end = at + 2 + usize::from(u16::from_be_bytes(*length));
        let Some(data) = bytes.get(at + 4..end) else { break };
        segment(*marker, data, blocks, &mut manifest);
        at = end;
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
        0xeb => manifest.extend_from_slice(data),
        0xfe => blocks.push("jpeg:COM", "Comment", utf8_or_latin1(data).into_bytes()),
        // Every start of frame but the tables that share its range.
        0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
            if let Some([_, h1, h2, w1, w2]) = data.first_chunk::<5>() {
                blocks.size(u32::from(u16::from_be_bytes([*w1, *w2])), u32::from(u16::from_be_bytes([*h1, *h2])));
            }
        }
        _ => {}
    }
}
