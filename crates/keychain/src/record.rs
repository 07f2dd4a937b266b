//! What lies in the store: a small JSON object, as one line of base64 (KWallet takes text only, and gnome-keyring 50
//! breaks on newlines).
//!
//! **Invariant:** fields this version does not know are kept when a key is replaced.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crypto::Kek;
use serde_json::{Map, Value};
use zeroize::{Zeroize, Zeroizing};

/// The version of the record's format.
const VERSION: u64 = 1;

/// A record is some hundred bytes; a store may hold a megabyte under our name.
const MAX_BYTES: usize = 16 * 1024;

/// One record: the key, the one that is about to take its place, and the fields of versions to come.
pub(crate) struct Record {
    pub(crate) kek: Kek,
    pub(crate) next: Option<Kek>,
    others: Map<String, Value>,
}

impl Record {
    pub(crate) fn new(kek: Kek) -> Self {
        Self { kek, next: None, others: Map::new() }
    }

    /// The same record with another key, and with that alone.
    pub(crate) fn with_key(self, kek: Kek) -> Self {
        Self { kek, next: None, ..self }
    }

    /// The same record with another key beside its own.
    pub(crate) fn with_next(self, next: Kek) -> Self {
        Self { next: Some(next), ..self }
    }

    /// Every key in it.
    pub(crate) fn keys(self) -> impl Iterator<Item = Kek> {
        std::iter::once(self.kek).chain(self.next)
    }

    /// The text for the store: one line.
    pub(crate) fn encode(&self) -> Zeroizing<String> {
        let key = Zeroizing::new(STANDARD.encode(self.kek.as_bytes()));
        let mut json = Zeroizing::new(format!(r#"{{"v":{VERSION},"kek":"{}""#, key.as_str()));
        if let Some(next) = &self.next {
            let next = Zeroizing::new(STANDARD.encode(next.as_bytes()));
            json.push_str(",\"next\":\"");
            json.push_str(&next);
            json.push('"');
        }
        for (name, value) in &self.others {
            json.push_str(&format!(",{}:{value}", Value::String(name.clone())));
        }
        json.push('}');
        Zeroizing::new(STANDARD.encode(json.as_bytes()))
    }

    /// Reads what a store kept; `None` unless it is a record of this version.
    pub(crate) fn decode(secret: &[u8]) -> Option<Self> {
        let secret = (secret.len() <= MAX_BYTES).then(|| secret.trim_ascii())?;
        let json = Zeroizing::new(STANDARD.decode(secret).ok()?);
        let mut fields: Map<String, Value> = serde_json::from_slice(&json).ok()?;
        let version = fields.remove("v").and_then(|v| v.as_u64());
        let (kek, next) = (key(fields.remove("kek")), key(fields.remove("next")));
        (version == Some(VERSION)).then_some(Self { kek: kek?, next, others: fields })
    }
}

fn key(field: Option<Value>) -> Option<Kek> {
    let Some(Value::String(mut text)) = field else { return None };
    let bytes = STANDARD.decode(&text).map(Zeroizing::new);
    text.zeroize();
    Some(Kek::from_bytes(bytes.ok()?.as_slice().try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(json: &str) -> Option<Record> {
        Record::decode(STANDARD.encode(json).as_bytes())
    }

    const KEY: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

    #[test]
    fn a_record_comes_back_from_one_line() {
        let line = Record::new(Kek::from_bytes([7; 32])).encode();
        assert!(line.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b)));
        assert_eq!(Record::decode(line.as_bytes()).unwrap().kek.as_bytes(), &[7; 32]);
        let padded = format!("{}\n", line.as_str());
        assert_eq!(Record::decode(padded.as_bytes()).unwrap().kek.as_bytes(), &[7; 32]);
    }

    #[test]
    fn a_key_waits_beside_the_one_that_holds_until_it_takes_its_place() {
        let waiting = Record::new(Kek::from_bytes([7; 32])).with_next(Kek::from_bytes([8; 32]));
        let again = Record::decode(waiting.encode().as_bytes()).unwrap();
        assert_eq!(again.next.as_ref().unwrap().as_bytes(), &[8; 32]);
        let alone = Record::decode(again.with_key(Kek::from_bytes([8; 32])).encode().as_bytes()).unwrap();
        assert_eq!(alone.keys().map(|key| *key.as_bytes()).collect::<Vec<_>>(), [[8; 32]]);
    }

    #[test]
    fn unknown_fields_outlive_a_change_of_key() {
        let json = format!(r#"{{"v":1,"kek":"{KEY}","gen":18446744073709551616.50,"a\"b":{{"c":[null]}}}}"#);
        let record = kept(&json).unwrap().with_key(Kek::from_bytes([2; 32]));
        let again = Record::decode(record.encode().as_bytes()).unwrap();
        assert_eq!(again.kek.as_bytes(), &[2; 32]);
        assert_eq!(again.others, record.others);
        assert_eq!(again.others["gen"].to_string(), "18446744073709551616.50");
        assert_eq!(again.others["a\"b"]["c"][0], Value::Null);
    }

    #[test]
    fn what_is_not_a_record_is_refused() {
        assert!(kept(&format!(r#"{{"v":1,"kek":"{KEY}"}}"#)).is_some());
        assert!(kept(&format!(r#"{{"v":2,"kek":"{KEY}"}}"#)).is_none());
        assert!(kept(&format!(r#"{{"kek":"{KEY}"}}"#)).is_none());
        assert!(kept(r#"{"v":1,"kek":"AQEB"}"#).is_none());
        assert!(kept(r#"{"v":1,"kek":7}"#).is_none());
        assert!(kept(r#"[1]"#).is_none());
        for secret in [&b""[..], b"not base64!", &[0xff; 32], &[b'A'; MAX_BYTES + 4]] {
            assert!(Record::decode(secret).is_none());
        }
    }
}
