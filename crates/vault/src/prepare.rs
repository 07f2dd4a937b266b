//! Making an item ready for the vault: all that can be done on any thread, before the one writer is asked.

use crypto::seal::{self, BlobKey};
use model::{Item, RawBlock};

use crate::images::SealedBlob;

/// A smaller picture to look at.
#[derive(Debug, Clone)]
pub struct Rendition {
    /// Encoded bytes, made by this program.
    pub bytes: Vec<u8>,
    /// Media type.
    pub mime: &'static str,
}

/// Which bytes of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The file as it came, bit for bit.
    Original = 0,
    /// The small picture of the gallery.
    Thumbnail = 1,
}

/// Bytes sealed under a key of their own.
pub(crate) struct SealedPart {
    pub role: Role,
    pub blob: SealedBlob,
    pub key: BlobKey,
    pub mime: &'static str,
}

/// An item with everything sealed, ready to be committed.
pub struct Prepared {
    pub(crate) item: Item,
    pub(crate) raw: Vec<RawBlock>,
    pub(crate) parts: Vec<SealedPart>,
}

impl Prepared {
    /// Whether the item says what was asked for.
    pub fn has_prompt(&self) -> bool {
        self.item.recipe.prompt.as_deref().is_some_and(|prompt| !prompt.trim().is_empty())
    }

    /// Bytes that will be written to `images.db`.
    pub fn sealed_bytes(&self) -> usize {
        self.parts.iter().flat_map(|part| &part.blob.chunks).map(Vec::len).sum()
    }
}

/// Seals an item's original and thumbnail under fresh keys. The thumbnail may be absent where the original
/// can't be decoded.
pub fn prepare(item: Item, raw: Vec<RawBlock>, original: &[u8], thumbnail: Option<&Rendition>) -> Prepared {
    let mut parts = vec![seal_part(Role::Original, original, item.format.mime())];
    parts.extend(thumbnail.map(|thumb| seal_part(Role::Thumbnail, &thumb.bytes, thumb.mime)));
    Prepared { item, raw, parts }
}

fn seal_part(role: Role, bytes: &[u8], mime: &'static str) -> SealedPart {
    let (id, key) = (crypto::new_blob_id(), BlobKey::random());
    let chunks = seal::seal(&key, &id, bytes);
    SealedPart { role, blob: SealedBlob { id, chunks }, key, mime }
}
