//! JSON as generators write it: Python's `NaN` and `Infinity`, halves of surrogate pairs, numbers as text, seeds of
//! 64 bits.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::limits;

/// Parses a document; `None` when it is none, nests deeper than [`limits::JSON_DEPTH`] or holds more values than
/// [`limits::JSON_VALUES`], or has a number longer than [`limits::NUMBER`].
pub fn parse(text: &str) -> Option<Value> {
    let text = text.trim_matches(|c: char| c == '\0' || c == '\u{feff}' || c.is_whitespace());
    serde_json::from_str(&tame(text)?).ok()
}

/// Parses a document that is an object. Anything that doesn't begin like one is refused without a look at the rest.
pub fn object(text: &str) -> Option<Map<String, Value>> {
    let start = text.trim_start_matches(|c: char| c == '\0' || c == '\u{feff}' || c.is_whitespace());
    match start.starts_with('{').then(|| parse(start))?? {
        Value::Object(map) => Some(map),
        _ => None,
    }
}

/// Puts `null` where Python writes a number that JSON has not and `\ufffd` for half a surrogate pair, and looks at
/// depth, number of values and length of numbers.
fn tame(text: &str) -> Option<Cow<'_, str>> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    let (mut tamed, mut kept, mut values, mut digits) = (String::new(), 0, 0_usize, 0_usize);
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let mut next = at + 1;
        let mut replacement = None;
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => match (unit(bytes, at), unit(bytes, at + 6)) {
                (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => next = at + 12,
                (Some(0xd800..=0xdfff), _) => replacement = Some((6, "\\ufffd")),
                _ => escaped = true,
            },
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b',' => values += 1,
            b'N' | b'I' | b'-' => {
                let rest = bytes.get(at..)?;
                let foreign: [&[u8]; 3] = [b"NaN", b"Infinity", b"-Infinity"];
                let word = foreign.iter().find(|word| rest.starts_with(word));
                replacement = word.map(|word| (word.len(), "null"));
            }
            _ => {}
        }
        if let Some((length, text_instead)) = replacement {
            tamed.push_str(text.get(kept..at)?);
            tamed.push_str(text_instead);
            next = at + length;
            kept = next;
        }
        let is_of_number = !in_string && matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E');
        digits = if is_of_number { digits + 1 } else { 0 };
        if depth > limits::JSON_DEPTH || values > limits::JSON_VALUES || digits > limits::NUMBER {
            return None;
        }
        at = next;
    }
    if kept == 0 {
        return Some(Cow::Borrowed(text));
    }
    tamed.push_str(text.get(kept..)?);
    Some(Cow::Owned(tamed))
}

/// The UTF-16 unit of an escape `\uXXXX`.
fn unit(bytes: &[u8], at: usize) -> Option<u16> {
    let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    let digit =
        |value: u16, byte: &u8| Some(value << 4 | u16::try_from(char::from(*byte).to_digit(16)?).ok()?);
    digits.iter().try_fold(0, digit)
}

/// Length of the JSON array or object that a text begins with.
pub fn extent(text: &str) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        if depth == 0 {
            return None;
        }
    }
    None
}

/// The first of some fields that is there and not null.
pub fn field<'a>(map: &'a Map<String, Value>, names: &[&str]) -> Option<&'a Value> {
    names.iter().find_map(|name| map.get(*name).filter(|value| !value.is_null()))
}

/// A text that says something.
pub fn text(map: &Map<String, Value>, names: &[&str]) -> Option<String> {
    field(map, names).and_then(Value::as_str).map(str::to_owned).filter(|text| !text.trim().is_empty())
}

/// A text, also an empty one: a prompt that was left empty.
pub fn prompt(map: &Map<String, Value>, names: &[&str]) -> Option<String> {
    field(map, names).and_then(Value::as_str).map(str::to_owned)
}

/// A finite number, also one written as a text.
pub fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) if text.len() <= limits::NUMBER => text.trim().parse().ok(),
        _ => None,
    }
    .filter(|number| number.is_finite())
}

/// A count from a whole number, also one written as a text or with a fraction of zero.
pub fn count(value: &Value) -> Option<u32> {
    whole(value)?.parse().ok()
}

/// The digits of a whole number that is not negative; 64 bits are kept exactly.
pub fn whole(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => digits(&number.to_string()),
        Value::String(text) => digits(text),
        _ => None,
    }
}

/// The digits of a whole number, written plainly or as a fraction of zero or with an exponent.
pub fn digits(text: &str) -> Option<String> {
    if text.len() > limits::NUMBER {
        return None;
    }
    let text = text.trim();
    if !text.is_empty() && text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let short = text.trim_start_matches('0');
        return Some(if short.is_empty() { "0".to_owned() } else { short.to_owned() });
    }
    let number = text.parse::<f64>().ok()?;
    (number.fract() == 0.0 && (0.0..1.8e19).contains(&number)).then(|| format!("{number:.0}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_only_python_knows_become_null() {
        let value = parse(r#"{"a": [NaN, -Infinity, Infinity, -1], "b": "NaN \" Infinity"}"#).unwrap();
        assert_eq!(value.to_string(), r#"{"a":[null,null,null,-1],"b":"NaN \" Infinity"}"#);
    }

    #[test]
    fn half_a_surrogate_pair_costs_one_character_and_not_the_document() {
        let read = |text: &str| {
            parse(&format!("[\"{text}\"]")).and_then(|all| Some(all.get(0)?.as_str()?.to_owned()))
        };
        assert_eq!(read(r"a\ud800b").as_deref(), Some("a\u{fffd}b"));
        assert_eq!(read(r"\uDC00\ud83d\ud83d\ude00\ud83d").as_deref(), Some("\u{fffd}\u{fffd}😀\u{fffd}"));
        assert_eq!(read(r"\\ud800 \ud800\n灯").as_deref(), Some("\\ud800 \u{fffd}\n灯"));
        assert_eq!(read(r"\ud8"), None);
    }

    #[test]
    fn numbers_have_no_thousands_of_digits() {
        assert!(parse(&format!("[{}, \"{}\"]", "1".repeat(limits::NUMBER), "1".repeat(10_000))).is_some());
        assert!(parse(&format!("[{}]", "1".repeat(limits::NUMBER + 1))).is_none());
        assert_eq!(number(&Value::from("0".repeat(1_000_000))), None);
        assert_eq!(whole(&Value::from(format!("1.{}", "0".repeat(1_000_000)))), None);
    }

    #[test]
    fn depth_is_limited() {
        let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert!(parse(&nested(limits::JSON_DEPTH)).is_some());
        assert!(parse(&nested(limits::JSON_DEPTH + 1)).is_none());
        assert!(parse(&"[".repeat(1_000_000)).is_none());
    }

    #[test]
    fn a_flood_of_values_is_refused() {
        let list = |n: usize| format!("[{}0]", "0,".repeat(n));
        assert!(parse(&list(1000)).is_some());
        assert!(parse(&list(limits::JSON_VALUES + 1)).is_none());
        assert!(parse(&format!("[\"{}\"]", ",".repeat(limits::JSON_VALUES + 1))).is_some());
    }

    #[test]
    fn seeds_keep_every_digit() {
        let seed = |text: &str| whole(&serde_json::from_str(text).unwrap());
        assert_eq!(seed("13928565180123825361").as_deref(), Some("13928565180123825361"));
        assert_eq!(seed("18446744073709551615").as_deref(), Some("18446744073709551615"));
        assert_eq!(seed("\"0042\"").as_deref(), Some("42"));
        assert_eq!(seed("42.0").as_deref(), Some("42"));
        assert_eq!(seed("-1"), None);
        assert_eq!(seed("1.5"), None);
        assert_eq!(seed("1e400"), None);
    }

    #[test]
    fn the_end_of_an_object_is_found_past_strings() {
        assert_eq!(extent(r#"{"a": "}", "b": [1, {}]}, Next: 1"#), Some(24));
        assert_eq!(extent("{\"a\": 1"), None);
        assert_eq!(extent("plain"), None);
    }
}
