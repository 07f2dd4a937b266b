//! Reads prompts and recipes out of image bytes.
//!
//! Bytes → blocks (`container`) → recipe (`generator`, first source that speaks wins, see [`read`]).
//!
//! **Invariant:** pure. No I/O, no panic on any bytes; work and memory are bounded by [`limits`], never by what a
//! file declares.

mod container;
mod generator;
mod json;
pub mod limits;
mod provenance;
mod stealth;

use model::{Format, Provenance, RawBlock, Recipe, Timestamp};

pub use generator::a1111::{parse as parse_a1111, write as write_a1111};

/// What a file says about its making.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// What the bytes are; `None` when they are no picture known here.
    pub format: Option<Format>,
    /// Width in pixels as the header has it, before EXIF orientation.
    pub width: Option<u32>,
    /// Height in pixels likewise.
    pub height: Option<u32>,
    /// More than one frame.
    pub animated: bool,
    /// `None` when the file says nothing about a prompt or its parameters.
    pub recipe: Option<Recipe>,
    /// What it declares without giving a prompt.
    pub provenance: Provenance,
    /// Every block that may hold metadata, as it stood.
    pub raw: Vec<RawBlock>,
    /// When the picture was made, where the file says so with a time zone.
    pub created_at: Option<Timestamp>,
    /// What was left out.
    pub notes: Vec<Note>,
}

/// Something that was left out; it names no content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// A block is longer than the limit or inflates beyond it.
    BlockTooLarge,
    /// There are more blocks than the limit.
    TooManyBlocks,
    /// A block ends early or does not inflate.
    DamagedBlock,
}

/// Decoded pixels: 8-bit RGBA or RGB, rows from the top, not premultiplied.
#[derive(Debug, Clone, Copy)]
pub struct Pixels<'a> {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// `width × height × channels` bytes.
    pub data: &'a [u8],
    /// 3 or 4.
    pub channels: usize,
}

/// Reads a file's metadata. The pixels are looked at only where nothing else speaks; pass `None` when they are not
/// at hand.
///
/// Priority where a file has several sources: the generator's own structured key, the ComfyUI graph, the A1111
/// text, the UI workflow, description fields, the copy hidden in the pixels.
pub fn read(bytes: &[u8], pixels: Option<Pixels<'_>>) -> Reading {
    let mut reading = container::read(bytes);
    reading.recipe = generator::recipe(&reading.raw);
    if reading.recipe.is_none() {
        if let Some(hidden) = pixels.and_then(stealth::read) {
            reading.recipe = generator::recipe_of_hidden(&hidden.bytes);
            reading.raw.push(hidden);
        }
    }
    if let Some(recipe) = &mut reading.recipe {
        // A generator that does not say a size made the picture as it is.
        recipe.width = recipe.width.or(reading.width);
        recipe.height = recipe.height.or(reading.height);
    }
    reading
}
