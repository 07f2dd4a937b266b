//! Fooocus in both its schemes, and RuinedFooocus.

use model::Recipe;

use super::container::{Chunk, Exif, app1, ascii, jpeg};
use super::json::{J, Style, float, n, o, s};
use super::{Made, Shot, Writer, png};

pub const WRITERS: &[Writer] = &[
    Writer { name: "fooocus-png", weight: 3, make: json_png },
    Writer { name: "fooocus-jpeg", weight: 1, make: json_jpeg },
    Writer { name: "fooocus-a1111-png", weight: 1, make: text_png },
    Writer { name: "ruined-fooocus-png", weight: 1, make: ruined },
];

const VERSION: &str = "Fooocus v2.5.5";
const MODEL: &str = "juggernautXL_v8Rundiffusion";
const HASH: &str = "aeb7e9e689";

/// Keys come sorted; the seed is a text.
fn parameters(shot: &Shot) -> J {
    o([
        ("adm_guidance", s("(1.5, 0.8, 0.3)")),
        ("base_model", s(MODEL)),
        ("base_model_hash", s(HASH)),
        ("clip_skip", n(2)),
        (
            "full_negative_prompt",
            J::A(vec![s(&shot.negative), s("anime, cartoon, graphic, (blur, blurry, bokeh)")]),
        ),
        ("full_prompt", J::A(vec![s(&format!("cinematic still {}", shot.prompt)), s(&shot.prompt)])),
        ("guidance_scale", float(4.0)),
        ("loras", n(r#"[["sd_xl_offset_example-lora_1.0.safetensors", 0.1, "4852686128"]]"#)),
        ("metadata_scheme", s("fooocus")),
        ("negative_prompt", s(&shot.negative)),
        ("performance", s("Speed")),
        ("prompt", s(&shot.prompt)),
        ("prompt_expansion", s("")),
        ("refiner_model", s("None")),
        ("refiner_switch", float(0.5)),
        ("resolution", s(&format!("({}, {})", shot.width(), shot.height()))),
        ("sampler", s("dpmpp_2m_sde_gpu")),
        ("scheduler", s("karras")),
        ("seed", s(&shot.seed.to_string())),
        ("sharpness", float(2.0)),
        ("steps", n(30)),
        ("styles", s("['Fooocus V2', 'Fooocus Enhance']")),
        ("vae", s("Default (model)")),
        ("version", s(VERSION)),
    ])
}

fn recipe(shot: &Shot) -> Recipe {
    Recipe {
        seed: Some(shot.seed.to_string()),
        steps: Some(30),
        cfg: Some(4.0),
        sampler: Some("dpmpp_2m_sde_gpu".to_owned()),
        scheduler: Some("karras".to_owned()),
        model: Some(MODEL.to_owned()),
        model_hash: Some(HASH.to_owned()),
        ..shot.recipe("fooocus")
    }
}

/// `2026-11-24_05-00-00_1234.png`.
fn name(shot: &Shot, ending: &str) -> String {
    let (date, time) = shot.date_and_time();
    let (y, m, d) = (&date[..4], &date[4..6], &date[6..]);
    let (h, min, sec) = (&time[..2], &time[2..4], &time[4..]);
    format!("{y}-{m}-{d}_{h}-{min}-{sec}_{:04}.{ending}", shot.seed % 10_000)
}

fn json_png(shot: &Shot) -> Made {
    let chunks = [
        Chunk::pillow("parameters", &parameters(shot).text(Style::Python)),
        Chunk::pillow("fooocus_scheme", "fooocus"),
    ];
    Made::new(name(shot, "png"), png(&shot.pixels(), &chunks), recipe(shot))
}

/// Three texts in the first directory, without a charset.
fn json_jpeg(shot: &Shot) -> Made {
    let first = vec![
        (0x0131, 2, ascii(VERSION)),
        (0x927c, 2, ascii("fooocus")),
        (0x9286, 2, ascii(&parameters(shot).text(Style::Python))),
    ];
    Made::new(name(shot, "jpeg"), jpeg(&shot.painting, &[app1(&Exif::pillow(first))], true), recipe(shot))
}

fn text_png(shot: &Shot) -> Made {
    let text = format!(
        "{prompt}\nNegative prompt: {negative}\nSteps: 30, Sampler: DPM++ 2M SDE Karras, Seed: {seed}, \
         Size: {width}x{height}, CFG scale: 4.0, Sharpness: 2.0, ADM Guidance: \"(1.5, 0.8, 0.3)\", Model: {MODEL}, \
         Model hash: {HASH}, Performance: Speed, Scheduler: karras, VAE: Default (model), \
         Raw prompt: {raw}, Raw negative prompt: {raw_negative}, Version: {VERSION}",
        prompt = shot.prompt,
        negative = shot.negative,
        seed = shot.seed,
        width = shot.width(),
        height = shot.height(),
        raw = s(&shot.prompt).text(Style::Compact),
        raw_negative = s(&shot.negative).text(Style::Compact),
    );
    let chunks = [Chunk::pillow("parameters", &text), Chunk::pillow("fooocus_scheme", "a1111")];
    let recipe = Recipe { sampler: Some("DPM++ 2M SDE Karras".to_owned()), ..recipe(shot) };
    Made::new(name(shot, "png"), png(&shot.pixels(), &chunks), recipe)
}

fn ruined(shot: &Shot) -> Made {
    const HASH: &str = "BEFC694A296F75E996488EBF9F9DB8A1493BD059B6E704B975829E87D5AEB4FA";
    let parameters = o([
        ("Prompt", s(&shot.prompt)),
        ("Negative", s(&shot.negative)),
        ("steps", n(30)),
        ("cfg", n(8)),
        ("width", n(shot.width())),
        ("height", n(shot.height())),
        ("seed", n(shot.short_seed())),
        ("sampler_name", s("dpmpp_2m_sde_gpu")),
        ("scheduler", s("karras")),
        ("base_model_name", s("juggernautXL_v9.safetensors")),
        ("base_model_hash", s(HASH)),
        ("loras", J::A(vec![])),
        ("start_step", n(0)),
        ("denoise", n("null")),
        ("clip_skip", n(1)),
        ("software", s("RuinedFooocus")),
    ]);
    let recipe = Recipe {
        seed: Some(shot.short_seed().to_string()),
        cfg: Some(8.0),
        model: Some("juggernautXL_v9.safetensors".to_owned()),
        model_hash: Some(HASH.to_owned()),
        generator: Some("ruined-fooocus".to_owned()),
        ..recipe(shot)
    };
    let chunk = Chunk::pillow("parameters", &parameters.text(Style::Python));
    Made::new(name(shot, "png"), png(&shot.pixels(), &[chunk]), recipe)
}
