//! Folding: what counts as the same text.

use unicode_normalization::UnicodeNormalization;

/// NFKC, lower case, and a space around every CJK character and symbol, so that each is a word of its own to the
/// index. White space runs become one space.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len() + text.len() / 2);
    if text.is_ascii() {
        text.chars().for_each(|character| push(&mut folded, character.to_ascii_lowercase()));
    } else {
        for character in text.nfkc().flat_map(char::to_lowercase) {
            push(&mut folded, character);
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

fn push(folded: &mut String, character: char) {
    if stands_alone(character) {
        push_space(folded);
        folded.push(character);
        folded.push(' ');
    } else if character.is_whitespace() {
        push_space(folded);
    } else {
        folded.push(character);
    }
}

fn push_space(text: &mut String) {
    if !text.is_empty() && !text.ends_with(' ') {
        text.push(' ');
    }
}

/// Whether a character is a word of its own.
pub fn stands_alone(character: char) -> bool {
    !character.is_ascii() && (is_cjk(character) || is_symbol(character))
}

/// Whether the index knows a character; everything else separates words. ASCII symbols (`<`, `+`) separate.
pub fn is_indexed(character: char) -> bool {
    character.is_alphanumeric() || character == SEED_MARK || (!character.is_ascii() && is_symbol(character))
}

/// Stands before a seed in the index, so that its digits are found by `seed:` and not by every number. A character
/// of the private use area, which counts as a letter there and is on no keyboard.
pub const SEED_MARK: char = '\u{e000}';

/// Characters of scripts written without spaces: Han, Hiragana, Katakana, Hangul syllables, Bopomofo, and their
/// iteration and length marks. Source: the Unicode block list.
fn is_cjk(character: char) -> bool {
    matches!(u32::from(character),
        0x2e80..=0x2fdf | 0x3005..=0x3007 | 0x3021..=0x3029 | 0x3031..=0x3035 | 0x303b | 0x3041..=0x3096
        | 0x309d..=0x309f | 0x30a1..=0x30ff | 0x3105..=0x312f | 0x3131..=0x318e | 0x31a0..=0x31bf | 0x31f0..=0x31ff
        | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff)
}

/// Symbols outside ASCII: currency, arrows, mathematics, shapes, dingbats, emoji. Source: the Unicode block list.
fn is_symbol(character: char) -> bool {
    matches!(u32::from(character),
        0xa2..=0xa6 | 0xa9 | 0xac | 0xae | 0xb0 | 0xb1 | 0xd7 | 0xf7 | 0x20a0..=0x20cf | 0x2100..=0x214f
        | 0x2190..=0x2bff | 0x3004 | 0x3012 | 0x3013 | 0x3020 | 0x3036 | 0x1_f000..=0x1_faff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cjk_character_is_a_word_of_its_own() {
        assert_eq!(fold("夜景、Neon灯籠 2枚"), "夜 景 、neon 灯 籠 2 枚");
        assert_eq!(fold("fox🦊★"), "fox 🦊 ★");
    }

    #[test]
    fn width_and_case_do_not_matter() {
        assert_eq!(fold("ＡＢＣ ｶﾞﾗｽ"), fold("abc ガラス"));
        assert_eq!(fold("ABC Def"), "abc def");
    }

    #[test]
    fn white_space_is_one_space() {
        assert_eq!(fold(" a \n\t b　c "), "a b c");
        assert_eq!(fold(" a \n\t b c "), "a b c");
    }

    proptest::proptest! {
        #[test]
        fn folding_again_changes_nothing(text in ".{0,40}") {
            let once = fold(&text);
            proptest::prop_assert_eq!(fold(&once), once);
        }
    }
}
