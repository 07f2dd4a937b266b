//! Pages for keys: locked into memory, left out of dumps, wiped slot by slot.
//!
//! **Invariant:** a slot belongs to one [`Guarded`] at a time; pages are never given back, so no address goes stale.

use std::mem::ManuallyDrop;
use std::ptr::NonNull;
use std::sync::{Mutex, PoisonError};

use zeroize::Zeroize;

/// Bytes of a slot; secrets that are longer lie on the heap.
const SLOT: usize = 64;

/// Slots of a page that are in use, a bit each.
type Taken = u64;

/// Bytes that are handed out of one page. The smallest pages of the systems we run on are as large.
const PAGE: usize = SLOT * Taken::BITS as usize;

static PAGES: Mutex<Vec<Page>> = Mutex::new(Vec::new());

struct Page {
    /// Address of the first slot.
    base: usize,
    taken: Taken,
}

impl Page {
    fn map() -> Option<Self> {
        let mapped = region::alloc(PAGE, region::Protection::READ_WRITE).ok()?;
        // Lives as long as the process.
        let base = ManuallyDrop::new(mapped).as_mut_ptr::<u8>();
        if let Ok(lock) = region::lock(base, PAGE) {
            // Dropping it would unlock.
            std::mem::forget(lock);
        }
        leave_out_of_dumps(base);
        Some(Self { base: base.expose_provenance(), taken: 0 })
    }

    fn take(&mut self) -> Option<usize> {
        let free = self.taken.trailing_ones();
        if free == Taken::BITS {
            return None;
        }
        self.taken |= 1 << free;
        Some(self.base + free as usize * SLOT)
    }

    fn holds(&self, address: usize) -> bool {
        (self.base..self.base + PAGE).contains(&address)
    }

    fn give_back(&mut self, address: usize) {
        self.taken &= !(1 << ((address - self.base) / SLOT));
    }
}

#[cfg(target_os = "linux")]
fn leave_out_of_dumps(base: *mut u8) {
    use rustix::mm::{Advice, madvise};
    // SAFETY: the page is ours, and the advice changes nothing of its content. A kernel that does not know it says no.
    #[allow(unsafe_code, reason = "a call to the kernel about a mapping")]
    let _ = unsafe { madvise(base.cast(), PAGE, Advice::LinuxDontDump) };
}

#[cfg(not(target_os = "linux"))]
fn leave_out_of_dumps(_: *mut u8) {}

fn take_slot() -> Option<usize> {
    let mut pages = PAGES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(slot) = pages.iter_mut().find_map(Page::take) {
        return Some(slot);
    }
    let mut page = Page::map()?;
    let slot = page.take();
    pages.push(page);
    slot
}

fn give_slot_back(address: usize) {
    let mut pages = PAGES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(page) = pages.iter_mut().find(|page| page.holds(address)) {
        page.give_back(address);
    }
}

/// `N` secret bytes in a page that is locked into memory and left out of dumps where the system allows; zeros at first,
/// wiped on drop. They never move.
pub struct Guarded<const N: usize>(Place<N>);

enum Place<const N: usize> {
    Page(NonNull<[u8; N]>),
    /// No page was to be had, or the secret is too long for a slot.
    Heap(Box<[u8; N]>),
}

// SAFETY: a slot is reached only through its one owner, by the rules of borrowing.
#[allow(unsafe_code, reason = "a pointer says nothing about its owner")]
unsafe impl<const N: usize> Send for Guarded<N> {}
// SAFETY: as above.
#[allow(unsafe_code, reason = "a pointer says nothing about its owner")]
unsafe impl<const N: usize> Sync for Guarded<N> {}

impl<const N: usize> Guarded<N> {
    /// Zeros.
    pub fn zero() -> Self {
        let slot = if N <= SLOT { take_slot() } else { None };
        let place = slot.and_then(|address| NonNull::new(std::ptr::with_exposed_provenance_mut(address)));
        Self(place.map_or_else(|| Place::Heap(Box::new([0; N])), Place::Page))
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8; N] {
        match &self.0 {
            // SAFETY: the slot is mapped for ever, as long as N, initialised by the kernel and by wiping, and ours.
            #[allow(unsafe_code, reason = "the page is not Rust's")]
            Place::Page(at) => unsafe { at.as_ref() },
            Place::Heap(bytes) => bytes,
        }
    }

    /// The bytes, to be changed.
    pub fn bytes_mut(&mut self) -> &mut [u8; N] {
        match &mut self.0 {
            // SAFETY: as in `bytes`, and borrowed alone.
            #[allow(unsafe_code, reason = "the page is not Rust's")]
            Place::Page(at) => unsafe { at.as_mut() },
            Place::Heap(bytes) => bytes,
        }
    }
}

impl<const N: usize> Drop for Guarded<N> {
    fn drop(&mut self) {
        self.bytes_mut().zeroize();
        if let Place::Page(at) = &self.0 {
            give_slot_back(at.addr().get());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_keep_to_themselves_and_come_back_empty() {
        let mut many: Vec<Guarded<32>> = (0..300).map(|_| Guarded::zero()).collect();
        for (at, one) in many.iter_mut().enumerate() {
            one.bytes_mut().fill(u8::try_from(at % 251).unwrap() + 1);
        }
        for (at, one) in many.iter().enumerate() {
            assert_eq!(*one.bytes(), [u8::try_from(at % 251).unwrap() + 1; 32]);
        }
        many.truncate(7);
        let fresh: Vec<Guarded<32>> = (0..300).map(|_| Guarded::zero()).collect();
        assert!(fresh.iter().all(|one| *one.bytes() == [0; 32]));
        assert_eq!(*many[6].bytes(), [7; 32]);
    }

    #[test]
    fn a_secret_that_fits_no_slot_has_a_place_too() {
        let mut long = Guarded::<100>::zero();
        long.bytes_mut().fill(3);
        assert_eq!(*long.bytes(), [3; 100]);
    }

    #[test]
    fn secrets_can_be_made_and_dropped_by_many_threads_at_once() {
        std::thread::scope(|scope| {
            for mark in 1..=8 {
                scope.spawn(move || {
                    for _ in 0..2000 {
                        let mut one = Guarded::<32>::zero();
                        assert_eq!(*one.bytes(), [0; 32]);
                        one.bytes_mut().fill(mark);
                        assert_eq!(*one.bytes(), [mark; 32]);
                    }
                });
            }
        });
    }
}
