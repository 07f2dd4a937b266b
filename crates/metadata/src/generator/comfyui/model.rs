//! From a sampler's model input to the file, with the LoRAs on the way; CLIP skip and VAE.

use std::collections::HashSet;

use model::Lora;
use serde_json::Value;

use super::graph::{Graph, Node};
use crate::generator::fields::lora;
use crate::{json, limits};

/// Inputs that name a model's file.
const FILES: [&str; 8] =
    ["ckpt_name", "unet_name", "gguf_name", "model_name", "base_ckpt_name", "ckpt", "model_path", "model"];
/// Inputs through which a model passes.
const THROUGH: [&str; 12] = [
    "model",
    "MODEL",
    "model1",
    "model_1",
    "base_model",
    "unet",
    "pipe",
    "basic_pipe",
    "detailer_pipe",
    "base_ctx",
    "ctx",
    "",
];

/// LoRAs told of one sampler.
const LORAS: usize = 32;

/// What lies behind a model input.
#[derive(Default)]
pub struct Files {
    /// The model's file.
    pub name: Option<String>,
    /// LoRAs, the one next to the sampler first.
    pub loras: Vec<Lora>,
}

/// Follows a model input.
pub fn behind<'a>(graph: &'a Graph, value: &'a Value) -> Files {
    let (mut files, mut seen, mut next) = (Files::default(), HashSet::new(), value);
    while let Some((node, _)) = graph.link(next) {
        if seen.len() > limits::GRAPH_DEPTH || !seen.insert(std::ptr::from_ref(node)) {
            break;
        }
        loras(graph, node, &mut files.loras);
        files.name = file(graph, node);
        if files.name.is_some() {
            break;
        }
        let through = THROUGH.iter().find_map(|name| node.inputs.get(*name).filter(|value| value.is_array()));
        let chosen = || graph.branches(node).into_iter().find(|value| value.is_array());
        match through.or_else(chosen) {
            Some(value) => next = value,
            None => break,
        }
    }
    files
}

/// The model's file that a node loads.
pub fn file(graph: &Graph, node: &Node) -> Option<String> {
    let (name, value) = FILES.iter().find_map(|name| Some((*name, node.inputs.get(*name)?)))?;
    // Where a model itself comes in, its name does not.
    if value.is_array() && !name.ends_with("name") {
        return None;
    }
    let text = match named(value) {
        Some(text) => graph.copy(text)?,
        None => graph.value(node, &[name], Value::is_string)?.as_str()?.to_owned(),
    };
    (!text.is_empty() && text != "None").then_some(text)
}

/// A file's name, or an object around it that some nodes write.
fn named(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| value.get("content")?.as_str())
}

fn loras(graph: &Graph, node: &Node, found: &mut Vec<Lora>) {
    let add = |found: &mut Vec<Lora>, name: Option<&str>, weight: Option<&Value>| {
        if let Some(name) = name.filter(|name| *name != "None" && !name.is_empty())
            && found.len() < LORAS
            && graph.grant(name.len()).is_some()
        {
            found.push(lora(name, weight));
        }
    };
    if let Some(name) = node.inputs.get("lora_name") {
        let weight =
            graph.value(node, &["strength_model", "strength", "lora_model_strength"], Value::is_number);
        add(found, named(name), weight.as_ref());
    }
    if !graph.may_go_through(node) {
        return;
    }
    let is_number = |rest: &&str| rest.len() < 20 && rest.bytes().all(|b| b.is_ascii_digit());
    for (key, value) in &node.inputs {
        let Some(number) = key.strip_prefix("lora_").filter(is_number) else {
            continue;
        };
        match value {
            // rgthree's: {on, lora, strength}.
            Value::Object(entry) if entry.get("on").and_then(Value::as_bool) != Some(false) => {
                add(found, entry.get("lora").and_then(named), json::field(entry, &["strength"]));
            }
            Value::String(name) => add(found, Some(name), node.inputs.get(&format!("strength_{number}"))),
            _ => {}
        }
    }
}

/// CLIP layers skipped, from the negative number that nodes have for it.
pub fn clip_skip(graph: &Graph) -> Option<i64> {
    let last = |node: &Node| {
        let value =
            graph.value(node, &["stop_at_clip_layer", "clip_skip"], |value| value.as_i64().is_some())?;
        value.as_i64().filter(|n| (-24..0).contains(n)).map(|n| -n)
    };
    graph.nodes().find_map(last)
}

/// The VAE's file.
pub fn vae(graph: &Graph) -> Option<String> {
    let name = |node: &Node| node.inputs.get("vae_name")?.as_str().map(str::to_owned);
    graph.nodes().find_map(name).filter(|name| !name.starts_with("Baked"))
}
