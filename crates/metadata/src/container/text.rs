//! Bytes to text, by what programs really write and not by what the specifications ask for.

use model::RawBlock;

/// The text of a block, decoded as its place asks for.
pub fn of(block: &RawBlock) -> String {
    match block.place.as_str() {
        "exif:UserComment" => user_comment(&block.bytes),
        // NovelAI writes four NULs before the text of its ImageDescription.
        place if place.starts_with("exif:") => trimmed(&utf8_or_latin1(&block.bytes)),
        _ => utf8_or_latin1(&block.bytes),
    }
}

/// Strict UTF-8, otherwise Latin-1: several programs write UTF-8 where PNG asks for Latin-1.
pub fn utf8_or_latin1(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().map(|&b| char::from(b)).collect(), str::to_owned)
}

fn trimmed(text: &str) -> String {
    text.trim_matches(|c: char| c == '\0' || c.is_whitespace()).to_owned()
}

/// An EXIF UserComment: eight bytes that name the character set, then text; or text from the first byte.
///
/// The byte order of `UNICODE` text does not follow that of the TIFF around it, so the more plausible one is taken.
fn user_comment(bytes: &[u8]) -> String {
    let text = match bytes.split_first_chunk::<8>() {
        Some((b"UNICODE\0", rest)) => utf16(rest),
        Some((b"ASCII\0\0\0" | b"\0\0\0\0\0\0\0\0" | b"JIS\0\0\0\0\0", rest)) => utf8_or_latin1(rest),
        _ => utf8_or_latin1(bytes),
    };
    trimmed(&text)
}

fn utf16(bytes: &[u8]) -> String {
    match bytes {
        [0xfe, 0xff, rest @ ..] => decode(rest, u16::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => decode(rest, u16::from_le_bytes),
        _ => {
            let (big, little) = (decode(bytes, u16::from_be_bytes), decode(bytes, u16::from_le_bytes));
            if strangeness(&big) <= strangeness(&little) { big } else { little }
        }
    }
}

fn decode(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// How unlike a prompt a text is: in the wrong byte order `a` becomes `愀` and a space `\u{2000}`. Real texts of
/// any language hold ASCII (commas, colons, digits, line ends).
fn strangeness(text: &str) -> i64 {
    let of = |c| match u32::from(c) {
        0x09 | 0x0a | 0x0d | 0x20..=0x7e => -2,
        0xfffd | 0xe000..=0xf8ff | 0x2000 => 4,
        0x00 => 3,
        n if n & 0xff == 0 => 2,
        _ => 0,
    };
    text.chars().take(4096).map(of).sum()
}
