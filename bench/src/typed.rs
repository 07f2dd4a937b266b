//! What a person types into the search field, key by key. Japanese arrives as the input method hands it over, here
//! one character at a time.

const WORDS: [&str; 10] = [
    "paper lantern",
    "red panda in a neon city",
    "watercolor moonlight",
    "hummingbird",
    "blurry",
    "灯籠",
    "雪の降る街の黒猫",
    "水面の反射",
    "夕焼け 水彩画",
    "ノスタルジック",
];

/// Every state of the field, in order; one that ends with a space asks the same as the one before.
pub fn keystrokes() -> Vec<String> {
    let states =
        |words: &'static str| words.char_indices().map(move |(at, c)| words.split_at(at + c.len_utf8()).0);
    WORDS.iter().copied().flat_map(states).filter(|text| !text.ends_with(' ')).map(str::to_owned).collect()
}

/// What is typed, for the report.
pub fn words() -> String {
    WORDS.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_grows_by_a_character_at_a_time() {
        let keystrokes = keystrokes();
        assert_eq!(&keystrokes[..3], ["p", "pa", "pap"]);
        assert!(keystrokes.iter().any(|text| text == "水面の反"));
        assert_eq!(keystrokes.last().map(String::as_str), Some("ノスタルジック"));
    }
}
