//! The A1111 family: A1111, Forge and its variants, reForge, SD.Next, Civitai's downloads, stable-diffusion.cpp.
//! All write one text; they differ in its last line, in line ends, and in where it stands.

use model::Recipe;

use super::container::{Charset, Chunk, Exif, app1, ascii, jpeg, png_text_last, user_comment, webp};
use super::hidden;
use super::json::{J, Style, float, n, o, s};
use super::{Language, Made, Pixels, Shot, Writer, avif, png, prompt};
use crate::art::{Motif, Painting};

const MODEL: &str = "animagine-xl-4.0-opt";
const HASH: &str = "6327eca98b";

pub const WRITERS: &[Writer] = &[
    Writer { name: "a1111-png", weight: 6, make: a1111_png },
    Writer { name: "a1111-hires-png", weight: 3, make: a1111_hires },
    Writer { name: "a1111-jpeg", weight: 2, make: a1111_jpeg },
    Writer { name: "a1111-avif", weight: 2, make: a1111_avif },
    Writer { name: "a1111-text-last-png", weight: 1, make: text_last },
    Writer { name: "a1111-compressed-itxt-png", weight: 1, make: compressed },
    Writer { name: "a1111-ztxt-png", weight: 1, make: ztxt },
    Writer { name: "a1111-user-comment-undefined-jpeg", weight: 1, make: undefined },
    Writer { name: "a1111-stealth-alpha-png", weight: 1, make: stealth_alpha },
    Writer { name: "a1111-stealth-rgb-png", weight: 1, make: stealth_rgb },
    Writer { name: "forge-png", weight: 4, make: forge },
    Writer { name: "forge-classic-webp", weight: 1, make: forge_classic },
    Writer { name: "forge-neo-png", weight: 2, make: forge_neo },
    Writer { name: "reforge-png", weight: 1, make: reforge },
    Writer { name: "sd-next-jpeg", weight: 2, make: sd_next_jpeg },
    Writer { name: "sd-next-template-png", weight: 1, make: sd_next_template },
    Writer { name: "civitai-jpeg", weight: 2, make: civitai },
    Writer { name: "sdcpp-png", weight: 2, make: sdcpp },
    Writer { name: "sdcpp-json-png", weight: 3, make: sdcpp_json },
];

/// The common text; `gap` is what stands at the end of prompt and negative prompt where a person left a line end.
fn text(shot: &Shot, gap: &str, settings: &str) -> String {
    let negative = if shot.negative.is_empty() {
        String::new()
    } else {
        format!("\nNegative prompt: {}{gap}", shot.negative)
    };
    format!("{}{gap}{negative}\n{settings}", shot.prompt)
}

fn settings(shot: &Shot, rest: &str) -> String {
    format!(
        "Steps: 28, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 5.5, Seed: {}, Size: {}x{}, \
         Model hash: {HASH}, Model: {MODEL}, {rest}",
        shot.short_seed(),
        shot.width(),
        shot.height()
    )
}

fn recipe(shot: &Shot, generator: &str) -> Recipe {
    Recipe {
        steps: Some(28),
        cfg: Some(5.5),
        sampler: Some("DPM++ 2M".to_owned()),
        scheduler: Some("Karras".to_owned()),
        model: Some(MODEL.to_owned()),
        model_hash: Some(HASH.to_owned()),
        ..shot.recipe(generator)
    }
}

/// `00012-1234.png`, the family's pattern of names.
fn name(shot: &Shot, ending: &str) -> String {
    format!("{:05}-{}.{ending}", shot.number, shot.short_seed())
}

fn in_png(shot: &Shot, text: &str) -> Vec<u8> {
    png(&shot.pixels(), &[Chunk::pillow("parameters", text)])
}

fn a1111_png(shot: &Shot) -> Made {
    // Trailing line ends of the text field stay in the file.
    let text = text(shot, "\n", &settings(shot, "Version: v1.10.1"));
    Made::new(name(shot, "png"), in_png(shot, &text), recipe(shot, "a1111"))
}

/// Made at half the size, then enlarged: the text tells the size of generation.
fn a1111_hires(shot: &Shot) -> Made {
    let (width, height) = (shot.width() / 2, shot.height() / 2);
    let settings = format!(
        "Steps: 28, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 5.5, Seed: {}, Size: {width}x{height}, \
         Model hash: {HASH}, Model: {MODEL}, VAE hash: 235745af8d, VAE: sdxl_vae.safetensors, Denoising strength: 0.45, \
         Clip skip: 2, ADetailer model: face_yolov8n.pt, ADetailer prompt: \"a calm face, (smile:1.2), \\\"soft\\\"\", \
         ADetailer version: 24.11.1, Hires upscale: 2, Hires steps: 12, Hires upscaler: 4x-UltraSharp, \
         Hashes: {{\"vae\": \"235745af8d\", \"model\": \"{HASH}\"}}, Version: v1.10.1",
        shot.short_seed()
    );
    let recipe = Recipe { width: Some(width), height: Some(height), ..recipe(shot, "a1111") };
    Made::new(name(shot, "png"), in_png(shot, &text(shot, "", &settings)), recipe)
}

fn in_jpeg(shot: &Shot, charset: Charset, text: &str, jfif: bool) -> Vec<u8> {
    jpeg(&shot.painting, &[app1(&Exif::piexif(user_comment(charset, text)))], jfif)
}

fn a1111_jpeg(shot: &Shot) -> Made {
    let text = text(shot, "", &settings(shot, "Version: v1.10.1"));
    Made::new(name(shot, "jpg"), in_jpeg(shot, Charset::Utf16Be, &text, false), recipe(shot, "a1111"))
}

/// Of two pictures that are there already, with words of their own.
fn a1111_avif(shot: &Shot) -> Made {
    let language = avif::language_of(&shot.prompt);
    let (frame, motif) = match language {
        Language::Japanese => (avif::LANTERNS, Motif::Lanterns),
        Language::English => (avif::SEA, Motif::Sea),
    };
    let shot = &Shot {
        // The size is what the text needs of it.
        painting: Painting { width: avif::WIDTH, height: avif::HEIGHT, rgb: Vec::new() },
        prompt: prompt(motif, language, 0).to_owned(),
        negative: shot.negative.clone(),
        ..*shot
    };
    let text = text(shot, "", &settings(shot, "Version: v1.10.1"));
    let exif = Exif::piexif(user_comment(Charset::Utf16Be, &text));
    Made::new(name(shot, "avif"), avif::avif(frame, &exif), recipe(shot, "a1111"))
}

fn undefined(shot: &Shot) -> Made {
    let text = text(shot, "", &settings(shot, "Version: v1.10.1"));
    Made::new(name(shot, "jpeg"), in_jpeg(shot, Charset::Undefined, &text, true), recipe(shot, "a1111"))
}

fn text_last(shot: &Shot) -> Made {
    let text = text(shot, "", &settings(shot, "Version: v1.9.4"));
    let bytes = png_text_last(&shot.pixels(), &[Chunk::pillow("parameters", &text)]);
    Made::new(name(shot, "png"), bytes, recipe(shot, "a1111"))
}

fn compressed(shot: &Shot) -> Made {
    let text = text(shot, "", &settings(shot, "Version: v1.9.4"));
    let bytes = png(&shot.pixels(), &[Chunk::itxt_compressed("parameters", &text)]);
    Made::new(name(shot, "png"), bytes, recipe(shot, "a1111"))
}

/// zTXt knows Latin-1 only, so the prompt is a French one.
fn ztxt(shot: &Shot) -> Made {
    let shot = &Shot {
        painting: shot.painting.clone(),
        prompt: "café en terrasse, lumière dorée, été".to_owned(),
        negative: "flou".to_owned(),
        ..*shot
    };
    let text = text(shot, "", &settings(shot, "Version: v1.9.4"));
    let bytes = png(&shot.pixels(), &[Chunk::ztxt("parameters", &text)]);
    Made::new(name(shot, "png"), bytes, recipe(shot, "a1111"))
}

/// Room for the text: hidden bits need pixels.
fn roomy(shot: &Shot) -> Painting {
    let painting = &shot.painting;
    if painting.width * painting.height >= 128 * 128 { painting.clone() } else { painting.enlarged(3) }
}

fn stealth_alpha(shot: &Shot) -> Made {
    let text = text(shot, "", &settings(shot, "Version: v1.10.1"));
    let painting = roomy(shot);
    let pixels = hidden::in_alpha(&painting, hidden::Packing::Plain, text.as_bytes());
    Made::new(name(shot, "png"), png(&Pixels::Rgba(&painting, &pixels), &[]), recipe(shot, "a1111"))
}

fn stealth_rgb(shot: &Shot) -> Made {
    let text = text(shot, "", &settings(shot, "Version: v1.10.1"));
    let painting = hidden::in_colours(&roomy(shot), hidden::Packing::Gzip, text.as_bytes());
    Made::new(name(shot, "png"), png(&Pixels::Rgb(&painting), &[]), recipe(shot, "a1111"))
}

/// Forge writes the text twice: in a chunk, and hidden in alpha.
fn forge(shot: &Shot) -> Made {
    let text = text(shot, "", &settings(shot, "Version: f2.0.1v1.10.1-previous-669-gdfdcbab6"));
    let painting = &shot.painting;
    let chunk = [Chunk::pillow("parameters", &text)];
    let bytes = if painting.width * painting.height >= 128 * 128 {
        let pixels = hidden::in_alpha(painting, hidden::Packing::Gzip, text.as_bytes());
        png(&Pixels::Rgba(painting, &pixels), &chunk)
    } else {
        png(&Pixels::Rgba(painting, &painting.rgba()), &chunk)
    };
    Made::new(name(shot, "png"), bytes, recipe(shot, "forge"))
}

fn forge_classic(shot: &Shot) -> Made {
    let text = text(shot, "", &settings(shot, "RNG: CPU, Version: classic"));
    let exif = Exif::piexif(user_comment(Charset::Utf16Be, &text));
    let bytes = webp(&shot.pixels(), &[(b"EXIF", exif.bytes())]);
    Made::new(name(shot, "webp"), bytes, recipe(shot, "forge-classic"))
}

fn forge_neo(shot: &Shot) -> Made {
    let settings = format!(
        "Steps: 9, Sampler: Euler, Schedule type: Simple, CFG scale: 1, Shift: 3, Seed: {}, Size: {}x{}, \
         Model: z_image_turbo_bf16, RNG: CPU, Version: neo, Module 1: qwen_3_4b, Module 2: ae",
        shot.short_seed(),
        shot.width(),
        shot.height()
    );
    let recipe = Recipe {
        steps: Some(9),
        cfg: Some(1.0),
        sampler: Some("Euler".to_owned()),
        scheduler: Some("Simple".to_owned()),
        model: Some("z_image_turbo_bf16".to_owned()),
        ..shot.recipe("forge-neo")
    };
    Made::new(name(shot, "png"), in_png(shot, &text(shot, "\n", &settings)), recipe)
}

fn reforge(shot: &Shot) -> Made {
    let text = text(shot, "", &settings(shot, "Version: f1.0.0v2-v1.10.1RC-latest-2498-g5120e679"));
    Made::new(name(shot, "png"), in_png(shot, &text), recipe(shot, "reforge"))
}

fn sd_next_jpeg(shot: &Shot) -> Made {
    let settings = format!(
        "Steps: 20, Size: {}x{}, Sampler: Euler a, Seed: {}, CFG scale: 6, App: SD.Next, Version: 56a8aea, \
         Pipeline: StableDiffusionXLPipeline, Operations: txt2img, Model: {MODEL}, Model hash: {HASH}, Sampler sigma: karras",
        shot.width(),
        shot.height(),
        shot.short_seed()
    );
    let recipe = Recipe {
        steps: Some(20),
        cfg: Some(6.0),
        sampler: Some("Euler a".to_owned()),
        scheduler: None,
        ..recipe(shot, "sd-next")
    };
    let bytes = in_jpeg(shot, Charset::Utf16Be, &text(shot, "\n", &settings), true);
    Made::new(sd_next_name(shot, "jpg"), bytes, recipe)
}

fn sd_next_name(shot: &Shot, ending: &str) -> String {
    format!("{:05}-{}.{ending}", shot.number, shot.date_and_time().0)
}

/// Z-Image in SD.Next: no sampler, an empty negative prompt, and a template of several lines behind it.
fn sd_next_template(shot: &Shot) -> Made {
    let text = format!(
        "{}\nNegative prompt: \nTemplate: <|im_start|>user\n{{prompt}}<|im_end|>\n<|im_start|>assistant\n\
         Steps: 9, Size: {}x{}, Seed: {}, CFG scale: 1.0, App: SD.Next, Version: 7df6ff7, Pipeline: ZImagePipeline, \
         Operations: txt2img, Model: Z-Image-Turbo",
        shot.prompt,
        shot.width(),
        shot.height(),
        shot.short_seed()
    );
    let recipe = Recipe {
        negative_prompt: Some(String::new()),
        steps: Some(9),
        cfg: Some(1.0),
        model: Some("Z-Image-Turbo".to_owned()),
        ..shot.recipe("sd-next")
    };
    Made::new(sd_next_name(shot, "png"), in_png(shot, &text), recipe)
}

fn civitai(shot: &Shot) -> Made {
    let created = model::Timestamp::from_millis(shot.modified_ms).to_rfc3339();
    let settings = format!(
        "\nSteps: 25, Sampler: Euler a, CFG scale: 5, Seed: {}, Size: {}x{}, Clip skip: 2, Created Date: {created}, \
         Civitai resources: [{{\"type\":\"checkpoint\",\"modelVersionId\":1188071,\"modelName\":\"Animagine XL\",\
         \"modelVersionName\":\"v4.0\"}}], Civitai metadata: {{}}",
        shot.short_seed(),
        shot.width(),
        shot.height()
    );
    let recipe = Recipe {
        steps: Some(25),
        cfg: Some(5.0),
        sampler: Some("Euler a".to_owned()),
        ..shot.recipe("civitai")
    };
    // Big-endian text in a little-endian block.
    let comment = user_comment(Charset::Utf16Be, &text(shot, "", &settings));
    let id = format!("{:08x}-7be1-4bce-a593-{:012x}", shot.short_seed(), shot.seed >> 16);
    let first = vec![(0x0131, 2, ascii(&id)), (0x013b, 2, ascii("ai"))];
    let bytes = jpeg(&shot.painting, &[app1(&Exif::image_sharp(first, comment))], true);
    Made::new(format!("{id}.jpeg"), bytes, recipe)
}

const SDCPP_MODEL: &str = "z_image_turbo-Q8_0.gguf";

fn sdcpp_settings(shot: &Shot, sampler: &str) -> String {
    format!(
        "Steps: 8, CFG scale: 1.000000, Guidance: 3.500000, Eta: 0.000000, Seed: {}, Size: {}x{}, Model: , RNG: cuda, \
         Sampler: {sampler}, TE: qwen_3_4b.safetensors, Unet: {SDCPP_MODEL}, VAE: ae.sft, Version: stable-diffusion.cpp",
        shot.short_seed(),
        shot.width(),
        shot.height()
    )
}

fn sdcpp_recipe(shot: &Shot, sampler: &str) -> Recipe {
    Recipe {
        steps: Some(8),
        cfg: Some(1.0),
        sampler: Some(sampler.to_owned()),
        model: Some(SDCPP_MODEL.to_owned()),
        ..shot.recipe("stable-diffusion.cpp")
    }
}

/// Raw UTF-8 in a tEXt chunk.
fn sdcpp(shot: &Shot) -> Made {
    let text = text(shot, "", &sdcpp_settings(shot, "euler discrete"));
    let bytes = png(&shot.pixels(), &[Chunk::raw_text("parameters", text.as_bytes())]);
    Made::new(format!("output_{}.png", shot.number), bytes, sdcpp_recipe(shot, "euler discrete"))
}

fn sdcpp_json(shot: &Shot) -> Made {
    let guidance = o([
        ("distilled_guidance", float(3.5)),
        ("img_cfg", n("null")),
        (
            "slg",
            n(r#"{"end":0.20000000298023224,"layers":[7,8,9],"scale":0.0,"start":0.009999999776482582}"#),
        ),
        ("txt_cfg", float(1.0)),
    ]);
    let sampling = o([
        ("custom_sigmas", J::A(vec![])),
        ("eta", n("null")),
        ("extra_sample_args", s("")),
        ("flow_shift", n("null")),
        ("guidance", guidance),
        ("method", s("euler")),
        ("scheduler", s("simple")),
        ("shifted_timestep", n(0)),
        ("steps", n(8)),
    ]);
    let params = o([
        ("auto_resize_ref_image", n("true")),
        ("clip_skip", n(-1)),
        ("control_strength", n("0.8999999761581421")),
        (
            "generator",
            n(r#"{"commit":"97d29908","name":"stable-diffusion.cpp","version":"master-827-97d2990+"}"#),
        ),
        ("height", n(shot.height())),
        ("increase_ref_index", n("false")),
        ("ip_adapter_strength", n("1.0")),
        ("mode", s("img_gen")),
        (
            "models",
            o([
                ("diffusion_model", s(SDCPP_MODEL)),
                ("llm", s("qwen_3_4b.safetensors")),
                ("vae", s("ae.sft")),
            ]),
        ),
        ("prompt", o([("negative", s(&shot.negative)), ("positive", s(&shot.prompt))])),
        ("rng", s("cuda")),
        ("sampling", sampling),
        ("schema", s("sdcpp.image.params/v1")),
        ("seed", n(shot.short_seed())),
        ("strength", n("0.75")),
        ("width", n(shot.width())),
    ]);
    let settings =
        format!("{}, SDCPP: {}", sdcpp_settings(shot, "euler simple"), params.text(Style::Compact));
    let bytes = png(&shot.pixels(), &[Chunk::raw_text("parameters", text(shot, "", &settings).as_bytes())]);
    Made::new(format!("output_{}.png", shot.number), bytes, sdcpp_recipe(shot, "euler simple"))
}
