//! The settings line of an A1111 text: `Steps: 20, Sampler: Euler a, …`.
//!
//! Values are plain up to the next comma, JSON texts in quotes when they hold a comma, a colon or a line end, or
//! whole JSON arrays and objects without quotes. Source: the pattern of AUTOMATIC1111's modules/infotext_utils.py.

use crate::{json, limits};

/// Keys that make a line a settings line rather than a sentence with colons.
const KNOWN: [&str; 8] = ["Steps", "Sampler", "Seed", "CFG scale", "Size", "Model", "Model hash", "Version"];
/// Pairs that the original parser asks for.
const PAIRS: usize = 3;
/// Bytes that a key may have: longer ones are sentences.
const KEY: usize = 64;
/// Brackets without an end after which brackets are plain text.
const UNCLOSED: usize = 4;

/// Whether a line is one of settings.
pub fn is_settings(line: &str) -> bool {
    // Cheap first: a line without these words is none, however long.
    let likely = KNOWN.iter().filter(|key| line.contains(*key)).count();
    if likely < 2 {
        return false;
    }
    let pairs = pairs(line);
    let known = pairs.iter().filter(|(key, _)| KNOWN.contains(&key.as_str())).count();
    pairs.len() >= PAIRS && known >= 2
}

/// The pairs of a line, in order.
pub fn pairs(line: &str) -> Vec<(String, String)> {
    let (mut pairs, mut rest) = (Vec::new(), line);
    // Brackets that nothing closes are looked for to the end of the line, and not once for each pair.
    let mut unclosed = 0;
    while !rest.is_empty() && pairs.len() < limits::EXTRA {
        rest = rest.trim_start_matches([' ', ',', '\t', '\r', '\n']);
        let Some((key, value)) = key(rest) else {
            // A piece without a key is passed over.
            rest = rest.split_once(',').map_or("", |(_, rest)| rest);
            continue;
        };
        let (value, after) = self::value(value.trim_start_matches([' ', '\t']), &mut unclosed);
        pairs.push((key.to_owned(), value));
        rest = after;
    }
    pairs
}

/// A key of words, and what follows its colon.
fn key(text: &str) -> Option<(&str, &str)> {
    let colon = memchr::memchr(b':', text.as_bytes().get(..=KEY).unwrap_or(text.as_bytes()))?;
    let (key, rest) = (text.get(..colon)?, text.get(colon + 1..)?);
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let valid = key.starts_with(word) && key.chars().all(|c| word(c) || matches!(c, ' ' | '-' | '/' | '.'));
    (valid && key.len() > 1).then_some((key.trim_end(), rest))
}

/// A value, and what follows it; `unclosed` counts brackets without an end.
fn value<'a>(text: &'a str, unclosed: &mut usize) -> (String, &'a str) {
    if let Some((quoted, rest)) = quoted(text) {
        return (quoted, rest);
    }
    let length = match text.bytes().next() {
        Some(b'{' | b'[') if *unclosed < UNCLOSED => {
            let length = json::extent(text);
            *unclosed += usize::from(length.is_none());
            length.filter(|length| ends_value(text.get(*length..).unwrap_or_default()))
        }
        _ => None,
    };
    let length = length.or_else(|| memchr::memchr(b',', text.as_bytes())).unwrap_or(text.len());
    let (value, rest) = text.split_at_checked(length).unwrap_or((text, ""));
    (value.trim().to_owned(), rest)
}

fn quoted(text: &str) -> Option<(String, &str)> {
    let mut values =
        serde_json::Deserializer::from_str(text.starts_with('"').then_some(text)?).into_iter::<String>();
    let value = values.next()?.ok()?;
    let rest = text.get(values.byte_offset()..)?;
    ends_value(rest).then_some((value, rest))
}

fn ends_value(rest: &str) -> bool {
    let rest = rest.trim_start();
    rest.is_empty() || rest.starts_with(',')
}

/// Quotes a value as the original does.
pub fn quote(value: &str) -> String {
    let plain = !value.contains([',', ':', '\n', '\r', '"'])
        && value.trim() == value
        && !value.starts_with(['{', '[']);
    if plain { value.to_owned() } else { serde_json::Value::from(value).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_values_and_json_keep_their_commas() {
        let line = r#"Steps: 22, ADetailer prompt: "a face, (smile:1.2), \"quoted\"", Hashes: {"model": "01", "b": [1, 2]},
            TI hashes: "x: 1", Model: , Eta: inf, Distilled CFG Scale: 3.5, lone, Version: v1"#;
        let pairs = pairs(line);
        let value = |key: &str| pairs.iter().find(|(found, _)| found == key).map(|(_, value)| value.as_str());
        assert_eq!(value("ADetailer prompt"), Some("a face, (smile:1.2), \"quoted\""));
        assert_eq!(value("Hashes"), Some(r#"{"model": "01", "b": [1, 2]}"#));
        assert_eq!((value("Model"), value("Eta")), (Some(""), Some("inf")));
        assert_eq!((value("Distilled CFG Scale"), value("Version")), (Some("3.5"), Some("v1")));
    }

    #[test]
    fn sentences_with_colons_are_no_settings() {
        for line in [
            "line one, Steps: 99, Seed: 1",
            "Steps: many, literally",
            "Camera: X, Lens: Y, Size: 3x4, Seed",
            "",
        ] {
            assert!(!is_settings(line), "{line}");
        }
        assert!(is_settings("Steps: 4, Size: 1024x1024, Seed: 340456252"));
    }
}
