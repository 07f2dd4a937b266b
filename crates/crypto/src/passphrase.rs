//! How strong a passphrase is. Length and guessability count; there are no rules of composition (NIST SP 800-63B-4).

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// Fewest code points of a passphrase after normalisation.
pub const MIN_CODE_POINTS: usize = 15;
/// The least score of zxcvbn that is accepted.
const MIN_SCORE: u8 = 3;

/// What a passphrase is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strength {
    /// zxcvbn's score, 0 to 4.
    pub score: u8,
    /// Code points after NFKC.
    pub code_points: usize,
    /// It may protect a vault.
    pub acceptable: bool,
}

/// Estimates a passphrase, normalised as it will be used.
pub fn passphrase_strength(passphrase: &str) -> Strength {
    let normal = Zeroizing::new(passphrase.nfkc().collect::<String>());
    let code_points = normal.chars().count();
    let score = u8::from(zxcvbn::zxcvbn(&normal, &["zimage", "z-image", "vault"]).score());
    Strength { score, code_points, acceptable: code_points >= MIN_CODE_POINTS && score >= MIN_SCORE }
}

/// Words that a drawn passphrase is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhraseLanguage {
    /// English words.
    English,
    /// Japanese words in hiragana, so that they need no conversion.
    Japanese,
}

/// Words of a drawn passphrase: 66 bits, each guess at the price of Argon2id.
const WORDS: usize = 6;

/// Draws a passphrase of six words from the 2,048 of BIP 39, chosen there to be told apart by their first letters.
pub fn draw_passphrase(language: PhraseLanguage) -> Zeroizing<String> {
    let words = match language {
        PhraseLanguage::English => bip39::Language::English,
        PhraseLanguage::Japanese => bip39::Language::Japanese,
    }
    .word_list();
    let mut phrase = Zeroizing::new(String::with_capacity(WORDS * 32));
    for place in 0..WORDS {
        if place > 0 {
            phrase.push(' ');
        }
        // 2,048 divides 65,536: every word is as likely as every other.
        let drawn = usize::from(u16::from_be_bytes(crate::random())) % words.len();
        phrase.extend(words.get(drawn).into_iter().flat_map(|word| word.nfkc()));
    }
    phrase
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawn_passphrases_are_acceptable_and_each_is_another() {
        for language in [PhraseLanguage::English, PhraseLanguage::Japanese] {
            let drawn: Vec<_> = (0..200).map(|_| draw_passphrase(language)).collect();
            for phrase in &drawn {
                assert_eq!(phrase.split(' ').count(), WORDS);
                assert!(passphrase_strength(phrase).acceptable, "{}", phrase.as_str());
                assert_eq!(phrase.nfkc().collect::<String>(), **phrase);
            }
            let different: std::collections::HashSet<&str> = drawn.iter().map(|p| p.as_str()).collect();
            assert_eq!(different.len(), drawn.len());
        }
        assert!(
            draw_passphrase(PhraseLanguage::Japanese).chars().all(|c| c == ' ' || ('ぁ'..='ゖ').contains(&c))
        );
    }

    #[test]
    fn short_and_guessable_passphrases_are_not_acceptable() {
        assert!(!passphrase_strength("tR7#kq!m").acceptable);
        assert!(!passphrase_strength("aaaaaaaaaaaaaaaaaaaa").acceptable);
        assert!(!passphrase_strength("passwordpassword").acceptable);
    }

    #[test]
    fn long_passphrases_are_acceptable_in_both_languages() {
        assert!(passphrase_strength("lantern drifts past the violet ridge").acceptable);
        assert!(passphrase_strength("しずかなみずうみにうかぶとうろうのひかり").acceptable);
    }
}
