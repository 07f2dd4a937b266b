//! PNG chunks. Source: PNG 3rd edition, §5 and §11; the C2PA chunk `caBX` from C2PA 2.1 §A.3.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::text::utf8_or_latin1;
use super::{Blocks, be32};
use crate::{Note, limits};

/// Walks the chunks, also those after the picture's. CRCs are not checked: a text is worth reading all the same.
pub fn read(bytes: &[u8], blocks: &mut Blocks) {
    let mut at = 8;
    while let (Some(length), Some(kind)) = (be32(bytes, at), bytes.get(at + 4..at + 8)) {
        let start = at + 8;
        let Some(end) = usize::try_from(length).ok().and_then(|n| start.checked_add(n)) else { break };
        let Some(data) = bytes.get(start..end) else {
            blocks.note(Note::DamagedBlock);
            break;
        };
        chunk(kind, data, blocks);
        if kind == b"IEND" {
            break;
        }
        at = end + 4;
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
                text_block("png:tEXt", key, utf8_or_latin1(text), blocks);
            }
        }
        b"zTXt" => {
            if let Some((key, [_, compressed @ ..])) = split(data) {
                match inflate(compressed, blocks) {
                    Some(text) => text_block("png:zTXt", key, utf8_or_latin1(&text), blocks),
                    None => blocks.note(Note::DamagedBlock),
                }
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
    if *flag == 0 {
        return text_block("png:iTXt", key, utf8_or_latin1(text), blocks);
    }
    match inflate(text, blocks) {
        Some(text) => text_block("png:iTXt", key, utf8_or_latin1(&text), blocks),
        None => blocks.note(Note::DamagedBlock),
    }
}

fn text_block(place: &str, key: &[u8], text: String, blocks: &mut Blocks) {
    let key = utf8_or_latin1(key);
    match key.as_str() {
        "XML:com.adobe.xmp" => blocks.xmp(text.as_bytes()),
        _ => blocks.push(place, &key, text.into_bytes()),
    }
}

fn split(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = data.iter().position(|byte| *byte == 0)?;
    Some((data.get(..end)?, data.get(end + 1..)?))
}

fn inflate(compressed: &[u8], blocks: &mut Blocks) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    ZlibDecoder::new(compressed).take(limits::BLOCK as u64 + 1).read_to_end(&mut text).ok()?;
    if text.len() > limits::BLOCK {
        blocks.note(Note::BlockTooLarge);
        return Some(Vec::new());
    }
    Some(text)
}
