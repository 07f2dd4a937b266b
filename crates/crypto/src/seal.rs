//! Sealing of pictures: how bytes become the chunks of `images.db`, format version 1.
//!
//! A blob is cut into chunks of 256 KiB, each sealed by AES-256-GCM (NIST SP 800-38D) under the blob's own random
//! key, in the manner of STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015; as age uses it):
//! - nonce: seven zero bytes | chunk number, u32 big-endian | 1 for the last chunk, else 0;
//! - associated data: the version byte 1 | blob id, 16 bytes | chunk number, u32 big-endian;
//! - stored: ciphertext | 16-byte tag.
//!
//! Before sealing, one byte 0x80 and as many zeros as needed (ISO/IEC 7816-4) bring the whole to a multiple of a
//! granule that grows with the size as in Padmé (Nikitin et al. 2019), but is at least 4 KiB and at most a chunk:
//! the length tells a size to within about 3 % or 4 KiB, whichever is more. Bytes that end on a chunk's border get
//! a last chunk of padding alone.
//!
//! **Invariant:** nothing is handed out before every chunk up to the last one has been verified, and one key seals
//! one blob once (the nonces are counted, so sealing twice under a key would break it).

use std::fmt;

use model::BlobId;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use crate::keys::Secret;

/// Bytes of padded plain text in every chunk but the last, which may have fewer.
pub const CHUNK: usize = 256 * 1024;
/// Bytes that sealing adds to each chunk.
pub const TAG: usize = 16;

const VERSION: u8 = 1;
const SMALLEST_GRANULE: usize = 4096;
const MARK: u8 = 0x80;

/// The random key of exactly one blob.
#[derive(Debug)]
pub struct BlobKey(Secret<32>);

impl BlobKey {
    /// A new key, for one blob that is sealed once.
    pub fn random() -> Self {
        Self(Secret::random())
    }

    /// Takes the bytes that the catalogue kept.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Secret::from_bytes(bytes))
    }

    /// The bytes for the catalogue to keep.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.bytes()
    }
}

/// The chunks are not those that were sealed under this key and id: changed, missing, moved or from elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sealed bytes are damaged or don't belong together")]
pub struct OpenError;

/// Seals bytes under a key that was made for them, and only for them.
pub fn seal(key: &BlobKey, id: &BlobId, plain: &[u8]) -> Vec<Vec<u8>> {
    let mut chunks = Vec::new();
    let keep = |_, chunk: &mut Vec<u8>| -> Result<(), std::convert::Infallible> {
        chunks.push(std::mem::take(chunk));
        Ok(())
    };
    let Ok(()) = seal_each(key, id, plain, &mut Vec::new(), keep);
    chunks
}

/// As [`seal`], one chunk after the other in a buffer whose memory is used again: `put` gets each with its number, and
/// may leave another buffer in its place.
///
/// # Errors
/// The first error of `put`.
pub fn seal_each<E>(
    key: &BlobKey,
    id: &BlobId,
    plain: &[u8],
    buffer: &mut Vec<u8>,
    mut put: impl FnMut(usize, &mut Vec<u8>) -> Result<(), E>,
) -> Result<(), E> {
    let cipher = Cipher::new(key, id);
    let padded = padded_len(plain.len());
    for n in 0..padded.div_ceil(CHUNK) {
        let start = n * CHUNK;
        let size = CHUNK.min(padded - start);
        let last = start + size == padded;
        buffer.clear();
        buffer.reserve(size + TAG);
        buffer.extend_from_slice(plain.get(start..plain.len().min(start + size)).unwrap_or_default());
        if last {
            buffer.push(MARK);
            buffer.resize(size, 0);
        }
        cipher.seal(n, last, buffer);
        put(n, buffer)?;
    }
    Ok(())
}

/// Opens all chunks of a blob in their order.
///
/// # Errors
/// [`OpenError`] when anything about them was changed.
pub fn open<'a>(
    key: &BlobKey,
    id: &BlobId,
    chunks: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Vec<u8>, OpenError> {
    let mut plain = Vec::new();
    open_into(key, id, chunks, &mut plain)?;
    Ok(plain)
}

/// Like [`open`], into a buffer whose memory is used again. After an error the buffer is empty.
///
/// # Errors
/// [`OpenError`] when anything about the chunks was changed.
pub fn open_into<'a>(
    key: &BlobKey,
    id: &BlobId,
    chunks: impl IntoIterator<Item = &'a [u8]>,
    plain: &mut Vec<u8>,
) -> Result<(), OpenError> {
    let mut opener = Opener::with_buffer(key, id, std::mem::take(plain));
    for chunk in chunks {
        opener.push(chunk)?;
    }
    *plain = opener.finish()?;
    Ok(())
}

/// Opens a blob whose chunks come one by one. Each is copied once at most and opened where it lies.
pub struct Opener {
    cipher: Cipher,
    /// Opened chunks, then the newest one still sealed (whether it is the last shows only at the end), then room.
    buffer: Vec<u8>,
    opened: usize,
    newest: usize,
    pushed: usize,
}

impl Opener {
    /// Starts on a blob.
    pub fn new(key: &BlobKey, id: &BlobId) -> Self {
        Self::with_buffer(key, id, Vec::new())
    }

    /// Starts on a blob whose chunks have this many bytes together, so that nothing has to be moved.
    pub fn with_room(key: &BlobKey, id: &BlobId, bytes: usize) -> Self {
        let mut opener = Self::new(key, id);
        opener.buffer = vec![0; bytes];
        opener
    }

    /// Starts on a blob with a buffer to use again; what is in it is dropped.
    pub fn with_buffer(key: &BlobKey, id: &BlobId, mut buffer: Vec<u8>) -> Self {
        buffer.clear();
        Self { cipher: Cipher::new(key, id), buffer, opened: 0, newest: 0, pushed: 0 }
    }

    /// Takes the next chunk.
    ///
    /// # Errors
    /// [`OpenError`] when the one before is not what was sealed, or a chunk has an impossible size.
    pub fn push(&mut self, sealed: &[u8]) -> Result<(), OpenError> {
        self.next(sealed.len())?;
        self.buffer.truncate(self.opened);
        self.buffer.extend_from_slice(sealed);
        Ok(())
    }

    /// Where the next chunk of so many bytes is to be written by the caller, who then goes on or finishes.
    ///
    /// # Errors
    /// As [`Opener::push`].
    pub fn room(&mut self, bytes: usize) -> Result<&mut [u8], OpenError> {
        self.next(bytes)?;
        let end = self.opened + bytes;
        if self.buffer.len() < end {
            self.buffer.resize(end, 0);
        }
        self.buffer.get_mut(self.opened..end).ok_or(OpenError)
    }

    fn next(&mut self, bytes: usize) -> Result<(), OpenError> {
        if bytes > CHUNK + TAG {
            return Err(OpenError);
        }
        if self.pushed > 0 {
            self.open_newest(false)?;
        }
        self.newest = bytes;
        self.pushed += 1;
        Ok(())
    }

    /// The bytes that were sealed.
    ///
    /// # Errors
    /// [`OpenError`] when the newest chunk is not the last one that was sealed.
    pub fn finish(mut self) -> Result<Vec<u8>, OpenError> {
        let start = self.opened;
        self.open_newest(true)?;
        let last = self.buffer.get(start..self.opened).ok_or(OpenError)?;
        let mark = last.iter().rposition(|&byte| byte != 0).ok_or(OpenError)?;
        if last.get(mark) != Some(&MARK) {
            return Err(OpenError);
        }
        self.buffer.truncate(start + mark);
        Ok(self.buffer)
    }

    fn open_newest(&mut self, last: bool) -> Result<(), OpenError> {
        let n = self.pushed.checked_sub(1).ok_or(OpenError)?;
        let sealed = self.buffer.get_mut(self.opened..self.opened + self.newest).ok_or(OpenError)?;
        let plain = self.cipher.open(n, last, sealed)?;
        if !last && plain != CHUNK {
            return Err(OpenError);
        }
        self.opened += plain;
        Ok(())
    }
}

impl fmt::Debug for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opener(…)")
    }
}

/// The key schedule, made once for all chunks of a blob.
struct Cipher {
    key: LessSafeKey,
    id: [u8; 16],
}

impl Cipher {
    fn new(key: &BlobKey, id: &BlobId) -> Self {
        Self { key: aes_key(key.as_bytes()), id: *id.as_bytes() }
    }

    fn seal(&self, n: usize, last: bool, chunk: &mut Vec<u8>) {
        let n = u32::try_from(n).unwrap_or_else(|_| unreachable!("a petabyte does not fit in memory"));
        let (nonce, aad) = self.frame(n, last);
        if self.key.seal_in_place_append_tag(nonce, aad, chunk).is_err() {
            unreachable!("a chunk is within the limit of AES-GCM");
        }
    }

    fn open(&self, n: usize, last: bool, chunk: &mut [u8]) -> Result<usize, OpenError> {
        let n = u32::try_from(n).map_err(|_| OpenError)?;
        let (nonce, aad) = self.frame(n, last);
        self.key.open_in_place(nonce, aad, chunk).map(|plain| plain.len()).map_err(|_| OpenError)
    }

    fn frame(&self, n: u32, last: bool) -> (Nonce, Aad<[u8; 21]>) {
        let mut nonce = [0; 12];
        let mut aad = [0; 21];
        let [_, _, _, _, _, _, _, count @ .., flag] = &mut nonce;
        *count = n.to_be_bytes();
        *flag = u8::from(last);
        let (head, count) = aad.split_at_mut(17);
        if let [version, id @ ..] = head {
            *version = VERSION;
            id.copy_from_slice(&self.id);
        }
        count.copy_from_slice(&n.to_be_bytes());
        (Nonce::assume_unique_for_key(nonce), Aad::from(aad))
    }
}

pub(crate) fn aes_key(bytes: &[u8; 32]) -> LessSafeKey {
    match UnboundKey::new(&AES_256_GCM, bytes) {
        Ok(key) => LessSafeKey::new(key),
        Err(_) => unreachable!("32 bytes are the length of an AES-256 key"),
    }
}

/// Length with the mark and the zeros. The mark always falls into the last chunk, because the granule divides
/// both the whole and the chunk.
fn padded_len(len: usize) -> usize {
    let marked = len + 1;
    if marked <= SMALLEST_GRANULE {
        return SMALLEST_GRANULE;
    }
    let exponent = marked.ilog2();
    let granule = 1_usize << (exponent - exponent.ilog2() - 1);
    marked.next_multiple_of(granule.clamp(SMALLEST_GRANULE, CHUNK))
}

#[cfg(test)]
#[path = "seal_tests.rs"]
mod tests;
