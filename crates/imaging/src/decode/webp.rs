//! WebP. Of an animation the first frame.

use std::io::Cursor;

use super::{DecodeError, Limits};
use crate::orientation::{self, Orientation};
use crate::{Layout, Picture};

pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture, DecodeError> {
    // Of an animation the first frame would be whole, but the file is not.
    let declared = bytes.get(4..8).and_then(|size| size.first_chunk::<4>()).map(|n| u32::from_le_bytes(*n));
    if declared.is_none_or(|size| size as usize > bytes.len().saturating_sub(8)) {
        return Err(DecodeError::Damaged);
    }
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(bytes)).map_err(|_| DecodeError::Damaged)?;
    decoder.set_memory_limit(limits.max_bytes);
    let (width, height) = decoder.dimensions();
    limits.bytes_of(width, height, 4)?;
    if let Some((coded, framed)) = key_frame(bytes) {
        limits.bytes_of(coded.0, coded.1, 4)?;
        if coded != framed.unwrap_or((width, height)) {
            return Err(DecodeError::Damaged);
        }
    }
    let size =
        decoder.output_buffer_size().filter(|n| *n <= limits.max_bytes).ok_or(DecodeError::TooLarge)?;
    let layout = if decoder.has_alpha() { Layout::Rgba8 } else { Layout::Rgb8 };
    let mut data = vec![0; size];
    decoder.read_image(&mut data).map_err(|_| DecodeError::Damaged)?;
    let exif = decoder.exif_metadata().ok().flatten();
    let turn = exif.map_or(Orientation::default(), |exif| orientation::of_exif(&exif));
    Ok(orientation::apply(Picture { width, height, data, layout }, turn))
}

type Size = (u32, u32);

/// Width and height of the first lossy frame, and those of the animation's frame around it. image-webp makes room
/// before it compares them, and beside an alpha plane it does not compare them at all.
fn key_frame(bytes: &[u8]) -> Option<(Size, Option<Size>)> {
    let mut rest = bytes.get(12..)?;
    let mut framed = None;
    loop {
        let (kind, after) = rest.split_first_chunk::<4>()?;
        let (size, body) = after.split_first_chunk::<4>()?;
        match kind {
            // RFC 6386 §9.1: after the frame tag and the start code, 14 bits each.
            b"VP8 " => {
                let [a, b, c, d] = *body.get(6..)?.first_chunk::<4>()?;
                let edge = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
                return Some(((edge(a, b), edge(c, d)), framed));
            }
            // RFC 9649 §2.7.1.1: place, size less one, duration and flags, then the frame's own chunks.
            b"ANMF" => {
                let (head, chunks) = body.split_first_chunk::<16>()?;
                let [_, _, _, _, _, _, a, b, c, d, e, f, ..] = *head;
                let edge = |bytes: [u8; 3]| {
                    let [low, middle, high] = bytes;
                    u32::from_le_bytes([low, middle, high, 0]) + 1
                };
                framed = Some((edge([a, b, c]), edge([d, e, f])));
                rest = chunks;
            }
            _ => {
                let size = u32::from_le_bytes(*size) as usize;
                rest = body.get(size.checked_add(size % 2)?..)?;
            }
        }
    }
}
