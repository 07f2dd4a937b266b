//! A picture in the vault and what is known of it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{ItemId, Recipe, Timestamp};

/// SHA-256 of the original file's bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sha256(pub [u8; 32]);

impl fmt::Debug for Sha256 {
    /// A digest of a picture says which picture it is, so it is not for logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sha256(…)")
    }
}

/// What the bytes are, told by the bytes themselves and never by a file's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Portable Network Graphics, animated or not.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP, animated or not.
    Webp,
    /// AVIF still.
    Avif,
}

impl Format {
    /// The name as the JSON and the catalogue have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::Webp => "webp",
            Self::Avif => "avif",
        }
    }

    /// The usual ending of a file's name, without a dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
            Self::Avif => "avif",
        }
    }

    /// The media type.
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Avif => "image/avif",
        }
    }

    /// The inverse of [`Format::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Png, Self::Jpeg, Self::Webp, Self::Avif].into_iter().find(|f| f.name() == name)
    }

    /// Tells the format from the first bytes of a file; `None` for anything else.
    ///
    /// Sources: PNG 3rd edition §5.2, ITU T.81 B.1.1.3, RFC 9649 §2.3, ISO/IEC 14496-12 §4.3 with the
    /// brands of the AVIF specification §6.
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            return Some(Self::Png);
        }
        if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            return Some(Self::Jpeg);
        }
        if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            return Some(Self::Webp);
        }
        Self::is_avif(bytes).then_some(Self::Avif)
    }

    fn is_avif(bytes: &[u8]) -> bool {
        let Some(size) = bytes.first_chunk::<4>().map(|b| u32::from_be_bytes(*b) as usize) else {
            return false;
        };
        if bytes.get(4..8) != Some(b"ftyp") || !(16..=1024).contains(&size) {
            return false;
        }
        let brands = bytes.get(8..size.min(bytes.len())).unwrap_or_default();
        brands.chunks_exact(4).any(|brand| brand == b"avif" || brand == b"avis")
    }
}

/// How a picture came into the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// From a file.
    Imported,
    /// From an engine, in this app.
    Generated,
}

/// What a file declares about its making without giving a prompt. Declared, not proven.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct Provenance {
    /// A C2PA manifest is inside.
    pub c2pa: bool,
    /// The vendor that the manifest's claim generator points to: `openai`, `google`, `adobe` …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
    /// The manifest's claim generator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim_generator: Option<String>,
    /// IPTC digital source type, from the manifest or from XMP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digital_source_type: Option<String>,
}

/// Whether a declared digital source type means that a model made the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DigitalSource;

impl DigitalSource {
    /// True for the IPTC terms of generated and composite-with-generated media.
    pub fn is_generated(term: &str) -> bool {
        term.ends_with("/trainedAlgorithmicMedia") || term.ends_with("/compositeWithTrainedAlgorithmicMedia")
    }
}

/// A piece of metadata exactly as it stood in the file, so that a later parser can read it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawBlock {
    /// Where it stood: `png:tEXt`, `exif:UserComment`, `xmp`, `stealth:alpha` …
    pub place: String,
    /// Its keyword where the place has several.
    pub key: String,
    /// The bytes, uncompressed, otherwise untouched.
    pub bytes: Vec<u8>,
}

/// A picture in the vault.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its id, kept by export and import of an archive.
    pub id: ItemId,
    /// Digest of the original bytes; two live items never share one.
    pub sha256: Sha256,
    /// The file's name when it was taken in, for the person's eye and the search.
    pub file_name: String,
    /// What the bytes are.
    pub format: Format,
    /// Length of the original in bytes.
    pub bytes: u64,
    /// Width of the shown picture in pixels (after EXIF orientation).
    pub width: u32,
    /// Height likewise.
    pub height: u32,
    /// More than one frame inside; the first is shown.
    pub animated: bool,
    /// When the picture was made, as far as the file tells (else its modification time).
    pub created_at: Timestamp,
    /// When it came into the vault.
    pub added_at: Timestamp,
    /// When it was put in the trash.
    pub discarded_at: Option<Timestamp>,
    /// How it came in.
    pub origin: Origin,
    /// The person's own title.
    pub title: String,
    /// 0 (none) to 5.
    pub rating: u8,
    /// Marked with the heart.
    pub favourite: bool,
    /// Sorted, without repeats.
    pub tags: Vec<String>,
    /// How it was made, with the person's corrections.
    pub recipe: Recipe,
    /// What it declares.
    pub provenance: Provenance,
}

/// Changes to an item; an absent field stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields)]
pub struct ItemEdit {
    /// New title.
    pub title: Option<String>,
    /// New prompt.
    pub prompt: Option<String>,
    /// New negative prompt.
    pub negative_prompt: Option<String>,
    /// New rating, 0 to 5.
    pub rating: Option<u8>,
    /// New mark.
    pub favourite: Option<bool>,
    /// The whole new set of tags.
    pub tags: Option<Vec<String>>,
    /// Tags to add to those that are there.
    pub add_tags: Option<Vec<String>>,
    /// Tags to take away.
    pub remove_tags: Option<Vec<String>>,
}
