//! Metadata in the lowest bits of the pixels ("stealth pnginfo").
//!
//! Column by column from the left, top to bottom, highest bit first: a signature of 15 bytes, a length in bits as
//! u32 big-endian, then UTF-8, gzip-compressed for the `comp` signatures. In alpha one bit a pixel, in colours
//! three. Source: ashen-sensored/sd_webui_stealth_pnginfo, NovelAI/novelai-image-metadata (format only).
//!
//! **Invariant:** a picture without a signature costs no more than the reading of its first 15 bytes of bits.

use std::io::Read;

use flate2::read::GzDecoder;
use model::RawBlock;

use crate::{Pixels, limits};

/// Reads the hidden block, uncompressed, where there is one.
pub fn read(pixels: Pixels<'_>) -> Option<RawBlock> {
    let alpha = || hidden(Bits::new(pixels, &[3])?, b"stealth_png", "stealth:alpha");
    let colours = || hidden(Bits::new(pixels, &[0, 1, 2])?, b"stealth_rgb", "stealth:rgb");
    alpha().or_else(colours)
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
    GzDecoder::new(data).take(limits::BLOCK as u64 + 1).read_to_end(&mut text).ok()?;
    (text.len() <= limits::BLOCK).then_some(text)
}

/// The lowest bits in their order.
struct Bits<'a> {
    pixels: Pixels<'a>,
    channels: &'static [usize],
    width: usize,
    height: usize,
    /// Number of the next bit.
    next: usize,
}

impl<'a> Bits<'a> {
    /// `None` when the picture lacks a channel.
    fn new(pixels: Pixels<'a>, channels: &'static [usize]) -> Option<Self> {
        let (width, height) = (usize::try_from(pixels.width).ok()?, usize::try_from(pixels.height).ok()?);
        let there = channels.iter().all(|channel| *channel < pixels.channels) && width > 0 && height > 0;
        there.then_some(Self { pixels, channels, width, height, next: 0 })
    }

    fn bit(&mut self) -> Option<u8> {
        let (pixel, channel) = (self.next / self.channels.len(), self.next % self.channels.len());
        let (x, y) = (pixel / self.height, pixel % self.height);
        if x >= self.width {
            return None;
        }
        self.next += 1;
        let at = (y * self.width + x) * self.pixels.channels + self.channels.get(channel)?;
        self.pixels.data.get(at).map(|byte| byte & 1)
    }

    fn bytes(&mut self, n: usize) -> Option<Vec<u8>> {
        let left = (self.width * self.height * self.channels.len()).saturating_sub(self.next);
        if n > left / 8 {
            return None;
        }
        let mut byte = || (0..8).try_fold(0_u8, |byte, _| Some(byte << 1 | self.bit()?));
        (0..n).map(|_| byte()).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn hide(message: &[u8], signature: &[u8], channels: usize, used: &[usize]) -> Vec<u8> {
        let (width, height) = (40_usize, 30_usize);
        let mut bits: Vec<u8> = Vec::new();
        let length = u32::try_from(message.len() * 8).unwrap().to_be_bytes();
        for byte in signature.iter().chain(&length).chain(message) {
            bits.extend((0..8).rev().map(|shift| byte >> shift & 1));
        }
        let mut data = vec![254; width * height * channels];
        for (n, bit) in bits.iter().enumerate() {
            let (pixel, channel) = (n / used.len(), used[n % used.len()]);
            let (x, y) = (pixel / height, pixel % height);
            data[(y * width + x) * channels + channel] |= bit;
        }
        data
    }

    fn read_back(data: &[u8], channels: usize) -> Option<RawBlock> {
        read(Pixels { width: 40, height: 30, data, channels })
    }

    #[test]
    fn hidden_text_is_found_in_alpha_and_in_colours() {
        let alpha = read_back(&hide("灯台".as_bytes(), b"stealth_pnginfo", 4, &[3]), 4).unwrap();
        assert_eq!((alpha.place.as_str(), alpha.bytes.as_slice()), ("stealth:alpha", "灯台".as_bytes()));
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(b"a lighthouse").unwrap();
        let colours =
            read_back(&hide(&packed.finish().unwrap(), b"stealth_rgbcomp", 3, &[0, 1, 2]), 3).unwrap();
        assert_eq!(
            (colours.place.as_str(), colours.bytes.as_slice()),
            ("stealth:rgb", b"a lighthouse".as_slice())
        );
    }

    #[test]
    fn a_length_beyond_the_picture_and_missing_pixels_are_nothing() {
        let mut data = hide(b"x", b"stealth_pnginfo", 4, &[3]);
        assert!(read_back(&data, 4).is_some());
        for n in 120..152 {
            data[((n % 30) * 40 + n / 30) * 4 + 3] |= 1;
        }
        assert_eq!(read_back(&data, 4), None);
        assert_eq!(read(Pixels { width: u32::MAX, height: 1, data: &[], channels: 4 }), None);
        assert_eq!(read(Pixels { width: 0, height: 0, data: &[], channels: 3 }), None);
    }
}
