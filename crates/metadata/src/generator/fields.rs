//! A recipe from a flat JSON object whose fields have other names.

use model::{Lora, Recipe};
use serde_json::{Map, Value};

use crate::{json, limits};

/// Under which names a program writes what; the first that is there counts.
#[derive(Default, Clone, Copy)]
pub struct Names {
    /// What was asked for.
    pub prompt: &'static [&'static str],
    /// What was to be kept out.
    pub negative: &'static [&'static str],
    /// Seed.
    pub seed: &'static [&'static str],
    /// Sampling steps.
    pub steps: &'static [&'static str],
    /// Guidance scale.
    pub cfg: &'static [&'static str],
    /// Sampler.
    pub sampler: &'static [&'static str],
    /// Noise schedule.
    pub scheduler: &'static [&'static str],
    /// Model.
    pub model: &'static [&'static str],
    /// Hash of the model.
    pub model_hash: &'static [&'static str],
    /// Width of generation.
    pub width: &'static [&'static str],
    /// Height of generation.
    pub height: &'static [&'static str],
    /// Width and height in one text.
    pub size: &'static [&'static str],
    /// CLIP layers skipped.
    pub clip_skip: &'static [&'static str],
    /// Denoising strength.
    pub denoise: &'static [&'static str],
    /// VAE.
    pub vae: &'static [&'static str],
    /// The program's version.
    pub version: &'static [&'static str],
    /// Fields that say nothing of interest or are read elsewhere.
    pub ignore: &'static [&'static str],
}

impl Names {
    /// Reads an object; scalars under other names become further settings.
    pub fn read(&self, generator: &str, map: &Map<String, Value>) -> Recipe {
        let number = |names| json::field(map, names).and_then(json::number);
        let count = |names| json::field(map, names).and_then(json::count).filter(|n| *n > 0);
        let size = json::field(map, self.size).and_then(Value::as_str).and_then(size);
        let mut recipe = Recipe {
            generator: Some(generator.to_owned()),
            generator_version: json::text(map, self.version),
            prompt: json::prompt(map, self.prompt),
            negative_prompt: json::prompt(map, self.negative),
            seed: json::field(map, self.seed).and_then(json::whole),
            steps: count(self.steps),
            cfg: number(self.cfg),
            sampler: json::text(map, self.sampler),
            scheduler: json::text(map, self.scheduler),
            model: json::text(map, self.model),
            model_hash: json::text(map, self.model_hash),
            width: count(self.width).or(size.map(|(width, _)| width)),
            height: count(self.height).or(size.map(|(_, height)| height)),
            clip_skip: number(self.clip_skip).map(|n| n as i64).filter(|n| *n > 0),
            denoise: number(self.denoise),
            vae: json::text(map, self.vae),
            ..Recipe::default()
        };
        if recipe.prompt.is_some() {
            recipe.negative_prompt.get_or_insert_default();
        }
        let others = map.iter().filter(|(name, _)| !self.all().any(|known| known == name.as_str()));
        // One more than the limit, so that it is seen that some are missing.
        let others = others.filter_map(|(name, value)| Some((name.clone(), scalar(value)?)));
        recipe.extra.extend(others.take(limits::EXTRA + 1));
        recipe
    }

    fn all(&self) -> impl Iterator<Item = &'static str> {
        let lists = [
            self.prompt,
            self.negative,
            self.seed,
            self.steps,
            self.cfg,
            self.sampler,
            self.scheduler,
            self.model,
            self.model_hash,
            self.width,
            self.height,
            self.size,
            self.clip_skip,
            self.denoise,
            self.vae,
            self.version,
            self.ignore,
        ];
        lists.into_iter().flatten().copied()
    }
}

/// The text of a text, number or truth value that says something.
pub fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// Two numbers in a text: `832x1216`, `1024 x 1024`, `(768, 1280)`.
pub fn size(text: &str) -> Option<(u32, u32)> {
    let text = (text.len() <= limits::NAME).then_some(text)?;
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let (width, height) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
    (width > 0 && height > 0).then_some((width, height))
}

/// The last part of a path in either system's writing.
pub fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// A LoRA with a name; a strength that is no finite number is left out.
pub fn lora(name: &str, weight: Option<&Value>) -> Lora {
    Lora { name: name.to_owned(), weight: weight.and_then(json::number) }
}

/// Takes from another recipe what this one does not say.
pub fn fill(recipe: &mut Recipe, other: Recipe) {
    fn take<T>(mine: &mut Option<T>, theirs: Option<T>) {
        if mine.is_none() {
            *mine = theirs;
        }
    }
    take(&mut recipe.prompt, other.prompt);
    take(&mut recipe.negative_prompt, other.negative_prompt);
    take(&mut recipe.seed, other.seed);
    take(&mut recipe.steps, other.steps);
    take(&mut recipe.cfg, other.cfg);
    take(&mut recipe.sampler, other.sampler);
    take(&mut recipe.scheduler, other.scheduler);
    take(&mut recipe.model, other.model);
    take(&mut recipe.model_hash, other.model_hash);
    take(&mut recipe.width, other.width);
    take(&mut recipe.height, other.height);
    take(&mut recipe.clip_skip, other.clip_skip);
    take(&mut recipe.denoise, other.denoise);
    take(&mut recipe.vae, other.vae);
    take(&mut recipe.hires, other.hires);
    if recipe.loras.is_empty() {
        recipe.loras = other.loras;
    }
    for (name, value) in other.extra {
        recipe.extra.entry(name).or_insert(value);
    }
}
