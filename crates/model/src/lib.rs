//! The words everybody else uses: ids, items, prompts, recipes, time.
//!
//! **Invariant:** pure data. Nothing here reads a file, a clock (but through [`Clock`]) or the network.

mod ids;
mod item;
mod processing;
mod purpose;
mod recipe;
mod time;

pub use ids::{BlobId, IdError, ItemId, VaultId};
pub use item::{DigitalSource, Format, Item, ItemEdit, Origin, Provenance, RawBlock, Sha256};
pub use processing::{Kept, Processing, Recipient};
pub use purpose::{Basis, Purpose};
pub use recipe::{CharacterPrompt, Hires, Lora, Pass, Recipe};
pub use time::{Clock, SystemClock, Timestamp};
