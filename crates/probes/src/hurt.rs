//! Sound bytes, hurt in the ways that disks, transfers and people hurt them.

use fastrand::Rng;

/// Hurt copies without end; the same for the same number.
pub struct Hurt<'a> {
    seeds: &'a [Vec<u8>],
    random: Rng,
}

impl<'a> Hurt<'a> {
    /// Copies of these.
    pub fn new(seeds: &'a [Vec<u8>], number: u64) -> Self {
        Self { seeds, random: Rng::with_seed(number) }
    }

    fn place(&mut self, bytes: &[u8]) -> usize {
        self.random.usize(..=bytes.len())
    }
}

impl Iterator for Hurt<'_> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let mut bytes = self.seeds[self.random.usize(..self.seeds.len())].clone();
        for _ in 0..self.random.usize(1..4) {
            let (a, b) = (self.place(&bytes), self.place(&bytes));
            let (from, to) = (a.min(b), a.max(b).min(a.min(b) + 4096));
            match self.random.u8(0..8) {
                0 => bytes.truncate(from),
                1 => drop(bytes.drain(from..to)),
                2 => {
                    let again = bytes[from..to].to_vec();
                    drop(bytes.splice(from..from, again));
                }
                3 => bytes[from..to].iter_mut().for_each(|byte| *byte = 0),
                4 => {
                    // A number becomes the largest, or the smallest.
                    let end = bytes.len().min(from + 4);
                    let value = if self.random.bool() { 0xff } else { 0 };
                    bytes[from..end].fill(value);
                }
                5 => {
                    let other = &self.seeds[self.random.usize(..self.seeds.len())];
                    let start = self.random.usize(..=other.len());
                    let piece = other[start..other.len().min(start + 4096)].to_vec();
                    drop(bytes.splice(from..to, piece));
                }
                _ => {
                    if let Some(byte) = bytes.get_mut(from) {
                        *byte ^= 1 << self.random.u8(0..8);
                    }
                }
            }
        }
        Some(bytes)
    }
}
