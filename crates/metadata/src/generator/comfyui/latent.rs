//! From a sampler's latent input to the size that was asked for.

use serde_json::Value;

use super::graph::{Graph, Node};
use crate::generator::fields;
use crate::{json, limits};

/// Inputs through which a latent passes.
const THROUGH: [&str; 12] = [
    "latent_image",
    "latent",
    "samples",
    "latents",
    "samples1",
    "optional_latent",
    "image_embeds",
    "pipe",
    "base_ctx",
    "ctx",
    "basic_pipe",
    "",
];
/// Pairs of inputs that give a size.
const EDGES: [[&str; 2]; 3] =
    [["width", "height"], ["empty_latent_width", "empty_latent_height"], ["latent_width", "latent_height"]];

/// The size of the latent that a sampler began with; `None` when it came from a picture.
pub fn size(graph: &Graph, sampler: &Node) -> Option<(u32, u32)> {
    let mut node = sampler;
    for depth in 0..limits::GRAPH_DEPTH {
        if depth > 0 || !node.class.contains("Sampler") {
            let found = own(graph, node);
            if found.is_some() {
                return found;
            }
        }
        node = next(graph, node)?;
    }
    None
}

/// The node that enlarged what a sampler began with.
pub fn enlarger<'a>(graph: &'a Graph, sampler: &'a Node) -> Option<&'a Node> {
    let mut node = sampler;
    for _ in 0..limits::GRAPH_DEPTH {
        let picture = ["pixels", "image"].iter().find_map(|name| graph.link(node.inputs.get(*name)?));
        node = picture.map(|(node, _)| node).or_else(|| next(graph, node))?;
        if node.class.contains("Upscale") || node.class.contains("ImageScale") {
            return Some(node);
        }
        if super::sampling::is_sampler(node) {
            return None;
        }
    }
    None
}

fn next<'a>(graph: &'a Graph, node: &'a Node) -> Option<&'a Node> {
    let value = THROUGH.iter().find_map(|name| node.inputs.get(*name).filter(|value| value.is_array()));
    let value = value.or_else(|| graph.branches(node).into_iter().find(|value| value.is_array()))?;
    graph.link(value).map(|(node, _)| node)
}

fn own(graph: &Graph, node: &Node) -> Option<(u32, u32)> {
    if node.class.contains("Upscale") {
        return None;
    }
    let edge = |name: &str| graph.value(node, &[name], is_count).as_ref().and_then(json::count);
    let both = EDGES.iter().find_map(|[width, height]| Some((edge(width)?, edge(height)?)));
    // Some nodes have the size in one text: `832 x 1216 (portrait)`.
    let text = || {
        ["dimensions", "resolution"].iter().find_map(|name| fields::size(node.inputs.get(*name)?.as_str()?))
    };
    both.or_else(text)
}

fn is_count(value: &Value) -> bool {
    json::count(value).is_some_and(|n| n > 0)
}
