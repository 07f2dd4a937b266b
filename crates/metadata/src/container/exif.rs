//! EXIF: the text tags of TIFF directories. Source: TIFF 6.0 §2, Exif 2.32 §4.6.
//!
//! **Invariant:** each directory is walked once, however they point at each other.

use super::text::{user_comment, utf8_or_latin1};
use super::{Blocks, be32, le32};
use crate::limits;

const EXIF_DIRECTORY: u16 = 0x8769;

/// The tags that generators write to.
const TAGS: &[(u16, &str)] = &[
    (0x010e, "ImageDescription"),
    (0x010f, "Make"),
    (0x0110, "Model"),
    (0x0131, "Software"),
    (0x013b, "Artist"),
    (0x9286, "UserComment"),
    (0x927c, "MakerNote"),
];

/// Reads a TIFF block, with or without `Exif\0\0` before it.
pub fn read(block: &[u8], blocks: &mut Blocks) {
    let tiff = Tiff { bytes: block.strip_prefix(b"Exif\0\0").unwrap_or(block) };
    let Some(first) = tiff.start() else { return };
    let (mut waiting, mut seen, mut entries) = (vec![first], Vec::new(), 0_usize);
    while let Some(directory) = waiting.pop() {
        if seen.contains(&directory) || seen.len() > 16 {
            continue;
        }
        seen.push(directory);
        for n in 0..usize::from(tiff.short(directory).unwrap_or(0)) {
            entries += 1;
            if entries > limits::EXIF_ENTRIES {
                return;
            }
            let entry = directory + 2 + n * 12;
            match tiff.short(entry) {
                Some(EXIF_DIRECTORY) => waiting.extend(tiff.long(entry + 8)),
                Some(tag) => value(&tiff, tag, entry, blocks),
                None => break,
            }
        }
    }
}

fn value(tiff: &Tiff<'_>, tag: u16, entry: usize, blocks: &mut Blocks) {
    let Some((_, name)) = TAGS.iter().find(|(known, _)| *known == tag) else { return };
    let Some(bytes) = tiff.value(entry) else { return };
    let text = match tag {
        0x9286 => user_comment(bytes),
        _ => utf8_or_latin1(bytes).trim_matches(|c: char| c == '\0' || c.is_whitespace()).to_owned(),
    };
    if !text.is_empty() {
        blocks.push(&format!("exif:{name}"), name, text.into_bytes());
    }
}

struct Tiff<'a> {
    bytes: &'a [u8],
}

impl<'a> Tiff<'a> {
    fn big(&self) -> bool {
        self.bytes.starts_with(b"MM")
    }

    fn start(&self) -> Option<usize> {
        (self.big() || self.bytes.starts_with(b"II")).then(|| self.long(4)).flatten()
    }

    fn short(&self, at: usize) -> Option<u16> {
        let bytes = *self.bytes.get(at..)?.first_chunk::<2>()?;
        Some(if self.big() { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    fn long(&self, at: usize) -> Option<usize> {
        let value = if self.big() { be32(self.bytes, at) } else { le32(self.bytes, at) };
        value.and_then(|n| usize::try_from(n).ok())
    }

    /// The bytes of an entry's value: inside the entry when they are four or fewer.
    fn value(&self, entry: usize) -> Option<&'a [u8]> {
        let size = match self.short(entry + 2)? {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 => 4,
            5 | 10 | 12 => 8,
            _ => return None,
        };
        let length = self.long(entry + 4)?.checked_mul(size)?;
        let at = if length <= 4 { entry + 8 } else { self.long(entry + 8)? };
        self.bytes.get(at..at.checked_add(length)?)
    }
}
