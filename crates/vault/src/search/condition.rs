//! Conditions on numbers: `rating:3`, `size:1024x768`, `date:2026-10`, `after:2026`, `before:2026-10-05`. They are asked
//! of the entries in memory and never of the index.

use std::ops::RangeInclusive;

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use crate::roster::Entry;

/// What can be asked, in the languages of the app.
const KINDS: &[(&str, Kind)] = &[
    ("rating", Kind::Rating),
    ("size", Kind::Size),
    ("date", Kind::Date),
    ("after", Kind::After),
    ("before", Kind::Before),
    ("評価", Kind::Rating),
    ("サイズ", Kind::Size),
    ("日付", Kind::Date),
    ("以降", Kind::After),
    ("より前", Kind::Before),
];

#[derive(Debug, Clone, Copy)]
enum Kind {
    Rating,
    Size,
    Date,
    After,
    Before,
}

/// What must hold of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Stars, 0 to 5.
    Rating(RangeInclusive<u32>),
    /// Width and height in pixels.
    Size(u32, u32),
    /// One of the sides in pixels.
    Side(RangeInclusive<u32>),
    /// Made at this time, in milliseconds since 1970.
    Made(RangeInclusive<i64>),
}

impl Condition {
    /// Reads `name:value`; dates are those of the time zone. `None` when it is no condition.
    pub fn read(name: &str, value: &str, zone: &TimeZone) -> Option<Self> {
        let name = name.to_lowercase();
        let (_, kind) = KINDS.iter().find(|(known, _)| *known == name)?;
        match kind {
            Kind::Rating => range(value).map(Self::Rating),
            Kind::Size => size(value),
            Kind::Date => days(value, zone).map(Self::Made),
            Kind::After => days(value, zone).map(|days| Self::Made(*days.start()..=i64::MAX)),
            Kind::Before => {
                days(value, zone).map(|days| Self::Made(i64::MIN..=days.start().saturating_sub(1)))
            }
        }
    }

    /// Whether it holds.
    pub fn admits(&self, entry: &Entry) -> bool {
        match self {
            Self::Rating(range) => range.contains(&u32::from(entry.rating)),
            Self::Size(width, height) => (entry.width, entry.height) == (*width, *height),
            Self::Side(range) => range.contains(&entry.width) || range.contains(&entry.height),
            Self::Made(range) => range.contains(&entry.created_at),
        }
    }
}

/// `3`, `3+`, `>3`, `>=3`, `<3`, `<=3`, `2..4`.
fn range(value: &str) -> Option<RangeInclusive<u32>> {
    if let Some(least) = value.strip_suffix('+').or_else(|| value.strip_prefix(">=")) {
        return Some(number(least)?..=u32::MAX);
    }
    if let Some(most) = value.strip_prefix("<=") {
        return Some(0..=number(most)?);
    }
    if let Some(below) = value.strip_prefix('>') {
        return Some(number::<u32>(below)?.checked_add(1)?..=u32::MAX);
    }
    if let Some(above) = value.strip_prefix('<') {
        return Some(0..=number::<u32>(above)?.checked_sub(1)?);
    }
    if let Some((least, most)) = value.split_once("..") {
        let (least, most) = (number(least)?, number(most)?);
        return (least <= most).then_some(least..=most);
    }
    number(value).map(|number| number..=number)
}

/// Digits alone: the parser of numbers takes a sign before them.
fn number<N: std::str::FromStr>(text: &str) -> Option<N> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// `1024x768`, or a [`range`] for one of the sides.
fn size(value: &str) -> Option<Condition> {
    match value.split_once(['x', 'X', '×']) {
        Some((width, height)) => Some(Condition::Size(number(width)?, number(height)?)),
        None => range(value).map(Condition::Side),
    }
}

/// From the first to the last millisecond of a year, a month or a day: `2026`, `2026-10`, `2026/10/05`.
fn days(value: &str, zone: &TimeZone) -> Option<RangeInclusive<i64>> {
    let mut parts = value.split(['-', '/', '.']);
    let year: &str = parts.next().filter(|year| year.len() == 4)?;
    let part = |text: &str| number::<i8>(text).filter(|n| (1..=31).contains(n));
    let (month, day) = (parts.next(), parts.next());
    if parts.next().is_some() {
        return None;
    }
    let year: i16 = number(year).filter(|year| (1..9999).contains(year))?;
    let month_number = month.map_or(Some(1), part).filter(|month| *month <= 12)?;
    let first = match day {
        Some(day) => Date::new(year, month_number, part(day)?).ok()?,
        None => date(year, month_number, 1),
    };
    let last = match (month, day) {
        (None, _) => first.last_of_year(),
        (_, None) => first.last_of_month(),
        _ => first,
    };
    let begins = |date: Date| Some(date.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond());
    Some(begins(first)?..=begins(last.tomorrow().ok()?)? - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Condition> {
        let (name, value) = text.split_once(':').unwrap();
        Condition::read(name, value, &TimeZone::fixed(jiff::tz::offset(9)))
    }

    fn made(from: &str, to: &str) -> Option<Condition> {
        let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_millisecond();
        Some(Condition::Made(at(from)..=at(to) - 1))
    }

    #[test]
    fn numbers_may_be_bounded_on_either_side() {
        let cases = [
            ("rating:3", 3..=3),
            ("Rating:3+", 3..=u32::MAX),
            ("rating:>=3", 3..=u32::MAX),
            ("rating:>3", 4..=u32::MAX),
            ("rating:<3", 0..=2),
            ("rating:<=3", 0..=3),
            ("評価:2..4", 2..=4),
        ];
        for (text, range) in cases {
            assert_eq!(read(text), Some(Condition::Rating(range)), "{text}");
        }
        assert_eq!(read("size:1024x768"), Some(Condition::Size(1024, 768)));
        assert_eq!(read("サイズ:1024×768"), Some(Condition::Size(1024, 768)));
        assert_eq!(read("size:>2000"), Some(Condition::Side(2001..=u32::MAX)));
    }

    #[test]
    fn dates_are_those_of_the_persons_time_zone() {
        assert_eq!(read("date:2026"), made("2025-12-31T15:00:00Z", "2026-12-31T15:00:00Z"));
        assert_eq!(read("date:2026-02"), made("2026-01-31T15:00:00Z", "2026-02-28T15:00:00Z"));
        assert_eq!(read("日付:2026/2/5"), made("2026-02-04T15:00:00Z", "2026-02-05T15:00:00Z"));
        let Some(Condition::Made(after)) = read("after:2026-02-05") else { panic!("no condition") };
        let Some(Condition::Made(before)) = read("before:2026-02-05") else { panic!("no condition") };
        assert_eq!((*before.start(), *before.end() + 1, *after.end()), (i64::MIN, *after.start(), i64::MAX));
    }

    #[test]
    fn what_is_no_condition_stays_words() {
        for text in [
            "rating:safe",
            "rating:",
            "rating:<0",
            "rating:+3",
            "rating:1..",
            "size:wide",
            "size:x",
            "size:1024x",
            "date:26",
            "date:2026-13",
            "date:2026-02-30",
            "date:2026-02-05-01",
            "after:",
            "after:yesterday",
            "date:-2026",
            "date:0000",
            "date:9999",
            "date:+202",
            "date:2026-+1",
            "size:+32x32",
            "rating:4..2",
            "steps:20",
            "12:30",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_value_is_read_or_not(name in "rating|size|date|after|before", value in ".{0,24}") {
            let _ = read(&format!("{name}:{value}"));
        }
    }
}
