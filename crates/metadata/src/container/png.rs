//! PNG chunks. Source: PNG 3rd edition, §5 and §11; the C2PA chunk `caBX` from C2PA 2.1 §A.3.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::text::utf8_or_latin1;
use super::{Blocks, be32};
use crate::{Note, limits};

/// What ImageMagick calls an EXIF block that it keeps in a text chunk.
const RAW_PROFILES: [&str; 2] = ["Raw profile type exif", "Raw profile type APP1"];

/// Walks the chunks, also those after the picture's. CRCs are not checked: a text is worth reading all the same.
pub fn read(bytes: &[u8], blocks: &mut Blocks) {
    let mut at = 8;
    while let (Some(length), Some(kind)) = (be32(bytes, at), bytes.get(at + 4..at + 8)) {
        let start = at + 8;
        let data = usize::try_from(length).ok().and_then(|n| bytes.get(start..start.checked_add(n)?));
        let Some(data) = data else { return blocks.note(Note::DamagedBlock) };
        chunk(kind, data, blocks);
        if kind == b"IEND" {
            break;
        }
        at = start + data.len() + 4;
    }
}

fn chunk(kind: &[u8], data: &[u8], blocks: &mut Blocks) {
    match kind {
        b"IHDR" => {
            if let (Some(width), Some(height)) = (be32(data, 0), be32(data, 4)) {
                blocks.size(width, height);
            }
        }
        b"acTL" => blocks.reading.animated = be32(data, 0).is_some_and(|frames| frames > 1),
        b"tEXt" => {
            if let Some((key, text)) = split(data) {
                text_block("png:tEXt", key, text, blocks);
            }
        }
        b"zTXt" => {
            if let Some((key, [_, compressed @ ..])) = split(data) {
                inflated_block("png:zTXt", key, compressed, blocks);
            }
        }
        b"iTXt" => international(data, blocks),
        b"eXIf" => blocks.exif(data),
        b"caBX" => blocks.manifest(data),
        _ => {}
    }
}

/// keyword NUL, flag, method, language NUL, translated keyword NUL, text.
fn international(data: &[u8], blocks: &mut Blocks) {
    let Some((key, [flag, _, rest @ ..])) = split(data) else { return };
    let Some(text) = split(rest).and_then(|(_, rest)| split(rest)).map(|(_, text)| text) else { return };
    match flag {
        0 => text_block("png:iTXt", key, text, blocks),
        _ => inflated_block("png:iTXt", key, text, blocks),
    }
}

fn inflated_block(place: &str, key: &[u8], compressed: &[u8], blocks: &mut Blocks) {
    // The budget is of all that is inflated, so that many bombs are no worse than one.
    let budget = limits::BLOCK.min(limits::FILE.saturating_sub(blocks.inflated));
    let mut text = Vec::new();
    let done = ZlibDecoder::new(compressed).take(budget as u64 + 1).read_to_end(&mut text);
    blocks.inflated += text.len();
    if text.len() > budget {
        return blocks.note(Note::BlockTooLarge);
    }
    match done {
        Ok(_) => text_block(place, key, &text, blocks),
        Err(_) => blocks.note(Note::DamagedBlock),
    }
}

fn text_block(place: &str, key: &[u8], text: &[u8], blocks: &mut Blocks) {
    let key = utf8_or_latin1(key);
    if key == "XML:com.adobe.xmp" {
        return blocks.xmp(text);
    }
    if RAW_PROFILES.contains(&key.as_str())
        && let Some(profile) = raw_profile(text)
    {
        return blocks.exif(&profile);
    }
    blocks.push(place, &key, text);
}

/// newline, name, newline, length in decimal, newline, hexadecimal digits in lines. Source: ImageMagick coders/png.c.
fn raw_profile(text: &[u8]) -> Option<Vec<u8>> {
    let mut lines = text.splitn(4, |byte| *byte == b'\n');
    let digits = lines.nth(3)?;
    let mut nibbles = digits.iter().filter(|b| !b.is_ascii_whitespace()).map(|b| char::from(*b).to_digit(16));
    let mut bytes = Vec::with_capacity(digits.len() / 2);
    while let Some(high) = nibbles.next() {
        bytes.push(u8::try_from(high? << 4 | nibbles.next()??).ok()?);
    }
    Some(bytes)
}

fn split(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr::memchr(0, data)?;
    Some((data.get(..end)?, data.get(end + 1..)?))
}
