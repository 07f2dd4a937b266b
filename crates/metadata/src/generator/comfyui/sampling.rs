//! Samplers: which nodes are some, and what each was told.

use model::Pass;
use serde_json::Value;

use super::conditioning::{self, Answer, Role};
use super::graph::{Graph, Node};
use super::latent;
use super::model::{self as files, Files};
use crate::{json, limits};

/// Inputs that only a sampler has, next to a seed or steps.
const DRIVEN_BY: [&str; 9] = [
    "positive",
    "guider",
    "text_embeds",
    "basic_pipe",
    "detailer_pipe",
    "latent_image",
    "optional_latent",
    "samples",
    "sigmas",
];

/// Whether a node samples, custom ones included.
pub fn is_sampler(node: &Node) -> bool {
    let has = |name: &str| node.inputs.contains_key(name);
    let seed = has("seed") || has("noise_seed") || has("noise");
    let told = (seed && has("steps") && (has("cfg") || has("sampler_name")))
        || (has("sigmas") && (has("guider") || seed));
    let driven = DRIVEN_BY.iter().any(|name| has(name)) && seed && (has("steps") || has("sigmas"));
    told || driven
}

/// What a sampler was told.
pub fn pass(graph: &Graph, node: &Node) -> Pass {
    let guider = node.inputs.get("guider").and_then(|value| graph.link(value)).map(|(node, _)| node);
    let number =
        |node: &Node, names: &[&str]| graph.value(node, names, is_number).as_ref().and_then(json::number);
    let (width, height) = latent::size(graph, node).unzip();
    let text = |input: &str, name: &str| {
        let own = graph.value(node, &[name], Value::is_string);
        let value = own.or_else(|| along(graph, node, input, name, Value::is_string))?;
        value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let steps =
        graph.value(node, &["steps"], is_number).or_else(|| along(graph, node, "sigmas", "steps", is_number));
    let denoise = graph
        .value(node, &["denoise"], is_number)
        .or_else(|| along(graph, node, "sigmas", "denoise", is_number));
    let cfg = number(node, &["cfg", "cfg_scale"]).or_else(|| number(guider?, &["cfg", "cfg_conds"]));
    Pass {
        node: node.id.clone(),
        class: node.class.clone(),
        prompt: prompt(graph, node, guider, Role::Positive).text(),
        negative_prompt: prompt(graph, node, guider, Role::Negative).text(),
        seed: seed(graph, node),
        steps: steps.as_ref().and_then(json::count),
        cfg,
        sampler: text("sampler", "sampler_name"),
        scheduler: text("sigmas", "scheduler"),
        model: model(graph, node).name,
        width,
        height,
        // A strength of one is a picture from nothing.
        denoise: denoise.as_ref().and_then(json::number).filter(|strength| *strength < 1.0),
    }
}

/// The model behind a sampler, and the LoRAs on the way to it.
pub fn model(graph: &Graph, node: &Node) -> Files {
    let starts =
        ["model", "guider", "pipe", "basic_pipe", "detailer_pipe", "ctx", "base_ctx", "context", "sigmas"];
    let found =
        starts.iter().filter_map(|name| node.inputs.get(*name)).map(|value| files::behind(graph, value));
    found.into_iter().find(|files| files.name.is_some()).unwrap_or_default()
}

fn prompt(graph: &Graph, node: &Node, guider: Option<&Node>, role: Role) -> Answer {
    let (direct, bundled) = match role {
        Role::Positive => (["positive", "conditioning", "cond1"], ["text_embeds", "basic_pipe"]),
        Role::Negative => (["negative", "negative", "negative"], ["text_embeds", "basic_pipe"]),
    };
    let source = guider.unwrap_or(node);
    if let Some(value) = direct.iter().find_map(|name| source.inputs.get(*name)) {
        return conditioning::of_value(graph, value, role);
    }
    let bundles = bundled.iter().chain(&["detailer_pipe", "pipe", "ctx", "base_ctx", "context"]);
    match bundles.into_iter().find_map(|name| source.inputs.get(*name)) {
        Some(value) => conditioning::of_value(graph, value, role),
        // A guider without this input works without such a prompt.
        None if role == Role::Negative => Answer::Nothing,
        None => Answer::Unknown,
    }
}

fn seed(graph: &Graph, node: &Node) -> Option<String> {
    let own = graph.value(node, &["seed", "noise_seed"], is_number);
    let value = own.or_else(|| {
        let (noise, _) = graph.link(node.inputs.get("noise")?)?;
        graph.value(noise, &["noise_seed", "seed"], is_number)
    });
    json::whole(&value?)
}

/// A value of the first node that has it, going from one input through nodes that change what it carries.
fn along(graph: &Graph, node: &Node, input: &str, name: &str, fits: fn(&Value) -> bool) -> Option<Value> {
    let mut value = node.inputs.get(input)?;
    for _ in 0..limits::GRAPH_DEPTH {
        let (target, _) = graph.link(value)?;
        if let Some(found) = graph.value(target, &[name], fits) {
            return Some(found);
        }
        let through = [input, "sigmas_1", "sigmas1", "", "any", "pipe"];
        let next = through.iter().find_map(|name| target.inputs.get(*name).filter(|value| value.is_array()));
        value = next.or_else(|| graph.branches(target).into_iter().find(|value| value.is_array()))?;
    }
    None
}

fn is_number(value: &Value) -> bool {
    json::number(value).is_some()
}
