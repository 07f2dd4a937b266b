//! Easy Diffusion: one PNG text chunk a field, elsewhere the same as one JSON object. With its text files switched
//! on the fields have labels instead. Source: easydiffusion ui/easydiffusion/utils/save_utils.py (format only).

use model::Recipe;
use serde_json::{Map, Value};

use super::document::Document;
use super::fields::{Names, base_name, lora};
use crate::json;

const MODEL: [&str; 2] = ["use_stable_diffusion_model", "Stable Diffusion model"];

const NAMES: Names = Names {
    prompt: &["prompt", "Prompt"],
    negative: &["negative_prompt", "Negative Prompt"],
    seed: &["seed", "Seed"],
    steps: &["num_inference_steps", "Steps"],
    cfg: &["guidance_scale", "Guidance Scale"],
    sampler: &["sampler_name", "Sampler"],
    scheduler: &["scheduler_name", "Scheduler"],
    model: &MODEL,
    model_hash: &[],
    width: &["width", "Width"],
    height: &["height", "Height"],
    size: &[],
    // A truth value that says whether one layer is skipped.
    clip_skip: &[],
    denoise: &["prompt_strength", "Prompt Strength"],
    vae: &["use_vae_model", "VAE model"],
    version: &[],
    ignore: &["use_lora_model", "LoRA model", "lora_alpha", "LoRA Strength"],
};

/// Reads the fields.
pub fn read(document: &Document) -> Option<Recipe> {
    let is_ours = |map: &Map<String, Value>| MODEL.iter().any(|name| map.contains_key(*name));
    let mut map = match MODEL.iter().any(|name| document.own_text(name).is_some()) {
        true => {
            document.entries().map(|(key, text)| (key.to_owned(), Value::String(text.to_owned()))).collect()
        }
        false => document.object_with(is_ours)?.clone(),
    };
    // Python's words for nothing.
    map.retain(|_, value| !matches!(value.as_str(), Some("None" | "False")));
    let mut recipe = NAMES.read("easy-diffusion", &map);
    recipe.model = recipe.model.map(|path| base_name(&path).to_owned());
    recipe.vae = recipe.vae.map(|path| base_name(&path).to_owned());
    recipe.loras = loras(&map);
    Some(recipe)
}

fn loras(map: &Map<String, Value>) -> Vec<model::Lora> {
    let names = json::field(map, &["use_lora_model", "LoRA model"]);
    let weights = json::field(map, &["lora_alpha", "LoRA Strength"]);
    match names {
        Some(Value::String(name)) => vec![lora(base_name(name), weights)],
        Some(Value::Array(names)) => {
            let weight = |n| weights.and_then(|weights| weights.get(n));
            let names = names.iter().enumerate();
            names.filter_map(|(n, name)| Some(lora(base_name(name.as_str()?), weight(n)))).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::recipe_of_texts;

    #[test]
    fn one_chunk_a_field() {
        let fields = [
            ("prompt", "灯台"),
            ("seed", "144272509"),
            ("use_stable_diffusion_model", "models\\stable-diffusion\\night-v1.safetensors"),
            ("use_vae_model", "None"),
            ("clip_skip", "False"),
            ("sampler_name", "euler_a"),
            ("num_inference_steps", "25"),
            ("guidance_scale", "7.5"),
        ];
        let recipe = recipe_of_texts(&fields).unwrap();
        assert_eq!(recipe.generator.as_deref(), Some("easy-diffusion"));
        assert_eq!((recipe.prompt.as_deref(), recipe.negative_prompt.as_deref()), (Some("灯台"), Some("")));
        assert_eq!((recipe.model.as_deref(), recipe.vae), (Some("night-v1.safetensors"), None));
        assert_eq!((recipe.steps, recipe.cfg), (Some(25), Some(7.5)));
    }

    #[test]
    fn one_object_in_a_comment() {
        let text = r#"{"prompt": "a boat", "negative_prompt": "fog", "seed": 5, "use_stable_diffusion_model":
            "/home/x/night.safetensors", "use_lora_model": ["a/rain"], "lora_alpha": [0.5], "width": 96, "height": 64}"#;
        let recipe = recipe_of_texts(&[("UserComment", text)]).unwrap();
        assert_eq!((recipe.model.as_deref(), recipe.width), (Some("night.safetensors"), Some(96)));
        assert_eq!((recipe.loras[0].name.as_str(), recipe.loras[0].weight), ("rain", Some(0.5)));
    }
}
