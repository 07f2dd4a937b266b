//! Conditions that a person means and this program does not know: they are told.

use unicode_normalization::UnicodeNormalization;

use super::parse::{Word, beginning, words};

/// Fields that other programs search by, and those of ours that stand before a value they can't have. A prompt's own
/// colons (`masterpiece:1.2`, `12:30`, addresses) are none of them.
const MEANT: &[&str] = &[
    "after",
    "before",
    "date",
    "since",
    "until",
    "created",
    "modified",
    "is",
    "has",
    "type",
    "format",
    "size",
    "width",
    "height",
    "sampler",
    "scheduler",
    "steps",
    "cfg",
    "lora",
    "vae",
    "prompt",
    "negative",
    "日付",
    "以降",
    "より前",
    "評価",
    "サイズ",
    "サンプラー",
    "ステップ",
    "プロンプト",
];

/// A field, but for the ratings that are words of many prompts.
const RATING: &str = "rating";

/// `rating:safe` and the like, as the tags of picture boards have them.
const OF_PROMPTS: &[&str] =
    &["safe", "sensitive", "general", "questionable", "explicit", "nsfw", "sfw", "s", "q", "e", "g"];

/// The fields in a query that were not understood, each once: what they stand before was looked for as a word.
pub fn unknown_fields(query: &str) -> Vec<String> {
    let mut found = Vec::new();
    for name in words(beginning(query)).iter().filter_map(meant) {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

fn meant(word: &Word<'_>) -> Option<String> {
    if word.quoted || word.condition.is_some() {
        return None;
    }
    let text: String = word.text.nfkc().collect();
    let (name, value) = text.split_once(':')?;
    let name = name.to_lowercase();
    let field = MEANT.contains(&name.as_str()) && !value.is_empty() && !value.starts_with('/');
    let rating = name == RATING && !value.is_empty() && !OF_PROMPTS.contains(&value.to_lowercase().as_str());
    (field || rating).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_other_programs_are_told_and_the_colons_of_prompts_are_not() {
        assert_eq!(
            unknown_fields("after:spring sea -Rating:>three steps：20 after:now date:2026-13"),
            ["after", "rating", "steps", "date"]
        );
        assert_eq!(unknown_fields("rating:abc"), ["rating"]);
        assert_eq!(unknown_fields("ＲＡＴＩＮＧ：９９９９９９９９９９９"), ["rating"]);
        for plain in [
            "tag:夜 model:z",
            "after:2026 -rating:3 size:64x64 日付:2026/10",
            "masterpiece:1.2 (steps:1.2)",
            "https://example.org 12:30 rating:safe after: after",
            "\"after:spring\" <lora:sea:1>",
        ] {
            assert!(unknown_fields(plain).is_empty(), "{plain}");
        }
    }
}
