//! InvokeAI: `invokeai_metadata` from 3 on, `Dream` and `sd-metadata` in 2.x, `Dream` alone in 1.x.

use model::Recipe;

use super::container::Chunk;
use super::json::{J, Style, float, n, o, s};
use super::{Made, Shot, Writer, png};

pub const WRITERS: &[Writer] = &[
    Writer { name: "invokeai-png", weight: 4, make: current },
    Writer { name: "invokeai-3-png", weight: 1, make: third },
    Writer { name: "invokeai-2-png", weight: 1, make: second },
    Writer { name: "invokeai-1-png", weight: 1, make: first },
];

/// `4bdf8b93-….png`, the later versions' pattern of names.
fn name(shot: &Shot) -> String {
    format!("{:08x}-{:04x}-4f5b-9c1e-{:012x}.png", shot.short_seed(), shot.number & 0xffff, shot.seed >> 16)
}

fn current(shot: &Shot) -> Made {
    let model = r#"{"key":"179d02bf-f5e5-4b5b-a4df-f386f3e70e93","hash":"blake3:7c1631b481e1566448f49db7e3b67a8a9d04742fa3c7d4548a0c81b619160c56","name":"Juggernaut XL v9","base":"sdxl","type":"main"}"#;
    let metadata = o([
        ("generation_mode", s("sdxl_txt2img")),
        ("positive_prompt", s(&shot.prompt)),
        ("negative_prompt", s(&shot.negative)),
        ("width", n(shot.width())),
        ("height", n(shot.height())),
        ("seed", n(shot.short_seed())),
        ("rand_device", s("cpu")),
        ("cfg_scale", float(6.0)),
        ("cfg_rescale_multiplier", float(0.0)),
        ("steps", n(30)),
        ("scheduler", s("dpmpp_3m_k")),
        ("seamless_x", n("false")),
        ("seamless_y", n("false")),
        ("model", n(model)),
        ("ref_images", J::A(vec![])),
        ("app_version", s("6.10.0")),
    ]);
    let graph = o([
        ("id", s("sdxl_graph:DSWne4QAzS")),
        (
            "nodes",
            o([(
                "positive_prompt:hYPh4NEf5H",
                o([
                    ("id", s("positive_prompt:hYPh4NEf5H")),
                    ("is_intermediate", n("true")),
                    ("use_cache", n("true")),
                    ("value", s(&shot.prompt)),
                    ("type", s("string")),
                ]),
            )]),
        ),
        ("edges", J::A(vec![])),
    ]);
    let chunks = [("invokeai_metadata", metadata), ("invokeai_graph", graph)]
        .map(|(key, value)| Chunk::pillow(key, &value.text(Style::Compact)));
    let recipe = Recipe {
        steps: Some(30),
        cfg: Some(6.0),
        sampler: Some("dpmpp_3m_k".to_owned()),
        model: Some("Juggernaut XL v9".to_owned()),
        model_hash: Some(
            "blake3:7c1631b481e1566448f49db7e3b67a8a9d04742fa3c7d4548a0c81b619160c56".to_owned(),
        ),
        ..shot.recipe("invokeai")
    };
    Made::new(name(shot), png(&shot.pixels(), &chunks), recipe)
}

fn third(shot: &Shot) -> Made {
    let metadata = o([
        ("generation_mode", s("sdxl_txt2img")),
        ("positive_prompt", s(&shot.prompt)),
        ("negative_prompt", s(&shot.negative)),
        ("width", n(shot.width())),
        ("height", n(shot.height())),
        ("seed", n(shot.short_seed())),
        ("rand_device", s("cpu")),
        ("cfg_scale", float(8.0)),
        ("cfg_rescale_multiplier", float(0.0)),
        ("steps", n(35)),
        ("scheduler", s("euler")),
        ("model", n(r#"{"model_name":"juggernautXL","base_model":"sdxl","model_type":"main"}"#)),
        ("vae", n(r#"{"model_name":"VAEFix","base_model":"sdxl"}"#)),
        ("positive_style_prompt", s("")),
        ("negative_style_prompt", s("")),
    ]);
    let recipe = Recipe {
        steps: Some(35),
        cfg: Some(8.0),
        sampler: Some("euler".to_owned()),
        model: Some("juggernautXL".to_owned()),
        ..shot.recipe("invokeai")
    };
    let chunk = Chunk::pillow("invokeai_metadata", &metadata.text(Style::Compact));
    Made::new(name(shot), png(&shot.pixels(), &[chunk]), recipe)
}

fn brackets(shot: &Shot) -> String {
    if shot.negative.is_empty() {
        shot.prompt.clone()
    } else {
        format!("{} [{}]", shot.prompt, shot.negative)
    }
}

fn dream(shot: &Shot) -> String {
    format!(
        "\"{}\" -s 50 -S {} -W {} -H {} -C 7.5 -A k_lms",
        brackets(shot),
        shot.short_seed(),
        shot.width(),
        shot.height()
    )
}

fn old_recipe(shot: &Shot) -> Recipe {
    Recipe { steps: Some(50), cfg: Some(7.5), sampler: Some("k_lms".to_owned()), ..shot.recipe("invokeai") }
}

/// `000012.1234567.png`.
fn old_name(shot: &Shot) -> String {
    format!("{:06}.{}.png", shot.number, shot.short_seed())
}

fn second(shot: &Shot) -> Made {
    const HASH: &str = "cc6cb27103417325ff94f52b7a5d2dde45a7515b25c255d8e396c90014281516";
    let image = o([
        ("prompt", J::A(vec![o([("prompt", s(&brackets(shot))), ("weight", float(1.0))])])),
        ("steps", n(50)),
        ("cfg_scale", float(7.5)),
        ("threshold", n(0)),
        ("perlin", n(0)),
        ("height", n(shot.height())),
        ("width", n(shot.width())),
        ("seed", n(shot.short_seed())),
        ("seamless", n("false")),
        ("hires_fix", n("false")),
        ("type", s("txt2img")),
        ("postprocessing", n("null")),
        ("sampler", s("k_lms")),
        ("variations", J::A(vec![])),
    ]);
    let metadata = o([
        ("model", s("stable diffusion")),
        ("model_weights", s("stable-diffusion-1.5")),
        ("model_hash", s(HASH)),
        ("app_id", s("invoke-ai/InvokeAI")),
        ("app_version", s("2.3.5.post2")),
        ("image", image),
    ]);
    let chunks =
        [Chunk::pillow("Dream", &dream(shot)), Chunk::pillow("sd-metadata", &metadata.text(Style::Python))];
    let recipe = Recipe {
        model: Some("stable-diffusion-1.5".to_owned()),
        model_hash: Some(HASH.to_owned()),
        ..old_recipe(shot)
    };
    Made::new(old_name(shot), png(&shot.pixels(), &chunks), recipe)
}

fn first(shot: &Shot) -> Made {
    let bytes = png(&shot.pixels(), &[Chunk::pillow("Dream", &dream(shot))]);
    Made::new(old_name(shot), bytes, old_recipe(shot))
}
