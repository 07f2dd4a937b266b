//! A set of item numbers, a bit for each.

/// Numbers of items. As many bits as the largest number: 12 KB for 100,000 items.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeqSet {
    words: Vec<u64>,
}

impl SeqSet {
    /// Adds a number.
    pub fn insert(&mut self, seq: u32) {
        let (word, bit) = place(seq);
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        if let Some(bits) = self.words.get_mut(word) {
            *bits |= bit;
        }
    }

    /// Whether a number is in it.
    pub fn contains(&self, seq: u32) -> bool {
        let (word, bit) = place(seq);
        self.words.get(word).is_some_and(|bits| bits & bit != 0)
    }

    /// How many are in it.
    pub fn len(&self) -> usize {
        self.words.iter().map(|bits| bits.count_ones() as usize).sum()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|bits| *bits == 0)
    }

    /// All numbers, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        let bits = |(word, bits): (u32, &u64)| {
            let rest = |bits: u64| (bits != 0).then_some(bits);
            std::iter::successors(rest(*bits), move |bits| rest(bits & (bits - 1)))
                .map(move |bits| word * 64 + bits.trailing_zeros())
        };
        (0_u32..).zip(&self.words).flat_map(bits)
    }
}

impl Extend<u32> for SeqSet {
    fn extend<I: IntoIterator<Item = u32>>(&mut self, seqs: I) {
        seqs.into_iter().for_each(|seq| self.insert(seq));
    }
}

impl FromIterator<u32> for SeqSet {
    fn from_iter<I: IntoIterator<Item = u32>>(seqs: I) -> Self {
        let mut set = Self::default();
        set.extend(seqs);
        set
    }
}

const fn place(seq: u32) -> (usize, u64) {
    ((seq / 64) as usize, 1 << (seq % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_what_was_put_in_and_nothing_else() {
        let set: SeqSet = [3, 64, 200, 3].into_iter().collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), [3, 64, 200]);
        assert!(set.contains(64) && !set.contains(65) && !set.contains(9_999));
        assert_eq!(set.len(), 3);
        assert!(!set.is_empty() && SeqSet::default().is_empty());
    }
}
