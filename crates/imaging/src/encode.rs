//! Encoding for the screen: thumbnails and full renditions, without any metadata.

use std::borrow::Cow;

use jpeg_encoder::{ColorType as JpegColor, Encoder as JpegEncoder};

use crate::resize::shrink;
use crate::{Layout, Picture};

/// Quality of JPEG thumbnails: artefacts can't be seen at their size.
const QUALITY: u8 = 80;

/// A picture encoded by this program.
#[derive(Clone, PartialEq, Eq)]
pub struct Encoded {
    /// The file's bytes.
    pub bytes: Vec<u8>,
    /// Media type.
    pub mime: &'static str,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

impl std::fmt::Debug for Encoded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Encoded({}, {} × {}, {} bytes)", self.mime, self.width, self.height, self.bytes.len())
    }
}

/// The encoder refused; with pictures from this crate it does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the picture could not be encoded")]
pub struct EncodeError;

/// A small picture whose longer edge is at most `edge` pixels; never enlarged. JPEG, or PNG where anything can be
/// seen through.
///
/// # Errors
/// [`EncodeError`].
pub fn thumbnail(picture: &Picture, edge: u32) -> Result<Encoded, EncodeError> {
    let seen_through = picture.has_alpha();
    let small = shrink(picture, edge, seen_through).map_or(Cow::Borrowed(picture), Cow::Owned);
    if seen_through { png(&small, &small.data, png::ColorType::Rgba) } else { jpeg(&small) }
}

/// The whole picture without loss, encoded fast rather than small: PNG. Alpha that cannot be seen is left out.
///
/// # Errors
/// [`EncodeError`].
pub fn rendition(picture: &Picture) -> Result<Encoded, EncodeError> {
    match picture.layout {
        Layout::Rgb8 => png(picture, &picture.data, png::ColorType::Rgb),
        Layout::Rgba8 if picture.has_alpha() => png(picture, &picture.data, png::ColorType::Rgba),
        Layout::Rgba8 => png(picture, &picture.to_rgb(), png::ColorType::Rgb),
    }
}

fn png(picture: &Picture, data: &[u8], color: png::ColorType) -> Result<Encoded, EncodeError> {
    let mut bytes = Vec::with_capacity(data.len() / 2);
    let mut encoder = png::Encoder::new(&mut bytes, picture.width, picture.height);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fastest);
    encoder.set_color(color);
    let mut writer = encoder.write_header().map_err(|_| EncodeError)?;
    writer.write_image_data(data).map_err(|_| EncodeError)?;
    writer.finish().map_err(|_| EncodeError)?;
    Ok(Encoded { bytes, mime: "image/png", width: picture.width, height: picture.height })
}

fn jpeg(picture: &Picture) -> Result<Encoded, EncodeError> {
    let mut bytes = Vec::with_capacity(32 * 1024);
    let edge = |n: u32| u16::try_from(n).map_err(|_| EncodeError);
    let color = match picture.layout {
        Layout::Rgb8 => JpegColor::Rgb,
        Layout::Rgba8 => JpegColor::Rgba,
    };
    // Optimised Huffman tables would split the scans, which some decoders show wrongly.
    let encoder = JpegEncoder::new(&mut bytes, QUALITY);
    encoder
        .encode(&picture.data, edge(picture.width)?, edge(picture.height)?, color)
        .map_err(|_| EncodeError)?;
    Ok(Encoded { bytes, mime: "image/jpeg", width: picture.width, height: picture.height })
}
