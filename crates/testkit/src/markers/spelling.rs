//! The spellings of a marker, and a search for all of them at once.

use std::collections::HashMap;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::{Hit, Marker};

/// Bytes by which needles are looked up.
const PREFIX: usize = 4;

struct Needle {
    bytes: Vec<u8>,
    kind: String,
    spelling: &'static str,
}

/// All spellings of all markers.
pub struct Needles {
    all: Vec<Needle>,
    /// Numbers of needles by their first bytes.
    by_prefix: HashMap<[u8; PREFIX], Vec<usize>>,
    /// First bytes that occur, to pass over the rest quickly.
    first: [bool; 256],
    /// Length of the longest.
    pub longest: usize,
}

/// A needle found in bytes.
pub struct Found {
    kind: String,
    spelling: &'static str,
    pub at: usize,
}

impl Found {
    pub fn hit(&self, path: &Path, within: &str, base: u64) -> Hit {
        Hit {
            path: path.to_path_buf(),
            kind: self.kind.clone(),
            spelling: format!("{within}{}", self.spelling),
            at: base + self.at as u64,
        }
    }
}

impl Needles {
    pub fn new(markers: &[Marker]) -> Self {
        let mut all = Vec::new();
        for marker in markers {
            for (spelling, bytes) in spellings(&marker.text) {
                if bytes.len() >= 6 && !all.iter().any(|needle: &Needle| needle.bytes == bytes) {
                    all.push(Needle { bytes, kind: marker.kind.clone(), spelling });
                }
            }
        }
        let mut by_prefix: HashMap<[u8; PREFIX], Vec<usize>> = HashMap::new();
        let mut first = [false; 256];
        for (n, needle) in all.iter().enumerate() {
            let prefix = *needle.bytes.first_chunk::<PREFIX>().unwrap();
            by_prefix.entry(prefix).or_default().push(n);
            first[usize::from(prefix[0])] = true;
        }
        let longest = all.iter().map(|needle| needle.bytes.len()).max().unwrap_or(0);
        Self { all, by_prefix, first, longest }
    }

    /// The first place of every needle that is in the bytes.
    pub fn find(&self, bytes: &[u8]) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        for (at, window) in bytes.windows(PREFIX).enumerate() {
            if !self.first[usize::from(window[0])] {
                continue;
            }
            let Some(numbers) = self.by_prefix.get(window) else { continue };
            for needle in numbers.iter().map(|n| &self.all[*n]) {
                let known = |f: &Found| f.kind == needle.kind && f.spelling == needle.spelling;
                if bytes[at..].starts_with(&needle.bytes) && !found.iter().any(known) {
                    found.push(Found { kind: needle.kind.clone(), spelling: needle.spelling, at });
                }
            }
        }
        found
    }
}

/// Every way in which a text may stand in a file.
fn spellings(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let utf8 = text.as_bytes().to_vec();
    let utf16le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf16be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut all = Vec::new();
    for (names, bytes) in [
        (["base64", "base64url", "hex", "hex"], &utf8),
        (["base64 of utf-16le", "base64url of utf-16le", "hex of utf-16le", "hex of utf-16le"], &utf16le),
        (["base64 of utf-16be", "base64url of utf-16be", "hex of utf-16be", "hex of utf-16be"], &utf16be),
    ] {
        for skip in 0..3 {
            all.push((names[0], aligned(&STANDARD_NO_PAD, bytes, skip)));
            all.push((names[1], aligned(&URL_SAFE_NO_PAD, bytes, skip)));
        }
        all.push((names[2], hex::encode(bytes).into_bytes()));
        all.push((names[3], hex::encode_upper(bytes).into_bytes()));
    }
    all.push(("utf-16le", utf16le));
    all.push(("utf-16be", utf16be));
    for upper in [false, true] {
        for plus in [false, true] {
            all.push(("percent", percent(text, upper, plus)));
        }
        all.push(("json escapes", json(text, upper, false)));
        all.push(("json escapes", json(text, upper, true)));
    }
    // First, so that where two spellings are the same bytes it gives the name.
    all.insert(0, ("utf-8", utf8));
    all
}

/// The middle of the base64 of a text that stands `skip` bytes behind a multiple of three: what does not depend on
/// its neighbours.
fn aligned(engine: &impl Engine, bytes: &[u8], skip: usize) -> Vec<u8> {
    let padded = [vec![0; skip], bytes.to_vec()].concat();
    let whole = padded.len() / 3 * 3;
    let encoded = engine.encode(&padded[..whole]).into_bytes();
    // Of the first group, the bits of the skipped bytes are not ours.
    let start = [0, 2, 3][skip];
    encoded[start.min(encoded.len())..].to_vec()
}

fn percent(text: &str, upper: bool, plus: bool) -> Vec<u8> {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            b' ' if plus => out.push('+'),
            _ if upper => out.push_str(&format!("%{byte:02X}")),
            _ => out.push_str(&format!("%{byte:02x}")),
        }
    }
    out.into_bytes()
}

/// `\u706f` for what is not ASCII, or for everything.
fn json(text: &str, upper: bool, everything: bool) -> Vec<u8> {
    let mut out = String::new();
    for unit in text.encode_utf16() {
        match char::from_u32(u32::from(unit)) {
            Some(c) if c.is_ascii() && !everything => out.push(c),
            _ if upper => out.push_str(&format!("\\u{unit:04X}")),
            _ => out.push_str(&format!("\\u{unit:04x}")),
        }
    }
    out.into_bytes()
}
