//! How much a file may make this crate do.

/// Longest block in bytes, also after inflating.
pub const BLOCK: usize = 16 << 20;
/// All blocks of a file together.
pub const FILE: usize = 64 << 20;
/// Blocks of a file.
pub const BLOCKS: usize = 4096;
/// Entries of EXIF directories.
pub const EXIF_ENTRIES: usize = 4096;
/// Nodes visited on one walk through a graph.
pub const GRAPH_STEPS: usize = 20_000;
