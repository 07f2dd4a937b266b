//! stable-diffusion.cpp: an A1111 text whose last value is a large JSON object, `SDCPP: {…}`. The object is exact
//! where the text rounds or leaves out (`Model:` is empty when the model has parts).

use model::Recipe;
use serde_json::{Map, Value};

use crate::json;

const GENERATOR: &str = "stable-diffusion.cpp";

/// Puts what the object and the text's own keys say over a recipe read from the text.
pub fn overlay(recipe: &mut Recipe) {
    let object = recipe.extra.remove("SDCPP").and_then(|text| json::object(&text));
    if object.is_none() && recipe.generator.as_deref() != Some(GENERATOR) {
        return;
    }
    recipe.generator = Some(GENERATOR.to_owned());
    if let Some(map) = object {
        params(recipe, &map);
    }
    let part = |recipe: &Recipe, key: &str| recipe.extra.get(key).cloned();
    recipe.model =
        recipe.model.take().or_else(|| part(recipe, "Unet")).or_else(|| part(recipe, "Diffusion model"));
}

fn params(recipe: &mut Recipe, map: &Map<String, Value>) {
    let object = |name: &str| map.get(name).and_then(Value::as_object);
    if let Some(prompt) = object("prompt") {
        recipe.prompt = json::prompt(prompt, &["positive"]).or(recipe.prompt.take());
        recipe.negative_prompt = json::prompt(prompt, &["negative"]).or(recipe.negative_prompt.take());
    }
    recipe.seed = json::field(map, &["seed"]).and_then(json::whole).or(recipe.seed.take());
    let edge = |name: &str| json::field(map, &[name]).and_then(json::count).filter(|n| *n > 0);
    recipe.width = edge("width").or(recipe.width);
    recipe.height = edge("height").or(recipe.height);
    recipe.clip_skip = json::field(map, &["clip_skip"]).and_then(Value::as_i64).filter(|n| *n > 0);
    if let Some(sampling) = object("sampling") {
        recipe.steps = json::field(sampling, &["steps"]).and_then(json::count).or(recipe.steps);
        let guidance = sampling.get("guidance").and_then(Value::as_object);
        recipe.cfg = guidance.and_then(|map| json::number(map.get("txt_cfg")?)).or(recipe.cfg);
    }
    if let Some(models) = object("models") {
        let model = json::text(models, &["model", "diffusion_model", "unet", "high_noise_diffusion_model"]);
        recipe.model = model.or(recipe.model.take());
        recipe.vae = json::text(models, &["vae", "taesd"]).or(recipe.vae.take());
    }
    let version = object("generator").and_then(|generator| json::text(generator, &["version"]));
    recipe.generator_version = version.or(recipe.generator_version.take());
}

#[cfg(test)]
mod tests {
    use super::super::a1111::parse;

    const TEXT: &str = "a boat, \"night\"\nNegative prompt: fog\nSteps: 4, CFG scale: 1.000000, Guidance: 3.500000, \
        Eta: inf, Seed: 7, Size: 128x64, Model: , RNG: cuda, Sampler: euler simple, TE: t.safetensors, \
        Unet: z.safetensors, VAE: a.safetensors, Version: stable-diffusion.cpp";

    #[test]
    fn the_text_alone() {
        let recipe = parse(TEXT).unwrap();
        assert_eq!(recipe.generator.as_deref(), Some("stable-diffusion.cpp"));
        assert_eq!(
            (recipe.model.as_deref(), recipe.sampler.as_deref()),
            (Some("z.safetensors"), Some("euler simple"))
        );
        assert_eq!((recipe.cfg, recipe.seed.as_deref()), (Some(1.0), Some("7")));
    }

    #[test]
    fn the_object_is_preferred() {
        let object = r#"{"seed":18446744073709551615,"width":128,"height":64,"clip_skip":-1,"models":{"diffusion_model":
            "z.gguf"},"prompt":{"positive":"a boat,\n\"night\"","negative":""},"sampling":{"steps":5,"guidance":
            {"txt_cfg":2.5},"eta":null},"generator":{"version":"master-1"},"schema":"sdcpp.image.params/v1"}"#;
        let line = object.replace('\n', " ");
        let recipe = parse(&format!("{TEXT}, SDCPP: {line}").replace("euler simple", "NONE")).unwrap();
        assert_eq!(recipe.seed.as_deref(), Some("18446744073709551615"));
        assert_eq!(
            (recipe.prompt.as_deref(), recipe.negative_prompt.as_deref()),
            (Some("a boat,\n\"night\""), Some(""))
        );
        assert_eq!((recipe.steps, recipe.cfg, recipe.clip_skip), (Some(5), Some(2.5), None));
        assert_eq!((recipe.model.as_deref(), recipe.sampler), (Some("z.gguf"), None));
    }
}
