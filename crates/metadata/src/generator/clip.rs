//! The last gate of a recipe, whichever program it comes from.
//!
//! **Invariant:** no text of a recipe that passed is longer than [`limits::TEXT`], all together are no longer than
//! [`limits::RECIPE`], no list is longer than [`limits::LISTED`] and [`limits::EXTRA`].

use model::{Pass, Recipe};

use crate::limits;

/// Bytes that a recipe may still have.
struct Room {
    left: usize,
    clipped: bool,
}

impl Room {
    fn fits(&mut self, text: &str) -> bool {
        let fits = text.len() <= limits::TEXT.min(self.left);
        match fits {
            true => self.left -= text.len(),
            false => self.clipped = true,
        }
        fits
    }

    fn text(&mut self, text: &mut Option<String>) {
        if text.as_ref().is_some_and(|text| !self.fits(text)) {
            *text = None;
        }
    }

    fn list<T>(&mut self, list: &mut Vec<T>, text: fn(&T) -> &str) {
        self.clipped |= list.len() > limits::LISTED;
        list.truncate(limits::LISTED);
        list.retain(|entry| self.fits(text(entry)));
    }
}

/// Leaves out what is over the limits; true when something was.
pub fn clip(recipe: &mut Recipe) -> bool {
    let mut room = Room { left: limits::RECIPE, clipped: false };
    let texts = [
        &mut recipe.prompt,
        &mut recipe.negative_prompt,
        &mut recipe.generator_version,
        &mut recipe.seed,
        &mut recipe.sampler,
        &mut recipe.scheduler,
        &mut recipe.model,
        &mut recipe.model_hash,
        &mut recipe.vae,
    ];
    let upscaler = recipe.hires.as_mut().map(|hires| &mut hires.upscaler);
    for text in texts.into_iter().chain(upscaler) {
        room.text(text);
    }
    room.list(&mut recipe.loras, |lora| &lora.name);
    room.list(&mut recipe.character_prompts, |character| &character.prompt);
    for character in &mut recipe.character_prompts {
        room.clipped |= character.centers.len() > limits::LISTED;
        character.centers.truncate(limits::LISTED);
    }
    for pass in &mut recipe.samplers {
        clip_pass(pass, &mut room);
    }
    let mut count = 0;
    recipe.extra.retain(|name, text| {
        count += 1;
        room.clipped |= count > limits::EXTRA;
        count <= limits::EXTRA && room.fits(name) && room.fits(text)
    });
    room.clipped
}

fn clip_pass(pass: &mut Pass, room: &mut Room) {
    for name in [&mut pass.node, &mut pass.class] {
        if !room.fits(name) {
            name.clear();
        }
    }
    let texts = [
        &mut pass.prompt,
        &mut pass.negative_prompt,
        &mut pass.seed,
        &mut pass.sampler,
        &mut pass.scheduler,
        &mut pass.model,
    ];
    for text in texts {
        room.text(text);
    }
}
