//! Decoding: the format is told by the first bytes, and what a file declares is compared with the limits before
//! anything is allocated for it.

mod avif;
mod jpeg;
mod png;
mod webp;

use std::panic::{UnwindSafe, catch_unwind};

use model::Format;

use crate::Picture;

/// What is safe to decode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest edge in pixels.
    pub max_edge: u32,
    /// Pixels in all.
    pub max_pixels: u64,
    /// Bytes that a decoder may allocate.
    pub max_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_edge: 16_384, max_pixels: 128_000_000, max_bytes: 1 << 30 }
    }
}

impl Limits {
    fn admit(&self, width: u32, height: u32) -> Result<(), DecodeError> {
        if width == 0 || height == 0 {
            return Err(DecodeError::Damaged);
        }
        let within =
            width.max(height) <= self.max_edge && u64::from(width) * u64::from(height) <= self.max_pixels;
        if within { Ok(()) } else { Err(DecodeError::TooLarge) }
    }

    /// The bytes of so many pixels, where they are allowed.
    fn bytes_of(&self, width: u32, height: u32, each: usize) -> Result<usize, DecodeError> {
        self.admit(width, height)?;
        (width as usize)
            .checked_mul(height as usize)
            .and_then(|pixels| pixels.checked_mul(each))
            .filter(|bytes| *bytes <= self.max_bytes)
            .ok_or(DecodeError::TooLarge)
    }
}

/// Why there is no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Not a format, or a variety of one, that is decoded here.
    #[error("not a supported picture")]
    Unsupported,
    /// Beyond the limits.
    #[error("the picture is too large")]
    TooLarge,
    /// The bytes are not what they should be.
    #[error("the picture is damaged")]
    Damaged,
}

/// A picture decoded for a thumbnail: perhaps at a reduced scale, with the size that it has in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reduced {
    /// At least as large as was asked for, unless the whole is smaller.
    pub picture: Picture,
    /// Pixels of the whole picture as it is to be shown.
    pub width: u32,
    /// Pixels likewise.
    pub height: u32,
}

/// Decodes a picture; of several frames the first.
///
/// Colours are taken as sRGB: an embedded ICC profile, a PNG's `gAMA` and an AVIF's primaries are not applied.
///
/// # Errors
/// See [`DecodeError`]. A file that ends early gives an error, never half a picture.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture, DecodeError> {
    contained(|| match Format::sniff(bytes) {
        Some(Format::Png) => png::decode(bytes, limits),
        Some(Format::Jpeg) => Ok(jpeg::decode(bytes, limits, None)?.picture),
        Some(Format::Webp) => webp::decode(bytes, limits),
        Some(Format::Avif) => avif::decode(bytes, limits),
        None => Err(DecodeError::Unsupported),
    })
}

/// Decodes a picture for a thumbnail whose longer edge is `edge` pixels. A JPEG is decoded at a reduced scale where
/// that is still large enough, which saves most of the work; all of the file is read nevertheless.
///
/// # Errors
/// As [`decode`].
pub fn decode_for_thumbnail(bytes: &[u8], limits: &Limits, edge: u32) -> Result<Reduced, DecodeError> {
    if Format::sniff(bytes) == Some(Format::Jpeg) {
        return contained(|| jpeg::decode(bytes, limits, Some(edge)));
    }
    let picture = decode(bytes, limits)?;
    Ok(Reduced { width: picture.width, height: picture.height, picture })
}

/// The decoders are not ours: should one panic, the file counts as damaged.
fn contained<T>(decode: impl FnOnce() -> Result<T, DecodeError> + UnwindSafe) -> Result<T, DecodeError> {
    catch_unwind(decode).unwrap_or(Err(DecodeError::Damaged))
}

/// Grey to red, green and blue.
fn grey(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0; data.len() * 3];
    for (rgb, y) in out.as_chunks_mut::<3>().0.iter_mut().zip(data) {
        *rgb = [*y; 3];
    }
    out
}
