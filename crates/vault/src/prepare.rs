//! Making an item ready for the vault: all that can be done on any thread, before the one writer is asked.

use std::borrow::Cow;

use crypto::seal::BlobKey;
use model::{Item, RawBlock};

use crate::images::NewBlob;

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

/// Bytes that get a key of their own.
pub(crate) struct NewPart {
    pub role: Role,
    pub blob: NewBlob,
    pub mime: &'static str,
}

/// An item with all its bytes, ready to be sealed and committed.
pub struct Prepared {
    pub(crate) item: Item,
    pub(crate) raw: Vec<RawBlock>,
    pub(crate) parts: Vec<NewPart>,
}

impl Prepared {
    /// Whether the item says what was asked for.
    pub fn has_prompt(&self) -> bool {
        self.item.recipe.prompt.as_deref().is_some_and(|prompt| !prompt.trim().is_empty())
    }

    /// Bytes that will be sealed and written to `images.db`.
    pub fn bytes(&self) -> usize {
        self.parts.iter().map(|part| part.blob.bytes.len()).sum()
    }
}

/// Gives an item's original and thumbnail fresh keys, under which they are sealed as they are written. The thumbnail
/// may be absent where the original can't be decoded.
pub fn prepare<'a>(
    item: Item,
    raw: Vec<RawBlock>,
    original: impl Into<Cow<'a, [u8]>>,
    thumbnail: Option<&Rendition>,
) -> Prepared {
    let mut parts = vec![part(Role::Original, original.into().into_owned(), item.format.mime())];
    parts.extend(thumbnail.map(|thumb| part(Role::Thumbnail, thumb.bytes.clone(), thumb.mime)));
    Prepared { item, raw, parts }
}

fn part(role: Role, bytes: Vec<u8>, mime: &'static str) -> NewPart {
    NewPart { role, blob: NewBlob { id: crypto::new_blob_id(), key: BlobKey::random(), bytes }, mime }
}
