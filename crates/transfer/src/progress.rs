//! How a long transfer tells how far it is, and hears that it should stop.

/// How far a transfer is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Files or items done.
    pub done: usize,
    /// Files or items in all.
    pub total: usize,
    /// Bytes read or written so far.
    pub bytes: u64,
}

/// Told after each step; `false` stops the transfer at the next safe place.
pub type Watch<'a> = dyn FnMut(Progress) -> bool + 'a;
