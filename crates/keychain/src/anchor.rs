//! The anchor against old copies: how new a vault was when it was last closed here, kept outside the vault's folder.
//!
//! A vault may have copies that a person uses on purpose, such as a backup restored beside it. Each is a line of its own
//! from the moment it was accepted: it has a name in its catalogue, and a number here. So no copy is measured by what was
//! done in another, wherever it is moved to.
//!
//! It lies in the store as one line of base64 over `{"v":1,"gen":n,"lines":[[name,n],…],"places":[[place,name],…]}` and
//! is no secret; `gen` is the number of the line without a name, which every vault begins with.
//!
//! **Invariant:** fields this version does not know are kept when a number is replaced, and no number goes down.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

const VERSION: u64 = 1;
const MAX_BYTES: usize = 16 * 1024;
/// Lines and places that are remembered, those that were used last: Windows keeps no longer text than 2,560 bytes.
const MOST: usize = 16;
/// Longer names are not ours.
const MAX_NAME: usize = 16;

/// How a vault stands when it is opened or closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Name of its line; empty for the first.
    pub line: String,
    /// Where it lies: a short name that tells places apart and says nothing of them.
    pub place: String,
    /// How often it was opened and changed.
    pub generation: u64,
}

/// What this computer knows of a vault and its copies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Anchor {
    /// Of the line without a name.
    generation: u64,
    /// The newest generation of each line with a name; the one that was used last comes last.
    lines: Vec<(String, u64)>,
    /// Which line was last closed in each place.
    places: Vec<(String, String)>,
    others: Map<String, Value>,
}

impl Anchor {
    /// The generation that is known and that this vault is behind of. A copy of a line that was never closed here is
    /// measured by the newest of all; one that lies where another line was closed last was exchanged, however new it is.
    pub fn ahead_of(&self, vault: &Standing) -> Option<u64> {
        let known = self.of(&vault.line).unwrap_or_else(|| self.newest());
        let before = self.places.iter().find(|(place, _)| *place == vault.place).map(|(_, line)| line);
        if let Some(before) = before.filter(|line| **line != vault.line) {
            return Some(self.of(before).unwrap_or(0).max(known).max(vault.generation));
        }
        (known > vault.generation).then_some(known)
    }

    /// The line's number; none that is 0 was ever noted.
    fn of(&self, line: &str) -> Option<u64> {
        let named = self.lines.iter().find(|(name, _)| name == line).map(|(_, n)| *n);
        if line.is_empty() { Some(self.generation).filter(|n| *n > 0) } else { named }
    }

    fn newest(&self) -> u64 {
        self.lines.iter().map(|(_, n)| *n).fold(self.generation, u64::max)
    }

    /// The same anchor, once this vault was closed. A number never goes down, or an older copy that was opened while the
    /// store gave no answer would pass for the newest.
    pub(crate) fn at(mut self, vault: &Standing) -> Self {
        self.raise(&vault.line, vault.generation);
        put(&mut self.places, &vault.place, vault.line.clone());
        self
    }

    fn raise(&mut self, line: &str, generation: u64) {
        if line.is_empty() {
            self.generation = self.generation.max(generation);
        } else {
            let known = self.of(line).unwrap_or(0);
            put(&mut self.lines, line, known.max(generation));
        }
    }

    /// What two records of one vault say together.
    pub(crate) fn with(mut self, other: Self) -> Self {
        self.raise("", other.generation);
        for (line, generation) in other.lines {
            self.raise(&line, generation);
        }
        for (place, line) in other.places {
            if !self.places.iter().any(|(known, _)| *known == place) {
                put(&mut self.places, &place, line);
            }
        }
        self
    }

    /// The line for the store.
    pub(crate) fn encode(&self) -> String {
        let mut fields = self.others.clone();
        fields.insert("v".to_owned(), VERSION.into());
        fields.insert("gen".to_owned(), self.generation.into());
        if !self.lines.is_empty() {
            fields.insert("lines".to_owned(), serde_json::json!(self.lines));
        }
        if !self.places.is_empty() {
            fields.insert("places".to_owned(), serde_json::json!(self.places));
        }
        STANDARD.encode(Value::Object(fields).to_string())
    }

    /// Reads what a store kept; `None` unless it is an anchor of this version.
    pub(crate) fn decode(kept: &[u8]) -> Option<Self> {
        let kept = (kept.len() <= MAX_BYTES).then(|| kept.trim_ascii())?;
        let mut others: Map<String, Value> = serde_json::from_slice(&STANDARD.decode(kept).ok()?).ok()?;
        let version = others.remove("v").and_then(|v| v.as_u64());
        let generation = others.remove("gen").and_then(|n| n.as_u64())?;
        let lines = pairs(others.remove("lines"), Value::as_u64);
        let places = pairs(others.remove("places"), |line| line.as_str().map(str::to_owned));
        (version == Some(VERSION)).then_some(Self { generation, lines, places, others })
    }
}

/// Puts a value under a name, as the one that was used last; the oldest of too many goes.
fn put<T>(list: &mut Vec<(String, T)>, name: &str, value: T) {
    list.retain(|(known, _)| known != name);
    list.push((name.to_owned(), value));
    let surplus = list.len().saturating_sub(MOST);
    list.drain(..surplus);
}

/// A list of names with a value each; what is not one is passed over.
fn pairs<T>(list: Option<Value>, value: impl Fn(&Value) -> Option<T>) -> Vec<(String, T)> {
    let mut found = Vec::new();
    for pair in list.as_ref().and_then(Value::as_array).into_iter().flatten() {
        let name = pair.get(0).and_then(Value::as_str).filter(|name| name.len() <= MAX_NAME);
        if let Some((name, value)) = name.zip(pair.get(1).and_then(&value)) {
            put(&mut found, name, value);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: &str, place: &str, generation: u64) -> Standing {
        Standing { line: line.to_owned(), place: place.to_owned(), generation }
    }

    fn read(text: &str) -> Anchor {
        Anchor::decode(STANDARD.encode(text).as_bytes()).unwrap()
    }

    #[test]
    fn an_anchor_comes_back_with_what_a_later_version_put_beside_it() {
        let moved = read(r#"{"v":1,"gen":7,"consents":"abc"}"#).at(&at("", "here", u64::MAX));
        let again = Anchor::decode(moved.encode().as_bytes()).unwrap();
        assert_eq!((again.generation, again.others["consents"].as_str()), (u64::MAX, Some("abc")));
        let named = Anchor::default().at(&at("a", "here", 3)).at(&at("b", "there", 5));
        assert_eq!(Anchor::decode(named.encode().as_bytes()), Some(named));
    }

    #[test]
    fn an_anchor_of_before_there_were_lines_still_tells_an_older_copy() {
        let old = read(r#"{"v":1,"gen":7}"#);
        assert_eq!(old.ahead_of(&at("", "here", 7)), None);
        assert_eq!(old.ahead_of(&at("", "here", 6)), Some(7));
    }

    #[test]
    fn two_copies_that_are_used_in_turns_are_each_measured_by_themselves() {
        let anchor = Anchor::default().at(&at("", "here", 10)).at(&at("copy", "beside", 30));
        assert_eq!(anchor.ahead_of(&at("", "here", 10)), None);
        assert_eq!(anchor.ahead_of(&at("copy", "beside", 30)), None);
        // Both are still told when they grow older, wherever they were moved to.
        assert_eq!(anchor.ahead_of(&at("", "elsewhere", 9)), Some(10));
        assert_eq!(anchor.ahead_of(&at("copy", "elsewhere", 29)), Some(30));
    }

    #[test]
    fn a_copy_of_an_unknown_line_is_measured_by_the_newest_of_all() {
        let anchor = Anchor::default().at(&at("", "here", 10)).at(&at("copy", "beside", 30));
        assert_eq!(anchor.ahead_of(&at("strange", "elsewhere", 29)), Some(30));
        let only_named = Anchor::default().at(&at("copy", "beside", 30));
        assert_eq!(only_named.ahead_of(&at("", "elsewhere", 9)), Some(30));
    }

    #[test]
    fn one_copy_put_in_the_place_of_another_is_told_although_it_is_no_older() {
        let anchor = Anchor::default().at(&at("", "here", 10)).at(&at("copy", "beside", 30));
        assert_eq!(anchor.ahead_of(&at("copy", "here", 31)), Some(31));
        assert_eq!(anchor.ahead_of(&at("", "beside", 10)), Some(30));
        // Once it was closed there it belongs there.
        assert_eq!(anchor.at(&at("copy", "here", 31)).ahead_of(&at("copy", "here", 31)), None);
    }

    #[test]
    fn an_anchor_stays_short_enough_for_every_store_and_forgets_the_oldest_first() {
        let name = |n: u64| format!("{n:016x}");
        let many = (1..=100).fold(Anchor::default(), |a, n| a.at(&at(&name(n), &name(n), u64::MAX - n)));
        assert!(many.encode().len() < 2_560, "{}", many.encode().len());
        assert_eq!(many.ahead_of(&at(&name(100), &name(100), u64::MAX - 100)), None);
        assert!(many.ahead_of(&at(&name(1), &name(1), 1)).is_some(), "what is forgotten is not trusted");
    }

    #[test]
    fn the_records_of_a_store_that_has_two_count_together() {
        let one = Anchor::default().at(&at("", "here", 10));
        let both = one.with(Anchor::default().at(&at("", "here", 12)).at(&at("copy", "beside", 3)));
        assert_eq!(both.ahead_of(&at("", "here", 11)), Some(12));
        assert_eq!(both.ahead_of(&at("copy", "beside", 3)), None);
    }

    #[test]
    fn what_is_not_an_anchor_is_not_read() {
        let long = format!(r#"{{"v":1,"gen":1,"x":"{}"}}"#, "x".repeat(MAX_BYTES));
        for text in [r#"{"v":2,"gen":1}"#, r#"{"v":1}"#, r#"{"v":1,"gen":-1}"#, "[]", "", &long] {
            assert_eq!(Anchor::decode(STANDARD.encode(text).as_bytes()), None, "{text:.40}");
        }
        assert_eq!(Anchor::decode(b"not base64"), None);
    }
}
