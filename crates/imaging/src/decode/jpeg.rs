//! JPEG, by jpeg-decoder: zune-jpeg 0.5.15 shows baseline files whose components have scans of their own wrongly
//! without an error.

use std::io::Cursor;

use jpeg_decoder::{Decoder, PixelFormat};

use super::{DecodeError, Limits, Reduced, grey};
use crate::orientation::{self, Orientation};
use crate::{Layout, Picture};

/// Decodes, at a reduced scale where `edge` allows that.
pub fn decode(bytes: &[u8], limits: &Limits, edge: Option<u32>) -> Result<Reduced, DecodeError> {
    let mut decoder = Decoder::new(Cursor::new(bytes));
    decoder.set_max_decoding_buffer_size(limits.max_bytes);
    decoder.read_info().map_err(|e| refusal(&e))?;
    let info = decoder.info().ok_or(DecodeError::Damaged)?;
    let whole = (u32::from(info.width), u32::from(info.height));
    limits.bytes_of(whole.0, whole.1, info.pixel_format.pixel_bytes().max(3))?;
    let mut shown = whole;
    if let Some(edge) = edge {
        let (width, height) = fitted(info.width, info.height, edge);
        let (width, height) = decoder.scale(width, height).map_err(|e| refusal(&e))?;
        shown = (u32::from(width), u32::from(height));
    }
    let data = decoder.decode().map_err(|e| refusal(&e))?;
    let data = match info.pixel_format {
        PixelFormat::RGB24 => data,
        PixelFormat::L8 => grey(&data),
        PixelFormat::L16 => grey(&high_bytes(&data)),
        PixelFormat::CMYK32 => cmyk(&data),
    };
    let turn = decoder.exif_data().map_or(Orientation::default(), orientation::of_exif);
    let (width, height) = turn.size(whole.0, whole.1);
    let picture = Picture { width: shown.0, height: shown.1, data, layout: Layout::Rgb8 };
    Ok(Reduced { picture: orientation::apply(picture, turn), width, height })
}

/// The size whose longer edge is `edge`; the decoder takes the next larger one that it can.
fn fitted(width: u16, height: u16, edge: u32) -> (u16, u16) {
    let longer = u32::from(width.max(height)).max(1);
    let scaled = |n: u16| {
        let n = (u64::from(n) * u64::from(edge)).div_ceil(u64::from(longer));
        u16::try_from(n).unwrap_or(u16::MAX).max(1)
    };
    if longer <= edge { (width, height) } else { (scaled(width), scaled(height)) }
}

/// Samples of the lossless process have 16 bits in the machine's order, of which `precision` are used; jpeg-decoder
/// shifts them up.
fn high_bytes(data: &[u8]) -> Vec<u8> {
    data.as_chunks::<2>().0.iter().map(|sample| u16::from_ne_bytes(*sample).to_be_bytes()[0]).collect()
}

/// jpeg-decoder gives CMYK with 255 for no ink (Adobe's way), already turned from YCCK.
fn cmyk(data: &[u8]) -> Vec<u8> {
    let mix =
        |ink: u8, black: u8| u8::try_from(u32::from(255 - ink) * u32::from(255 - black) / 255).unwrap_or(255);
    data.as_chunks::<4>().0.iter().flat_map(|[c, m, y, k]| [mix(*c, *k), mix(*m, *k), mix(*y, *k)]).collect()
}

const fn refusal(error: &jpeg_decoder::Error) -> DecodeError {
    match error {
        jpeg_decoder::Error::Unsupported(_) => DecodeError::Unsupported,
        _ => DecodeError::Damaged,
    }
}
