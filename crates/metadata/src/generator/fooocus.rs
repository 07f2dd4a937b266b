//! Fooocus, scheme `fooocus`: JSON under `parameters` (PNG) or as the whole UserComment. Its scheme `a1111` is read
//! as such a text. Source: lllyasviel/Fooocus modules/meta_parser.py (format only).

use model::{Lora, Recipe};
use serde_json::{Map, Value};

use super::document::Document;
use super::fields::{Names, lora};

const NAMES: Names = Names {
    prompt: &["prompt"],
    negative: &["negative_prompt"],
    seed: &["seed"],
    steps: &["steps"],
    cfg: &["guidance_scale"],
    sampler: &["sampler"],
    scheduler: &["scheduler"],
    model: &["base_model"],
    model_hash: &["base_model_hash"],
    width: &[],
    height: &[],
    size: &["resolution"],
    clip_skip: &["clip_skip"],
    denoise: &[],
    vae: &["vae"],
    version: &["version"],
    ignore: &["metadata_scheme"],
};

/// Reads the JSON.
pub fn read(document: &Document) -> Option<Recipe> {
    let is_text = |map: &Map<String, Value>, name: &str| map.get(name).is_some_and(Value::is_string);
    let map = document.object_with(|map| is_text(map, "base_model") && is_text(map, "prompt"))?;
    let mut recipe = NAMES.read("fooocus", map);
    recipe.loras = loras(map);
    recipe.extra.retain(|name, _| !name.starts_with("lora_combined_"));
    Some(recipe)
}

/// `loras` as `[name, weight, hash]`, else `lora_combined_1` as `name : weight`.
fn loras(map: &Map<String, Value>) -> Vec<Lora> {
    let listed = map.get("loras").and_then(Value::as_array).into_iter().flatten();
    let listed: Vec<_> =
        listed.filter_map(|entry| Some(lora(entry.get(0)?.as_str()?, entry.get(1)))).collect();
    if !listed.is_empty() {
        return listed;
    }
    let combined = map.iter().filter(|(name, _)| name.starts_with("lora_combined_"));
    combined
        .filter_map(|(_, value)| {
            let (name, weight) = value.as_str()?.rsplit_once(" : ")?;
            Some(lora(name, Some(&Value::String(weight.to_owned()))))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::recipe_of_texts;

    #[test]
    fn json_under_either_key() {
        let text = r#"{"prompt": "灯台", "negative_prompt": "", "full_prompt": ["灯台", "style"], "steps": 30,
            "resolution": "(896, 1152)", "guidance_scale": 4.0, "base_model": "night", "base_model_hash": "aeb7",
            "sampler": "dpmpp_2m_sde_gpu", "scheduler": "karras", "seed": "6952411511246973023",
            "lora_combined_1": "offset.safetensors : 0.1", "version": "Fooocus v2.5.5"}"#;
        for key in ["parameters", "UserComment"] {
            let recipe = recipe_of_texts(&[(key, text)]).unwrap();
            assert_eq!(recipe.generator.as_deref(), Some("fooocus"));
            assert_eq!((recipe.width, recipe.height), (Some(896), Some(1152)));
            assert_eq!(recipe.seed.as_deref(), Some("6952411511246973023"));
            assert_eq!(
                (recipe.loras[0].name.as_str(), recipe.loras[0].weight),
                ("offset.safetensors", Some(0.1))
            );
        }
    }

    #[test]
    fn the_other_scheme_is_a_text() {
        let text = "a lighthouse, cinematic\nNegative prompt: blurry\nSteps: 30, Sampler: DPM++ 2M SDE Karras, Seed: 5, \
            Size: 896x1152, CFG scale: 4.0, Sharpness: 2.0, ADM Guidance: \"(1.5, 0.8, 0.3)\", Model: night, \
            Model hash: aeb7, Performance: Speed, Scheduler: karras, VAE: Default (model), Version: Fooocus v2.5.5";
        let recipe = recipe_of_texts(&[("parameters", text), ("fooocus_scheme", "a1111")]).unwrap();
        assert_eq!(recipe.generator.as_deref(), Some("fooocus"));
        assert_eq!(recipe.scheduler.as_deref(), Some("karras"));
        assert_eq!(recipe.extra["ADM Guidance"], "(1.5, 0.8, 0.3)");
    }
}
