//! What a process can do so that secrets do not outlive their use in its memory, and do not get from there to the disk:
//! freed memory is wiped, a crash leaves no dump, keys lie in pages that are never written to the swap space.
//!
//! **Invariant:** this is the one room with unsafe code for memory; nothing here fails a program that can't have what it
//! asks for, since keeping less of a promise is better than keeping a person from their work.

mod dump;
mod page;
mod wipe;

pub use dump::leave_no_dump;
pub use page::Guarded;
pub use wipe::{WipingAllocator, wipe_what_c_frees};

/// To be the first call of a program that opens vaults.
pub fn harden() {
    leave_no_dump();
    wipe_what_c_frees();
}
