//! The few words that a person or a device contributes, each within its bounds from the moment it is read.
//!
//! **Invariant:** a value of these types is always within its bounds; what is not is an error and is never cut short.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A word that is outside of its bounds. It does not say which word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("outside of its bounds")]
pub struct Invalid;

/// Gives a text type its way in and out of messages. `Debug` shows nothing: most of them are about a person.
macro_rules! text {
    ($name:ident) => {
        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("…")
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::new(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

/// An address for mail, up to 254 bytes (RFC 5321 §4.5.3.1.3 with its erratum).
#[derive(Clone, PartialEq, Eq)]
pub struct Email(String);

text!(Email);

impl Email {
    /// Longest address in bytes.
    pub const MAX_BYTES: usize = 254;

    /// Takes an address without the blanks around it. Whether it exists is for the mail to find out; here it has a
    /// part before its last `@`, a host after it, and nothing that could end a line or a header of the mail.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn new(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        let (local, host) = text.rsplit_once('@').ok_or(Invalid)?;
        let plain =
            |c: char| !c.is_control() && !c.is_whitespace() && !hides(c) && !"<>,;:\\\"()[]".contains(c);
        let labels = host.split('.').all(|label| !label.is_empty() && !label.starts_with('-'));
        let sound = (1..=64).contains(&local.len())
            && text.len() <= Self::MAX_BYTES
            && text.chars().all(plain)
            && labels
            && !host.contains('@')
            && !local.contains('@');
        if sound { Ok(Self(text.to_owned())) } else { Err(Invalid) }
    }

    /// The form by which the service finds an account again: lower case, composed, compatible forms made one. Two
    /// addresses of one form have one account.
    #[must_use]
    pub fn index_form(&self) -> String {
        crypto::normalised(&self.0).to_lowercase()
    }
}

/// The code in a mail: 8 characters of Crockford's base 32, 40 bits.
#[derive(Clone, PartialEq, Eq)]
pub struct MailCode(String);

text!(MailCode);

impl MailCode {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    const LENGTH: usize = 8;

    /// Draws one.
    #[must_use]
    pub fn random() -> Self {
        let letter = |byte: &u8| Self::ALPHABET.get(usize::from(byte % 32)).copied().map(char::from);
        Self(crypto::random::<{ Self::LENGTH }>().iter().filter_map(letter).collect())
    }

    /// Takes a code as people type it: in lower case or full width, with blanks or hyphens in it, O for 0, I or L for 1.
    ///
    /// # Errors
    /// [`Invalid`] for another length or letter.
    pub fn new(typed: &str) -> Result<Self, Invalid> {
        if typed.len() > 64 {
            return Err(Invalid);
        }
        let code = crypto::normalised(typed)
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '‐' | '–' | 'ー'))
            .map(|c| match c.to_ascii_uppercase() {
                'O' => Ok('0'),
                'I' | 'L' => Ok('1'),
                c if c.is_ascii() && Self::ALPHABET.contains(&(c as u8)) => Ok(c),
                _ => Err(Invalid),
            })
            .collect::<Result<String, Invalid>>()?;
        if code.len() == Self::LENGTH { Ok(Self(code)) } else { Err(Invalid) }
    }
}

/// Characters that turn the text around them, or are not seen.
fn hides(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{3164}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Up to this many characters are one line of text without anything that turns or hides it.
fn line(text: &str, most: usize) -> Result<String, Invalid> {
    let text = text.trim();
    let sound =
        (1..=most).contains(&text.chars().count()) && !text.chars().any(|c| c.is_control() || hides(c));
    if sound { Ok(text.to_owned()) } else { Err(Invalid) }
}

/// What a person calls a device: 1 to 64 characters on one line.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceLabel(String);

text!(DeviceLabel);

impl DeviceLabel {
    /// Takes a label without the blanks around it.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn new(text: &str) -> Result<Self, Invalid> {
        line(text, 64).map(Self)
    }
}

/// What a person wants to be called: 1 to 80 characters on one line.
#[derive(Clone, PartialEq, Eq)]
pub struct DisplayName(String);

text!(DisplayName);

impl DisplayName {
    /// Takes a name without the blanks around it.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn new(text: &str) -> Result<Self, Invalid> {
        line(text, 80).map(Self)
    }
}

/// Which text of the privacy notice was accepted: up to 20 digits, letters, dots and hyphens.
#[derive(Clone, PartialEq, Eq)]
pub struct NoticeVersion(String);

text!(NoticeVersion);

impl NoticeVersion {
    /// Takes a version.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn new(text: &str) -> Result<Self, Invalid> {
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-');
        if plain && (1..=20).contains(&text.len()) { Ok(Self(text.to_owned())) } else { Err(Invalid) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_mail_could_reach_are_taken_and_nothing_that_could_end_a_header() {
        for good in
            ["a@b", "  hana.sato+art@例え.jp ", "o'neil@sub.example.com", &format!("{}@b", "a".repeat(64))]
        {
            assert!(Email::new(good).is_ok(), "{good}");
        }
        let long = format!("a@{}", "b".repeat(253));
        for bad in [
            "",
            "@",
            "a@",
            "@b",
            "a b@c",
            "a@b\r\nBcc: c@d",
            "a@b,c@d",
            "a@@b",
            "<a@b>",
            "a@.b",
            "a@-b",
            "a@b..c",
            "a\u{202e}b@c",
            "a\u{200b}@c",
            &long,
        ] {
            assert_eq!(Email::new(bad), Err(Invalid), "{bad}");
        }
    }

    #[test]
    fn an_address_is_found_again_however_wide_or_high_it_was_typed() {
        let form = |text: &str| Email::new(text).unwrap().index_form();
        assert_eq!(form("Hana@Example.COM"), form("hana@example.com"));
        assert_eq!(form("ｈａｎａ@example.com"), form("hana@example.com"));
        assert_ne!(form("hana.s@example.com"), form("hanas@example.com"));
    }

    #[test]
    fn a_code_is_understood_as_people_type_it() {
        let code = |text: &str| MailCode::new(text).map(|code| code.as_str().to_owned());
        assert_eq!(code("7kq0-m1xz").as_deref(), Ok("7KQ0M1XZ"));
        assert_eq!(code(" ７ＫＱＯ　ＭＬＸＺ "), code("7KQ0M1XZ"));
        for bad in ["", "7KQ0M1X", "7KQ0M1XZ0", "7KQ0M1XU", "7KQ0M1Xあ", &" ".repeat(65)] {
            assert_eq!(code(bad), Err(Invalid), "{bad}");
        }
        let drawn = MailCode::random();
        assert_eq!(code(drawn.as_str()).as_deref(), Ok(drawn.as_str()));
    }

    #[test]
    fn names_are_one_line_that_hides_nothing() {
        for good in ["A", "佐藤 花", "Linux desktop", &"名".repeat(80)] {
            assert!(DisplayName::new(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "  ",
            "a\nb",
            "a\u{202e}b",
            "a\u{200b}b",
            "a\u{61c}b",
            "a\u{3164}b",
            "a\0b",
            &"名".repeat(81),
        ] {
            assert_eq!(DisplayName::new(bad), Err(Invalid), "{bad:?}");
        }
        assert!(DeviceLabel::new(&"x".repeat(65)).is_err());
    }
}
