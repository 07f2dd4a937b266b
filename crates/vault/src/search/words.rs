//! The words of all items, to find those that hold a text in their middle.
//!
//! The index finds beginnings only. A library of 100,000 prompts has some ten thousand different words: looking
//! through those takes a millisecond where looking through the prompts takes a second.

use std::collections::HashSet;

use super::fold::is_indexed;

/// Longer runs are no words that anybody looks for.
const MAX_WORD: usize = 64;
/// Words that a text may stand for; more say that it is too short to mean one.
const MAX_FOUND: usize = 400;

/// Every word once. A word of an erased item may stay until the vault is locked: it then finds nothing.
#[derive(Debug, Default)]
pub struct Words {
    known: HashSet<Box<str>>,
    /// All words, each between line feeds.
    text: String,
}

impl Words {
    /// Adds the words of a folded text.
    pub fn add(&mut self, folded: &str) {
        for word in folded.split(|c: char| !is_indexed(c)) {
            let wanted = word.len() > 2 && word.len() <= MAX_WORD && !self.known.contains(word);
            if wanted {
                self.known.insert(word.into());
                if self.text.is_empty() {
                    self.text.push('\n');
                }
                self.text.push_str(word);
                self.text.push('\n');
            }
        }
    }

    /// Words that hold a text anywhere.
    pub fn holding(&self, text: &str) -> Vec<&str> {
        self.around(text)
    }

    /// Words that end with a text.
    pub fn ending(&self, text: &str) -> Vec<&str> {
        let mut words = self.around(&format!("{text}\n"));
        words.retain(|word| word.ends_with(text));
        words
    }

    fn around(&self, needle: &str) -> Vec<&str> {
        let mut found: Vec<&str> = Vec::new();
        let mut from = 0;
        for place in memchr::memmem::find_iter(self.text.as_bytes(), needle) {
            // A word that holds it twice is passed over the second time.
            if place < from {
                continue;
            }
            let start = self.text.get(..place).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
            let rest = self.text.get(start..).unwrap_or_default();
            let word = rest.split('\n').next().unwrap_or_default();
            from = start + word.len();
            found.push(word);
            if found.len() == MAX_FOUND {
                break;
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_their_middle_and_their_end() {
        let mut words = Words::default();
        words.add("a fennec fox, fennec-like; banana 灯 籠");
        words.add("foxglove fennec");
        assert_eq!(words.holding("enn"), ["fennec"]);
        assert_eq!(words.holding("an"), ["banana"]);
        assert_eq!(words.holding("fox"), ["fox", "foxglove"]);
        assert_eq!(words.ending("fox"), ["fox"]);
        assert!(words.holding("zzz").is_empty());
    }
}
