//! The archive that a person takes out: names, rows and manifest. See `docs/FORMATS.md`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::{Format, Item, ItemId, Origin, Provenance, RawBlock, Recipe, Sha256, Timestamp};
use serde::{Deserialize, Serialize};

/// Marks the manifest as ours.
pub const FORMAT: &str = "zimage-archive";
/// The version that this build writes and the newest that it reads.
pub const VERSION: u32 = 1;
/// Names of the files that are not pictures.
pub const MANIFEST: &str = "manifest.json";
pub const ITEMS: &str = "items.jsonl";
pub const TABLE: &str = "items.csv";
pub const SCHEMA: &str = "items.schema.json";
pub const INDEX: &str = "index.html";

/// The JSON Schema of one line of `items.jsonl`.
pub const SCHEMA_TEXT: &str = include_str!("../schema/items.schema.json");

/// One line of `items.jsonl`: everything that the vault knows of an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchiveItem {
    /// Version of the row, 1.
    pub schema: u32,
    /// The item's id, kept by a re-import.
    pub id: ItemId,
    /// Path of the original inside the archive; `null` when the vault could not read it any more.
    pub file: Option<String>,
    /// SHA-256 of the original, hexadecimal.
    pub sha256: String,
    /// The file's name when it was taken in.
    pub file_name: String,
    /// What the bytes are.
    pub format: Format,
    /// Length of the original.
    pub bytes: u64,
    /// Pixels as shown.
    pub width: u32,
    /// Pixels as shown.
    pub height: u32,
    /// More than one frame.
    pub animated: bool,
    /// RFC 3339, UTC.
    pub created_at: String,
    /// RFC 3339, UTC.
    pub added_at: String,
    /// RFC 3339, UTC; `null` outside the trash.
    pub discarded_at: Option<String>,
    /// How it came in.
    pub origin: Origin,
    /// The person's own title.
    pub title: String,
    /// 0 to 5.
    pub rating: u8,
    /// With the heart.
    pub favourite: bool,
    /// Sorted.
    pub tags: Vec<String>,
    /// How it was made.
    pub recipe: Recipe,
    /// What it declares.
    pub provenance: Provenance,
    /// Metadata as it stood in the file.
    pub raw: Vec<ArchiveRaw>,
}

/// A raw block of metadata.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchiveRaw {
    /// Where it stood.
    pub place: String,
    /// Its keyword there.
    pub key: String,
    /// The bytes in base64.
    pub base64: String,
}

/// What the archive holds, written last: with it the archive is complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// `zimage-archive`.
    pub format: String,
    /// Version of the archive.
    pub version: u32,
    /// RFC 3339, UTC.
    pub created_at: String,
    /// Rows in `items.jsonl`.
    pub items: usize,
    /// Rows whose original could not be read.
    pub damaged: usize,
    /// Cells of `items.csv` that begin like a formula have an apostrophe before them.
    pub csv_formulas_escaped: bool,
    /// Every other file.
    pub files: Vec<ManifestFile>,
    /// Always true: an archive that was cut off has no manifest.
    pub complete: bool,
}

/// One file of the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestFile {
    /// Path inside the archive.
    pub path: String,
    /// Length.
    pub bytes: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// A name made of date and id: it tells nothing of the prompt or the original name.
pub fn picture_name(item: &Item) -> String {
    format!("images/{}-{}.{}", item.created_at.compact(), item.id, item.format.extension())
}

impl ArchiveItem {
    /// The row of an item.
    pub fn new(item: &Item, raw: &[RawBlock], file: Option<String>) -> Self {
        let raw = raw.iter().map(|block| ArchiveRaw {
            place: block.place.clone(),
            key: block.key.clone(),
            base64: STANDARD.encode(&block.bytes),
        });
        Self {
            schema: 1,
            id: item.id,
            file,
            sha256: hex::encode(item.sha256.0),
            file_name: item.file_name.clone(),
            format: item.format,
            bytes: item.bytes,
            width: item.width,
            height: item.height,
            animated: item.animated,
            created_at: item.created_at.to_rfc3339(),
            added_at: item.added_at.to_rfc3339(),
            discarded_at: item.discarded_at.map(Timestamp::to_rfc3339),
            origin: item.origin,
            title: item.title.clone(),
            rating: item.rating,
            favourite: item.favourite,
            tags: item.tags.clone(),
            recipe: item.recipe.clone(),
            provenance: item.provenance.clone(),
            raw: raw.collect(),
        }
    }

    /// The item and its raw blocks again; `None` when a value is out of its range.
    pub fn into_item(self) -> Option<(Item, Vec<RawBlock>)> {
        let mut digest = [0_u8; 32];
        hex::decode_to_slice(&self.sha256, &mut digest).ok()?;
        let block = |raw: ArchiveRaw| {
            Some(RawBlock { bytes: STANDARD.decode(&raw.base64).ok()?, place: raw.place, key: raw.key })
        };
        let raw = self.raw.into_iter().map(block).collect::<Option<Vec<_>>>()?;
        let mut tags: Vec<String> = self.tags.iter().map(|tag| tag.trim().to_owned()).collect();
        tags.retain(|tag| !tag.is_empty());
        tags.sort();
        tags.dedup();
        let item = Item {
            id: self.id,
            sha256: Sha256(digest),
            file_name: self.file_name,
            format: self.format,
            bytes: self.bytes,
            width: self.width,
            height: self.height,
            animated: self.animated,
            created_at: Timestamp::from_rfc3339(&self.created_at).ok()?,
            added_at: Timestamp::from_rfc3339(&self.added_at).ok()?,
            discarded_at: self.discarded_at.map(|t| Timestamp::from_rfc3339(&t)).transpose().ok()?,
            origin: self.origin,
            title: self.title,
            rating: self.rating.min(5),
            favourite: self.favourite,
            tags,
            recipe: self.recipe,
            provenance: self.provenance,
        };
        Some((item, raw))
    }
}
