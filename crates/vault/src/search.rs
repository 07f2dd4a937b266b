//! Search by words and by single CJK characters.
//!
//! Text and query are folded the same way ([`fold`]); CJK runs are searched as phrases, other words as prefixes.
//! What the index can't answer (the middle of a word, symbols, emoji) is looked for in the folded text itself.

mod fold;
mod parse;
mod table;

pub use fold::fold;
pub use parse::{Parsed, highlight_terms, parse};
pub(crate) use table::matches;
pub use table::{Document, delete, insert, scan, update};
