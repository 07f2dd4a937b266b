//! Nodes by id and the links between them.
//!
//! **Invariant:** every step along a link is counted; a graph with cycles or more links than
//! [`limits::GRAPH_STEPS`] ends every walk. So is every byte of text that a walk takes with it, and every input that
//! it goes through: paths through one node may be many more than there are nodes.

use std::cell::Cell;
use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::{json, limits};

/// The class of the node that stands for a subgraph; its inputs `0`, `1` … are its outputs.
pub const SUBGRAPH: &str = "\0subgraph";

/// Inputs of nodes that hold one value or choose one.
const HOLDING: [&str; 10] =
    ["value", "Value", "number", "Number", "int", "float", "a", "on_true", "on_false", ""];
/// Parts of an id that count for its place.
const PARTS: usize = 16;

/// A node.
pub struct Node {
    /// Its id: `3`, `4:1` in a group or subgraph, or a name.
    pub id: String,
    /// Its class.
    pub class: String,
    /// Its title, empty when it has none.
    pub title: String,
    /// Values, or links as `[id, slot]`.
    pub inputs: Map<String, Value>,
}

/// A graph.
pub struct Graph {
    nodes: Vec<Node>,
    by_id: HashMap<String, usize>,
    steps: Cell<usize>,
    /// Inputs gone through.
    inputs: Cell<usize>,
    /// Bytes of text given.
    text: Cell<usize>,
    left_out: Cell<bool>,
}

impl Graph {
    /// From the graph that ran; what is no node is passed over.
    pub fn from_prompt(map: Map<String, Value>) -> Self {
        let nodes = map.into_iter().filter_map(|(id, mut node)| {
            let node = node.as_object_mut()?;
            let class = node.get("class_type")?.as_str()?.to_owned();
            let title =
                node.get("_meta").and_then(|meta| meta.get("title")?.as_str()).unwrap_or_default().to_owned();
            let inputs = match node.remove("inputs") {
                Some(Value::Object(inputs)) => inputs,
                _ => Map::new(),
            };
            Some(Node { id, class, title, inputs })
        });
        Self::new(nodes.take(limits::GRAPH_NODES).collect())
    }

    /// From nodes.
    pub fn new(mut nodes: Vec<Node>) -> Self {
        let before = nodes.len();
        nodes.retain(|node| node.id.len() <= limits::NAME && node.class.len() <= limits::NAME);
        for node in nodes.iter_mut().filter(|node| node.title.len() > limits::NAME) {
            node.title.clear();
        }
        let left_out = Cell::new(nodes.len() < before);
        nodes.sort_by_cached_key(|node| natural(&node.id));
        let by_id = nodes.iter().enumerate().map(|(at, node)| (node.id.clone(), at)).collect();
        let (steps, inputs, text) = Default::default();
        Self { nodes, by_id, steps, inputs, text, left_out }
    }

    /// Grants bytes of text that are to be copied or made; `None` when they are too many for one text or the graph
    /// has given too many already.
    pub fn grant(&self, bytes: usize) -> Option<()> {
        let given = self.text.get().saturating_add(bytes);
        if bytes > limits::TEXT || given > limits::GRAPH_TEXT {
            self.leave_out();
            return None;
        }
        self.text.set(given);
        Some(())
    }

    /// A copy of a text, where it is granted.
    pub fn copy(&self, text: &str) -> Option<String> {
        self.grant(text.len())?;
        Some(text.to_owned())
    }

    /// Whether all inputs of a node may be gone through once more.
    pub fn may_go_through(&self, node: &Node) -> bool {
        let inputs = self.inputs.get().saturating_add(node.inputs.len());
        self.inputs.set(inputs);
        inputs <= limits::GRAPH_INPUTS
    }

    /// Notes that something over the limits is missing.
    pub fn leave_out(&self) {
        self.left_out.set(true);
    }

    /// Whether something over the limits is missing.
    pub fn has_left_out(&self) -> bool {
        self.left_out.get()
    }

    /// All nodes, by id.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter()
    }

    /// The node that a value links to, and the number of its output.
    pub fn link(&self, value: &Value) -> Option<(&Node, u64)> {
        let (at, slot) = self.target(value)?;
        let mut found = (self.nodes.get(at)?, slot);
        for _ in 0..limits::GRAPH_DEPTH {
            if found.0.class != SUBGRAPH {
                return Some(found);
            }
            let (at, slot) = self.target(found.0.inputs.get(&found.1.to_string())?)?;
            found = (self.nodes.get(at)?, slot);
        }
        None
    }

    fn target(&self, value: &Value) -> Option<(usize, u64)> {
        let [id, slot] = value.as_array()?.as_slice() else { return None };
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        if steps > limits::GRAPH_STEPS {
            return None;
        }
        let id = match id {
            // Hashing has its price.
            Value::String(id) if id.len() <= limits::NAME => self.by_id.get(id)?,
            Value::Number(id) => self.by_id.get(&id.to_string())?,
            _ => return None,
        };
        Some((*id, slot.as_u64()?))
    }

    /// Nodes in an order in which each comes after those it depends on, the outputs that save first. A graph that
    /// ends nowhere is taken as it is.
    pub fn order(&self) -> Vec<&Node> {
        let mut is_used = vec![false; self.nodes.len()];
        for value in self.nodes.iter().flat_map(|node| node.inputs.values()) {
            if let Some(used) = self.target(value).and_then(|(at, _)| is_used.get_mut(at)) {
                *used = true;
            }
        }
        let rank = |node: &Node| match &node.class {
            class if class.contains("Save") => 0,
            class if class.contains("Preview") => 1,
            _ => 2,
        };
        let mut ends: Vec<usize> = (0..self.nodes.len()).collect();
        ends.sort_by_key(|at| {
            let used = is_used.get(*at).copied().unwrap_or_default();
            self.nodes.get(*at).map(|node| (used, rank(node)))
        });
        let (mut order, mut seen) = (Vec::new(), vec![false; self.nodes.len()]);
        for end in ends {
            self.visit(end, &mut seen, &mut order);
        }
        order
    }

    /// Depth first without recursion: a node is put down when its inputs are done.
    fn visit<'a>(&'a self, start: usize, seen: &mut [bool], order: &mut Vec<&'a Node>) {
        let mut waiting = vec![(start, false)];
        while let Some((at, done)) = waiting.pop() {
            let (Some(node), Some(mark)) = (self.nodes.get(at), seen.get_mut(at)) else { continue };
            if done {
                order.push(node);
                continue;
            }
            if std::mem::replace(mark, true) {
                continue;
            }
            waiting.push((at, true));
            let inputs = node.inputs.values().rev().filter_map(|value| self.target(value));
            waiting.extend(inputs.map(|(at, _)| (at, false)));
        }
    }

    /// The first of some inputs that is a value for which something holds, or leads to one.
    pub fn value(&self, node: &Node, names: &[&str], fits: fn(&Value) -> bool) -> Option<Value> {
        self.value_beyond(node, names, fits, &mut Vec::new())
    }

    /// `seen` are the nodes of this search; no node is asked twice.
    fn value_beyond(
        &self,
        node: &Node,
        names: &[&str],
        fits: fn(&Value) -> bool,
        seen: &mut Vec<*const Node>,
    ) -> Option<Value> {
        let present = names.iter().filter_map(|name| Some((*name, node.inputs.get(*name)?)));
        present.into_iter().find_map(|(name, value)| {
            if fits(value) {
                return self.held(value);
            }
            let (target, _) = self.link(value)?;
            if seen.len() > limits::GRAPH_DEPTH || seen.contains(&std::ptr::from_ref(target)) {
                return None;
            }
            seen.push(target);
            if let Some(branch) = self.branches(target).into_iter().find(|branch| fits(branch)) {
                return self.held(branch);
            }
            // Nodes that hold one value call it so, or as the input that it goes to.
            let mut next = [&[name], HOLDING.as_slice()].concat();
            if name.contains("seed") {
                next.extend(["seed", "noise_seed"]);
            }
            if name == "steps" {
                next.push("steps_total");
            }
            self.value_beyond(target, &next, fits, seen)
        })
    }

    fn held(&self, value: &Value) -> Option<Value> {
        self.grant(value.as_str().map_or(0, str::len))?;
        Some(value.clone())
    }

    /// The inputs among which a switch chooses, the chosen one first; empty for other nodes.
    pub fn branches<'a>(&'a self, node: &'a Node) -> Vec<&'a Value> {
        let input = |name: &str| node.inputs.get(name);
        if let (on_true, on_false) = (input("on_true"), input("on_false"))
            && (on_true.is_some() || on_false.is_some())
        {
            let chosen = self.truth(input("switch").or(input("boolean")));
            let both = if chosen { [on_true, on_false] } else { [on_false, on_true] };
            return both.into_iter().flatten().collect();
        }
        if !node.class.contains("Switch") || !self.may_go_through(node) {
            return Vec::new();
        }
        let number = |name: &&str| input(name).and_then(json::count);
        let chosen = ["select", "index", "Input", "input", "selected"].iter().find_map(number);
        let named = |n: u32| {
            ["input", "input_", "text", "value", "any_0", "any_"].map(|stem| input(&format!("{stem}{n}")))
        };
        let first = chosen.and_then(|n| named(n).into_iter().flatten().next());
        let others = node.inputs.values().filter(|value| value.is_array());
        first.into_iter().chain(others).collect()
    }

    fn truth(&self, value: Option<&Value>) -> bool {
        match value {
            Some(Value::Bool(truth)) => *truth,
            Some(value) => {
                let held = self.link(value).and_then(|(node, _)| node.inputs.get("value")?.as_bool());
                held.unwrap_or(true)
            }
            None => true,
        }
    }
}

/// Ids of digits by their number, names behind them.
fn natural(id: &str) -> Vec<(u64, String)> {
    id.splitn(PARTS, ':')
        .map(|part| part.parse().map_or_else(|_| (u64::MAX, part.to_owned()), |n| (n, String::new())))
        .collect()
}
