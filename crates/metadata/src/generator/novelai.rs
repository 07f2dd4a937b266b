//! NovelAI. PNG text chunks `Comment` (JSON), `Description`, `Source`, `Software`; in WebP one JSON object whose
//! `Comment` is a text of JSON; the same object hidden in the alpha channel.

use model::{CharacterPrompt, Recipe};
use serde_json::{Map, Value};

use super::document::Document;
use super::fields::Names;
use crate::json;

const NAMES: Names = Names {
    prompt: &["prompt"],
    negative: &["uc"],
    seed: &["seed"],
    steps: &["steps"],
    cfg: &["scale"],
    sampler: &["sampler"],
    scheduler: &["noise_schedule"],
    model: &[],
    model_hash: &[],
    width: &["width"],
    height: &["height"],
    size: &[],
    clip_skip: &[],
    denoise: &[],
    vae: &[],
    version: &[],
    ignore: &["signed_hash", "hide_debug_overlay", "n_samples", "version"],
};

/// Reads the comment, with the description's prompt where the comment has none.
pub fn read(document: &Document) -> Option<Recipe> {
    let comment = document.object("Comment").filter(is_comment);
    let comment = comment.or_else(|| document.object_with(is_comment).cloned())?;
    let mut recipe = NAMES.read("novelai", &comment);
    let caption = |name: &str| comment.get(name).and_then(|v4| v4.get("caption")).and_then(Value::as_object);
    let base = |name: &str| caption(name).and_then(|caption| json::prompt(caption, &["base_caption"]));
    let described = || document.text("Description").map(|text| text.trim_matches('\0').to_owned());
    recipe.prompt = base("v4_prompt").or(recipe.prompt).or_else(described);
    recipe.negative_prompt = base("v4_negative_prompt").or(recipe.negative_prompt).or(Some(String::new()));
    recipe.character_prompts = caption("v4_prompt").map(characters).unwrap_or_default();
    if let Some(source) = document.text("Source") {
        (recipe.model, recipe.model_hash) = model(source);
    }
    Some(recipe)
}

/// Draw Things has `uc` and `scale` as well, but its prompt is `c`.
fn is_comment(map: &Map<String, Value>) -> bool {
    let has = |name: &str| map.contains_key(name);
    let old = has("uc") && has("scale") && has("steps");
    (old || has("v4_prompt") || (has("uncond_scale") && has("scale"))) && !has("c")
}

fn characters(caption: &Map<String, Value>) -> Vec<CharacterPrompt> {
    let captions = caption.get("char_captions").and_then(Value::as_array).into_iter().flatten();
    captions
        .filter_map(|character| {
            let prompt = character.get("char_caption")?.as_str().filter(|text| !text.is_empty())?.to_owned();
            let centers = character.get("centers").and_then(Value::as_array).into_iter().flatten();
            let edge = |center: &Value, name: &str| center.get(name).and_then(json::number);
            let centers =
                centers.filter_map(|center| Some([edge(center, "x")?, edge(center, "y")?])).collect();
            Some(CharacterPrompt { prompt, centers })
        })
        .collect()
}

/// `NovelAI Diffusion V4.5 4BDE2A90`: the model and a hash in hexadecimal.
fn model(source: &str) -> (Option<String>, Option<String>) {
    let is_hash = |word: &str| word.len() >= 6 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    match source.trim().rsplit_once(' ') {
        Some((model, hash)) if is_hash(hash) => (Some(model.trim().to_owned()), Some(hash.to_owned())),
        _ => (Some(source.trim().to_owned()).filter(|text| !text.is_empty()), None),
    }
}

#[cfg(test)]
mod tests {
    use super::super::recipe_of_texts;

    const COMMENT: &str = r#"{"prompt": "1girl, lighthouse", "steps": 28, "height": 1216, "width": 832, "scale": 5.0,
        "seed": 2043807047, "noise_schedule": "karras", "sampler": "k_euler_ancestral", "uc": "lowres",
        "v4_prompt": {"caption": {"base_caption": "1girl, \u706f\u53f0", "char_captions": [
        {"char_caption": "girl, red coat", "centers": [{"x": 0.3, "y": 0.5}]}]}}}"#;

    #[test]
    fn text_chunks_with_character_prompts() {
        let source = ("Source", "NovelAI Diffusion V4.5 4BDE2A90");
        let recipe = recipe_of_texts(&[("Software", "NovelAI"), source, ("Comment", COMMENT)]).unwrap();
        assert_eq!(recipe.prompt.as_deref(), Some("1girl, 灯台"));
        assert_eq!(recipe.negative_prompt.as_deref(), Some("lowres"));
        assert_eq!(recipe.scheduler.as_deref(), Some("karras"));
        assert_eq!(recipe.model.as_deref(), Some("NovelAI Diffusion V4.5"));
        assert_eq!(recipe.model_hash.as_deref(), Some("4BDE2A90"));
        assert_eq!(recipe.character_prompts[0].centers, [[0.3, 0.5]]);
    }

    #[test]
    fn one_object_with_a_comment_of_json() {
        let object =
            serde_json::json!({"Comment": COMMENT, "Software": "NovelAI", "Source": "Stable Diffusion"});
        for key in ["UserComment", "stealth"] {
            let recipe = recipe_of_texts(&[(key, &object.to_string())]).unwrap();
            assert_eq!((recipe.generator.as_deref(), recipe.steps), (Some("novelai"), Some(28)));
            assert_eq!((recipe.model.as_deref(), recipe.model_hash), (Some("Stable Diffusion"), None));
        }
    }

    #[test]
    fn an_old_comment_leaves_the_prompt_to_the_description() {
        let comment =
            r#"{"steps": 28, "sampler": "k_euler", "seed": 7, "strength": 0.7, "scale": 11.0, "uc": "bad"}"#;
        let recipe = recipe_of_texts(&[("Description", "a harbour"), ("Comment", comment)]).unwrap();
        assert_eq!((recipe.prompt.as_deref(), recipe.cfg), (Some("a harbour"), Some(11.0)));
    }
}
