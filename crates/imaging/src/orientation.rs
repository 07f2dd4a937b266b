//! EXIF orientation: how a picture is to be turned before it is shown.
//!
//! Source: Exif 2.32 §4.6.4 (tag 0x0112), TIFF 6.0 §2.

use crate::Picture;

/// How to turn: mirror left to right first, then turn clockwise by quarter turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Orientation {
    mirror: bool,
    quarters: u8,
}

impl Orientation {
    /// Width and height after turning.
    pub const fn size(self, width: u32, height: u32) -> (u32, u32) {
        if self.quarters % 2 == 1 { (height, width) } else { (width, height) }
    }

    fn from_tag(tag: u16) -> Self {
        let (mirror, quarters) = match tag {
            2 => (true, 0),
            3 => (false, 2),
            4 => (true, 2),
            5 => (true, 3),
            6 => (false, 1),
            7 => (true, 1),
            8 => (false, 3),
            _ => (false, 0),
        };
        Self { mirror, quarters }
    }
}

/// Reads the tag from the first directory of a TIFF block, with or without `Exif\0\0` before it.
pub fn of_exif(block: &[u8]) -> Orientation {
    tag(block.strip_prefix(b"Exif\0\0").unwrap_or(block))
        .map_or(Orientation::default(), Orientation::from_tag)
}

/// Of HEIF's properties: quarter turns against the clock, then mirrored, 0 exchanging top and bottom and 1 left and
/// right (ISO/IEC 23008-12 §6.5.10, 6.5.12).
pub fn of_heif(quarters: u8, mirror: Option<u8>) -> Orientation {
    let clockwise = (4 - quarters % 4) % 4;
    // Mirroring after a turn is mirroring before the opposite turn.
    let before = (4 - clockwise) % 4;
    match mirror {
        None => Orientation { mirror: false, quarters: clockwise },
        Some(0) => Orientation { mirror: true, quarters: (before + 2) % 4 },
        Some(_) => Orientation { mirror: true, quarters: before },
    }
}

fn tag(tiff: &[u8]) -> Option<u16> {
    let big = match tiff.get(..2)? {
        b"MM" => true,
        b"II" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    };
    let (a, b) = (usize::from(short(4)?), usize::from(short(6)?));
    let directory = if big { a << 16 | b } else { b << 16 | a };
    let entries = usize::from(short(directory)?);
    (0..entries.min(512))
        .map(|n| directory + 2 + n * 12)
        .find(|at| short(*at) == Some(0x0112))
        .and_then(|at| short(at + 8))
}

/// Turns a picture.
pub fn apply(picture: Picture, turn: Orientation) -> Picture {
    if turn == Orientation::default() {
        return picture;
    }
    let (w, h, size) = (picture.width as usize, picture.height as usize, picture.layout.bytes());
    let (width, height) = if turn.quarters % 2 == 1 { (h, w) } else { (w, h) };
    let mut data = Vec::with_capacity(picture.data.len());
    for y in 0..height {
        for x in 0..width {
            let (sx, sy) = match turn.quarters {
                1 => (y, h - 1 - x),
                2 => (w - 1 - x, h - 1 - y),
                3 => (w - 1 - y, x),
                _ => (x, y),
            };
            let sx = if turn.mirror { w - 1 - sx } else { sx };
            let at = (sy * w + sx) * size;
            data.extend_from_slice(picture.data.get(at..at + size).unwrap_or_default());
        }
    }
    let edge = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Picture { width: edge(width), height: edge(height), data, layout: picture.layout }
}
