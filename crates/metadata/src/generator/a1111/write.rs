//! A recipe as an A1111 text, for "copy parameters".

use std::fmt::Write;

use model::Recipe;

use super::settings::quote;

/// Writes prompt, negative prompt and settings as A1111 and its family read them. Programs of other families are not
/// named in it, so that no reader takes the text for theirs.
pub fn write(recipe: &Recipe) -> String {
    let mut text = recipe.prompt.clone().unwrap_or_default();
    if let Some(negative) = recipe.negative_prompt.as_deref().filter(|negative| !negative.is_empty()) {
        let _ = write!(text, "\nNegative prompt: {negative}");
    }
    let pairs = pairs(recipe);
    if !pairs.is_empty() {
        let line: Vec<_> = pairs.iter().map(|(key, value)| format!("{key}: {}", quote(value))).collect();
        let _ = write!(text, "\n{}", line.join(", "));
    }
    text.trim().to_owned()
}

fn pairs(recipe: &Recipe) -> Vec<(&'static str, String)> {
    let size = recipe.width.zip(recipe.height).map(|(width, height)| format!("{width}x{height}"));
    let number = |number: Option<f64>| number.filter(|n| n.is_finite()).map(|n| n.to_string());
    let hires = recipe.hires.clone().unwrap_or_default();
    let of_family = matches!(
        recipe.generator.as_deref(),
        Some("a1111" | "forge" | "forge-classic" | "forge-neo" | "reforge")
    );
    let all = [
        ("Steps", recipe.steps.map(|n| n.to_string())),
        ("Sampler", recipe.sampler.clone()),
        ("Schedule type", recipe.scheduler.clone()),
        ("CFG scale", number(recipe.cfg)),
        ("Seed", recipe.seed.clone()),
        ("Size", size),
        ("Model hash", recipe.model_hash.clone()),
        ("Model", recipe.model.clone()),
        ("VAE", recipe.vae.clone()),
        ("Denoising strength", number(recipe.denoise)),
        ("Clip skip", recipe.clip_skip.map(|n| n.to_string())),
        ("Hires upscale", number(hires.scale)),
        ("Hires steps", hires.steps.map(|n| n.to_string())),
        ("Hires upscaler", hires.upscaler),
        ("Version", recipe.generator_version.clone().filter(|_| of_family)),
    ];
    all.into_iter().filter_map(|(key, value)| Some((key, value.filter(|text| !text.is_empty())?))).collect()
}
