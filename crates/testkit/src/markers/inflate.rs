//! What is packed inside a file: found by its first bytes, unpacked as it is read, searched as it comes out.

use std::io::{BufReader, Read};

use flate2::bufread::{DeflateDecoder, GzDecoder, ZlibDecoder};

use super::spelling::{Found, Needles};

/// Unpacked bytes searched of one stream.
const LIMIT: u64 = 256 << 20;
/// Unpacked bytes searched at a time.
const CHUNK: usize = 1 << 20;
/// Streams tried in one window: random bytes look like a stream now and then, and end at once.
const CANDIDATES: usize = 20_000;
/// Streams inside streams.
const DEPTH: usize = 2;

/// How something is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// RFC 1950: PNG text and pixels, and much else.
    Zlib,
    /// RFC 1952.
    Gzip,
    /// An entry of a zip; the bytes begin with its local header.
    ZipEntry,
    /// Snappy's framing format.
    SnappyFrames,
    /// A whole file of raw snappy.
    SnappyRaw,
}

impl Packing {
    const fn label(self) -> &'static str {
        match self {
            Self::Zlib => "zlib: ",
            Self::Gzip => "gzip: ",
            Self::ZipEntry => "zip: ",
            Self::SnappyFrames | Self::SnappyRaw => "snappy: ",
        }
    }
}

/// Places where something packed may begin.
pub fn candidates(bytes: &[u8]) -> Vec<(usize, Packing)> {
    let mut found = Vec::new();
    for (at, window) in bytes.windows(4).enumerate() {
        let packing = match window {
            // The method is deflate with a window of 32 KiB or less, and the check of the two bytes holds.
            [head, flags, ..]
                if head & 0x0f == 8
                    && head >> 4 <= 7
                    && (u16::from(*head) << 8 | u16::from(*flags)) % 31 == 0
                    && flags & 0x20 == 0
                    && plausible(window[2]) =>
            {
                Packing::Zlib
            }
            [0x1f, 0x8b, 8, _] => Packing::Gzip,
            [b'P', b'K', 3, 4] => Packing::ZipEntry,
            [0xff, 0x06, 0x00, 0x00] => Packing::SnappyFrames,
            _ => continue,
        };
        found.push((at, packing));
        if found.len() >= CANDIDATES {
            break;
        }
    }
    if bytes.len() >= 8 && snap::raw::decompress_len(bytes).is_ok_and(|n| n > 4 && n <= LIMIT as usize) {
        found.push((0, Packing::SnappyRaw));
    }
    found
}

/// The first block of a deflate stream: stored, fixed or dynamic; the fourth kind does not exist.
const fn plausible(first: u8) -> bool {
    first >> 1 & 3 != 3
}

/// Unpacks and searches; every find is told once with what it was in.
pub fn search(packing: Packing, packed: impl Read, needles: &Needles, mut tell: impl FnMut(&Found, &str)) {
    inner(packing, packed, needles, "", 0, &mut tell);
}

fn inner(
    packing: Packing,
    packed: impl Read,
    needles: &Needles,
    within: &str,
    depth: usize,
    tell: &mut dyn FnMut(&Found, &str),
) {
    let label = format!("{within}{}", packing.label());
    let packed = BufReader::with_capacity(4096, packed);
    match packing {
        Packing::Zlib => stream(ZlibDecoder::new(packed), needles, &label, depth, tell),
        Packing::Gzip => stream(GzDecoder::new(packed), needles, &label, depth, tell),
        Packing::SnappyFrames => stream(snap::read::FrameDecoder::new(packed), needles, &label, depth, tell),
        Packing::ZipEntry => zip_entry(packed, needles, &label, depth, tell),
        Packing::SnappyRaw => {
            let mut bytes = Vec::new();
            let mut packed = packed;
            let _ = packed.by_ref().take(LIMIT).read_to_end(&mut bytes);
            if let Ok(plain) = snap::raw::Decoder::new().decompress_vec(&bytes) {
                stream(plain.as_slice(), needles, &label, depth, tell);
            }
        }
    }
}

/// A local file header (APPNOTE 4.3.7), then the data. The data's length is not needed: deflate knows its end, and
/// stored entries are searched as plain bytes anyway.
fn zip_entry(
    mut packed: impl std::io::BufRead,
    needles: &Needles,
    label: &str,
    depth: usize,
    tell: &mut dyn FnMut(&Found, &str),
) {
    let mut header = [0; 30];
    if packed.read_exact(&mut header).is_err() {
        return;
    }
    let short = |at: usize| u64::from(u16::from_le_bytes([header[at], header[at + 1]]));
    let (method, skip) = (short(8), short(26) + short(28));
    if method != 8 || std::io::copy(&mut packed.by_ref().take(skip), &mut std::io::sink()).is_err() {
        return;
    }
    stream(DeflateDecoder::new(packed), needles, label, depth, tell);
}

/// Searches what comes out, a chunk at a time with an overlap. An error ends it, after what came out before.
fn stream(
    plain: impl Read,
    needles: &Needles,
    label: &str,
    depth: usize,
    tell: &mut dyn FnMut(&Found, &str),
) {
    let mut plain = plain.take(LIMIT);
    let mut chunk: Vec<u8> = Vec::new();
    loop {
        let kept = chunk.len();
        let ended = fill(&mut plain, &mut chunk, kept + CHUNK);
        for found in needles.find(&chunk) {
            tell(&found, label);
        }
        if depth + 1 < DEPTH {
            for (at, packing) in candidates(&chunk) {
                let rest = &chunk[at..];
                inner(packing, rest, needles, label, depth + 1, tell);
            }
        }
        if ended {
            return;
        }
        let keep = needles.longest.min(chunk.len());
        chunk.drain(..chunk.len() - keep);
    }
}

/// Reads up to a length; true at the end or at an error, with what came out before it kept.
fn fill(plain: &mut impl Read, chunk: &mut Vec<u8>, length: usize) -> bool {
    let mut buffer = [0; 8192];
    while chunk.len() < length {
        match plain.read(&mut buffer) {
            Ok(0) | Err(_) => return true,
            Ok(n) => chunk.extend(&buffer[..n]),
        }
    }
    false
}
