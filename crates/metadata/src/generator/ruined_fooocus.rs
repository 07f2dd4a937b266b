//! RuinedFooocus: JSON under `parameters` with names of its own and its name under `software`.

use model::Recipe;
use serde_json::{Map, Value};

use super::document::Document;
use super::fields::{Names, lora};
use crate::json;

const NAMES: Names = Names {
    prompt: &["Prompt"],
    negative: &["Negative"],
    seed: &["seed"],
    steps: &["steps"],
    cfg: &["cfg"],
    sampler: &["sampler_name"],
    scheduler: &["scheduler"],
    model: &["base_model_name"],
    model_hash: &["base_model_hash"],
    width: &["width"],
    height: &["height"],
    size: &[],
    clip_skip: &["clip_skip"],
    denoise: &["denoise"],
    vae: &["vae_name"],
    version: &[],
    ignore: &["software", "start_step"],
};

/// Reads the parameters.
pub fn read(document: &Document) -> Option<Recipe> {
    let map =
        document.object_with(|map| map.get("software").and_then(Value::as_str) == Some("RuinedFooocus"))?;
    let mut recipe = NAMES.read("ruined-fooocus", map);
    let loras = map.get("loras").and_then(Value::as_array).into_iter().flatten();
    recipe.loras = loras.filter_map(named).collect();
    Some(recipe)
}

/// `{name, weight}`, or `"weight - name"`, in older versions.
fn named(entry: &Value) -> Option<model::Lora> {
    match entry {
        Value::Object(map) => Some(lora(&text(map)?, map.get("weight"))),
        Value::String(name) => Some(lora(name, None)),
        _ => None,
    }
}

fn text(map: &Map<String, Value>) -> Option<String> {
    json::text(map, &["name"])
}

#[cfg(test)]
mod tests {
    use super::super::recipe_of_texts;

    #[test]
    fn its_parameters() {
        let text = r#"{"Prompt": "灯台", "Negative": "", "steps": 30, "cfg": 8, "width": 96, "height": 64, "seed": 7,
            "sampler_name": "dpmpp_2m_sde_gpu", "scheduler": "karras", "base_model_name": "night.safetensors",
            "base_model_hash": "BEFC", "loras": [{"name": "rain", "weight": 0.5}], "denoise": null, "clip_skip": 1,
            "software": "RuinedFooocus"}"#;
        let recipe = recipe_of_texts(&[("parameters", text)]).unwrap();
        assert_eq!(recipe.generator.as_deref(), Some("ruined-fooocus"));
        assert_eq!(
            (recipe.prompt.as_deref(), recipe.cfg, recipe.clip_skip),
            (Some("灯台"), Some(8.0), Some(1))
        );
        assert_eq!((recipe.denoise, recipe.loras[0].weight), (None, Some(0.5)));
    }
}
