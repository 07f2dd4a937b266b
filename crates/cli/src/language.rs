//! Which language to speak: `--language`, otherwise the locale.

use std::ffi::OsString;

use studio::Language;

/// Variables that name the language of messages, the strongest first (POSIX.1-2024, 8.2).
const VARIABLES: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// Looks at the arguments before they are parsed, because the parser's own messages need the language.
pub fn choose(arguments: &[OsString], variable: impl Fn(&str) -> Option<String>) -> Language {
    asked(arguments).unwrap_or_else(|| {
        let locale = VARIABLES.into_iter().find_map(|name| variable(name).filter(|value| !value.is_empty()));
        locale.map_or(Language::En, |locale| Language::of_locale(&locale))
    })
}

fn asked(arguments: &[OsString]) -> Option<Language> {
    let texts = arguments.iter().skip(1).map(|argument| argument.to_str().unwrap_or_default());
    let mut texts = texts.take_while(|text| *text != "--");
    while let Some(text) = texts.next() {
        let value = match text.strip_prefix("--language") {
            Some("") => texts.next(),
            Some(rest) => rest.strip_prefix('='),
            None => None,
        };
        match value {
            Some("ja") => return Some(Language::Ja),
            Some("en") => return Some(Language::En),
            _ => {}
        }
    }
    None
}

/// One of two texts.
pub const fn pick<T: Copy>(language: Language, en: T, ja: T) -> T {
    match language {
        Language::En => en,
        Language::Ja => ja,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(arguments: &[&str], variables: &[(&str, &str)]) -> Language {
        let arguments: Vec<OsString> =
            std::iter::once(&"zimage").chain(arguments).map(OsString::from).collect();
        let value =
            |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
        choose(&arguments, value)
    }

    #[test]
    fn the_argument_is_stronger_than_the_locale() {
        assert_eq!(chosen(&["--language", "en", "list"], &[("LANG", "ja_JP.UTF-8")]), Language::En);
        assert_eq!(chosen(&["list", "--language=ja"], &[("LANG", "en_GB.UTF-8")]), Language::Ja);
        assert_eq!(chosen(&["search", "--", "--language=ja"], &[]), Language::En);
    }

    #[test]
    fn the_strongest_variable_that_is_set_decides() {
        assert_eq!(chosen(&[], &[("LC_ALL", ""), ("LC_MESSAGES", "ja_JP"), ("LANG", "en_US")]), Language::Ja);
        assert_eq!(chosen(&[], &[("LC_ALL", "C.UTF-8"), ("LANG", "ja_JP.UTF-8")]), Language::En);
        assert_eq!(chosen(&[], &[]), Language::En);
    }
}
