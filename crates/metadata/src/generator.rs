//! Generators: which program speaks in a file's blocks, and what it says.
//!
//! Every module reads one program's form and is `None` where that program does not speak. [`READERS`] is their
//! order: a program's own structured key, then graphs, then texts that others imitate.

pub mod a1111;
mod civitai;
mod clip;
mod comfyui;
mod document;
mod draw_things;
mod easy_diffusion;
mod fields;
mod fooocus;
mod hf_space;
mod invokeai;
mod novelai;
mod ruined_fooocus;
mod sdcpp;
mod stability_matrix;
mod swarmui;
mod tensorart;

use clip::clip;
use document::Document;
use model::{RawBlock, Recipe};

/// The further setting that holds a time of making with its zone.
pub const CREATED: &str = "Created Date";

type Reader = fn(&Document) -> Option<Recipe>;

/// First that speaks wins.
const READERS: [Reader; 15] = [
    invokeai::read,
    tensorart::read,
    swarmui::read,
    novelai::read,
    stability_matrix::read,
    ruined_fooocus::read,
    fooocus::read,
    hf_space::read,
    easy_diffusion::read,
    draw_things::read,
    civitai::read,
    comfyui::read,
    a1111::read,
    comfyui::read_workflow,
    draw_things::read_description,
];

/// The recipe that a file's blocks tell, and whether something over the limits was left out of it.
pub fn recipe(blocks: &[RawBlock]) -> (Option<Recipe>, bool) {
    if blocks.is_empty() {
        return (None, false);
    }
    let document = Document::new(blocks);
    let mut recipe = READERS.iter().find_map(|read| read(&document));
    let clipped = recipe.as_mut().is_some_and(clip);
    (recipe, clipped || document.has_left_out())
}

#[cfg(test)]
fn recipe_of_texts(texts: &[(&str, &str)]) -> Option<Recipe> {
    let block = |(key, text): &(&str, &str)| RawBlock {
        place: "png:iTXt".to_owned(),
        key: (*key).to_owned(),
        bytes: text.as_bytes().to_vec(),
    };
    recipe(&texts.iter().map(block).collect::<Vec<_>>()).0
}

#[cfg(test)]
fn recipe_of_xmp(packet: &str) -> Option<Recipe> {
    recipe(&[RawBlock { place: "xmp".to_owned(), key: String::new(), bytes: packet.as_bytes().to_vec() }]).0
}
