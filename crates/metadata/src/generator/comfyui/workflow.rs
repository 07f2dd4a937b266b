//! The editor's workflow as a graph: links in a table, values by their position.
//!
//! Newer editors list a node's widgets among its inputs; for older ones the order is known of the common nodes.
//! Subgraphs become nodes `outer:inner`, as they are in the graph that runs.
//!
//! **Invariant:** a subgraph may stand in many places, so what is copied out of it is counted: see [`Budget`].

use std::cell::Cell;
use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::graph::{Graph, Node, SUBGRAPH};
use crate::limits;

/// Levels of subgraphs.
const DEPTH: usize = 8;
/// Ids of the nodes that stand for a subgraph's inputs and outputs.
const INPUT: &str = "-10";
const OUTPUT: &str = "-20";
/// Modes of nodes that do not run, and of nodes that let everything pass.
const NEVER: u64 = 2;
const BYPASS: u64 = 4;
/// Bytes that an id may have within its level.
const ID: usize = 64;
/// What a link, node, slot or value costs beside its text.
const ENTRY: usize = 64;

/// Bytes that may still be copied into the graph.
struct Budget {
    left: Cell<usize>,
    exceeded: Cell<bool>,
}

impl Budget {
    /// Takes bytes; false, then and from then on, when there are not that many.
    fn spend(&self, bytes: usize) -> bool {
        match self.left.get().checked_sub(bytes) {
            Some(left) => self.left.set(left),
            None => {
                self.left.set(0);
                self.exceeded.set(true);
            }
        }
        !self.exceeded.get()
    }

    fn copy(&self, value: &Value) -> Option<Value> {
        self.spend(weight(value)).then(|| value.clone())
    }
}

/// Bytes that a value takes, roughly.
fn weight(value: &Value) -> usize {
    ENTRY
        + match value {
            Value::String(text) => text.len(),
            Value::Array(values) => values.iter().map(weight).sum(),
            Value::Object(map) => map.iter().map(|(name, value)| name.len() + weight(value)).sum(),
            _ => 0,
        }
}

/// Builds the graph.
pub fn graph(workflow: &Map<String, Value>) -> Graph {
    let definitions = workflow.get("definitions").and_then(|all| all.get("subgraphs")?.as_array());
    let subgraphs = definitions.into_iter().flatten().filter_map(Value::as_object);
    let by_id = subgraphs.filter_map(|subgraph| Some((id(subgraph.get("id")?)?, subgraph))).collect();
    let budget = Budget { left: Cell::new(limits::GRAPH_TEXT), exceeded: Cell::new(false) };
    let mut builder = Builder { subgraphs: by_id, nodes: Vec::new(), budget: &budget };
    builder.add(workflow, "", &HashMap::new(), 0);
    let graph = Graph::new(builder.nodes);
    if budget.exceeded.get() {
        graph.leave_out();
    }
    graph
}

struct Builder<'a> {
    subgraphs: HashMap<String, &'a Map<String, Value>>,
    nodes: Vec<Node>,
    budget: &'a Budget,
}

/// Where a link comes from.
type Links = HashMap<String, (String, u64)>;

impl Builder<'_> {
    /// Adds the nodes of a level; `given` are the values at a subgraph's inputs.
    fn add(&mut self, level: &Map<String, Value>, prefix: &str, given: &HashMap<u64, Value>, depth: usize) {
        let budget = self.budget;
        if !budget.spend(ENTRY * (list(level, "links").count() + list(level, "nodes").count())) {
            return;
        }
        let links = links(level);
        let from = |link: &Value| {
            let (origin, slot) = links.get(&id(link)?)?;
            match origin.as_str() {
                INPUT => budget.copy(given.get(slot)?),
                _ => Some(json!([format!("{prefix}{origin}"), slot])),
            }
        };
        for node in
            level.get("nodes").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
        {
            let (Some(number), Some(class)) =
                (node.get("id").and_then(id), node.get("type").and_then(Value::as_str))
            else {
                continue;
            };
            let mode = node.get("mode").and_then(Value::as_u64).unwrap_or_default();
            if mode == NEVER || class.len() > limits::NAME {
                continue;
            }
            let size = ENTRY + (ENTRY + prefix.len()) * (1 + list(node, "inputs").count());
            if self.nodes.len() >= limits::GRAPH_NODES || !budget.spend(size) {
                return;
            }
            let id = format!("{prefix}{number}");
            let mut inputs = Map::new();
            let slots: Vec<_> = list(node, "inputs").filter_map(Value::as_object).collect();
            for slot in &slots {
                let name = slot.get("name").and_then(Value::as_str).unwrap_or_default();
                let value = slot.get("link").and_then(from).filter(|_| budget.spend(name.len()));
                inputs.extend(value.map(|value| (name.to_owned(), value)));
            }
            let subgraph = self.subgraphs.get(class).copied();
            if mode != BYPASS {
                widgets(class, node, &slots, &mut inputs, budget);
            }
            match subgraph {
                Some(subgraph) if depth < DEPTH && mode != BYPASS => {
                    inputs = self.inside(subgraph, &id, &slots, &inputs, depth);
                    self.push(id, SUBGRAPH, node, inputs);
                }
                _ => self.push(id, if mode == BYPASS { "Bypass" } else { class }, node, inputs),
            }
        }
    }

    /// Adds a subgraph's nodes and gives what its outputs link to.
    fn inside(
        &mut self,
        subgraph: &Map<String, Value>,
        id: &str,
        slots: &[&Map<String, Value>],
        inputs: &Map<String, Value>,
        depth: usize,
    ) -> Map<String, Value> {
        let name = |slot: &Map<String, Value>| slot.get("name").and_then(Value::as_str).map(str::to_owned);
        let within = |name: &String| self.budget.spend(ENTRY + name.len());
        let declared: Vec<_> = list(subgraph, "inputs")
            .filter_map(|input| name(input.as_object()?))
            .take_while(within)
            .collect();
        let names =
            if declared.is_empty() { slots.iter().filter_map(|slot| name(slot)).collect() } else { declared };
        let given = names
            .iter()
            .enumerate()
            .filter_map(|(n, name)| Some((n as u64, self.budget.copy(inputs.get(name)?)?)))
            .collect();
        let prefix = format!("{id}:");
        self.add(subgraph, &prefix, &given, depth + 1);
        let outputs = list(subgraph, "links").filter_map(link).filter(|link| link.target == OUTPUT);
        outputs
            .map(|link| {
                (link.target_slot.to_string(), json!([format!("{prefix}{}", link.origin), link.slot]))
            })
            .collect()
    }

    fn push(&mut self, id: String, class: &str, node: &Map<String, Value>, inputs: Map<String, Value>) {
        let title = node.get("title").and_then(Value::as_str).filter(|title| title.len() <= limits::NAME);
        let title = title.unwrap_or_default().to_owned();
        self.nodes.push(Node { id, class: class.to_owned(), title, inputs });
    }
}

/// A link in either form: `[id, origin, slot, target, slot, type]` or an object.
struct Link {
    id: String,
    origin: String,
    slot: u64,
    target: String,
    target_slot: u64,
}

fn link(value: &Value) -> Option<Link> {
    let at = |n: usize, name: &str| value.get(n).or_else(|| value.get(name));
    Some(Link {
        id: id(at(0, "id")?)?,
        origin: id(at(1, "origin_id")?)?,
        slot: at(2, "origin_slot")?.as_u64()?,
        target: id(at(3, "target_id")?)?,
        target_slot: at(4, "target_slot")?.as_u64()?,
    })
}

fn links(level: &Map<String, Value>) -> Links {
    list(level, "links").filter_map(link).map(|link| (link.id, (link.origin, link.slot))).collect()
}

fn list<'a>(map: &'a Map<String, Value>, name: &str) -> impl Iterator<Item = &'a Value> {
    map.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(id) => (id.len() <= ID).then(|| id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

/// Puts a node's values under their names, where no link is.
fn widgets(
    class: &str,
    node: &Map<String, Value>,
    slots: &[&Map<String, Value>],
    inputs: &mut Map<String, Value>,
    budget: &Budget,
) {
    let values = match node.get("widgets_values") {
        Some(Value::Array(values)) => values,
        Some(Value::Object(named)) => {
            for (name, value) in named {
                if !inputs.contains_key(name) && budget.spend(name.len()) {
                    inputs.extend(budget.copy(value).map(|value| (name.clone(), value)));
                }
            }
            return;
        }
        _ => return,
    };
    let listed: Vec<&str> = slots
        .iter()
        .filter_map(|slot| slot.get("widget")?.get("name").or(slot.get("name"))?.as_str())
        .collect();
    let names = known(class).map_or(listed, <[&str]>::to_vec);
    let mut values = values.iter().peekable();
    for name in names {
        let Some(value) = values.next() else { return };
        if !inputs.contains_key(name) && budget.spend(name.len()) {
            inputs.extend(budget.copy(value).map(|value| (name.to_owned(), value)));
        }
        // Behind a seed stands what becomes of it after the run.
        let controls = |value: &&Value| {
            matches!(value.as_str(), Some("fixed" | "increment" | "decrement" | "randomize"))
        };
        if name.contains("seed") {
            values.next_if(controls);
        }
    }
}

/// The widgets of common nodes, in order.
fn known(class: &str) -> Option<&'static [&'static str]> {
    Some(match class {
        "KSampler" => &["seed", "steps", "cfg", "sampler_name", "scheduler", "denoise"],
        "KSamplerAdvanced" => &["add_noise", "noise_seed", "steps", "cfg", "sampler_name", "scheduler"],
        "SamplerCustom" => &["add_noise", "noise_seed", "cfg"],
        "KSamplerSelect" => &["sampler_name"],
        "BasicScheduler" => &["scheduler", "steps", "denoise"],
        "SDTurboScheduler" => &["steps", "denoise"],
        "RandomNoise" => &["noise_seed"],
        "CFGGuider" => &["cfg"],
        "CLIPTextEncode" => &["text"],
        "CLIPTextEncodeFlux" => &["clip_l", "t5xxl", "guidance"],
        "CLIPTextEncodeSDXL" => {
            &["width", "height", "crop_w", "crop_h", "target_width", "target_height", "text_g", "text_l"]
        }
        "CheckpointLoaderSimple" => &["ckpt_name"],
        "UNETLoader" => &["unet_name", "weight_dtype"],
        "UnetLoaderGGUF" => &["unet_name"],
        "VAELoader" => &["vae_name"],
        "CLIPSetLastLayer" => &["stop_at_clip_layer"],
        "LoraLoader" => &["lora_name", "strength_model", "strength_clip"],
        "LoraLoaderModelOnly" => &["lora_name", "strength_model"],
        "EmptyLatentImage" | "EmptySD3LatentImage" | "EmptyFlux2LatentImage" => {
            &["width", "height", "batch_size"]
        }
        "LatentUpscaleBy" => &["upscale_method", "scale_by"],
        "UpscaleModelLoader" => &["model_name"],
        "PrimitiveNode"
        | "PrimitiveInt"
        | "PrimitiveFloat"
        | "PrimitiveBoolean"
        | "PrimitiveString"
        | "PrimitiveStringMultiline" => &["value"],
        "StringConcatenate" => &["string_a", "string_b", "delimiter"],
        _ => return None,
    })
}
