//! The forms in which a secret could stand in a message.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use unicode_normalization::UnicodeNormalization as _;

/// A secret, form by form.
pub struct Forms(Vec<(String, Vec<u8>)>);

pub fn b64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn unb64(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

impl Forms {
    /// Of a password: as it was typed and in each normal form, whole and in its halves, in the encodings of text, and hashed
    /// without anything else.
    pub fn of(typed: &str) -> Self {
        let normal: [(&str, String); 5] = [
            ("typed", typed.to_owned()),
            ("NFC", typed.nfc().collect()),
            ("NFD", typed.nfd().collect()),
            ("NFKC", typed.nfkc().collect()),
            ("NFKD", typed.nfkd().collect()),
        ];
        let mut forms = Self(Vec::new());
        for (name, text) in &normal {
            forms.add(name, text.as_bytes());
            let words = text.split(' ').filter(|word| word.len() > 5);
            words.for_each(|word| forms.add(&format!("{name}, {word}"), word.as_bytes()));
            let wide: Vec<u16> = text.encode_utf16().collect();
            let [little, big]: [Vec<u8>; 2] = [
                wide.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
                wide.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
            ];
            forms.add(&format!("{name}, UTF-16LE"), &little);
            forms.add(&format!("{name}, UTF-16BE"), &big);
            forms.add(&format!("{name}, backwards"), text.chars().rev().collect::<String>().as_bytes());
            let escaped: String = wide.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            forms.plain(&format!("{name}, escaped"), escaped.as_bytes());
            let percent: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
            forms.plain(&format!("{name}, percent"), percent.as_bytes());
            forms.add(&format!("{name}, SHA-256"), &crypto::sha256(text.as_bytes()));
        }
        forms
    }

    /// Of a token: its text and the bytes that it stands for.
    pub fn of_bytes(text: &str, bytes: &[u8]) -> Self {
        let mut forms = Self(Vec::new());
        forms.add("text", text.as_bytes());
        forms.add("bytes", bytes);
        forms
    }

    fn plain(&mut self, name: &str, bytes: &[u8]) {
        self.0.push((name.to_owned(), bytes.to_ascii_lowercase()));
    }

    /// Bytes, and what they are as text: in digits, and in base64 wherever in something longer they begin.
    fn add(&mut self, name: &str, bytes: &[u8]) {
        self.0.push((name.to_owned(), bytes.to_vec()));
        self.plain(&format!("{name}, hex"), hex(bytes).as_bytes());
        for before in 0..3 {
            let shifted = [&vec![0; before], bytes].concat();
            // The characters into which nothing of what is before or after goes.
            let (from, to) = ((before * 8).div_ceil(6), shifted.len() * 8 / 6);
            for text in [URL_SAFE_NO_PAD.encode(&shifted), STANDARD_NO_PAD.encode(&shifted)] {
                self.0.push((format!("{name}, base64 at {before}"), text.as_bytes()[from..to].to_vec()));
            }
        }
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn all(&self) -> &[(String, Vec<u8>)] {
        &self.0
    }

    /// The form in which it stands there: in the bytes themselves, in any case of letters, or in what a text in quotes stands for.
    pub fn found_in(&self, bytes: &[u8]) -> Option<&str> {
        let mut places = vec![bytes.to_vec(), bytes.to_ascii_lowercase()];
        let quoted = bytes.split(|byte| *byte == b'"');
        places.extend(quoted.filter_map(|text| URL_SAFE_NO_PAD.decode(text).ok()));
        let found = self.0.iter().find(|(_, form)| places.iter().any(|place| holds(place, form)));
        found.map(|(name, _)| name.as_str())
    }
}
