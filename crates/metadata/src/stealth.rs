//! Metadata in the lowest bits of the pixels ("stealth pnginfo").
//!
//! Column by column from the left, top to bottom, highest bit first: a signature of 15 bytes, a length in bits as
//! u32 big-endian, then UTF-8, gzip-compressed for the `comp` signatures. In alpha one bit a pixel, in colours
//! three. Source: ashen-sensored/sd_webui_stealth_pnginfo, NovelAI/novelai-image-metadata (format only).

use std::io::Read;

use flate2::read::GzDecoder;
use model::RawBlock;

use crate::{Pixels, limits};

/// Reads the hidden block, uncompressed, where there is one.
pub fn read(pixels: Pixels<'_>) -> Option<RawBlock> {
    let alpha = (pixels.channels == 4).then(|| Bits::new(pixels, &[3])).and_then(|bits| hidden(bits, b"stealth_png", "stealth:alpha"));
    alpha.or_else(|| hidden(Bits::new(pixels, &[0, 1, 2]), b"stealth_rgb", "stealth:rgb"))
}

fn hidden(mut bits: Bits<'_>, family: &[u8], place: &str) -> Option<RawBlock> {
    let signature = bits.bytes(15)?;
    let packed = match signature.strip_prefix(family)? {
        b"info" => false,
        b"comp" => true,
        _ => return None,
    };
    let length = u32::from_be_bytes(*bits.bytes(4)?.first_chunk()?);
    let length = usize::try_from(length / 8).ok().filter(|n| *n <= limits::BLOCK)?;
    let data = bits.bytes(length)?;
    let bytes = if packed { unpack(&data)? } else { data };
    Some(RawBlock { place: place.to_owned(), key: "stealth".to_owned(), bytes })
}

fn unpack(data: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    GzDecoder::new(data).take(limits::BLOCK as u64).read_to_end(&mut text).ok()?;
    Some(text)
}

struct Bits<'a> {
    pixels: Pixels<'a>,
    channels: &'static [usize],
    /// Number of the next bit.
    next: usize,
}

impl<'a> Bits<'a> {
    const fn new(pixels: Pixels<'a>, channels: &'static [usize]) -> Self {
        Self { pixels, channels, next: 0 }
    }

    fn bit(&mut self) -> Option<u8> {
        let (pixel, channel) = (self.next / self.channels.len(), self.next % self.channels.len());
        let height = usize::try_from(self.pixels.height).ok().filter(|n| *n > 0)?;
        let width = usize::try_from(self.pixels.width).ok()?;
        let (x, y) = (pixel / height, pixel % height);
        if x >= width {
            return None;
        }
        self.next += 1;
        let at = (y * width + x) * self.pixels.channels + self.channels.get(channel)?;
        self.pixels.data.get(at).map(|byte| byte & 1)
    }

    fn bytes(&mut self, n: usize) -> Option<Vec<u8>> {
        let mut byte = || (0..8).try_fold(0_u8, |byte, _| Some(byte << 1 | self.bit()?));
        (0..n).map(|_| byte()).collect()
    }
}
