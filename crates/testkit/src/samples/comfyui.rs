//! ComfyUI: the graph that ran (`prompt`) and the graph as the editor keeps it (`workflow`), in PNG text, in the
//! EXIF tags that its WebP and JPEG writers use, or alone.

use model::Recipe;

use super::container::{Chunk, Exif, app1, ascii, jpeg, webp};
use super::json::{J, Style, float, link, n, o, s};
use super::{Made, Shot, Writer, png};

pub const WRITERS: &[Writer] = &[
    Writer { name: "comfyui-z-image-template-png", weight: 34, make: template },
    Writer { name: "comfyui-z-image-png", weight: 20, make: z_image },
    Writer { name: "comfyui-png", weight: 10, make: sdxl },
    Writer { name: "comfyui-flux-png", weight: 6, make: flux },
    Writer { name: "comfyui-two-passes-png", weight: 3, make: two_passes },
    Writer { name: "comfyui-nan-png", weight: 1, make: nan },
    Writer { name: "comfyui-workflow-only-png", weight: 1, make: workflow_only },
    Writer { name: "comfyui-save-image-plus-webp", weight: 2, make: plus_webp },
    Writer { name: "comfyui-save-animated-webp", weight: 1, make: core_webp },
    Writer { name: "comfyui-save-image-extended-jpeg", weight: 2, make: extended_jpeg },
];

/// A node of a graph.
pub(super) struct Node {
    id: &'static str,
    class: &'static str,
    title: &'static str,
    inputs: Vec<(&'static str, J)>,
    /// Types of its outputs.
    outputs: &'static [&'static str],
}

fn node<const N: usize>(
    id: &'static str,
    (class, title): (&'static str, &'static str),
    outputs: &'static [&'static str],
    inputs: [(&'static str, J); N],
) -> Node {
    Node { id, class, title, inputs: inputs.into_iter().collect(), outputs }
}

/// The graph as the server ran it.
pub(super) fn api(nodes: &[Node]) -> J {
    let one = |node: &Node| {
        let inputs =
            J::O(node.inputs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect());
        let meta = o([("title", s(node.title))]);
        (node.id.to_owned(), o([("inputs", inputs), ("class_type", s(node.class)), ("_meta", meta)]))
    };
    J::O(nodes.iter().map(one).collect())
}

/// A link into a node: its number, the node and output it comes from, the node and input it goes to, its type.
type Wire = (usize, usize, usize, usize, usize, &'static str);

fn wires(nodes: &[Node]) -> Vec<Wire> {
    let mut wires = Vec::new();
    for (to, node) in nodes.iter().enumerate() {
        let linked = node.inputs.iter().filter_map(|(_, value)| of_link(value));
        for (slot, (id, output)) in linked.enumerate() {
            let from = nodes.iter().position(|node| node.id == id).unwrap();
            wires.push((wires.len() + 1, from, output, to, slot, nodes[from].outputs[output]));
        }
    }
    wires
}

fn of_link(value: &J) -> Option<(&str, usize)> {
    match value {
        J::A(parts) => match parts.as_slice() {
            [J::S(id), J::Raw(output)] => Some((id.as_str(), output.parse().ok()?)),
            _ => None,
        },
        _ => None,
    }
}

/// Numbers of nodes in the editor: the last part of the id.
fn number(node: &Node) -> J {
    n(node.id.rsplit(':').next().unwrap_or(node.id))
}

fn editor_nodes(nodes: &[Node], wires: &[Wire]) -> J {
    let one = |(at, node): (usize, &Node)| {
        let mut wired = wires.iter().filter(|wire| wire.3 == at);
        let linked = node.inputs.iter().filter(|(_, value)| of_link(value).is_some());
        let inputs = linked.map(|(name, _)| {
            let wire = wired.next().unwrap();
            o([("name", s(name)), ("type", s(wire.5)), ("link", n(wire.0))])
        });
        let outputs = node.outputs.iter().enumerate().map(|(slot, kind)| {
            let links =
                wires.iter().filter(|wire| wire.1 == at && wire.2 == slot).map(|wire| n(wire.0)).collect();
            o([("name", s(kind)), ("type", s(kind)), ("slot_index", n(slot)), ("links", J::A(links))])
        });
        let (x, y) = (100 + at * 320, 130 + (at % 3) * 200);
        let mut fields = vec![
            ("id", number(node)),
            ("type", s(node.class)),
            ("pos", J::A(vec![n(x), n(y)])),
            ("size", J::A(vec![n("281.9"), n(98)])),
            ("flags", J::O(vec![])),
            ("order", n(at)),
            ("mode", n(0)),
            ("inputs", J::A(inputs.collect())),
            ("outputs", J::A(outputs.collect())),
            ("properties", o([("Node name for S&R", s(node.class))])),
        ];
        if !node.title.is_empty() {
            fields.push(("title", s(node.title)));
        }
        fields.push(("widgets_values", J::A(widgets(node))));
        J::O(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    };
    J::A(nodes.iter().enumerate().map(one).collect())
}

/// Values in the order of the widgets; behind a seed stands what happens to it after a run.
fn widgets(node: &Node) -> Vec<J> {
    let mut values = Vec::new();
    for (name, value) in node.inputs.iter().filter(|(_, value)| of_link(value).is_none()) {
        values.push(value.clone());
        if name.ends_with("seed") {
            values.push(s("randomize"));
        }
    }
    values
}

/// The graph as the editor keeps it.
fn workflow(nodes: &[Node]) -> J {
    let wires = wires(nodes);
    let links = wires.iter().map(|(id, from, output, to, input, kind)| {
        J::A(vec![n(id), number(&nodes[*from]), n(output), number(&nodes[*to]), n(input), s(kind)])
    });
    o([
        ("id", s("92112d97-bb64-4b44-86f2-ea5691ef8f6e")),
        ("revision", n(0)),
        ("last_node_id", n(nodes.len())),
        ("last_link_id", n(wires.len())),
        ("nodes", editor_nodes(nodes, &wires)),
        ("links", J::A(links.collect())),
        ("groups", J::A(vec![])),
        ("config", J::O(vec![])),
        (
            "extra",
            n(
                r#"{"ds": {"scale": 0.7513148009015777, "offset": [-46.5, 64.25]}, "frontendVersion": "1.32.9"}"#,
            ),
        ),
        ("version", float(0.4)),
    ])
}

const CHECKPOINT: &[&str] = &["MODEL", "CLIP", "VAE"];
const CONDITIONING: &[&str] = &["CONDITIONING"];
const LATENT: &[&str] = &["LATENT"];
const MODEL: &[&str] = &["MODEL"];
const IMAGE: &[&str] = &["IMAGE"];

fn encode(id: &'static str, title: &'static str, text: &str, clip: J) -> Node {
    node(id, ("CLIPTextEncode", title), CONDITIONING, [("text", s(text)), ("clip", clip)])
}

fn empty_latent(id: &'static str, class: &'static str, shot: &Shot) -> Node {
    let edges = [("width", n(shot.width())), ("height", n(shot.height())), ("batch_size", n(1))];
    node(id, (class, "Empty Latent Image"), LATENT, edges)
}

/// Model, positive, negative and latent.
struct Ends<'a>(&'a str, &'a str, &'a str, &'a str);

fn sampler(
    id: &'static str,
    seed: u64,
    (steps, cfg): (u32, f64),
    (name, scheduler): (&str, &str),
    ends: &Ends<'_>,
) -> Node {
    node(
        id,
        ("KSampler", "KSampler"),
        LATENT,
        [
            ("seed", n(seed)),
            ("steps", n(steps)),
            ("cfg", float(cfg)),
            ("sampler_name", s(name)),
            ("scheduler", s(scheduler)),
            ("denoise", float(1.0)),
            ("model", link(ends.0, 0)),
            ("positive", link(ends.1, 0)),
            ("negative", link(ends.2, 0)),
            ("latent_image", link(ends.3, 0)),
        ],
    )
}

fn save(id: &'static str, images: &str) -> Node {
    node(
        id,
        ("SaveImage", "Save Image"),
        &[],
        [("filename_prefix", s("ComfyUI")), ("images", link(images, 0))],
    )
}

fn decode(id: &'static str, samples: &str, vae: J) -> Node {
    node(id, ("VAEDecode", "VAE Decode"), IMAGE, [("samples", link(samples, 0)), ("vae", vae)])
}

/// The default graph with a checkpoint.
pub(super) fn sdxl_nodes(shot: &Shot, seed: u64) -> Vec<Node> {
    vec![
        sampler("3", seed, (25, 6.5), ("dpmpp_2m", "karras"), &Ends("4", "6", "7", "5")),
        node("4", ("CheckpointLoaderSimple", "Load Checkpoint"), CHECKPOINT, [("ckpt_name", s(SDXL))]),
        empty_latent("5", "EmptyLatentImage", shot),
        encode("6", "CLIP Text Encode (Prompt)", &shot.prompt, link("4", 1)),
        encode("7", "CLIP Text Encode (Prompt)", &shot.negative, link("4", 1)),
        decode("8", "3", link("4", 2)),
        save("9", "8"),
    ]
}

pub(super) const SDXL: &str = "sd_xl_base_1.0.safetensors";
const Z_IMAGE: &str = "z_image_turbo_bf16.safetensors";

pub(super) fn sdxl_recipe(shot: &Shot, seed: u64) -> Recipe {
    Recipe {
        seed: Some(seed.to_string()),
        steps: Some(25),
        cfg: Some(6.5),
        sampler: Some("dpmpp_2m".to_owned()),
        scheduler: Some("karras".to_owned()),
        model: Some(SDXL.to_owned()),
        ..shot.recipe("comfyui")
    }
}

fn loaders(unet: &'static str, clip: &'static str, vae: &'static str) -> [Node; 3] {
    [
        node(
            unet,
            ("UNETLoader", "Load Diffusion Model"),
            MODEL,
            [("unet_name", s(Z_IMAGE)), ("weight_dtype", s("default"))],
        ),
        node(
            clip,
            ("CLIPLoader", "Load CLIP"),
            &["CLIP"],
            [("clip_name", s("qwen_3_4b.safetensors")), ("type", s("lumina2")), ("device", s("default"))],
        ),
        node(vae, ("VAELoader", "Load VAE"), &["VAE"], [("vae_name", s("ae.safetensors"))]),
    ]
}

/// The graph of the published examples: a real negative text, without effect at a guidance of 1.
fn z_image_nodes(shot: &Shot) -> Vec<Node> {
    let [unet, clip, vae] = loaders("16", "18", "17");
    vec![
        sampler("3", shot.seed, (9, 1.0), ("euler", "simple"), &Ends("16", "6", "7", "13")),
        encode("6", "CLIP Text Encode (Positive Prompt)", &shot.prompt, link("18", 0)),
        encode("7", "CLIP Text Encode (Negative Prompt)", &shot.negative, link("18", 0)),
        decode("8", "3", link("17", 0)),
        save("9", "8"),
        empty_latent("13", "EmptySD3LatentImage", shot),
        unet,
        vae,
        clip,
    ]
}

fn z_image_recipe(shot: &Shot) -> Recipe {
    Recipe {
        seed: Some(shot.seed.to_string()),
        steps: Some(9),
        cfg: Some(1.0),
        sampler: Some("euler".to_owned()),
        scheduler: Some("simple".to_owned()),
        model: Some(Z_IMAGE.to_owned()),
        ..shot.recipe("comfyui")
    }
}

fn name(shot: &Shot, ending: &str) -> String {
    format!("ComfyUI_{:05}_.{ending}", shot.number)
}

/// Two tEXt chunks of ASCII, the graph first.
fn in_png(shot: &Shot, prompt: &J, workflow: &J) -> Vec<u8> {
    let chunks = [("prompt", prompt), ("workflow", workflow)]
        .map(|(key, value)| Chunk::pillow(key, &value.text(Style::Python)));
    png(&shot.pixels(), &chunks)
}

fn z_image(shot: &Shot) -> Made {
    let nodes = z_image_nodes(shot);
    Made::new(name(shot, "png"), in_png(shot, &api(&nodes), &workflow(&nodes)), z_image_recipe(shot))
}

/// What the official template adds to every prompt.
const FIXED: &str = "safe for work, family friendly, no nudity";
const TEMPLATE: &str = "9b9009e4-2d3d-445f-9be5-6063f465757e";

/// The official template: one subgraph, so ids have two parts; the negative conditioning is the positive one made
/// zero, the positive one the person's text combined with a fixed one.
fn template(shot: &Shot) -> Made {
    let [unet, clip, vae] = loaders("57:28", "57:30", "57:29");
    let inner = vec![
        clip,
        vae,
        node(
            "57:33",
            ("ConditioningZeroOut", "ConditioningZeroOut"),
            CONDITIONING,
            [("conditioning", link("57:36", 0))],
        ),
        decode("57:8", "57:3", link("57:29", 0)),
        unet,
        encode("57:27", "CLIP Text Encode (Prompt)", &shot.prompt, link("57:30", 0)),
        encode("57:35", "CLIP Text Encode (Prompt)", FIXED, link("57:30", 0)),
        node(
            "57:36",
            ("ConditioningCombine", "Conditioning (Combine)"),
            CONDITIONING,
            [("conditioning_1", link("57:27", 0)), ("conditioning_2", link("57:35", 0))],
        ),
        empty_latent("57:13", "EmptySD3LatentImage", shot),
        node(
            "57:11",
            ("ModelSamplingAuraFlow", "ModelSamplingAuraFlow"),
            MODEL,
            [("shift", float(3.0)), ("model", link("57:28", 0))],
        ),
        sampler(
            "57:3",
            shot.seed,
            (8, 1.0),
            ("res_multistep", "simple"),
            &Ends("57:11", "57:36", "57:33", "57:13"),
        ),
    ];
    let prompt = match api(&inner) {
        J::O(mut fields) => {
            let J::O(saver) = api(&[save("9", "57:8")]) else { unreachable!("a graph is an object") };
            fields.splice(0..0, saver);
            J::O(fields)
        }
        other => other,
    };
    let recipe = Recipe {
        negative_prompt: Some(String::new()),
        steps: Some(8),
        sampler: Some("res_multistep".to_owned()),
        ..z_image_recipe(shot)
    };
    let bytes = in_png(shot, &prompt, &subgraph(&inner));
    Made::new(format!("z-image_{:05}_.png", shot.number), bytes, recipe)
}

/// The editor's graph with one node that stands for a whole graph.
fn subgraph(inner: &[Node]) -> J {
    let wires = wires(inner);
    let links = wires.iter().map(|(id, from, output, to, input, kind)| {
        o([
            ("id", n(id)),
            ("origin_id", number(&inner[*from])),
            ("origin_slot", n(output)),
            ("target_id", number(&inner[*to])),
            ("target_slot", n(input)),
            ("type", s(kind)),
        ])
    });
    let definition = o([
        ("id", s(TEMPLATE)),
        ("version", n(1)),
        ("state", n(r#"{"lastGroupId": 4, "lastNodeId": 61, "lastLinkId": 74, "lastRerouteId": 0}"#)),
        ("revision", n(0)),
        ("config", J::O(vec![])),
        ("name", s("Text to Image (Z-Image-Turbo)")),
        ("inputNode", n(r#"{"id": -10, "bounding": [-80, 425, 120, 180]}"#)),
        ("outputNode", n(r#"{"id": -20, "bounding": [1490, 415, 120, 60]}"#)),
        ("inputs", J::A(vec![])),
        (
            "outputs",
            n(
                r#"[{"id": "1fa72a21-ce00-4952-814e-1f2ffbe87d1d", "name": "IMAGE", "type": "IMAGE", "linkIds": [16]}]"#,
            ),
        ),
        ("widgets", J::A(vec![])),
        ("nodes", editor_nodes(inner, &wires)),
        ("groups", J::A(vec![])),
        ("links", J::A(links.collect())),
    ]);
    let outer = format!(
        r#"[{{"id": 57, "type": "{TEMPLATE}", "pos": [0, 0], "size": [400, 470], "flags": {{}}, "order": 0, "mode": 0, "inputs": [], "outputs": [{{"name": "IMAGE", "type": "IMAGE", "links": [62]}}], "properties": {{}}, "widgets_values": []}}, {{"id": 9, "type": "SaveImage", "pos": [470, 0], "size": [780, 660], "flags": {{}}, "order": 1, "mode": 0, "inputs": [{{"name": "images", "type": "IMAGE", "link": 62}}], "outputs": [], "properties": {{}}, "widgets_values": ["z-image"]}}]"#
    );
    o([
        ("id", s("1ae1afcb-9a24-4ff0-b0e4-c7d2a0a4b7b4")),
        ("revision", n(0)),
        ("last_node_id", n(61)),
        ("last_link_id", n(74)),
        ("nodes", n(outer)),
        ("links", n(r#"[[62, 57, 0, 9, 0, "IMAGE"]]"#)),
        ("groups", J::A(vec![])),
        ("definitions", o([("subgraphs", J::A(vec![definition]))])),
        ("config", J::O(vec![])),
        ("extra", n(r#"{"frontendVersion": "1.32.9"}"#)),
        ("version", float(0.4)),
    ])
}

fn sdxl(shot: &Shot) -> Made {
    let nodes = sdxl_nodes(shot, shot.seed);
    Made::new(name(shot, "png"), in_png(shot, &api(&nodes), &workflow(&nodes)), sdxl_recipe(shot, shot.seed))
}

/// Sampling spread over several nodes; a guider without guidance scale and negative prompt.
fn flux(shot: &Shot) -> Made {
    let nodes = vec![
        encode("6", "CLIP Text Encode (Positive Prompt)", &shot.prompt, link("11", 0)),
        decode("8", "13", link("10", 0)),
        save("9", "8"),
        node("10", ("VAELoader", "Load VAE"), &["VAE"], [("vae_name", s("ae.safetensors"))]),
        node(
            "11",
            ("DualCLIPLoader", "DualCLIPLoader"),
            &["CLIP"],
            [
                ("clip_name1", s("t5xxl_fp16.safetensors")),
                ("clip_name2", s("clip_l.safetensors")),
                ("type", s("flux")),
            ],
        ),
        node(
            "12",
            ("UNETLoader", "Load Diffusion Model"),
            MODEL,
            [("unet_name", s("flux1-dev.safetensors")), ("weight_dtype", s("default"))],
        ),
        node(
            "13",
            ("SamplerCustomAdvanced", "SamplerCustomAdvanced"),
            &["LATENT", "LATENT"],
            [
                ("noise", link("25", 0)),
                ("guider", link("22", 0)),
                ("sampler", link("16", 0)),
                ("sigmas", link("17", 0)),
                ("latent_image", link("27", 0)),
            ],
        ),
        node("16", ("KSamplerSelect", "KSamplerSelect"), &["SAMPLER"], [("sampler_name", s("euler"))]),
        node(
            "17",
            ("BasicScheduler", "BasicScheduler"),
            &["SIGMAS"],
            [("scheduler", s("simple")), ("steps", n(20)), ("denoise", float(1.0)), ("model", link("12", 0))],
        ),
        node(
            "22",
            ("BasicGuider", "BasicGuider"),
            &["GUIDER"],
            [("model", link("12", 0)), ("conditioning", link("26", 0))],
        ),
        node("25", ("RandomNoise", "RandomNoise"), &["NOISE"], [("noise_seed", n(shot.seed))]),
        node(
            "26",
            ("FluxGuidance", "FluxGuidance"),
            CONDITIONING,
            [("guidance", float(3.5)), ("conditioning", link("6", 0))],
        ),
        empty_latent("27", "EmptySD3LatentImage", shot),
    ];
    let recipe = Recipe {
        negative_prompt: Some(String::new()),
        seed: Some(shot.seed.to_string()),
        steps: Some(20),
        sampler: Some("euler".to_owned()),
        scheduler: Some("simple".to_owned()),
        model: Some("flux1-dev.safetensors".to_owned()),
        ..shot.recipe("comfyui")
    };
    Made::new(name(shot, "png"), in_png(shot, &api(&nodes), &workflow(&nodes)), recipe)
}

/// Made small, enlarged in latent space, sampled again with other settings: the first pass is the answer.
fn two_passes(shot: &Shot) -> Made {
    let mut nodes = sdxl_nodes(shot, shot.seed);
    nodes[5] = decode("8", "11", link("4", 2));
    nodes[2] = node(
        "5",
        ("EmptyLatentImage", "Empty Latent Image"),
        LATENT,
        [("width", n(shot.width() / 2)), ("height", n(shot.height() / 2)), ("batch_size", n(1))],
    );
    nodes.push(node(
        "10",
        ("LatentUpscale", "Upscale Latent"),
        LATENT,
        [
            ("upscale_method", s("nearest-exact")),
            ("width", n(shot.width())),
            ("height", n(shot.height())),
            ("crop", s("disabled")),
            ("samples", link("3", 0)),
        ],
    ));
    nodes.push(sampler("11", 1, (14, 8.0), ("dpmpp_sde", "simple"), &Ends("4", "6", "7", "10")));
    let recipe = Recipe {
        width: Some(shot.width() / 2),
        height: Some(shot.height() / 2),
        ..sdxl_recipe(shot, shot.seed)
    };
    Made::new(name(shot, "png"), in_png(shot, &api(&nodes), &workflow(&nodes)), recipe)
}

/// Python writes `NaN`, and seeds go up to 2^64 − 1.
fn nan(shot: &Shot) -> Made {
    let seed = u64::MAX - shot.short_seed();
    let nodes = sdxl_nodes(shot, seed);
    let mut prompt = api(&nodes);
    if let J::O(fields) = &mut prompt
        && let Some((_, J::O(saver))) = fields.last_mut()
    {
        saver.push(("is_changed".to_owned(), J::A(vec![n("NaN")])));
    }
    let chunk = Chunk::pillow("prompt", &prompt.text(Style::Python));
    Made::new(name(shot, "png"), png(&shot.pixels(), &[chunk]), sdxl_recipe(shot, seed))
}

fn workflow_only(shot: &Shot) -> Made {
    let nodes = sdxl_nodes(shot, shot.seed);
    let chunk = Chunk::pillow("workflow", &workflow(&nodes).text(Style::Python));
    Made::new(name(shot, "png"), png(&shot.pixels(), &[chunk]), sdxl_recipe(shot, shot.seed))
}

/// SaveImagePlus: one object of both graphs, without a charset, in the first directory.
fn plus_webp(shot: &Shot) -> Made {
    let nodes = z_image_nodes(shot);
    let text = o([("prompt", api(&nodes)), ("workflow", workflow(&nodes))]).text(Style::Python);
    let exif = Exif::pillow(vec![(0x9286, 2, ascii(&text))]);
    let bytes = webp(&shot.pixels(), &[(b"EXIF", exif.bytes())]);
    Made::new(name(shot, "webp"), bytes, z_image_recipe(shot))
}

/// The core node for animated WebP, with one frame: labels in tags meant for camera makers.
fn core_webp(shot: &Shot) -> Made {
    let nodes = z_image_nodes(shot);
    let tag = |label: &str, graph: &J| ascii(&format!("{label}:{}", graph.text(Style::Python)));
    let first =
        vec![(0x010f, 2, tag("workflow", &workflow(&nodes))), (0x0110, 2, tag("prompt", &api(&nodes)))];
    let bytes = webp(&shot.pixels(), &[(b"EXIF", Exif::pillow(first).bytes())]);
    Made::new(name(shot, "webp"), bytes, z_image_recipe(shot))
}

/// save-image-extended: as above with capitals, a space and other tags.
fn extended_jpeg(shot: &Shot) -> Made {
    let nodes = sdxl_nodes(shot, shot.seed);
    let tag = |label: &str, graph: &J| ascii(&format!("{label}: {}", graph.text(Style::Python)));
    let first =
        vec![(0x010e, 2, tag("Workflow", &workflow(&nodes))), (0x010f, 2, tag("Prompt", &api(&nodes)))];
    let bytes = jpeg(&shot.painting, &[app1(&Exif::pillow(first))], true);
    Made::new(name(shot, "jpeg"), bytes, sdxl_recipe(shot, shot.seed))
}
