//! How a picture was made, as its file tells it. The JSON names are those of the command line and the export.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Prompt and parameters of one picture. A field is absent when the file does not say; an empty
/// negative prompt means that the file says there was none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct Recipe {
    /// Which program made it: a stable short name such as `comfyui`, `a1111`, `novelai`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generator: Option<String>,
    /// The program's own version text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generator_version: Option<String>,
    /// What was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// What was to be kept out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub negative_prompt: Option<String>,
    /// Decimal digits (seeds reach 2^64 − 1, which a JSON number loses).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<String>,
    /// Sampling steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<u32>,
    /// Classifier-free guidance scale; finite.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cfg: Option<f64>,
    /// Sampler, in the generator's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sampler: Option<String>,
    /// Noise schedule, in the generator's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduler: Option<String>,
    /// Model, in the generator's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Hash of the model file as the generator shortens it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model_hash: Option<String>,
    /// Width of generation in pixels; the picture may be larger after upscaling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Height of generation in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// CLIP layers skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clip_skip: Option<i64>,
    /// Denoising strength, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denoise: Option<f64>,
    /// VAE file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vae: Option<String>,
    /// LoRAs applied, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub loras: Vec<Lora>,
    /// The second pass at a larger size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hires: Option<Hires>,
    /// Prompts for single characters (NovelAI V4).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub character_prompts: Vec<CharacterPrompt>,
    /// Every sampling pass, when there was more than one; the fields above are the first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub samplers: Vec<Pass>,
    /// Further settings under the file's own names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, String>,
}

/// A LoRA and its strength.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct Lora {
    /// Name or file.
    pub name: String,
    /// Strength on the model; finite.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
}

/// The settings of a second pass at a larger size.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct Hires {
    /// Upscaler.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upscaler: Option<String>,
    /// Scale factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<f64>,
    /// Steps of the second pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<u32>,
}

/// A prompt for one character in the picture.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct CharacterPrompt {
    /// What was asked for.
    pub prompt: String,
    /// Centres as fractions of width and height.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub centers: Vec<[f64; 2]>,
}

/// One sampling pass of several.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct Pass {
    /// The node's id in the graph.
    pub node: String,
    /// The node's class.
    pub class: String,
    /// As in [`Recipe`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// As in [`Recipe`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub negative_prompt: Option<String>,
    /// As in [`Recipe`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<String>,
    /// As in [`Recipe`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<u32>,
    /// As in [`Recipe`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cfg: Option<f64>,
    /// As in [`Recipe`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sampler: Option<String>,
    /// As in [`Recipe`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduler: Option<String>,
    /// As in [`Recipe`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// As in [`Recipe`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// As in [`Recipe`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// As in [`Recipe`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denoise: Option<f64>,
}
