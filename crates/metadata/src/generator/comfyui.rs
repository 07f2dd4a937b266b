//! ComfyUI. The `prompt` graph that ran (ids to `{class_type, inputs}`), in PNG under that key, elsewhere in EXIF
//! tags, in XMP, or inside one object in a comment; else the `workflow` as the editor keeps it.
//!
//! The walk begins at outputs and goes backwards: to the samplers, from there to conditioning, model and latent.

mod conditioning;
mod graph;
mod latent;
mod model;
mod sampling;
mod text;
mod workflow;

use ::model::{Hires, Pass, Recipe};
use serde_json::{Map, Value};

use super::a1111;
use super::document::Document;
use super::fields::fill;
use graph::{Graph, Node};

const GENERATOR: &str = "comfyui";

/// Reads the graph; where it does not hold the prompt (custom nodes made it while running), an A1111 text that a
/// saving node wrote beside it fills in.
pub fn read(document: &Document) -> Option<Recipe> {
    let mut recipe = of_graph(document)?;
    if recipe.prompt.as_ref().is_none_or(String::is_empty)
        && let Some(text) = a1111::read(document)
    {
        recipe.prompt = None;
        fill(&mut recipe, text);
    }
    Some(recipe)
}

/// Reads the graph that ran.
pub fn of_graph(document: &Document) -> Option<Recipe> {
    let is_graph = |map: &Map<String, Value>| map.values().any(|node| node.get("class_type").is_some());
    let graph = document.object("prompt").filter(is_graph);
    let graph = graph.or_else(|| document.object_with(is_graph).cloned())?;
    told(document, &Graph::from_prompt(graph))
}

/// Reads the editor's workflow.
pub fn read_workflow(document: &Document) -> Option<Recipe> {
    let is_workflow = |map: &Map<String, Value>| map.get("nodes").is_some_and(Value::is_array);
    let workflow = document.object("workflow").filter(is_workflow);
    let workflow = workflow.or_else(|| document.object_with(is_workflow).cloned())?;
    told(document, &workflow::graph(&workflow))
}

fn told(document: &Document, graph: &Graph) -> Option<Recipe> {
    let recipe = recipe(graph);
    document.leave_out(graph.has_left_out());
    recipe
}

fn recipe(graph: &Graph) -> Option<Recipe> {
    let order = graph.order();
    let samplers: Vec<&Node> = order.into_iter().filter(|node| sampling::is_sampler(node)).collect();
    let Some(first) = samplers.first() else { return without_sampler(graph) };
    let passes: Vec<Pass> =
        samplers.iter().take(crate::limits::PASSES).map(|node| sampling::pass(graph, node)).collect();
    let Pass {
        prompt,
        negative_prompt,
        seed,
        steps,
        cfg,
        sampler,
        scheduler,
        model,
        width,
        height,
        denoise,
        ..
    } = passes.first()?.clone();
    let mut recipe = Recipe {
        generator: Some(GENERATOR.to_owned()),
        loras: sampling::model(graph, first).loras,
        clip_skip: model::clip_skip(graph),
        vae: model::vae(graph),
        hires: hires(graph, &samplers, &passes),
        prompt,
        negative_prompt,
        seed,
        steps,
        cfg,
        sampler,
        scheduler,
        model,
        width,
        height,
        denoise,
        ..Recipe::default()
    };
    if passes.len() > 1 {
        recipe.samplers = passes;
    }
    let says_something = recipe.prompt.is_some() || recipe.seed.is_some() || recipe.model.is_some();
    says_something.then_some(recipe)
}

/// A graph of nodes that no walk knows: the text encoders' texts, by their titles, and the model.
fn without_sampler(graph: &Graph) -> Option<Recipe> {
    let mut recipe = Recipe { generator: Some(GENERATOR.to_owned()), ..Recipe::default() };
    for node in graph.nodes().filter(|node| node.class.contains("TextEncode")) {
        let Some(text) = conditioning::own_text(graph, node) else { continue };
        let negative = [&node.class, &node.title].iter().any(|name| name.to_lowercase().contains("neg"));
        let place = if negative || recipe.prompt.is_some() {
            &mut recipe.negative_prompt
        } else {
            &mut recipe.prompt
        };
        place.get_or_insert(text);
    }
    recipe.prompt.as_ref()?;
    recipe.negative_prompt.get_or_insert_default();
    recipe.model = graph.nodes().find_map(|node| model::file(graph, node));
    Some(recipe)
}

/// A second pass over an enlarged latent or picture.
fn hires(graph: &Graph, samplers: &[&Node], passes: &[Pass]) -> Option<Hires> {
    let (at, enlarger) = samplers
        .iter()
        .enumerate()
        .skip(1)
        .find_map(|(at, node)| Some((at, latent::enlarger(graph, node)?)))?;
    let upscaler = graph.nodes().find(|node| node.class.contains("UpscaleModelLoader"));
    let scale = enlarger.inputs.get("scale_by").and_then(crate::json::number);
    Some(Hires {
        upscaler: upscaler.and_then(|node| Some(node.inputs.get("model_name")?.as_str()?.to_owned())),
        scale,
        steps: passes.get(at).and_then(|pass| pass.steps),
    })
}

#[cfg(test)]
mod tests;
