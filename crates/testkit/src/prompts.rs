//! Prompts by the hundred thousand: what people write in Japanese and English, from words that are combined so that
//! no two are the same. Deterministic and quick, for measuring search and scrolling.

mod words;

use crate::art::noise::Rng;
use words::{ENGLISH, JAPANESE, Vocabulary};

/// A row of a catalogue, without a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct PromptRow {
    /// What was asked for.
    pub prompt: String,
    /// What was to be kept out; often empty.
    pub negative: String,
    /// Model, in the generator's words.
    pub model: &'static str,
    /// Generator's short name.
    pub generator: &'static str,
    /// Sampler.
    pub sampler: &'static str,
    /// Seed.
    pub seed: u64,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// When it was made, in milliseconds since the epoch.
    pub created_ms: i64,
    /// As the generator names its files.
    pub file_name: String,
}

const SOURCES: [(&str, &str, &str); 12] = [
    ("comfyui", "z_image_turbo_bf16.safetensors", "res_multistep"),
    ("comfyui", "z_image_turbo_bf16.safetensors", "euler"),
    ("comfyui", "flux1-dev.safetensors", "euler"),
    ("comfyui", "sd_xl_base_1.0.safetensors", "dpmpp_2m"),
    ("a1111", "animagine-xl-4.0-opt", "DPM++ 2M"),
    ("forge", "juggernautXL_v9", "Euler a"),
    ("forge-neo", "z_image_turbo_bf16", "Euler"),
    ("novelai", "NovelAI Diffusion V4.5", "k_euler_ancestral"),
    ("invokeai", "Juggernaut XL v9", "dpmpp_3m_k"),
    ("swarmui", "z_image_turbo_bf16", "euler"),
    ("fooocus", "juggernautXL_v8Rundiffusion", "dpmpp_2m_sde_gpu"),
    ("draw-things", "z_image_turbo_1.0_q6p.ckpt", "DDIM Trailing"),
];

const SIZES: [(u32, u32); 7] =
    [(1024, 1024), (832, 1216), (1216, 832), (1024, 1536), (1536, 1024), (1280, 720), (768, 1344)];

/// 2026-11-24T05:00:00Z.
const NEWEST_MS: i64 = 1_795_496_400_000;

/// `n` rows with distinct prompts, newest first. The same seed gives the same rows.
pub fn rows(n: usize, seed: u64) -> impl Iterator<Item = PromptRow> {
    let mut rng = Rng::new(seed);
    let mut created_ms = NEWEST_MS;
    (0..n).map(move |at| {
        let vocabulary = if rng.unit() < 0.5 { &JAPANESE } else { &ENGLISH };
        let (generator, model, sampler) = *rng.pick(&SOURCES);
        let (width, height) = *rng.pick(&SIZES);
        // Two or three minutes within a sitting, hours between two.
        created_ms -= if rng.unit() < 0.04 { rng.below(200_000_000) } else { rng.below(240_000) } as i64;
        let seed = rng.next_u64() >> 16;
        PromptRow {
            prompt: prompt(vocabulary, at, &mut rng),
            negative: negative(vocabulary, &mut rng),
            model,
            generator,
            sampler,
            seed,
            width,
            height,
            created_ms,
            file_name: file_name(generator, n - at, seed),
        }
    })
}

fn file_name(generator: &str, number: usize, seed: u64) -> String {
    match generator {
        "comfyui" => format!("ComfyUI_{number:06}_.png"),
        "a1111" | "forge" | "forge-neo" => format!("{number:06}-{}.png", seed & 0xffff_ffff),
        "draw-things" => format!("image_{seed}_{number}.png"),
        _ => format!("{generator}-{number:06}.png"),
    }
}

/// Subject, doing and place are chosen by the row's number in turn, so that no two rows share all; the rest by chance.
fn prompt(words: &Vocabulary, at: usize, rng: &mut Rng) -> String {
    // A step that shares no factor with the number of combinations visits each once before one comes again.
    let total = words.subjects.len() * words.places.len() * words.looks.len() * words.lights.len();
    let mut turn = at.wrapping_mul(7_368_787) % total;
    let mut next = |list: &[&'static str]| {
        let word = list[turn % list.len()];
        turn /= list.len();
        word
    };
    let (subject, place) = (next(words.subjects), next(words.places));
    let (look, light) = (next(words.looks), next(words.lights));
    let mut parts =
        vec![if words.japanese { format!("{place}{subject}") } else { format!("{subject} {place}") }];
    parts.push(look.to_owned());
    parts.push(light.to_owned());
    for _ in 0..rng.below(4) + 1 {
        let word = *rng.pick(words.details);
        parts.push(match rng.below(5) {
            0 => format!("({word}:1.{})", rng.below(4) + 1),
            1 => format!("({word})"),
            _ => word.to_owned(),
        });
    }
    if rng.unit() < 0.5 {
        parts.push((*rng.pick(words.styles)).to_owned());
    }
    if rng.unit() < 0.12 {
        parts.push(format!("<lora:{}:0.{}>", rng.pick(&words::LORAS), rng.below(9) + 1));
    }
    if rng.unit() < 0.25 {
        parts.insert(0, (*rng.pick(&words::QUALITY)).to_owned());
    }
    parts.join(if words.japanese && rng.unit() < 0.8 { "、" } else { ", " })
}

fn negative(words: &Vocabulary, rng: &mut Rng) -> String {
    if rng.unit() < 0.35 {
        return String::new();
    }
    let picked: Vec<&str> = (0..rng.below(5) + 1).map(|_| *rng.pick(words.unwanted)).collect();
    picked.join(if words.japanese { "、" } else { ", " })
}
