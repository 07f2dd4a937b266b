//! The anchor against old copies: how new a vault was when it was last closed here, kept outside the vault's folder.
//!
//! It lies in the store as one line of base64 over `{"v":1,"gen":n}` and is no secret.
//!
//! **Invariant:** fields this version does not know are kept when the number is replaced.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

const VERSION: u64 = 1;
const MAX_BYTES: usize = 16 * 1024;

/// One anchor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Anchor {
    pub(crate) generation: u64,
    others: Map<String, Value>,
}

impl Anchor {
    pub(crate) fn new(generation: u64) -> Self {
        Self { generation, others: Map::new() }
    }

    /// The same anchor with at least this number: it never goes down, or an older copy that was opened while the store
    /// gave no answer would pass for the newest.
    pub(crate) fn at(self, generation: u64) -> Self {
        Self { generation: self.generation.max(generation), ..self }
    }

    /// The line for the store.
    pub(crate) fn encode(&self) -> String {
        let mut fields = self.others.clone();
        fields.insert("v".to_owned(), VERSION.into());
        fields.insert("gen".to_owned(), self.generation.into());
        STANDARD.encode(Value::Object(fields).to_string())
    }

    /// Reads what a store kept; `None` unless it is an anchor of this version.
    pub(crate) fn decode(kept: &[u8]) -> Option<Self> {
        let kept = (kept.len() <= MAX_BYTES).then(|| kept.trim_ascii())?;
        let mut others: Map<String, Value> = serde_json::from_slice(&STANDARD.decode(kept).ok()?).ok()?;
        let version = others.remove("v").and_then(|v| v.as_u64());
        let generation = others.remove("gen").and_then(|n| n.as_u64())?;
        (version == Some(VERSION)).then_some(Self { generation, others })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_comes_back_with_what_a_later_version_put_beside_it() {
        let kept = STANDARD.encode(r#"{"v":1,"gen":7,"consents":"abc"}"#);
        let moved = Anchor::decode(kept.as_bytes()).unwrap().at(u64::MAX);
        let again = Anchor::decode(moved.encode().as_bytes()).unwrap();
        assert_eq!((again.generation, again.others["consents"].as_str()), (u64::MAX, Some("abc")));
        assert_eq!(Anchor::decode(Anchor::new(3).encode().as_bytes()), Some(Anchor::new(3)));
    }

    #[test]
    fn what_is_not_an_anchor_is_none() {
        for json in ["{}", r#"{"v":2,"gen":1}"#, r#"{"v":1,"gen":-1}"#, r#"{"v":1,"gen":"1"}"#, "[]"] {
            assert!(Anchor::decode(STANDARD.encode(json).as_bytes()).is_none(), "{json}");
        }
        assert!(Anchor::decode(b"not base64!").is_none());
        assert!(Anchor::decode(&[b'A'; MAX_BYTES + 4]).is_none());
    }
}
