//! Texts: a value, or what the nodes make of several. What a model wrote while the graph ran is not stored.

use serde_json::Value;

use super::graph::{Graph, Node};
use crate::limits;

/// Inputs that hold a node's text, the plainest first.
const NAMES: [&str; 22] = [
    "text",
    "string",
    "value",
    "prompt",
    "Text",
    "STRING",
    "prompt_text",
    "populated_text",
    "wildcard_text",
    "text_g",
    "prompt_g",
    "source",
    "any",
    "anything",
    "input",
    "input_1",
    "text_a",
    "text1",
    "string1",
    "string_1",
    "text_b",
    "",
];
/// What nodes show of a text that reached them.
const SHOWN: [&str; 3] = ["text_0", "text2", "preview"];
/// Words in the classes of nodes whose text comes from a model.
const MODELS: [&str; 13] = [
    "TextGenerate",
    "LLM",
    "Ollama",
    "ollama",
    "OpenAI",
    "ChatGPT",
    "Gemini",
    "Claude",
    "Florence",
    "Caption",
    "Interrog",
    "Tagger",
    "PromptEnhanc",
];
/// Words in the classes of nodes that put texts together.
const JOINING: [&str; 4] = ["concat", "join", "combine prompt", "stringfunction"];

/// The text of an input; `None` where it is not stored.
pub fn of_value(graph: &Graph, value: &Value) -> Option<String> {
    within(graph, value, 0)
}

fn within(graph: &Graph, value: &Value, depth: usize) -> Option<String> {
    if let Value::String(text) = value {
        return graph.copy(text);
    }
    if depth > limits::GRAPH_DEPTH {
        return None;
    }
    let (node, slot) = graph.link(value)?;
    of_node(graph, node, slot, depth + 1).or_else(|| shown(graph, node))
}

fn of_node(graph: &Graph, node: &Node, slot: u64, depth: usize) -> Option<String> {
    if MODELS.iter().any(|word| node.class.contains(word)) {
        return None;
    }
    let branches = graph.branches(node);
    if !branches.is_empty() {
        return branches.into_iter().find_map(|branch| within(graph, branch, depth));
    }
    let class = node.class.to_lowercase();
    if JOINING.iter().any(|word| class.contains(word)) {
        return joined(graph, node, depth);
    }
    let text = |name: &str| within(graph, node.inputs.get(name)?, depth);
    if node.class == "StringReplace" {
        return replaced(graph, &text("string")?, &text("find")?, &text("replace")?);
    }
    // A node with both prompts gives the negative one at its second output.
    let pair = if slot == 1 { ["text_negative", "negative"] } else { ["text_positive", "positive"] };
    pair.into_iter().chain(NAMES).find_map(text)
}

/// Every byte of a text may become another whole text, so the length is worked out before anything is made.
fn replaced(graph: &Graph, text: &str, find: &str, replace: &str) -> Option<String> {
    let count = text.matches(find).count();
    let kept = text.len().checked_sub(count.checked_mul(find.len())?)?;
    graph.grant(kept.checked_add(count.checked_mul(replace.len())?)?)?;
    Some(text.replace(find, replace))
}

/// The texts of a node's inputs by their names, with its delimiter between them.
fn joined(graph: &Graph, node: &Node, depth: usize) -> Option<String> {
    if !graph.may_go_through(node) {
        return None;
    }
    let is_part =
        |name: &str| name.starts_with("text") || name.starts_with("string") || name.starts_with("prompt");
    let parts =
        node.inputs.iter().filter(|(name, value)| is_part(name) && (value.is_string() || value.is_array()));
    let mut texts = Vec::new();
    for (_, value) in parts {
        texts.push(within(graph, value, depth)?);
    }
    // Only the program's own node keeps empty parts.
    if node.class != "StringConcatenate" {
        texts.retain(|text| !text.is_empty());
    }
    let delimiter = ["delimiter", "separator"].iter().find_map(|name| node.inputs.get(*name)?.as_str());
    let delimiter = graph.copy(delimiter.unwrap_or(""))?.replace("\\n", "\n");
    let between = delimiter.len().checked_mul(texts.len().checked_sub(1)?)?;
    graph.grant(texts.iter().map(String::len).sum::<usize>().checked_add(between)?)?;
    Some(texts.join(&delimiter))
}

fn shown(graph: &Graph, node: &Node) -> Option<String> {
    graph.copy(SHOWN.iter().find_map(|name| node.inputs.get(*name)?.as_str())?)
}
