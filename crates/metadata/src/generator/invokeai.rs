//! InvokeAI. From 3 on `invokeai_metadata`; in 2.x `sd-metadata` beside `Dream`; in 1.x `Dream` alone: a quoted
//! prompt with the negative prompt in brackets, then command line flags.

use model::Recipe;
use serde_json::{Map, Value};

use super::document::Document;
use super::fields::{Names, lora};
use crate::{json, limits};

const NAMES: Names = Names {
    prompt: &["positive_prompt"],
    negative: &["negative_prompt"],
    seed: &["seed"],
    steps: &["steps"],
    cfg: &["cfg_scale"],
    sampler: &["scheduler"],
    scheduler: &[],
    model: &[],
    model_hash: &[],
    width: &["width"],
    height: &["height"],
    size: &[],
    clip_skip: &["clip_skip"],
    denoise: &[],
    vae: &[],
    version: &["app_version"],
    ignore: &[],
};

const OLD_NAMES: Names = Names { prompt: &[], negative: &[], sampler: &["sampler"], ..NAMES };

/// Reads the newest form that is there.
pub fn read(document: &Document) -> Option<Recipe> {
    let newest = document.object("invokeai_metadata").filter(|map| {
        ["positive_prompt", "generation_mode", "seed"].iter().any(|name| map.contains_key(*name))
    });
    newest
        .map(|map| metadata(&map))
        .or_else(|| sd_metadata(&document.object("sd-metadata")?))
        .or_else(|| dream(document.text("Dream")?))
}

fn metadata(map: &Map<String, Value>) -> Recipe {
    let mut recipe = NAMES.read("invokeai", map);
    let object = |name| map.get(name).and_then(Value::as_object);
    if let Some(model) = object("model") {
        recipe.model = json::text(model, &["name", "model_name"]);
        recipe.model_hash = json::text(model, &["hash"]);
    }
    recipe.vae = object("vae").and_then(|vae| json::text(vae, &["name", "model_name"]));
    let loras = map.get("loras").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    recipe.loras = loras
        .filter_map(|entry| {
            let model = entry.get("model").or_else(|| entry.get("lora"))?.as_object()?;
            Some(lora(&json::text(model, &["name", "model_name"])?, entry.get("weight")))
        })
        .collect();
    recipe.denoise = json::field(map, &["strength"]).and_then(json::number);
    recipe
}

fn sd_metadata(map: &Map<String, Value>) -> Option<Recipe> {
    let image = map.get("image")?.as_object()?;
    let mut recipe = OLD_NAMES.read("invokeai", image);
    let prompt = match image.get("prompt")? {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            let texts =
                parts.iter().filter_map(|part| part.get("prompt").and_then(Value::as_str).or(part.as_str()));
            texts.collect::<Vec<_>>().join(" ")
        }
        _ => return None,
    };
    let (positive, negative) = brackets(&prompt);
    (recipe.prompt, recipe.negative_prompt) = (Some(positive), Some(negative));
    recipe.model = json::text(map, &["model_weights"]);
    recipe.model_hash = json::text(map, &["model_hash"]);
    recipe.generator_version = json::text(map, &["app_version"]);
    Some(recipe)
}

fn dream(text: &str) -> Option<Recipe> {
    let text = text.trim().trim_start_matches("dream").trim_start();
    let (prompt, flags) = match text.strip_prefix('"') {
        Some(rest) => rest.rsplit_once('"')?,
        // Without quotes the flags begin at the first dash after a space.
        None => {
            text.split_once(" -").map(|(prompt, _)| (prompt, text.get(prompt.len()..).unwrap_or_default()))?
        }
    };
    let (positive, negative) = brackets(prompt);
    let mut recipe = Recipe {
        generator: Some("invokeai".to_owned()),
        prompt: Some(positive),
        negative_prompt: Some(negative),
        ..Recipe::default()
    };
    let mut words = flags.split_whitespace().peekable();
    while let Some(word) = words.next() {
        // A flag's value follows it, or is glued to it.
        let Some(flag) = word.strip_prefix('-') else { continue };
        let (letter, glued) = match flag.strip_prefix('-') {
            Some(name) => name.split_once('=').map_or((name, ""), |pair| pair),
            None => flag.split_at(flag.chars().next().map_or(0, char::len_utf8)),
        };
        let value = match glued {
            "" => words.next_if(|next| !next.starts_with('-')).unwrap_or_default(),
            glued => glued,
        };
        set(&mut recipe, letter, value);
    }
    Some(recipe)
}

fn set(recipe: &mut Recipe, flag: &str, value: &str) {
    match flag {
        "s" | "steps" => recipe.steps = value.parse().ok(),
        "S" | "seed" => recipe.seed = json::digits(value),
        "W" | "width" => recipe.width = value.parse().ok(),
        "H" | "height" => recipe.height = value.parse().ok(),
        "C" | "cfg_scale" => recipe.cfg = value.parse().ok().filter(|cfg: &f64| cfg.is_finite()),
        "A" | "sampler" => recipe.sampler = Some(value.to_owned()).filter(|name| !name.is_empty()),
        "f" | "strength" => recipe.denoise = value.parse().ok().filter(|n: &f64| n.is_finite()),
        _ if !flag.is_empty() && !value.is_empty() && recipe.extra.len() <= limits::EXTRA => {
            recipe.extra.insert(flag.to_owned(), value.to_owned());
        }
        _ => {}
    }
}

/// `a harbour [people, crane]`: what stands in brackets is the negative prompt.
fn brackets(prompt: &str) -> (String, String) {
    let (mut positive, mut negative) = (Vec::new(), Vec::new());
    let mut rest = prompt;
    while let Some((before, after)) = rest.split_once('[') {
        let Some((inside, after)) = after.split_once(']') else { break };
        positive.push(before);
        negative.push(inside);
        rest = after;
    }
    positive.push(rest);
    let join = |parts: Vec<&str>, with| {
        let parts =
            parts.into_iter().map(|part| part.trim_matches([' ', ',', '\n'])).filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(with)
    };
    (join(positive, " "), join(negative, ", "))
}

#[cfg(test)]
mod tests {
    use super::super::recipe_of_texts;

    #[test]
    fn the_metadata_of_version_three_and_later() {
        let text = r#"{"generation_mode":"txt2img","positive_prompt":"a lighthouse","negative_prompt":null,"width":640,
            "height":448,"seed":4294967295,"cfg_scale":7.5,"steps":30,"scheduler":"euler_a","model":{"name":"night_v2",
            "hash":"blake3:00ff"},"loras":[{"model":{"name":"rain"},"weight":0.5}],"app_version":"6.10.0"}"#;
        let recipe = recipe_of_texts(&[("invokeai_metadata", text)]).unwrap();
        assert_eq!(recipe.prompt.as_deref(), Some("a lighthouse"));
        assert_eq!(recipe.negative_prompt.as_deref(), Some(""));
        assert_eq!((recipe.sampler.as_deref(), recipe.scheduler), (Some("euler_a"), None));
        assert_eq!(
            (recipe.model.as_deref(), recipe.model_hash.as_deref()),
            (Some("night_v2"), Some("blake3:00ff"))
        );
        assert_eq!(
            (recipe.width, recipe.height, recipe.steps, recipe.cfg),
            (Some(640), Some(448), Some(30), Some(7.5))
        );
        assert_eq!(
            recipe.loras.first().map(|lora| (lora.name.as_str(), lora.weight)),
            Some(("rain", Some(0.5)))
        );
        assert_eq!(recipe.generator_version.as_deref(), Some("6.10.0"));
    }

    #[test]
    fn the_metadata_of_version_two() {
        let text = r#"{"model":"stable diffusion","model_weights":"sd-1.5","model_hash":"c6bb","app_version":"2.2.3",
            "image":{"prompt":[{"prompt":"night harbour [people]","weight":1.0}],"steps":50,"cfg_scale":7.5,
            "height":512,"width":768,"seed":42,"sampler":"k_lms"}}"#;
        let recipe = recipe_of_texts(&[("sd-metadata", text), ("Dream", "\"other\" -s 1")]).unwrap();
        assert_eq!(recipe.prompt.as_deref(), Some("night harbour"));
        assert_eq!(recipe.negative_prompt.as_deref(), Some("people"));
        assert_eq!((recipe.model.as_deref(), recipe.sampler.as_deref()), (Some("sd-1.5"), Some("k_lms")));
        assert_eq!((recipe.seed.as_deref(), recipe.width), (Some("42"), Some(768)));
    }

    #[test]
    fn a_dream_line() {
        let line = r#""a "quoted" boat [fog, rain], at dawn" -s 30 -S 144272509 -W96 -H 64 -C 7.5 -A k_euler --fast"#;
        let recipe = recipe_of_texts(&[("Dream", line)]).unwrap();
        assert_eq!(recipe.prompt.as_deref(), Some("a \"quoted\" boat at dawn"));
        assert_eq!(recipe.negative_prompt.as_deref(), Some("fog, rain"));
        assert_eq!((recipe.width, recipe.height, recipe.steps), (Some(96), Some(64), Some(30)));
        assert_eq!((recipe.seed.as_deref(), recipe.sampler.as_deref()), (Some("144272509"), Some("k_euler")));
    }
}
