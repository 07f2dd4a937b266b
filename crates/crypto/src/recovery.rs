//! The recovery code: 160 random bits as text that a person can print, read out and type.
//!
//! Format: `ZV1-` and four characters of the vault's id (its first 20 bits), eight groups of four characters of the
//! code, two check characters; all in Crockford's base 32 (<https://www.crockford.com/base32.html>).
//! The check is the 180-bit number before it, modulo the prime 1021, in two digits of base 32. Because 1021 divides
//! neither a digit's difference times a power of 32 nor 31 times that, every single wrong character and every swap of
//! neighbours is found, and any other mistake with a chance of 1020 in 1021.
//!
//! **Invariant:** a code is never turned into a key unless the check holds and the vault's characters match.

use model::VaultId;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::keys::{Kek, Secret, derive};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const PREFIX: &str = "ZV1";
const BYTES: usize = 20;
const VAULT_DIGITS: usize = 4;
const CODE_DIGITS: usize = 32;
const CHECK_MODULUS: u32 = 1021;

/// 160 secret bits that open a vault when nothing else does.
#[derive(Debug)]
pub struct RecoveryKey(Secret<BYTES>);

/// Why a text is not this vault's recovery code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryError {
    /// Not of the form of a recovery code.
    #[error("this is not a recovery code")]
    Malformed,
    /// Mistyped.
    #[error("the recovery code has a typing mistake")]
    WrongChecksum,
    /// Well typed, for another vault.
    #[error("the recovery code belongs to another vault")]
    OtherVault,
}

impl RecoveryKey {
    /// A new code.
    pub fn random() -> Self {
        Self(Secret::random())
    }

    /// The key that the code stands for. 160 random bits need no slow derivation.
    pub(crate) fn kek(&self, salt: &[u8; 16]) -> Kek {
        Kek::from_secret(derive(salt, self.0.bytes(), b"zimg/recovery/v1"))
    }

    /// The code as text, for this vault.
    pub fn to_text(&self, vault: &VaultId) -> Zeroizing<String> {
        let digits = self.digits(vault);
        let mut text = Zeroizing::new(String::with_capacity(64));
        text.push_str(PREFIX);
        for (n, &digit) in digits.iter().chain(&check_digits(&digits)).enumerate() {
            if n % 4 == 0 {
                text.push('-');
            }
            text.extend(ALPHABET.get(usize::from(digit)).map(|&byte| char::from(byte)));
        }
        text
    }

    /// Reads a typed code. Case, spaces, dashes, full-width characters, O for 0 and I or L for 1 are all forgiven.
    ///
    /// # Errors
    /// What is wrong with it, see [`RecoveryError`].
    pub fn parse(text: &str, vault: &VaultId) -> Result<Self, RecoveryError> {
        let typed = clean(text);
        let digits = typed.strip_prefix(PREFIX).ok_or(RecoveryError::Malformed)?;
        let digits: Option<Vec<u8>> = digits.bytes().map(digit_of).collect();
        let digits = Zeroizing::new(digits.ok_or(RecoveryError::Malformed)?);
        if digits.len() != VAULT_DIGITS + CODE_DIGITS + 2 {
            return Err(RecoveryError::Malformed);
        }
        let (body, check) = digits.split_at(VAULT_DIGITS + CODE_DIGITS);
        if check_digits(body) != check {
            return Err(RecoveryError::WrongChecksum);
        }
        let (place, code) = body.split_at(VAULT_DIGITS);
        if place != vault_digits(vault) {
            return Err(RecoveryError::OtherVault);
        }
        let mut key = Secret::zero();
        for (eight, five) in code.chunks_exact(8).zip(key.bytes_mut().chunks_exact_mut(5)) {
            let bits = eight.iter().fold(0_u64, |bits, &digit| bits << 5 | u64::from(digit));
            five.iter_mut().zip(bits.to_be_bytes().iter().skip(3)).for_each(|(byte, &bits)| *byte = bits);
        }
        Ok(Self(key))
    }

    fn digits(&self, vault: &VaultId) -> Zeroizing<Vec<u8>> {
        let mut digits = Zeroizing::new(Vec::with_capacity(VAULT_DIGITS + CODE_DIGITS));
        digits.extend(vault_digits(vault));
        for five in self.0.bytes().chunks_exact(5) {
            let bits = five.iter().fold(0_u64, |bits, &byte| bits << 8 | u64::from(byte));
            digits.extend((0..8).rev().map(|n| (bits >> (5 * n) & 31) as u8));
        }
        digits
    }
}

fn vault_digits(vault: &VaultId) -> [u8; VAULT_DIGITS] {
    let [a, b, c, ..] = *vault.as_bytes();
    let bits = u32::from_be_bytes([0, a, b, c]);
    [19, 14, 9, 4].map(|shift| (bits >> shift & 31) as u8)
}

fn check_digits(digits: &[u8]) -> [u8; 2] {
    let rest = digits.iter().fold(0, |rest, &digit| (rest * 32 + u32::from(digit)) % CHECK_MODULUS);
    [(rest / 32) as u8, (rest % 32) as u8]
}

fn clean(text: &str) -> Zeroizing<String> {
    let mut typed = Zeroizing::new(String::with_capacity(text.len()));
    let kept = text.chars().take(512).nfkc().filter(|c| !c.is_whitespace() && !is_dash(*c));
    typed.extend(kept.flat_map(char::to_uppercase).map(|c| match c {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    }));
    typed
}

/// Dashes that keyboards and text programs put in the place of a hyphen, the Japanese long-vowel mark among them.
fn is_dash(c: char) -> bool {
    matches!(c, '-' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}' | 'ー' | '─' | '\u{200b}' | '\u{feff}')
}

fn digit_of(byte: u8) -> Option<u8> {
    ALPHABET.iter().position(|&letter| letter == byte).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn vault() -> VaultId {
        VaultId::from_bytes(*b"\x6f\x0c\x91sixteen bytes"[..16].first_chunk().unwrap())
    }

    fn known() -> (RecoveryKey, String) {
        let mut bytes = [0; BYTES];
        bytes.iter_mut().zip(1..).for_each(|(byte, n)| *byte = n * 11);
        let key = RecoveryKey(Secret::from_bytes(bytes));
        let text = key.to_text(&vault()).to_string();
        (key, text)
    }

    fn read(text: &str) -> Result<[u8; BYTES], RecoveryError> {
        RecoveryKey::parse(text, &vault()).map(|key| *key.0.bytes())
    }

    #[test]
    fn the_text_is_frozen() {
        assert_eq!(known().1, "ZV1-DW69-1CB2-2B1Q-896N-GRVE-F628-Z6N5-P2XW-DMEW-61");
    }

    #[test]
    fn what_people_type_instead_is_understood() {
        let (key, text) = known();
        let wide: String = text.chars().map(|c| char::from_u32(c as u32 + 0xfee0).unwrap()).collect();
        let slips = text.replace('0', "o").replace('1', "l");
        for typed in [
            text.to_lowercase(),
            text.replace('-', " "),
            text.replace('-', ""),
            text.replace('-', "ー"),
            wide,
            slips,
        ] {
            assert_eq!(read(&format!("　{typed}\n")), Ok(*key.0.bytes()), "{typed}");
        }
    }

    #[test]
    fn every_single_typing_mistake_is_found() {
        let (_, text) = known();
        let spots: Vec<usize> = (4..text.len()).filter(|&n| &text[n..=n] != "-").collect();
        for &n in &spots {
            for &letter in ALPHABET.iter().filter(|&&letter| letter != text.as_bytes()[n]) {
                let mut typed = text.clone().into_bytes();
                typed[n] = letter;
                assert_eq!(read(std::str::from_utf8(&typed).unwrap()), Err(RecoveryError::WrongChecksum));
            }
        }
        for pair in spots.windows(2).filter(|pair| text.as_bytes()[pair[0]] != text.as_bytes()[pair[1]]) {
            let mut typed = text.clone().into_bytes();
            typed.swap(pair[0], pair[1]);
            assert_eq!(read(std::str::from_utf8(&typed).unwrap()), Err(RecoveryError::WrongChecksum));
        }
    }

    #[test]
    fn text_that_is_no_code_is_malformed() {
        let (_, text) = known();
        let cut = &text[..text.len() - 1];
        for typed in [
            "",
            "ZV1",
            "hello",
            cut,
            &text[4..],
            &format!("{text}0"),
            &text.replacen("ZV1", "ZV2", 1),
            &text.replacen('5', "U", 1),
        ] {
            assert_eq!(read(typed), Err(RecoveryError::Malformed), "{typed}");
        }
    }

    #[test]
    fn the_code_of_another_vault_is_told_apart_from_a_mistake() {
        let (_, text) = known();
        let other = VaultId::from_bytes([0; 16]);
        assert_eq!(RecoveryKey::parse(&text, &other).err(), Some(RecoveryError::OtherVault));
    }

    #[test]
    fn a_recovery_key_prints_nothing() {
        assert_eq!(format!("{:?}", known().0), "RecoveryKey(…)");
    }

    proptest! {
        #[test]
        fn any_code_survives_its_text(bytes: [u8; BYTES], id: [u8; 16]) {
            let id = VaultId::from_bytes(id);
            let text = RecoveryKey(Secret::from_bytes(bytes)).to_text(&id);
            prop_assert_eq!(text.len(), 3 + 9 * 5 + 3);
            prop_assert_eq!(*RecoveryKey::parse(&text, &id).unwrap().0.bytes(), bytes);
        }

        #[test]
        fn no_text_at_all_makes_it_fail(text: String) {
            prop_assert!(read(&text).is_err());
        }
    }
}
