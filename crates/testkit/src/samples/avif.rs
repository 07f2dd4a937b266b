//! AVIF files: a picture that is there already, in a container made here with the EXIF block of a generator.
//!
//! There is no AV1 encoder in this project. The two pictures in `av1` were painted by [`crate::art`] (lanterns of seed 20
//! and sea of seed 8, made smaller to 192 × 128 pixels) and encoded by `avifenc` 0.11.1 (`-s 0 -y 420 --min 16 --max 26
//! --cicp 1/13/6`); the files hold the frame alone. The boxes are laid out as libavif writes them, which is behind Pillow's AVIF writer.
//! Sources: ISO/IEC 14496-12 §8.11 (items), ISO/IEC 23008-12 §6.6 and annex A (EXIF items), AVIF 1.1 §2.

use super::Language;
use super::container::Exif;

/// Width of both pictures in pixels.
pub const WIDTH: u32 = 192;
/// Their height likewise.
pub const HEIGHT: u32 = 128;

/// Lanterns on a lake.
pub const LANTERNS: &[u8] = include_bytes!("av1/lanterns.obu");
/// Sun low over the sea.
pub const SEA: &[u8] = include_bytes!("av1/sea.obu");

/// Main profile, eight bits, 4:2:0; the codec's own description follows in the frame.
const AV1_CONFIG: [u8; 4] = [0x81, 0x00, 0x0c, 0x00];
/// sRGB in full range: primaries 1, transfer 13, matrix 6.
const COLOUR: &[u8] = &[b'n', b'c', b'l', b'x', 0, 1, 0, 13, 0, 6, 0x80];

/// Numbers of the two items.
const PICTURE: u16 = 1;
const TEXT: u16 = 2;

/// The language of a text, as far as these samples have languages.
pub fn language_of(text: &str) -> Language {
    if text.is_ascii() { Language::English } else { Language::Japanese }
}

fn boxed(kind: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let data = parts.concat();
    [&u32::try_from(data.len() + 8).unwrap().to_be_bytes()[..], kind, &data].concat()
}

/// A box with a version and no flags.
fn versioned(kind: &[u8; 4], version: u8, parts: &[&[u8]]) -> Vec<u8> {
    boxed(kind, &[&[version, 0, 0, 0], &parts.concat()])
}

/// The picture with an EXIF block as piexif makes it, which libavif takes as it is.
pub fn avif(frame: &[u8], exif: &Exif) -> Vec<u8> {
    // Four bytes say how many stand before the TIFF head: those of `Exif\0\0`.
    let text = [&6_u32.to_be_bytes()[..], b"Exif\0\0", &exif.bytes()].concat();
    let head = boxed(b"ftyp", &[b"avif", &[0; 4], b"avifmif1miafMA1B"]);
    // The places stand in the box whose length they depend on; it does not depend on them.
    let start = head.len() + meta(frame, &text, 0).len() + 8;
    let start = u32::try_from(start).unwrap();
    [head, meta(frame, &text, start), boxed(b"mdat", &[&text, frame])].concat()
}

fn meta(frame: &[u8], text: &[u8], start: u32) -> Vec<u8> {
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap();
    let handler = versioned(b"hdlr", 0, &[&[0; 4], b"pict", &[0; 12], b"libavif\0"]);
    let primary = versioned(b"pitm", 0, &[&PICTURE.to_be_bytes()]);
    let extent = |item: u16, from: u32, length: u32| {
        let numbers = [&item.to_be_bytes()[..], &[0, 0, 0, 1], &from.to_be_bytes(), &length.to_be_bytes()];
        numbers.concat()
    };
    let places = [
        // Offsets and lengths of four bytes, none for a base; two items.
        &[0x44, 0, 0, 2][..],
        &extent(PICTURE, start + length(text), length(frame)),
        &extent(TEXT, start, length(text)),
    ];
    let entry = |item: u16, kind: &[u8; 4], name: &[u8]| {
        versioned(b"infe", 2, &[&item.to_be_bytes(), &[0, 0], kind, name, b"\0"])
    };
    let items = [entry(PICTURE, b"av01", b"Color"), entry(TEXT, b"Exif", b"Exif")].concat();
    // The text describes the picture.
    let describes = boxed(b"cdsc", &[&TEXT.to_be_bytes(), &[0, 1], &PICTURE.to_be_bytes()]);
    versioned(
        b"meta",
        0,
        &[
            &handler,
            &primary,
            &versioned(b"iloc", 0, &places),
            &versioned(b"iinf", 0, &[&[0, 2], &items]),
            &versioned(b"iref", 0, &[&describes]),
            &properties(),
        ],
    )
}

fn properties() -> Vec<u8> {
    let size = versioned(b"ispe", 0, &[&WIDTH.to_be_bytes(), &HEIGHT.to_be_bytes()]);
    let depth = versioned(b"pixi", 0, &[&[3, 8, 8, 8]]);
    let all = boxed(b"ipco", &[&size, &depth, &boxed(b"av1C", &[&AV1_CONFIG]), &boxed(b"colr", &[COLOUR])]);
    // All four belong to the picture; without the third it can't be shown.
    let of_picture = [&1_u32.to_be_bytes()[..], &PICTURE.to_be_bytes(), &[4, 1, 2, 0x83, 4]].concat();
    boxed(b"iprp", &[&all, &versioned(b"ipma", 0, &[&of_picture])])
}
