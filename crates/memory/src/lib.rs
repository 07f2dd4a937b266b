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

/// Ends the process at once, without exit handlers: those of OpenSSL would take its tables away from threads that are
/// just ending, and a program that has done its work would crash. What is to be written must have been written.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "the standard library has no such exit")]
pub fn end(code: u8) -> ! {
    // SAFETY: `_exit` takes any number, touches no memory of the process and does not return.
    unsafe { libc::_exit(i32::from(code)) }
}

/// Ends the process.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn end(code: u8) -> ! {
    std::process::exit(i32::from(code))
}
