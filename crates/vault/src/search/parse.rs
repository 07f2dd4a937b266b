//! The language of the search field: words, "phrases", -without, `tag:`, `model:`, `generator:`, `name:`, `title:`,
//! `seed:`, and the conditions of [`super::condition`].
//!
//! **Invariant:** what the person typed reaches SQL only as a bound value, and FTS5 only inside quoted strings.

use jiff::tz::TimeZone;
use unicode_normalization::UnicodeNormalization;

use super::condition::Condition;
use super::fold::{SEED_MARK, fold, is_indexed, stands_alone};
use super::words::Words;

/// Columns of the index that can be named in a query, in the languages of the app.
const FIELDS: &[(&str, &str)] = &[
    ("tag", "tags"),
    ("model", "model"),
    ("generator", "generator"),
    ("name", "file_name"),
    ("title", "title"),
    ("seed", SEED),
    ("タグ", "tags"),
    ("モデル", "model"),
    ("生成元", "generator"),
    ("名前", "file_name"),
    ("題名", "title"),
    ("シード", SEED),
];

/// The column of seeds.
const SEED: &str = "seed";

/// One thing to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Folded text, never empty.
    pub text: String,
    /// As it was typed.
    pub typed: String,
    /// Only in this column.
    pub column: Option<&'static str>,
    /// Must not be there.
    pub without: bool,
    /// In quotes: whole words, not the beginning of one.
    pub exact: bool,
}

/// A query taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parsed {
    /// All of them must hold.
    pub terms: Vec<Term>,
    /// Each must hold, or must not.
    pub conditions: Vec<(Condition, bool)>,
}

impl Term {
    /// Whether the index can answer it: there is a letter, a digit or a symbol in it.
    pub fn is_indexed(&self) -> bool {
        self.text.contains(is_indexed)
    }

    /// The term in FTS5's language.
    pub fn expression(&self) -> String {
        self.in_column(&self.phrase(&self.text))
    }

    /// The term in FTS5's language, its first word also in the middle (or, of several, at the end) of others.
    pub fn wide_expression(&self, words: &Words) -> String {
        if self.exact || self.column == Some(SEED) {
            return self.expression();
        }
        let start = self.text.find(is_indexed).unwrap_or(0);
        let rest = self.text.get(start..).unwrap_or_default();
        let end = rest.find(|c: char| !is_indexed(c)).unwrap_or(rest.len());
        let (first, others) = rest.split_at(end);
        if first.chars().any(stands_alone) {
            return self.expression();
        }
        let alone = !others.contains(is_indexed);
        let found = if alone { words.holding(first) } else { words.ending(first) };
        let mut phrases = vec![self.phrase(&self.text)];
        phrases.extend(found.into_iter().map(|word| self.phrase(&format!("{word}{others}"))));
        self.in_column(&format!("({})", phrases.join(" OR ")))
    }

    fn phrase(&self, text: &str) -> String {
        let last = text.chars().rev().find(|c| is_indexed(*c));
        let star = if self.exact || last.is_none_or(stands_alone) { "" } else { "*" };
        // To the index a zero separates words like any sign; to FTS5's language it would be the end.
        format!("\"{}\"{star}", text.replace('"', "\"\"").replace('\0', " "))
    }

    fn in_column(&self, expression: &str) -> String {
        self.column.map_or_else(|| expression.to_owned(), |column| format!("{column} : {expression}"))
    }
}

/// Takes a query apart; every text is a query.
///
/// Of a longer text only the beginning counts: nobody types that much, and each word costs a look-up.
pub fn parse(query: &str) -> Parsed {
    let mut parsed = Parsed::default();
    for word in words(beginning(query)).into_iter().take(MAX_TERMS) {
        match word.condition {
            Some(condition) => parsed.conditions.push((condition, !word.without)),
            None => parsed.terms.extend(term(word)),
        }
    }
    parsed
}

pub(super) fn beginning(query: &str) -> &str {
    let end = query.char_indices().nth(MAX_QUERY).map_or(query.len(), |(place, _)| place);
    query.get(..end).unwrap_or(query)
}

/// Characters of a query that are read.
const MAX_QUERY: usize = 1024;
/// Words of a query that are looked for.
const MAX_TERMS: usize = 32;

/// The texts to mark in what is shown, as the person typed them.
pub fn highlight_terms(query: &str) -> Vec<String> {
    parse(query).terms.into_iter().filter(|term| !term.without).map(|term| term.typed).collect()
}

/// A word of a query, as it was typed.
pub(super) struct Word<'a> {
    pub text: &'a str,
    pub quoted: bool,
    without: bool,
    field: Option<&'static str>,
    /// What it means, where it is no text to look for.
    pub condition: Option<Condition>,
}

/// Signs alone are passed over: who is about to type `(masterpiece` has typed a bracket first. In quotes they count.
fn term(word: Word<'_>) -> Option<Term> {
    let mut text = fold(word.text);
    if text.is_empty() || !(word.quoted || text.contains(is_indexed)) {
        return None;
    }
    if word.field == Some(SEED) {
        text.insert(0, SEED_MARK);
    }
    let typed = word.text.trim().to_owned();
    Some(Term { text, typed, column: word.field, without: word.without, exact: word.quoted })
}

pub(super) fn words(query: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut rest = query.trim_start();
    while !rest.is_empty() {
        let without =
            rest.starts_with('-') && rest.chars().nth(1).is_some_and(|c| !c.is_whitespace() && c != '-');
        if without {
            rest = rest.get(1..).unwrap_or_default();
        }
        let field = field(&mut rest);
        let (text, quoted, after) = body(rest);
        let condition = if quoted || field.is_some() { None } else { condition(text) };
        words.push(Word { text, quoted, without, field, condition });
        rest = after.trim_start();
    }
    words
}

/// The field before a colon, which may be a full-width one.
fn field(rest: &mut &str) -> Option<&'static str> {
    let (name, after) = rest.split_once([':', '：'])?;
    let (_, column) = FIELDS.iter().find(|(field, _)| field.eq_ignore_ascii_case(name))?;
    if after.is_empty() || after.starts_with(char::is_whitespace) {
        return None;
    }
    *rest = after;
    Some(column)
}

fn condition(word: &str) -> Option<Condition> {
    if !word.contains([':', '：']) {
        return None;
    }
    // An input method types wide letters and digits.
    let word: String = word.nfkc().collect();
    let (name, value) = word.split_once(':')?;
    // Asked for anew each time: a computer may be carried to another zone.
    Condition::read(name, value, &TimeZone::system())
}

/// The word or phrase at the start, and what follows it. An open quote reaches to the end.
fn body(rest: &str) -> (&str, bool, &str) {
    if let Some(inner) = rest.strip_prefix('"') {
        return inner.split_once('"').map_or((inner, true, ""), |(phrase, after)| (phrase, true, after));
    }
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let (word, after) = rest.split_at(end);
    (word, false, after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expressions(query: &str) -> Vec<String> {
        parse(query).terms.iter().map(Term::expression).collect()
    }

    #[test]
    fn words_are_prefixes_and_cjk_runs_are_phrases() {
        assert_eq!(expressions("fen 灯籠 z画 🦊"), ["\"fen\"*", "\"灯 籠\"", "\"z 画\"", "\"🦊\""]);
    }

    #[test]
    fn quotes_fields_and_minus_are_understood() {
        let parsed = parse("\"sea wave\" -people tag:夜 model：z_image seed:12 -- \"--\"");
        let shown: Vec<_> = parsed.terms.iter().map(|t| (t.expression(), t.without)).collect();
        let expected = [
            ("\"sea wave\"", false),
            ("\"people\"*", true),
            ("tags : \"夜\"", false),
            ("model : \"z_image\"*", false),
            ("seed : \"\u{e000}12\"*", false),
            ("\"--\"", false),
        ];
        assert_eq!(shown, expected.map(|(text, without)| (text.to_owned(), without)));
        assert!(!parsed.terms[5].is_indexed());
    }

    #[test]
    fn what_fts5_would_take_as_syntax_is_text() {
        assert_eq!(expressions("NEAR( OR a\"b"), ["\"near(\"*", "\"or\"*", "\"a\"\"b\"*"]);
        let indexed = |query: &str| parse(&format!("\"{query}\"")).terms[0].is_indexed();
        assert!(indexed("🦊") && indexed("z_image-turbo"));
        assert!(!indexed("***") && !indexed("、") && !indexed("<"));
        assert_eq!(parse("( *** 、 -"), Parsed::default());
    }

    #[test]
    fn the_middle_of_a_word_stands_for_the_words_that_hold_it() {
        let mut words = Words::default();
        words.add("fennec z_image turbo");
        let wide = |query: &str| parse(query).terms[0].wide_expression(&words);
        assert_eq!(wide("ennec"), "(\"ennec\"* OR \"fennec\"*)");
        assert_eq!(wide("mage_turb"), "(\"mage_turb\"* OR \"image_turb\"*)");
        assert_eq!(wide("model:urb"), "model : (\"urb\"* OR \"turbo\"*)");
        assert_eq!(wide("\"ennec\""), "\"ennec\"");
        assert_eq!(wide("灯籠"), "\"灯 籠\"");
    }

    #[test]
    fn conditions_are_no_words() {
        let parsed = parse("sea rating:3+ -size：64x64 \"rating:3\" model:rating:3");
        let stars = Condition::Rating(3..=u32::MAX);
        assert_eq!(parsed.conditions, [(stars, true), (Condition::Size(64, 64), false)]);
        let terms: Vec<&str> = parsed.terms.iter().map(|term| term.typed.as_str()).collect();
        assert_eq!(terms, ["sea", "rating:3", "rating:3"]);
        assert!(highlight_terms("rating:3").is_empty());
    }

    #[test]
    fn conditions_may_be_typed_wide() {
        let wide = parse("評価：３＋ ＲＡＴＩＮＧ:3 サイズ：３２ｘ３２");
        let stars = |range| (Condition::Rating(range), true);
        assert_eq!(wide.conditions, [stars(3..=u32::MAX), stars(3..=3), (Condition::Size(32, 32), true)]);
        assert!(wide.terms.is_empty());
    }

    #[test]
    fn what_is_marked_is_what_was_typed() {
        assert_eq!(highlight_terms("灯籠 -夜 tag:Ｚ \"a b\""), ["灯籠", "Ｚ", "a b"]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_query(text in ".{0,60}") {
            let _ = expressions(&text);
        }
    }
}
