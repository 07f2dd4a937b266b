//! The order of file names as people read them: `image_2` before `image_10`, and no matter the case or width of letters.

use unicode_normalization::UnicodeNormalization;

/// A text that sorts, byte by byte, where the name belongs. Equal keys are names that differ in case, width or zeros
/// before a number.
///
/// Each run of digits becomes `0`, its length without zeros in front, and its digits: of two numbers the one with fewer
/// digits is the smaller one.
pub fn key(name: &str) -> String {
    let mut key = String::with_capacity(name.len() + 8);
    let mut digits = String::new();
    for character in name.nfkc().flat_map(char::to_lowercase) {
        if character.is_ascii_digit() {
            digits.push(character);
            continue;
        }
        put_number(&mut key, &mut digits);
        key.push(character);
    }
    put_number(&mut key, &mut digits);
    key
}

fn put_number(key: &mut String, digits: &mut String) {
    if digits.is_empty() {
        return;
    }
    let number = digits.trim_start_matches('0');
    // A file system's names are far shorter; of longer runs all count as equally long.
    let length = u32::try_from(number.len()).ok().and_then(char::from_u32).unwrap_or('\u{d7ff}');
    key.extend(['0', length]);
    key.push_str(number);
    digits.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_and_the_case_does_not() {
        let sorted = [
            "0.png",
            "2.png",
            "0010.png",
            "image.png",
            "image_2.png",
            "Image_10.png",
            "image_10b.png",
            "Z.png",
            "ｚ1.png",
            "画像2.png",
            "画像１０.png",
        ];
        let mut names = sorted;
        names.reverse();
        names.sort_by_cached_key(|name| key(name));
        assert_eq!(names, sorted);
    }

    proptest::proptest! {
        #[test]
        fn two_numbers_stand_as_their_values_do(a: u64, b: u64) {
            let [one, other] = [a, b].map(|n| key(&format!("a{n}.png")));
            proptest::prop_assert_eq!(one.cmp(&other), a.cmp(&b));
        }

        #[test]
        fn any_name_has_a_key(name in ".{0,80}") {
            let _ = key(&name);
        }
    }
}
