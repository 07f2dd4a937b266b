//! EXIF: the text tags of TIFF directories, orientation and time. Source: TIFF 6.0 §2, Exif 2.32 §4.6.
//!
//! **Invariant:** each directory is walked once, however they point at each other, and says each tag once, however
//! many entries point at the same bytes. Entries and bytes are counted over all blocks of a file.

use super::text::utf8_or_latin1;
use super::{Blocks, be32, le32};
use crate::{Note, limits};

const EXIF_DIRECTORY: u16 = 0x8769;
const ORIENTATION: u16 = 0x0112;
const TAKEN: u16 = 0x9003;
const TAKEN_OFFSET: u16 = 0x9011;

/// Bytes that a time may have.
const TIME: usize = 64;

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
    let (mut waiting, mut seen) = (vec![first], Vec::new());
    let mut time = Time::default();
    while let Some(directory) = waiting.pop() {
        if seen.contains(&directory) || seen.len() > 16 {
            continue;
        }
        seen.push(directory);
        waiting.extend(walk(&tiff, directory, blocks, &mut time));
    }
    if let Some(time) = time.rfc3339() {
        blocks.created(&time);
    }
}

/// Takes the tags of a directory, and gives where the EXIF directory begins.
fn walk(tiff: &Tiff<'_>, directory: usize, blocks: &mut Blocks, time: &mut Time) -> Option<usize> {
    let (mut told, mut inner) = (Vec::new(), None);
    for n in 0..usize::from(tiff.short(directory).unwrap_or(0)) {
        blocks.exif_entries += 1;
        if blocks.exif_entries > limits::EXIF_ENTRIES {
            blocks.note(Note::TooManyBlocks);
            break;
        }
        let entry = directory.saturating_add(2 + n * 12);
        let Some(tag) = tiff.short(entry) else { break };
        if !is_wanted(tag) || told.contains(&tag) {
            continue;
        }
        told.push(tag);
        match tag {
            EXIF_DIRECTORY => inner = tiff.long(entry.saturating_add(8)),
            _ => value(tiff, tag, entry, blocks, time),
        }
    }
    inner
}

fn is_wanted(tag: u16) -> bool {
    [EXIF_DIRECTORY, ORIENTATION, TAKEN, TAKEN_OFFSET].contains(&tag)
        || TAGS.iter().any(|(known, _)| *known == tag)
}

fn value(tiff: &Tiff<'_>, tag: u16, entry: usize, blocks: &mut Blocks, time: &mut Time) {
    match tag {
        ORIENTATION => {
            let turned = tiff.short(entry.saturating_add(8)).and_then(|n| u8::try_from(n).ok());
            blocks.reading.orientation =
                turned.filter(|n| (1..=8).contains(n)).or(blocks.reading.orientation);
        }
        TAKEN => time.taken = tiff.value(entry).filter(|bytes| bytes.len() <= TIME).map(utf8_or_latin1),
        TAKEN_OFFSET => {
            time.offset = tiff.value(entry).filter(|bytes| bytes.len() <= TIME).map(utf8_or_latin1)
        }
        _ => {
            if let Some((_, name)) = TAGS.iter().find(|(known, _)| *known == tag)
                && let Some(bytes) = tiff.value(entry)
                && is_within(bytes.len(), blocks)
                && bytes.iter().any(|byte| *byte != 0)
            {
                blocks.push(&format!("exif:{name}"), name, bytes);
            }
        }
    }
}

/// Counts bytes that are looked at, also those of blocks that are then left out.
fn is_within(bytes: usize, blocks: &mut Blocks) -> bool {
    blocks.exif_bytes = blocks.exif_bytes.saturating_add(bytes);
    if blocks.exif_bytes > limits::FILE {
        blocks.note(Note::BlockTooLarge);
    }
    blocks.exif_bytes <= limits::FILE
}

/// `2026:01:04 10:27:21` and `+09:00`; one without the other is no instant.
#[derive(Default)]
struct Time {
    taken: Option<String>,
    offset: Option<String>,
}

impl Time {
    fn rfc3339(&self) -> Option<String> {
        let end = |c: char| c == '\0' || c == ' ';
        let (taken, offset) =
            (self.taken.as_ref()?.trim_end_matches(end), self.offset.as_ref()?.trim_end_matches(end));
        let (date, clock) = taken.split_once(' ')?;
        Some(format!("{}T{clock}{offset}", date.replace(':', "-")))
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
        let size = match self.short(entry.saturating_add(2))? {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 => 4,
            5 | 10 | 12 => 8,
            _ => return None,
        };
        let length = self.long(entry.saturating_add(4))?.checked_mul(size)?;
        let here = entry.saturating_add(8);
        let at = if length <= 4 { here } else { self.long(here)? };
        self.bytes.get(at..at.checked_add(length)?)
    }
}
