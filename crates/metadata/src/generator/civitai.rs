//! Civitai's own generator: a ComfyUI graph whose object also has `extra` and `extraMetadata`, the latter a text of
//! JSON with the settings of the first picture where the graph only enlarges it. Its A1111 text is read as such.

use model::Recipe;
use serde_json::{Map, Value};

use super::comfyui;
use super::document::Document;
use super::fields::{Names, fill};

const NAMES: Names = Names {
    prompt: &["prompt"],
    negative: &["negativePrompt"],
    seed: &["seed"],
    steps: &["steps"],
    cfg: &["cfgScale"],
    sampler: &["sampler"],
    scheduler: &["scheduler"],
    model: &["baseModel"],
    model_hash: &[],
    width: &["width"],
    height: &["height"],
    size: &[],
    clip_skip: &["clipSkip"],
    denoise: &["denoise"],
    vae: &[],
    version: &[],
    ignore: &[],
};

/// Reads the graph, then what only the settings say.
pub fn read(document: &Document) -> Option<Recipe> {
    let has_airs =
        |map: &Map<String, Value>| map.get("extra").is_some_and(|extra| extra.get("airs").is_some());
    let of_prompt = document.object("prompt");
    let settings = document
        .object("extraMetadata")
        .or_else(|| crate::json::object(of_prompt.as_ref()?.get("extraMetadata")?.as_str()?));
    let ours = settings.is_some()
        || document.object_with(has_airs).is_some()
        || of_prompt.as_ref().is_some_and(has_airs);
    if !ours {
        return None;
    }
    let mut recipe = comfyui::of_graph(document).unwrap_or_default();
    if let Some(settings) = settings {
        fill(&mut recipe, NAMES.read("civitai", &settings));
    }
    let says_something = recipe.prompt.is_some() || recipe.seed.is_some();
    recipe.generator = Some("civitai".to_owned());
    says_something.then_some(recipe)
}

#[cfg(test)]
mod tests {
    use super::super::recipe_of_texts;

    #[test]
    fn a_graph_that_only_enlarges_leaves_the_settings_to_the_other_object() {
        let text = r#"{"1": {"class_type": "LoadImage", "inputs": {"image": "x"}}, "2": {"class_type": "SaveImage",
            "inputs": {"images": ["1", 0]}}, "extra": {"airs": []}, "extraMetadata":
            "{\"prompt\":\"\u706f\u53f0\",\"negativePrompt\":\"fog\",\"cfgScale\":5,\"steps\":25,\"seed\":9,\"width\":832,\"height\":1216,\"sampler\":\"Euler a\"}"}"#;
        let recipe = recipe_of_texts(&[("UserComment", text)]).unwrap();
        assert_eq!(recipe.generator.as_deref(), Some("civitai"));
        assert_eq!((recipe.prompt.as_deref(), recipe.steps), (Some("灯台"), Some(25)));
        assert_eq!((recipe.width, recipe.sampler.as_deref()), (Some(832), Some("Euler a")));
    }
}
