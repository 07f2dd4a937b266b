//! What was freed is wiped.

use std::alloc::{GlobalAlloc, Layout, System};

use zeroizing_alloc::ZeroAlloc;

/// The system's allocator, which fills with zeros what is given back to it. A program makes it its global allocator.
pub struct WipingAllocator(ZeroAlloc<System>);

impl WipingAllocator {
    /// It, for a `static`.
    pub const fn new() -> Self {
        Self(ZeroAlloc(System))
    }
}

impl Default for WipingAllocator {
    fn default() -> Self {
        Self::new()
    }
}

// SAFETY: each call is handed on as it came to an allocator that keeps the contract. `realloc` stays the default of the
// trait, which wipes the old place.
#[allow(unsafe_code, reason = "an allocator can't be written without")]
unsafe impl GlobalAlloc for WipingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract of this very function.
        unsafe { self.0.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { self.0.dealloc(ptr, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        unsafe { self.0.alloc_zeroed(layout) }
    }
}

/// Makes C's allocator fill what is freed, so that the database and the toolkit leave nothing either. Only the GNU C
/// library can; elsewhere the pages that the database frees are left to chance.
pub fn wipe_what_c_frees() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        /// Freed memory is filled with this byte, new memory with its complement. Source: mallopt(3).
        const FILL: libc::c_int = 0xff;
        // SAFETY: it sets one number of the allocator.
        #[allow(unsafe_code, reason = "a call into C")]
        unsafe {
            libc::mallopt(libc::M_PERTURB, FILL);
        }
    }
}
