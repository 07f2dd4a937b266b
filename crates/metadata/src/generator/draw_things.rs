//! Draw Things: XMP whose `exif:UserComment` is JSON (`c` prompt, `uc` negative, `scale` guidance), and a
//! `dc:description` in words for a fallback.

use model::Recipe;
use serde_json::{Map, Value};

use super::a1111::settings;
use super::document::Document;
use super::fields::{Names, lora, size};
use crate::json;

const GENERATOR: &str = "draw-things";

const NAMES: Names = Names {
    prompt: &["c"],
    negative: &["uc"],
    seed: &["seed"],
    steps: &["steps"],
    cfg: &["scale"],
    sampler: &["sampler"],
    scheduler: &[],
    model: &["model"],
    model_hash: &[],
    width: &[],
    height: &[],
    size: &["size"],
    clip_skip: &["clip_skip"],
    denoise: &["strength"],
    vae: &[],
    version: &[],
    ignore: &[],
};

/// Reads the JSON.
pub fn read(document: &Document) -> Option<Recipe> {
    let has = |map: &Map<String, Value>, name: &str| map.contains_key(name);
    let ours = |map: &Map<String, Value>| map.get("c").is_some_and(Value::is_string) && has(map, "scale");
    let map = document.object_with(ours)?;
    let mut recipe = NAMES.read(GENERATOR, map);
    // A strength of one is a picture from nothing.
    recipe.denoise = recipe.denoise.filter(|strength| *strength < 1.0);
    if let (None, Some(v2)) = (recipe.width, map.get("v2").and_then(Value::as_object)) {
        let edge = |name: &str| json::field(v2, &[name]).and_then(json::count);
        (recipe.width, recipe.height) = (edge("width"), edge("height"));
    }
    let loras = map.get("lora").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    recipe.loras = loras
        .filter_map(|entry| Some(lora(&json::text(entry, &["model", "file"])?, entry.get("weight"))))
        .collect();
    Some(recipe)
}

/// Reads the description: prompt, `-` and the negative prompt, settings.
pub fn read_description(document: &Document) -> Option<Recipe> {
    document.own_text("xmp:CreatorTool").filter(|tool| tool.starts_with("Draw Things"))?;
    let text = document.own_text("xmp:description")?;
    let (words, line) = text.trim_end().rsplit_once('\n').unwrap_or(("", text));
    let pairs = settings::pairs(line);
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    value("Steps")?;
    let (prompt, negative) = match words.split_once("\n-") {
        Some((prompt, negative)) => (prompt, negative),
        None => words.strip_prefix('-').map_or((words, ""), |negative| ("", negative)),
    };
    let number = |name| value(name)?.parse::<f64>().ok().filter(|n| n.is_finite());
    let (width, height) = value("Size").and_then(size).unzip();
    Some(Recipe {
        generator: Some(GENERATOR.to_owned()),
        prompt: Some(prompt.trim().to_owned()),
        negative_prompt: Some(negative.trim().to_owned()),
        steps: value("Steps").and_then(|text| text.parse().ok()),
        seed: value("Seed").and_then(json::digits),
        cfg: number("Guidance Scale"),
        sampler: value("Sampler").map(str::to_owned),
        model: value("Model").map(str::to_owned),
        denoise: number("Strength").filter(|strength| *strength < 1.0),
        width,
        height,
        ..Recipe::default()
    })
}

#[cfg(test)]
mod tests {
    use super::super::recipe_of_xmp;

    const HEAD: &str = r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="r"><rdf:Description xmlns:dc="d"
        xmlns:exif="e" xmlns:xmp="x"><xmp:CreatorTool>Draw Things</xmp:CreatorTool><dc:description><rdf:Alt><rdf:li
        xml:lang="x-default">a boat &amp; a cat&#10;-fog
Steps: 8, Sampler: DDIM Trailing, Guidance Scale: 1.5, Seed: 7, Size: 96x64, Model: z.ckpt, Strength: 1.0</rdf:li>
        </rdf:Alt></dc:description>"#;
    const TAIL: &str = "</rdf:Description></rdf:RDF></x:xmpmeta>";

    #[test]
    fn json_in_a_user_comment() {
        let comment = r#"<exif:UserComment><rdf:Alt><rdf:li xml:lang="x-default">{"c": "a boat &amp; a cat",
            "uc": "fog", "model": "z.ckpt", "sampler": "DDIM Trailing", "scale": 1, "seed": 7, "size": "96x64",
            "steps": 8, "strength": 1, "lora": [{"model": "rain.ckpt", "weight": 0.5}]}</rdf:li></rdf:Alt>
            </exif:UserComment>"#;
        let recipe = recipe_of_xmp(&format!("{HEAD}{comment}{TAIL}")).unwrap();
        assert_eq!((recipe.prompt.as_deref(), recipe.cfg), (Some("a boat & a cat"), Some(1.0)));
        assert_eq!((recipe.width, recipe.height, recipe.denoise), (Some(96), Some(64), None));
        assert_eq!(recipe.loras[0].weight, Some(0.5));
    }

    #[test]
    fn the_description_when_there_is_no_json() {
        let recipe = recipe_of_xmp(&format!("{HEAD}{TAIL}")).unwrap();
        assert_eq!(recipe.prompt.as_deref(), Some("a boat & a cat"));
        assert_eq!(recipe.negative_prompt.as_deref(), Some("fog"));
        assert_eq!((recipe.steps, recipe.cfg, recipe.seed.as_deref()), (Some(8), Some(1.5), Some("7")));
    }
}
