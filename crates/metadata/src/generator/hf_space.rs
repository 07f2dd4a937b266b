//! Hugging Face Spaces of the Animagine kind: JSON under `parameters` with a pipeline's argument names.

use model::{Hires, Recipe};
use serde_json::{Map, Value};

use super::document::Document;
use super::fields::Names;
use crate::json;

const NAMES: Names = Names {
    prompt: &["prompt"],
    negative: &["negative_prompt"],
    seed: &["seed"],
    steps: &["num_inference_steps"],
    cfg: &["guidance_scale"],
    sampler: &["sampler"],
    scheduler: &["scheduler"],
    model: &["Model", "model"],
    model_hash: &["Model hash"],
    width: &["width"],
    height: &["height"],
    size: &["resolution"],
    clip_skip: &["clip_skip"],
    denoise: &["strength"],
    vae: &["vae"],
    version: &[],
    ignore: &[],
};

/// Reads the JSON.
pub fn read(document: &Document) -> Option<Recipe> {
    let has = |map: &Map<String, Value>, name: &str| map.contains_key(name);
    let of_pipeline =
        |map: &Map<String, Value>| has(map, "num_inference_steps") && has(map, "guidance_scale");
    let ours = |map: &Map<String, Value>| has(map, "prompt") && !has(map, "use_stable_diffusion_model");
    let map = document.object_with(|map| {
        ours(map) && (of_pipeline(map) || (has(map, "Model") && has(map, "resolution")))
    })?;
    let mut recipe = NAMES.read("hf-space", map);
    // Older ones put name and hash into an object.
    if let Some(model) = map.get("Model").and_then(Value::as_object) {
        recipe.model = json::text(model, &["Model", "name"]);
        recipe.model_hash = json::text(model, &["Model hash", "hash"]);
    }
    if let Some(upscaler) = map.get("use_upscaler").and_then(Value::as_object) {
        recipe.hires = Some(Hires {
            upscaler: json::text(upscaler, &["upscale_method"]),
            scale: json::field(upscaler, &["upscale_by"]).and_then(json::number),
            steps: json::field(upscaler, &["upscale_steps"]).and_then(json::count),
        });
    }
    Some(recipe)
}

#[cfg(test)]
mod tests {
    use super::super::recipe_of_texts;

    #[test]
    fn a_space_with_an_upscaler() {
        let text = r#"{"prompt": "灯台", "negative_prompt": "blurry\n", "resolution": "832 x 1216",
            "guidance_scale": 5.5, "num_inference_steps": 24, "seed": 443800072, "sampler": "DPM++ 2M Karras",
            "Model": {"Model": "Night XL", "Model hash": "BDB5"}, "use_upscaler": {"upscale_method": "nearest-exact",
            "upscale_by": 1.5, "upscale_steps": 12}}"#;
        let recipe = recipe_of_texts(&[("parameters", text)]).unwrap();
        assert_eq!(recipe.generator.as_deref(), Some("hf-space"));
        assert_eq!((recipe.width, recipe.height), (Some(832), Some(1216)));
        assert_eq!((recipe.model.as_deref(), recipe.model_hash.as_deref()), (Some("Night XL"), Some("BDB5")));
        assert_eq!((recipe.sampler.as_deref(), recipe.scheduler), (Some("DPM++ 2M Karras"), None));
        assert_eq!(recipe.hires.unwrap().scale, Some(1.5));
    }
}
