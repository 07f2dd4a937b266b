//! TensorArt. `generation_data` (JSON) says prompt and model; the ComfyUI graph that ran says the sampling, also
//! where the data's seed is the -1 that was asked for.

use model::Recipe;
use serde_json::Value;

use super::comfyui;
use super::document::Document;
use super::fields::{Names, fill, lora};
use crate::json;

const NAMES: Names = Names {
    prompt: &["prompt"],
    negative: &["negativePrompt", "negative_prompt"],
    seed: &["seed"],
    steps: &["steps"],
    cfg: &["cfgScale", "cfg_scale"],
    sampler: &["samplerName", "sampler"],
    scheduler: &["scheduler"],
    model: &[],
    model_hash: &[],
    width: &["width"],
    height: &["height"],
    size: &[],
    clip_skip: &["clipSkip"],
    denoise: &[],
    vae: &["vae", "sdVae"],
    version: &[],
    ignore: &[],
};

/// Reads the data and the graph.
pub fn read(document: &Document) -> Option<Recipe> {
    let data = document.object("generation_data")?;
    let said = NAMES.read("tensorart", &data);
    let mut recipe = comfyui::of_graph(document).unwrap_or_default();
    recipe.generator = said.generator.clone();
    recipe.generator_version = None;
    recipe.prompt = said.prompt.clone().or(recipe.prompt);
    recipe.negative_prompt = said.negative_prompt.clone().or(recipe.negative_prompt);
    if let Some(model) = data.get("baseModel").and_then(Value::as_object) {
        recipe.model = json::text(model, &["modelFileName", "label", "name"]).or(recipe.model);
        recipe.model_hash = json::text(model, &["hash"]);
    }
    if recipe.loras.is_empty() {
        let models =
            data.get("models").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
        let loras =
            models.filter(|model| json::text(model, &["type"]).is_none_or(|kind| kind.contains("LORA")));
        recipe.loras = loras
            .filter_map(|model| {
                Some(lora(&json::text(model, &["modelFileName", "label"])?, model.get("weight")))
            })
            .collect();
    }
    fill(&mut recipe, said);
    Some(recipe)
}

#[cfg(test)]
mod tests {
    use super::super::recipe_of_texts;

    #[test]
    fn the_seed_that_was_left_open_comes_from_the_graph() {
        let data = r#"{"prompt":"灯台","negativePrompt":"blurry","width":512,"height":768,"seed":"-1","steps":25,
            "cfgScale":7,"baseModel":{"modelFileName":"anime_v1","hash":"AB12"}}"#;
        let graph = r#"{"1":{"class_type":"ECHOCheckpointLoaderSimple","inputs":{"ckpt_name":"EMS-1-EMS"}},
            "2":{"class_type":"CLIPTextEncode","inputs":{"text":"灯台, run","clip":["1",1]}},
            "3":{"class_type":"EmptyLatentImage","inputs":{"width":512,"height":768,"batch_size":1}},
            "4":{"class_type":"KSampler","inputs":{"seed":3000000001,"steps":25,"cfg":7,"sampler_name":"euler",
            "scheduler":"karras","denoise":1,"model":["1",0],"positive":["2",0],"negative":["2",0],
            "latent_image":["3",0]}}}"#;
        let recipe =
            recipe_of_texts(&[("generation_data", &format!("{data}\0")), ("prompt", graph)]).unwrap();
        assert_eq!(
            (recipe.prompt.as_deref(), recipe.negative_prompt.as_deref()),
            (Some("灯台"), Some("blurry"))
        );
        assert_eq!(
            (recipe.seed.as_deref(), recipe.scheduler.as_deref()),
            (Some("3000000001"), Some("karras"))
        );
        assert_eq!((recipe.model.as_deref(), recipe.model_hash.as_deref()), (Some("anime_v1"), Some("AB12")));
        assert_eq!(recipe.generator.as_deref(), Some("tensorart"));
        let alone = recipe_of_texts(&[("generation_data", data)]).unwrap();
        assert_eq!((alone.seed, alone.steps, alone.width), (None, Some(25), Some(512)));
    }
}
