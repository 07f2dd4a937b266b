//! Generators: which program speaks in a file's blocks, and what it says.
//!
//! Every module reads one program's form and is `None` where that program does not speak. [`READERS`] is their
//! order: a program's own structured key, then graphs, then texts that others imitate.

pub mod a1111;
mod civitai;
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

use document::Document;
use model::{RawBlock, Recipe};

use crate::limits;

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

/// The recipe that a file's blocks tell.
pub fn recipe(blocks: &[RawBlock]) -> Option<Recipe> {
    if blocks.is_empty() {
        return None;
    }
    let document = Document::new(blocks);
    READERS.iter().find_map(|read| read(&document))
}

/// Leaves out what is over the limits; true when something was.
pub fn clip(recipe: &mut Recipe) -> bool {
    let long = |text: &String| text.len() > limits::TEXT;
    let mut clipped = recipe.extra.len() > limits::EXTRA;
    let texts = [
        &mut recipe.generator_version,
        &mut recipe.prompt,
        &mut recipe.negative_prompt,
        &mut recipe.sampler,
        &mut recipe.scheduler,
        &mut recipe.model,
        &mut recipe.model_hash,
        &mut recipe.vae,
    ];
    for text in texts
        .into_iter()
        .chain(recipe.samplers.iter_mut().flat_map(|pass| [&mut pass.prompt, &mut pass.negative_prompt]))
    {
        if text.as_ref().is_some_and(long) {
            *text = None;
            clipped = true;
        }
    }
    let (mut count, before) = (0, recipe.extra.len());
    recipe.extra.retain(|name, text| {
        count += 1;
        count <= limits::EXTRA && !long(name) && !long(text)
    });
    clipped || recipe.extra.len() < before
}

#[cfg(test)]
fn recipe_of_texts(texts: &[(&str, &str)]) -> Option<Recipe> {
    let block = |(key, text): &(&str, &str)| RawBlock {
        place: "png:iTXt".to_owned(),
        key: (*key).to_owned(),
        bytes: text.as_bytes().to_vec(),
    };
    recipe(&texts.iter().map(block).collect::<Vec<_>>())
}

#[cfg(test)]
fn recipe_of_xmp(packet: &str) -> Option<Recipe> {
    recipe(&[RawBlock { place: "xmp".to_owned(), key: String::new(), bytes: packet.as_bytes().to_vec() }])
}
