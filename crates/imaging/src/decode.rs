//! Decoding, by format. What a file declares is compared with the limits before anything is allocated for it.

use std::io::Cursor;

use model::Format;

use crate::orientation::{self, Orientation};
use crate::{Layout, Picture};

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
}

/// Why there is no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Not a format that is decoded here.
    #[error("not a supported picture")]
    Unsupported,
    /// Beyond the limits.
    #[error("the picture is too large")]
    TooLarge,
    /// The bytes are not what they should be.
    #[error("the picture is damaged")]
    Damaged,
}

/// Decodes a picture; of several frames the first.
///
/// # Errors
/// See [`DecodeError`]. A file that ends early gives an error, never half a picture.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture, DecodeError> {
    match Format::sniff(bytes) {
        Some(Format::Png) => png(bytes, limits),
        Some(Format::Jpeg) => jpeg(bytes, limits),
        Some(Format::Webp) => webp(bytes, limits),
        Some(Format::Avif) | None => Err(DecodeError::Unsupported),
    }
}

fn png(bytes: &[u8], limits: &Limits) -> Result<Picture, DecodeError> {
    let mut decoder =
        png::Decoder::new_with_limits(Cursor::new(bytes), png::Limits { bytes: limits.max_bytes });
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    // Text is read elsewhere, within limits of its own.
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let header = decoder.read_header_info().map_err(|e| png_error(&e))?;
    limits.admit(header.width, header.height)?;
    let mut reader = decoder.read_info().map_err(|e| png_error(&e))?;
    let size = reader.output_buffer_size().filter(|n| *n <= limits.max_bytes).ok_or(DecodeError::TooLarge)?;
    let mut data = vec![0; size];
    let frame = reader.next_frame(&mut data).map_err(|e| png_error(&e))?;
    data.truncate(frame.buffer_size());
    let (data, layout) = match frame.color_type {
        png::ColorType::Rgb => (data, Layout::Rgb8),
        png::ColorType::Rgba => (data, Layout::Rgba8),
        png::ColorType::Grayscale => (data.iter().flat_map(|&y| [y, y, y]).collect(), Layout::Rgb8),
        png::ColorType::GrayscaleAlpha => (grey_alpha(&data), Layout::Rgba8),
        png::ColorType::Indexed => return Err(DecodeError::Damaged),
    };
    Ok(Picture { width: frame.width, height: frame.height, data, layout })
}

fn grey_alpha(data: &[u8]) -> Vec<u8> {
    let (pairs, _) = data.as_chunks::<2>();
    pairs.iter().flat_map(|[y, a]| [*y, *y, *y, *a]).collect()
}

const fn png_error(error: &png::DecodingError) -> DecodeError {
    match error {
        png::DecodingError::LimitsExceeded => DecodeError::TooLarge,
        _ => DecodeError::Damaged,
    }
}

/// jpeg-decoder, because zune-jpeg 0.5.15 shows baseline files whose components have scans of their own wrongly
/// without an error.
fn jpeg(bytes: &[u8], limits: &Limits) -> Result<Picture, DecodeError> {
    let mut decoder = jpeg_decoder::Decoder::new(Cursor::new(bytes));
    decoder.set_max_decoding_buffer_size(limits.max_bytes);
    decoder.read_info().map_err(|_| DecodeError::Damaged)?;
    let info = decoder.info().ok_or(DecodeError::Damaged)?;
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    limits.admit(width, height)?;
    let data = decoder.decode().map_err(|_| DecodeError::Damaged)?;
    let data = match info.pixel_format {
        jpeg_decoder::PixelFormat::RGB24 => data,
        jpeg_decoder::PixelFormat::L8 => data.iter().flat_map(|&y| [y, y, y]).collect(),
        jpeg_decoder::PixelFormat::L16 => data.as_chunks::<2>().0.iter().flat_map(|[_, y]| [*y; 3]).collect(),
        jpeg_decoder::PixelFormat::CMYK32 => cmyk(&data),
    };
    let turn = decoder.exif_data().map_or(Orientation::default(), orientation::of_exif);
    Ok(orientation::apply(Picture { width, height, data, layout: Layout::Rgb8 }, turn))
}

/// jpeg-decoder gives CMYK with 255 for no ink (Adobe's way), already turned from YCCK.
fn cmyk(data: &[u8]) -> Vec<u8> {
    let mix =
        |ink: u8, black: u8| u8::try_from(u32::from(255 - ink) * u32::from(255 - black) / 255).unwrap_or(255);
    data.as_chunks::<4>().0.iter().flat_map(|[c, m, y, k]| [mix(*c, *k), mix(*m, *k), mix(*y, *k)]).collect()
}

fn webp(bytes: &[u8], limits: &Limits) -> Result<Picture, DecodeError> {
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(bytes)).map_err(|_| DecodeError::Damaged)?;
    decoder.set_memory_limit(limits.max_bytes);
    let (width, height) = decoder.dimensions();
    limits.admit(width, height)?;
    let size =
        decoder.output_buffer_size().filter(|n| *n <= limits.max_bytes).ok_or(DecodeError::TooLarge)?;
    let layout = if decoder.has_alpha() { Layout::Rgba8 } else { Layout::Rgb8 };
    let mut data = vec![0; size];
    decoder.read_image(&mut data).map_err(|_| DecodeError::Damaged)?;
    let exif = decoder.exif_metadata().ok().flatten();
    let turn = exif.map_or(Orientation::default(), |exif| orientation::of_exif(&exif));
    Ok(orientation::apply(Picture { width, height, data, layout }, turn))
}
