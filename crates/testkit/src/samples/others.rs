//! SwarmUI, Stability Matrix, TensorArt, Hugging Face Spaces, Easy Diffusion, Draw Things.

use model::Recipe;

use super::comfyui::{SDXL, api, sdxl_nodes, sdxl_recipe};
use super::container::{Charset, Chunk, Exif, app1, jpeg, user_comment};
use super::json::{J, Style, float, n, o, s};
use super::{Made, Shot, Writer, png};

pub const WRITERS: &[Writer] = &[
    Writer { name: "swarmui-png", weight: 3, make: swarm_png },
    Writer { name: "swarmui-jpeg", weight: 2, make: swarm_jpeg },
    Writer { name: "stability-matrix-png", weight: 2, make: stability_matrix },
    Writer { name: "tensorart-png", weight: 1, make: tensorart },
    Writer { name: "hf-space-png", weight: 1, make: hf_space },
    Writer { name: "easy-diffusion-png", weight: 2, make: easy_png },
    Writer { name: "easy-diffusion-jpeg", weight: 1, make: easy_jpeg },
    Writer { name: "draw-things-png", weight: 4, make: draw_things },
];

fn swarm(shot: &Shot) -> String {
    let compact = shot.date_and_time().0;
    let date = format!("{}-{}-{}", &compact[..4], &compact[4..6], &compact[6..]);
    let params = o([
        ("prompt", s(&shot.prompt)),
        ("negativeprompt", s(&shot.negative)),
        ("model", s("z_image_turbo_bf16")),
        ("seed", n(shot.short_seed())),
        ("steps", n(9)),
        ("cfgscale", float(1.0)),
        ("aspectratio", s("Custom")),
        ("width", n(shot.width())),
        ("height", n(shot.height())),
        ("sampler", s("euler")),
        ("scheduler", s("simple")),
        ("automaticvae", n("true")),
        ("swarm_version", s("0.9.7.4")),
    ]);
    let extra = o([("date", s(&date)), ("prep_time", s("0.02 sec")), ("generation_time", s("6.53 sec"))]);
    let model = o([
        ("name", s("z_image_turbo_bf16.safetensors")),
        ("param", s("model")),
        ("hash", s("0x22d8cb95b807b0c242576b676a12b07ae6b782b57ae4fe07a07254801b2d5d61")),
    ]);
    o([("sui_image_params", params), ("sui_extra_data", extra), ("sui_models", J::A(vec![model]))])
        .text(Style::Indented)
}

fn swarm_recipe(shot: &Shot) -> Recipe {
    Recipe {
        steps: Some(9),
        cfg: Some(1.0),
        sampler: Some("euler".to_owned()),
        scheduler: Some("simple".to_owned()),
        model: Some("z_image_turbo_bf16".to_owned()),
        ..shot.recipe("swarmui")
    }
}

fn swarm_name(shot: &Shot, ending: &str) -> String {
    let time = shot.date_and_time().1;
    format!("{}-{:04}-z_image_turbo_bf16-{}.{ending}", &time[..4], shot.number, shot.short_seed())
}

/// The graph that it ran stands before its own object.
fn swarm_png(shot: &Shot) -> Made {
    let graph = api(&sdxl_nodes(shot, shot.short_seed())).text(Style::Python);
    let chunks =
        [Chunk::raw_text("prompt", graph.as_bytes()), Chunk::raw_text("parameters", swarm(shot).as_bytes())];
    Made::new(swarm_name(shot, "png"), png(&shot.pixels(), &chunks), swarm_recipe(shot))
}

fn swarm_jpeg(shot: &Shot) -> Made {
    let exif = Exif::image_sharp(vec![], user_comment(Charset::Utf16Le, &swarm(shot)));
    Made::new(swarm_name(shot, "jpg"), jpeg(&shot.painting, &[app1(&exif)], true), swarm_recipe(shot))
}

/// Windows line ends inside the texts, raw UTF-8 in tEXt.
fn stability_matrix(shot: &Shot) -> Made {
    const HASH: &str = "31E35C80FC4829D14F90153F4C74CD59C90B779F6AFE05A74CD6120B893F7E5B";
    let crlf = |text: &str| if text.is_empty() { String::new() } else { format!("{text}\r\n") };
    let (prompt, negative) = (crlf(&shot.prompt), crlf(&shot.negative));
    let seed = shot.short_seed();
    let text = format!(
        "{prompt}\nNegative prompt: {negative}\nSteps: 25, Sampler: DPM++ 2M Karras, CFG scale: 6.5, Seed: {seed}, \
         Size: {}x{}, Model hash: {HASH}, Model: {SDXL}",
        shot.width(),
        shot.height()
    );
    let json = o([
        ("PositivePrompt", s(&prompt)),
        ("NegativePrompt", s(&negative)),
        ("Steps", n(25)),
        ("Sampler", s("DPM++ 2M Karras")),
        ("CfgScale", n(6.5)),
        ("Seed", n(seed)),
        ("Height", n(shot.height())),
        ("Width", n(shot.width())),
        ("ModelHash", s(HASH)),
        ("ModelName", s(SDXL)),
        ("FrameCount", n(0)),
        ("MotionBucketId", n(0)),
        ("VideoQuality", n(0)),
        ("Lossless", n("false")),
        ("Fps", n(0)),
        ("OutputFps", n(0)),
        ("MinCfg", n(0)),
        ("AugmentationLevel", n(0)),
        ("VideoOutputMethod", n("null")),
        ("ModelVersionId", n("null")),
        ("ExtraNetworkModelVersionIds", n("null")),
    ]);
    let project = format!(
        r#"{{"Version":2,"ProjectType":"TextToImage","State":{{"Model":{{"SelectedModelName":"{SDXL}","ClipSkip":1}}}}}}"#
    );
    let graph = api(&sdxl_nodes(shot, seed)).text(Style::Python);
    let chunks = [
        Chunk::raw_text("prompt", graph.as_bytes()),
        Chunk::raw_text("parameters", text.as_bytes()),
        Chunk::raw_text("parameters-json", json.text(Style::DotNet).as_bytes()),
        Chunk::raw_text("smproj", project.as_bytes()),
    ];
    let recipe = Recipe {
        generator: Some("stability-matrix".to_owned()),
        prompt: Some(prompt),
        negative_prompt: Some(negative),
        model_hash: Some(HASH.to_owned()),
        ..sdxl_recipe(shot, seed)
    };
    let (date, time) = shot.date_and_time();
    Made::new(format!("{date}{time}-{:03}.png", shot.number), png(&shot.pixels(), &chunks), recipe)
}

/// Raw UTF-8; the seed asked for is −1, the one that was drawn stands in the graph.
fn tensorart(shot: &Shot) -> Made {
    let seed = shot.short_seed();
    let model = o([
        ("label", s("SDXL Base 1.0")),
        ("type", s("BASE_MODEL")),
        ("modelId", s("757279507095956705")),
        ("modelFileId", s("757279507094908129")),
        ("modelFileName", s("sd_xl_base_1.0")),
        ("baseModel", s("SDXL 1.0")),
        ("hash", s("31E35C80FC4829D14F90153F4C74CD59C90B779F6AFE05A74CD6120B893F7E5B")),
    ]);
    let data = o([
        ("models", J::A(vec![])),
        ("prompt", s(&shot.prompt)),
        ("negativePrompt", s(&shot.negative)),
        ("width", n(shot.width())),
        ("height", n(shot.height())),
        ("imageCount", n(1)),
        ("samplerName", s("dpmpp_2m")),
        ("steps", n(25)),
        ("cfgScale", n(6.5)),
        ("seed", s("-1")),
        ("clipSkip", n(2)),
        ("etaNoiseSeedDelta", n(31337)),
        ("baseModel", model),
        ("workspaceType", s("TEXT_TO_IMAGE")),
    ]);
    let graph = api(&sdxl_nodes(shot, seed)).text(Style::Python);
    let chunks = [
        Chunk::raw_text("generation_data", data.text(Style::Compact).as_bytes()),
        Chunk::raw_text("prompt", graph.as_bytes()),
    ];
    let recipe = Recipe {
        generator: Some("tensorart".to_owned()),
        model: Some("sd_xl_base_1.0".to_owned()),
        model_hash: Some("31E35C80FC4829D14F90153F4C74CD59C90B779F6AFE05A74CD6120B893F7E5B".to_owned()),
        ..sdxl_recipe(shot, seed)
    };
    Made::new(format!("{}.png", 757_000_000_000_000_000 + seed), png(&shot.pixels(), &chunks), recipe)
}

fn hf_space(shot: &Shot) -> Made {
    const HASH: &str = "E3C47AEDB06418C6C331443CD89F2B3B3B34B7ED2102A3D4C4408A8D35AAD6B0";
    let parameters = o([
        ("prompt", s(&shot.prompt)),
        ("negative_prompt", s(&shot.negative)),
        ("resolution", s(&format!("{} x {}", shot.width(), shot.height()))),
        ("guidance_scale", n(7)),
        ("num_inference_steps", n(28)),
        ("seed", n(shot.short_seed())),
        ("sampler", s("Euler a")),
        ("sdxl_style", s("(None)")),
        ("add_quality_tags", n("true")),
        ("quality_tags", s("Standard v3.1")),
        ("use_upscaler", n("null")),
        ("Model", s("Animagine XL 3.1")),
        ("Model hash", s(HASH)),
    ]);
    let recipe = Recipe {
        steps: Some(28),
        cfg: Some(7.0),
        sampler: Some("Euler a".to_owned()),
        model: Some("Animagine XL 3.1".to_owned()),
        model_hash: Some(HASH.to_owned()),
        ..shot.recipe("hf-space")
    };
    let chunk = Chunk::pillow("parameters", &parameters.text(Style::Python));
    Made::new(format!("image_{:08x}.png", shot.short_seed()), png(&shot.pixels(), &[chunk]), recipe)
}

/// Fields in the order of the program; the model is a path.
fn easy_fields(shot: &Shot) -> Vec<(&'static str, String)> {
    vec![
        ("prompt", shot.prompt.clone()),
        ("negative_prompt", shot.negative.clone()),
        ("seed", shot.short_seed().to_string()),
        ("use_stable_diffusion_model", "models/stable-diffusion/dreamshaper_8.safetensors".to_owned()),
        ("clip_skip", "False".to_owned()),
        ("use_vae_model", "None".to_owned()),
        ("sampler_name", "euler_a".to_owned()),
        ("width", shot.width().to_string()),
        ("height", shot.height().to_string()),
        ("num_inference_steps", "25".to_owned()),
        ("guidance_scale", "7.5".to_owned()),
    ]
}

fn easy_recipe(shot: &Shot) -> Recipe {
    Recipe {
        steps: Some(25),
        cfg: Some(7.5),
        sampler: Some("euler_a".to_owned()),
        model: Some("dreamshaper_8.safetensors".to_owned()),
        ..shot.recipe("easy-diffusion")
    }
}

fn easy_name(shot: &Shot, ending: &str) -> String {
    format!("{}_S{}_St25_G7.5.{ending}", shot.date_and_time().1, shot.short_seed())
}

fn easy_png(shot: &Shot) -> Made {
    let chunks: Vec<_> = easy_fields(shot).iter().map(|(key, text)| Chunk::itxt(key, text)).collect();
    Made::new(easy_name(shot, "png"), png(&shot.pixels(), &chunks), easy_recipe(shot))
}

fn easy_jpeg(shot: &Shot) -> Made {
    let value = |key: &str, text: &str| match key {
        "seed" | "width" | "height" | "num_inference_steps" | "guidance_scale" => n(text),
        "clip_skip" => n("false"),
        "use_vae_model" => n("null"),
        _ => s(text),
    };
    let fields = easy_fields(shot);
    let object = J::O(fields.iter().map(|(key, text)| ((*key).to_owned(), value(key, text))).collect());
    let comment = user_comment(Charset::Utf16Be, &object.text(Style::Python));
    let bytes = jpeg(&shot.painting, &[app1(&Exif::piexif(comment))], false);
    Made::new(easy_name(shot, "jpeg"), bytes, easy_recipe(shot))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn draw_things(shot: &Shot) -> Made {
    let (width, height) = (shot.width(), shot.height());
    let seed = shot.short_seed();
    let comment = o([
        ("c", s(&shot.prompt)),
        ("uc", s(&shot.negative)),
        ("model", s("z_image_turbo_1.0_q6p.ckpt")),
        ("sampler", s("DDIM Trailing")),
        ("scale", n(1)),
        ("seed", n(seed)),
        ("seed_mode", s("Scale Alike")),
        ("size", s(&format!("{width}x{height}"))),
        ("steps", n(8)),
        ("strength", n(1)),
        ("shift", n(3)),
        ("lora", J::A(vec![])),
        ("v2", o([("width", n(width)), ("height", n(height))])),
    ]);
    let description = format!(
        "{}\n-{}\nSteps: 8, Sampler: DDIM Trailing, Guidance Scale: 1.0, Seed: {seed}, Size: {width}x{height}, \
         Model: z_image_turbo_1.0_q6p.ckpt, Strength: 1.0, Seed Mode: Scale Alike, Shift: 3.0",
        shot.prompt, shot.negative
    );
    let list =
        |text: &str| format!(r#"<rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt>"#, escape(text));
    let packet = format!(
        r#"<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 6.0.0"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"><dc:description>{}</dc:description><exif:UserComment>{}</exif:UserComment><xmp:CreatorTool>Draw Things</xmp:CreatorTool></rdf:Description></rdf:RDF></x:xmpmeta>"#,
        list(&description),
        list(&comment.text(Style::Compact).replace("\":", "\": ").replace(",\"", ", \""))
    );
    let recipe = Recipe {
        steps: Some(8),
        cfg: Some(1.0),
        sampler: Some("DDIM Trailing".to_owned()),
        model: Some("z_image_turbo_1.0_q6p.ckpt".to_owned()),
        ..shot.recipe("draw-things")
    };
    let bytes = png(&shot.pixels(), &[Chunk::itxt("XML:com.adobe.xmp", &packet)]);
    Made::new(format!("image_{seed}.png"), bytes, recipe)
}
