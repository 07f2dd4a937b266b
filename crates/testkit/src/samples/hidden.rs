//! Text in the lowest bits of pixels ("stealth pnginfo"): column by column from the left, highest bit first.
//!
//! Sources: ashen-sensored/sd_webui_stealth_pnginfo, NovelAI/novelai-image-metadata (format only).

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::art::Painting;

/// How the text is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// As it is.
    Plain,
    /// By gzip.
    Gzip,
}

fn message(family: &[u8], packing: Packing, text: &[u8]) -> Vec<u8> {
    let (kind, data) = match packing {
        Packing::Plain => (b"info", text.to_vec()),
        Packing::Gzip => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(text).unwrap();
            (b"comp", encoder.finish().unwrap())
        }
    };
    let bits = u32::try_from(data.len() * 8).unwrap();
    [family, kind, &bits.to_be_bytes(), &data].concat()
}

/// RGBA bytes whose alpha carries a text; the rest of alpha is 255.
///
/// # Panics
/// When the picture has too few pixels.
pub fn in_alpha(painting: &Painting, packing: Packing, text: &[u8]) -> Vec<u8> {
    let message = message(b"stealth_png", packing, text);
    let (width, height) = (painting.width as usize, painting.height as usize);
    assert!(message.len() * 8 <= width * height, "the picture is too small for its text");
    let mut pixels = painting.rgba();
    for (n, bit) in bits(&message).enumerate() {
        let (x, y) = (n / height, n % height);
        pixels[(y * width + x) * 4 + 3] = 254 | bit;
    }
    pixels
}

/// A painting whose colours carry a text.
///
/// # Panics
/// When the picture has too few pixels.
pub fn in_colours(painting: &Painting, packing: Packing, text: &[u8]) -> Painting {
    let message = message(b"stealth_rgb", packing, text);
    let (width, height) = (painting.width as usize, painting.height as usize);
    assert!(message.len() * 8 <= width * height * 3, "the picture is too small for its text");
    let mut painting = painting.clone();
    for (n, bit) in bits(&message).enumerate() {
        let (x, y) = (n / 3 / height, n / 3 % height);
        let byte = &mut painting.rgb[(y * width + x) * 3 + n % 3];
        *byte = *byte & 0xfe | bit;
    }
    painting
}

fn bits(bytes: &[u8]) -> impl Iterator<Item = u8> {
    bytes.iter().flat_map(|byte| (0..8).rev().map(move |n| byte >> n & 1))
}
