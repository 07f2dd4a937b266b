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

#[cfg(test)]
mod tests {
    use super::*;

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
