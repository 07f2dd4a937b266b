//! Stability Matrix: `parameters-json` has prompts and model, the ComfyUI graph that ran has the sampling.

use model::Recipe;

use super::document::Document;
use super::fields::{Names, fill};
use super::{a1111, comfyui};

const NAMES: Names = Names {
    prompt: &["PositivePrompt"],
    negative: &["NegativePrompt"],
    seed: &["Seed"],
    steps: &["Steps"],
    cfg: &["CfgScale"],
    sampler: &["Sampler"],
    scheduler: &[],
    model: &["ModelName"],
    model_hash: &["ModelHash"],
    width: &["Width"],
    height: &["Height"],
    size: &[],
    clip_skip: &[],
    denoise: &[],
    vae: &[],
    version: &[],
    ignore: &[
        "FrameCount",
        "MotionBucketId",
        "VideoQuality",
        "Lossless",
        "Fps",
        "OutputFps",
        "MinCfg",
        "AugmentationLevel",
    ],
};

/// Reads the parameters and the graph.
pub fn read(document: &Document) -> Option<Recipe> {
    let params = document.object("parameters-json")?;
    let mut said = NAMES.read("stability-matrix", &params);
    // The sampler's name here joins sampler and schedule; the graph keeps them apart.
    let ran = comfyui::of_graph(document).or_else(|| a1111::read(document));
    if let Some(ran) = ran {
        let scheduled = ran.scheduler.is_some();
        let sampler = said.sampler.take();
        said.sampler = if scheduled { ran.sampler.clone() } else { sampler.or(ran.sampler.clone()) };
        fill(&mut said, ran);
    }
    Some(said)
}

#[cfg(test)]
mod tests {
    use super::super::recipe_of_texts;

    #[test]
    fn prompts_come_from_the_parameters_and_sampling_from_the_graph() {
        let params = r#"{"PositivePrompt":"a boat, \r\nnight","NegativePrompt":"","Steps":20,
            "Sampler":"Euler Ancestral Karras","CfgScale":5,"Seed":9,"Height":64,"Width":96,"ModelHash":"A5F5",
            "ModelName":"night.safetensors"}"#;
        let graph = r#"{"Sampler":{"class_type":"KSampler","inputs":{"seed":9,"steps":20,"cfg":5,"sampler_name":
            "euler_ancestral","scheduler":"karras","positive":["P",0],"latent_image":["L",0]}},
            "P":{"class_type":"CLIPTextEncode","inputs":{"text":"a boat"}}}"#;
        let recipe = recipe_of_texts(&[("prompt", graph), ("parameters-json", params)]).unwrap();
        assert_eq!(recipe.prompt.as_deref(), Some("a boat, \r\nnight"));
        assert_eq!(recipe.sampler.as_deref(), Some("euler_ancestral"));
        assert_eq!(recipe.scheduler.as_deref(), Some("karras"));
        assert_eq!(recipe.model_hash.as_deref(), Some("A5F5"));
        let alone = recipe_of_texts(&[("parameters-json", params)]).unwrap();
        assert_eq!(
            (alone.sampler.as_deref(), alone.seed.as_deref()),
            (Some("Euler Ancestral Karras"), Some("9"))
        );
    }
}
