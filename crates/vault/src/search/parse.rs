//! The language of the search field: words, "phrases", -without, and `tag:`, `model:`, `generator:`, `name:`.
//!
//! **Invariant:** what the person typed reaches SQL only as a bound value, and FTS5 only inside quoted strings.

use super::fold::{fold, is_cjk};

/// Columns of the index that can be named in a query.
const FIELDS: &[(&str, &str)] = &[
    ("tag", "tags"),
    ("model", "model"),
    ("generator", "generator"),
    ("name", "file_name"),
    ("title", "title"),
];

/// One thing to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Folded text, never empty.
    pub text: String,
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
}

impl Parsed {
    /// Nothing to look for: everything matches.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether the index can answer each term: it knows letters and digits only.
    pub fn indexable(&self) -> bool {
        self.terms.iter().all(|term| {
            term.text.split(' ').all(|word| word.chars().any(char::is_alphanumeric))
                && term.text.chars().all(|c| c.is_alphanumeric() || c.is_ascii() || is_cjk(c))
        })
    }
}

impl Term {
    /// The term in FTS5's language.
    pub fn expression(&self) -> String {
        let star = if self.exact || self.text.chars().next_back().is_some_and(is_cjk) { "" } else { "*" };
        let quoted = format!("\"{}\"{star}", self.text.replace('"', "\"\""));
        self.column.map_or_else(|| quoted.clone(), |column| format!("{column} : {quoted}"))
    }
}

/// Takes a query apart; every text is a query.
pub fn parse(query: &str) -> Parsed {
    let terms = words(query).into_iter().filter_map(|word| term(&word)).collect();
    Parsed { terms }
}

/// The texts to mark in what is shown, as the person typed them.
pub fn highlight_terms(query: &str) -> Vec<String> {
    parse(query).terms.into_iter().filter(|term| !term.without).map(|term| term.text).collect()
}

struct Word {
    text: String,
    quoted: bool,
    without: bool,
    field: Option<&'static str>,
}

fn term(word: &Word) -> Option<Term> {
    let text = fold(&word.text);
    (!text.is_empty()).then_some(Term { text, column: word.field, without: word.without, exact: word.quoted })
}

fn words(query: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = query.trim_start();
    while !rest.is_empty() {
        let without = rest.starts_with('-') && rest.chars().nth(1).is_some_and(|c| !c.is_whitespace());
        if without {
            rest = rest.get(1..).unwrap_or_default();
        }
        let field = field(&mut rest);
        let (text, quoted, after) = body(rest);
        words.push(Word { text: text.to_owned(), quoted, without, field });
        rest = after.trim_start();
    }
    words
}

fn field(rest: &mut &str) -> Option<&'static str> {
    let (name, after) = rest.split_once(':')?;
    let (_, column) = FIELDS.iter().find(|(field, _)| field.eq_ignore_ascii_case(name))?;
    if after.is_empty() || after.starts_with(char::is_whitespace) {
        return None;
    }
    *rest = after;
    Some(column)
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
        assert_eq!(expressions("fen 灯籠 z画"), ["\"fen\"*", "\"灯 籠\"", "\"z 画\""]);
    }

    #[test]
    fn quotes_fields_and_minus_are_understood() {
        let parsed = parse("\"sea wave\" -people tag:夜 model:z_image");
        let shown: Vec<_> = parsed.terms.iter().map(|t| (t.expression(), t.without)).collect();
        let expected = [
            ("\"sea wave\"", false),
            ("\"people\"*", true),
            ("tags : \"夜\"", false),
            ("model : \"z_image\"*", false),
        ];
        assert_eq!(shown, expected.map(|(text, without)| (text.to_owned(), without)));
    }

    #[test]
    fn what_fts5_would_take_as_syntax_is_text() {
        assert_eq!(expressions("NEAR( OR a\"b"), ["\"near(\"*", "\"or\"*", "\"a\"\"b\"*"]);
        assert!(!parse("🦊").indexable());
        assert!(!parse("***").indexable());
        assert!(parse("z_image-turbo").indexable());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_query(text in ".{0,60}") {
            let _ = expressions(&text);
        }
    }
}
