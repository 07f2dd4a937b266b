//! PNG. Of an animation the default image.

use std::io::Cursor;

use super::{DecodeError, Limits, grey};
use crate::{Layout, Picture};

pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture, DecodeError> {
    let mut decoder =
        png::Decoder::new_with_limits(Cursor::new(bytes), png::Limits { bytes: limits.max_bytes });
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    // Text is read elsewhere, within limits of its own.
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let header = decoder.read_header_info().map_err(|e| refusal(&e))?;
    let (width, height) = (header.width, header.height);
    limits.bytes_of(width, height, 4)?;
    let mut reader = decoder.read_info().map_err(|e| refusal(&e))?;
    let size = reader.output_buffer_size().filter(|n| *n <= limits.max_bytes).ok_or(DecodeError::TooLarge)?;
    let mut data = vec![0; size];
    let frame = reader.next_frame(&mut data).map_err(|e| refusal(&e))?;
    // Only an animation's first frame could be smaller than the header says, and may not.
    if (frame.width, frame.height) != (width, height) {
        return Err(DecodeError::Damaged);
    }
    data.truncate(frame.buffer_size());
    let (data, layout) = match frame.color_type {
        png::ColorType::Rgb => (data, Layout::Rgb8),
        png::ColorType::Rgba => (data, Layout::Rgba8),
        png::ColorType::Grayscale => (grey(&data), Layout::Rgb8),
        png::ColorType::GrayscaleAlpha => (grey_alpha(&data), Layout::Rgba8),
        png::ColorType::Indexed => return Err(DecodeError::Damaged),
    };
    Ok(Picture { width, height, data, layout })
}

fn grey_alpha(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0; data.len() * 2];
    for (rgba, [y, a]) in out.as_chunks_mut::<4>().0.iter_mut().zip(data.as_chunks::<2>().0) {
        *rgba = [*y, *y, *y, *a];
    }
    out
}

const fn refusal(error: &png::DecodingError) -> DecodeError {
    match error {
        png::DecodingError::LimitsExceeded => DecodeError::TooLarge,
        _ => DecodeError::Damaged,
    }
}
