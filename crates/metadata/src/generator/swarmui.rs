//! SwarmUI: an object with `sui_image_params`, in PNG under `parameters`, elsewhere in the UserComment; values may
//! be texts. Source: SwarmUI docs/Image Metadata Format.md.

use model::{Hires, Recipe};
use serde_json::Value;

use super::document::Document;
use super::fields::{Names, lora, scalar};
use crate::{json, limits};

const NAMES: Names = Names {
    prompt: &["prompt"],
    negative: &["negativeprompt"],
    seed: &["seed"],
    steps: &["steps"],
    cfg: &["cfgscale"],
    sampler: &["sampler"],
    scheduler: &["scheduler"],
    model: &["model"],
    model_hash: &[],
    width: &["width"],
    height: &["height"],
    size: &[],
    clip_skip: &[],
    denoise: &["initimagecreativity"],
    vae: &["vae"],
    version: &["swarm_version"],
    ignore: &["loras", "loraweights"],
};

/// Reads the parameters.
pub fn read(document: &Document) -> Option<Recipe> {
    let params = document.object("sui_image_params")?;
    let mut recipe = NAMES.read("swarmui", &params);
    let list = |name: &str| match params.get(name) {
        Some(Value::Array(values)) => values.iter().filter_map(scalar).collect(),
        Some(Value::String(text)) => {
            text.split(',').take(limits::LISTED + 1).map(|part| part.trim().to_owned()).collect()
        }
        _ => Vec::new(),
    };
    let weights: Vec<String> = list("loraweights");
    recipe.loras = list("loras")
        .iter()
        .enumerate()
        .map(|(n, name)| lora(name, weights.get(n).map(|weight| Value::String(weight.clone())).as_ref()))
        .collect();
    let scale = json::field(&params, &["refinerupscale"]).and_then(json::number);
    let upscaler = json::text(&params, &["refinerupscalemethod"]);
    let steps = json::field(&params, &["refinersteps"]).and_then(json::count);
    if scale.is_some() || upscaler.is_some() || steps.is_some() {
        recipe.hires = Some(Hires { upscaler, scale, steps });
    }
    Some(recipe)
}

#[cfg(test)]
mod tests {
    use super::super::recipe_of_texts;

    #[test]
    fn its_own_parameters_come_before_the_graph_it_ran() {
        let text = r#"{"sui_image_params": {"prompt": "灯台", "model": "night", "seed": "18446744073709551615",
            "steps": "20", "cfgscale": "7.5", "width": 1024, "height": 768, "sampler": "euler", "scheduler": "karras",
            "loras": ["rain"], "loraweights": ["0.8"], "swarm_version": "0.9.7.4"}, "sui_extra_data": {}}"#;
        let graph = r#"{"5": {"class_type": "KSampler", "inputs": {"seed": 1, "steps": 2, "cfg": 3}}}"#;
        for key in ["parameters", "UserComment"] {
            let recipe = recipe_of_texts(&[("prompt", graph), (key, text)]).unwrap();
            assert_eq!(recipe.generator.as_deref(), Some("swarmui"));
            assert_eq!(
                (recipe.prompt.as_deref(), recipe.negative_prompt.as_deref()),
                (Some("灯台"), Some(""))
            );
            assert_eq!(recipe.seed.as_deref(), Some("18446744073709551615"));
            assert_eq!((recipe.steps, recipe.cfg), (Some(20), Some(7.5)));
            assert_eq!(recipe.loras[0].weight, Some(0.8));
        }
    }
}
