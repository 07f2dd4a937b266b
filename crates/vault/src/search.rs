//! Search by words and by single CJK characters.
//!
//! Text and query are folded the same way ([`fold`]); CJK runs and symbols are searched as phrases, other words by
//! their beginnings. Only when that finds nothing are words looked for that hold the text in their middle ([`Words`]):
//! who types *cat* does not want *delicate*, and who types *ennec* gets the *fennec*. Signs alone are passed over, but
//! in quotes (`":)"`) they are looked for in the folded text itself, which takes longer.

mod condition;
mod fold;
mod parse;
mod table;
mod unknown;
mod words;

pub use condition::Condition;
pub use fold::{SEED_MARK, fold};
pub use parse::{highlight_terms, parse};
pub use table::{Document, Hits, delete, find, insert, merge, update};
pub use unknown::unknown_fields;
pub use words::Words;
