//! Folding: what counts as the same text.

use unicode_normalization::UnicodeNormalization;

/// NFKC, lower case, and a space around every CJK character, so that each is a word of its own to the index.
/// White space runs become one space.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len() + text.len() / 2);
    for character in text.nfkc().flat_map(char::to_lowercase) {
        if is_cjk(character) {
            push_space(&mut folded);
            folded.push(character);
            folded.push(' ');
        } else if character.is_whitespace() {
            push_space(&mut folded);
        } else {
            folded.push(character);
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

fn push_space(text: &mut String) {
    if !text.is_empty() && !text.ends_with(' ') {
        text.push(' ');
    }
}

/// Characters of scripts written without spaces: Han, Hiragana, Katakana, Hangul syllables, Bopomofo, and their
/// iteration and length marks. Source: the Unicode block list.
pub fn is_cjk(character: char) -> bool {
    matches!(u32::from(character),
        0x2e80..=0x2fdf | 0x3005..=0x3007 | 0x3021..=0x3029 | 0x3031..=0x3035 | 0x303b | 0x3041..=0x3096
        | 0x309d..=0x309f | 0x30a1..=0x30ff | 0x3105..=0x312f | 0x3131..=0x318e | 0x31a0..=0x31bf | 0x31f0..=0x31ff
        | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cjk_character_is_a_word_of_its_own() {
        assert_eq!(fold("夜景、Neon灯籠 2枚"), "夜 景 、neon 灯 籠 2 枚");
    }

    #[test]
    fn width_and_case_do_not_matter() {
        assert_eq!(fold("ＡＢＣ ｶﾞﾗｽ"), fold("abc ガラス"));
    }

    #[test]
    fn white_space_is_one_space() {
        assert_eq!(fold(" a \n\t b　c "), "a b c");
    }
}
