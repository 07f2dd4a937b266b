//! From a sampler's positive or negative input to the text behind it.

use std::collections::HashSet;

use super::graph::{Graph, Node};
use super::text;
use crate::limits;
use serde_json::Value;

/// Which of the two.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// What was asked for.
    Positive,
    /// What was to be kept out.
    Negative,
}

/// What was found.
pub enum Answer {
    /// A text.
    Text(String),
    /// There is none: the conditioning is zeroed.
    Nothing,
    /// The graph does not hold it.
    Unknown,
}

impl Answer {
    /// The text, empty for none.
    pub fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            Self::Nothing => Some(String::new()),
            Self::Unknown => None,
        }
    }
}

/// Conditioning that a node changes or combines; of several the first is the person's.
const THROUGH: [&str; 8] = [
    "conditioning",
    "conditioning_1",
    "conditioning_to",
    "conditioning1",
    "cond",
    "cond1",
    "cond_1",
    "conds",
];
/// The other side of a combination, which counts when the first is zeroed.
const BESIDE: [&str; 5] = ["conditioning_2", "conditioning_from", "conditioning2", "cond2", "cond_2"];
/// Texts of encoders: one, or one for each of their text models, the largest first.
const TEXTS: [&str; 19] = [
    "text",
    "prompt",
    "user_prompt",
    "t5xxl",
    "llama",
    "mt5xl",
    "bert",
    "text_g",
    "prompt_g",
    "text_l",
    "prompt_l",
    "qwen25_7b",
    "clip_l",
    "clip_g",
    "Text",
    "prompt_text",
    "populated_text",
    "wildcard_text",
    "value",
];
/// Bundles and wires that carry conditioning among other things.
const BUNDLES: [&str; 11] = [
    "",
    "pipe",
    "basic_pipe",
    "detailer_pipe",
    "base_ctx",
    "ctx",
    "ctx_01",
    "context",
    "any",
    "input",
    "value",
];
/// Inputs that never lead to a prompt.
const ELSEWHERE: [&str; 13] = [
    "clip",
    "model",
    "vae",
    "image",
    "images",
    "pixels",
    "latent",
    "latent_image",
    "samples",
    "control_net",
    "mask",
    "clip_vision_output",
    "style_model",
];

/// The text that a conditioning input comes from.
pub fn of_value(graph: &Graph, value: &Value, role: Role) -> Answer {
    let mut walk = Walk { graph, role, seen: HashSet::new() };
    walk.value(value, 0)
}

/// The text that an encoder itself has.
pub fn own_text(graph: &Graph, node: &Node) -> Option<String> {
    let mut blank = None;
    for found in TEXTS.iter().filter_map(|name| text::of_value(graph, node.inputs.get(*name)?)) {
        if !found.trim().is_empty() {
            return Some(found);
        }
        blank.get_or_insert(found);
    }
    blank
}

struct Walk<'a> {
    graph: &'a Graph,
    role: Role,
    seen: HashSet<*const Node>,
}

impl Walk<'_> {
    fn value(&mut self, value: &Value, depth: usize) -> Answer {
        if let Value::String(text) = value {
            return self.graph.copy(text).map_or(Answer::Unknown, Answer::Text);
        }
        match self.graph.link(value) {
            Some((node, _)) if depth <= limits::GRAPH_DEPTH && self.seen.insert(node) => {
                self.node(node, depth + 1)
            }
            _ => Answer::Unknown,
        }
    }

    fn node(&mut self, node: &Node, depth: usize) -> Answer {
        if node.class.contains("ZeroOut") {
            return Answer::Nothing;
        }
        let mine: [&str; 4] = match self.role {
            Role::Positive => ["positive", "positive_prompt", "text_positive", "opt_positive"],
            Role::Negative => ["negative", "negative_prompt", "text_negative", "opt_negative"],
        };
        let mut zeroed = None;
        for name in mine.iter().chain(&THROUGH) {
            match node.inputs.get(*name).map(|value| self.value(value, depth)) {
                Some(found @ Answer::Text(_)) => return found,
                Some(found) => zeroed = Some(zeroed.unwrap_or_default() || matches!(found, Answer::Nothing)),
                None => {}
            }
        }
        match zeroed {
            Some(true) => return self.beside(node, depth),
            // What is conditioned is not stored; what else the node has (a box's text) is not the prompt.
            Some(false) => return Answer::Unknown,
            None => {}
        }
        if let Some(text) = own_text(self.graph, node) {
            return Answer::Text(text);
        }
        // An encoder whose text is not stored ends the search: what lies behind it is not the prompt.
        if node.class.contains("TextEncode") {
            return Answer::Unknown;
        }
        if !self.graph.may_go_through(node) {
            return Answer::Unknown;
        }
        let branches = self.graph.branches(node);
        let bundles = BUNDLES.iter().filter_map(|name| node.inputs.get(*name));
        let others = node
            .inputs
            .iter()
            .filter(|(name, value)| value.is_array() && !ELSEWHERE.contains(&name.as_str()));
        let candidates: Vec<&Value> =
            branches.into_iter().chain(bundles).chain(others.map(|(_, value)| value)).collect();
        for value in candidates.into_iter().filter(|value| value.is_array()) {
            if let found @ (Answer::Text(_) | Answer::Nothing) = self.value(value, depth) {
                return found;
            }
        }
        text::of_value(self.graph, &Value::from(vec![Value::from(node.id.clone()), Value::from(0)]))
            .map_or(Answer::Unknown, Answer::Text)
    }

    /// The text beside a zeroed conditioning, as in SD3's negative prompt for the first steps only.
    fn beside(&mut self, node: &Node, depth: usize) -> Answer {
        let others: Vec<_> = BESIDE.iter().filter_map(|name| node.inputs.get(*name)).collect();
        let texts = others.into_iter().map(|value| self.value(value, depth));
        let mut texts = texts.filter(|answer| matches!(answer, Answer::Text(_)));
        texts.next().unwrap_or(Answer::Nothing)
    }
}
