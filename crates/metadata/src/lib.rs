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
mod view;

use model::{Format, Provenance, RawBlock, Recipe, Timestamp};

pub use container::text::of as block_text;
pub use generator::a1111::{parse as parse_a1111, write as write_a1111};
pub use view::to_json;

/// What a file says about its making.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// What the bytes are; `None` when they are no picture known here.
    pub format: Option<Format>,
    /// Width in pixels as the header has it, before EXIF orientation.
    pub width: Option<u32>,
    /// Height in pixels likewise.
    pub height: Option<u32>,
    /// EXIF orientation, 1 to 8 (Exif 2.32 §4.6.4); from 5 on, the shown picture has its edges exchanged.
    pub orientation: Option<u8>,
    /// More than one frame.
    pub animated: bool,
    /// `None` when the file says nothing about a prompt or its parameters.
    pub recipe: Option<Recipe>,
    /// What it declares without giving a prompt.
    pub provenance: Provenance,
    /// Every block that may hold metadata, as it stood; [`block_text`] decodes one.
    pub raw: Vec<RawBlock>,
    /// When the picture was made, where the file says so with a time zone.
    pub created_at: Option<Timestamp>,
    /// What was left out.
    pub notes: Vec<Note>,
}

/// Something that was left out; it names no content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// A block or a text is longer than the limit or inflates beyond it.
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
/// at hand (and [`Reading::look_into`] later, should they come).
///
/// Priority where a file has several sources: the generator's own structured key, the ComfyUI graph, the A1111
/// text, the UI workflow, description fields, the copy hidden in the pixels.
pub fn read(bytes: &[u8], pixels: Option<Pixels<'_>>) -> Reading {
    let mut reading = container::read(bytes);
    reading.take_recipe(generator::recipe(&reading.raw));
    if let Some(pixels) = pixels {
        reading.look_into(pixels);
    }
    reading
}

impl Reading {
    /// Looks for a hidden copy in the pixels, unless the file has spoken already.
    pub fn look_into(&mut self, pixels: Pixels<'_>) {
        if self.recipe.is_some() {
            return;
        }
        if let Some(hidden) = stealth::read(pixels) {
            self.take_recipe(generator::recipe(std::slice::from_ref(&hidden)));
            self.raw.push(hidden);
        }
    }

    fn take_recipe(&mut self, (recipe, left_out): (Option<Recipe>, bool)) {
        if left_out && !self.notes.contains(&Note::BlockTooLarge) {
            self.notes.push(Note::BlockTooLarge);
        }
        let Some(mut recipe) = recipe else { return };
        // A generator that does not say a size made the picture as it is.
        if recipe.width.is_none() || recipe.height.is_none() {
            (recipe.width, recipe.height) = (self.width, self.height);
        }
        let made = recipe.extra.get(generator::CREATED).and_then(|time| Timestamp::from_rfc3339(time).ok());
        self.created_at = self.created_at.or(made);
        self.recipe = Some(recipe);
    }
}
