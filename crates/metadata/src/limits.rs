//! How much a file may make this crate do.

/// Longest block in bytes, also after inflating.
pub const BLOCK: usize = 8 << 20;
/// All blocks of a file together, and all that is inflated for them.
pub const FILE: usize = 32 << 20;
/// Blocks of a file.
pub const BLOCKS: usize = 4096;
/// Entries of all EXIF directories of a file.
pub const EXIF_ENTRIES: usize = 4096;
/// Levels of JSON.
pub const JSON_DEPTH: usize = 64;
/// Values of one JSON document: a byte of text may be sixty bytes of memory.
pub const JSON_VALUES: usize = 250_000;
/// Bytes of one number in JSON; what is longer is no number that a program wrote.
pub const NUMBER: usize = 400;
/// JSON documents of one file that are held at a time.
pub const JSON_DOCUMENTS: usize = 8;
/// Longest text of a recipe in bytes.
pub const TEXT: usize = 1 << 20;
/// All texts of a recipe together.
pub const RECIPE: usize = 16 << 20;
/// Lines of a text with parameters.
pub const LINES: usize = 100_000;
/// Longest name in bytes: a node's id, class or title, a term.
pub const NAME: usize = 256;
/// Nodes of one graph.
pub const GRAPH_NODES: usize = 10_000;
/// Links followed in one graph, over all walks.
pub const GRAPH_STEPS: usize = 100_000;
/// Bytes of text copied or made out of one graph, over all walks.
pub const GRAPH_TEXT: usize = 16 << 20;
/// Inputs gone through in one graph, over all walks.
pub const GRAPH_INPUTS: usize = 1_000_000;
/// Sampling passes told of one graph.
pub const PASSES: usize = 32;
/// Links followed one after the other.
pub const GRAPH_DEPTH: usize = 64;
/// Entries kept of a recipe's lists: LoRAs, prompts of characters, their places.
pub const LISTED: usize = 256;
/// Further settings kept of one recipe.
pub const EXTRA: usize = 256;
