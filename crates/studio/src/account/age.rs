//! Whether somebody is old enough for an account. Decided here; when they were born is neither kept nor sent.

use model::Timestamp;
use serde::{Deserialize, Serialize};

/// Ages of digital consent, a row for each country with its source: data, because laws change.
const AGES: &str = include_str!("../../data/consent_ages.csv");

/// Below this nobody has an account, whatever the law of the country says.
const LEAST: u8 = 13;

/// Where no number is known: the strictest that the GDPR lets a country have.
const UNKNOWN: u8 = 16;

/// What the age screen asks.
#[derive(Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct AgeAnswer {
    /// Two capital letters (ISO 3166-1).
    pub country: String,
    /// Of birth.
    pub year: i16,
    /// Of birth, 1 to 12.
    pub month: i8,
}

/// What is kept of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Age {
    /// Not asked yet.
    Unknown,
    /// Has reached the age that the country asks for.
    OldEnough,
    /// Has not. It stays so until the program ends, whatever is answered then.
    TooYoung,
}

/// The age that a country asks for.
pub(crate) fn asked_in(country: &str) -> u8 {
    let row = AGES.lines().skip(1).find(|row| row.split(',').next() == Some(country));
    let age = row.and_then(|row| row.split(',').nth(1)).and_then(|age| age.parse().ok());
    age.unwrap_or(UNKNOWN).max(LEAST)
}

impl AgeAnswer {
    /// Whether it could be an answer.
    pub(crate) fn is_one(&self, now: Timestamp) -> bool {
        let (year, month) = now.year_and_month();
        let letters = self.country.len() == 2 && self.country.bytes().all(|byte| byte.is_ascii_uppercase());
        let born = (self.year, self.month) <= (year, month) && self.year >= year - 130;
        letters && born && (1..=12).contains(&self.month)
    }

    /// Whether they have reached this age for certain. The day is not asked: the month of the birthday itself does not count.
    pub(crate) fn has_reached(&self, age: u8, now: Timestamp) -> bool {
        let months = |(year, month): (i16, i8)| i32::from(year) * 12 + i32::from(month);
        months(now.year_and_month()) - months((self.year, self.month)) > i32::from(age) * 12
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-27T12:00:00Z";

    fn now() -> Timestamp {
        Timestamp::from_rfc3339(NOW).unwrap()
    }

    fn born(year: i16, month: i8) -> AgeAnswer {
        AgeAnswer { country: "DE".to_owned(), year, month }
    }

    #[test]
    fn every_row_of_the_data_is_a_country_with_an_age_and_where_it_stands() {
        let mut before = "";
        for row in AGES.lines().skip(1) {
            let parts: Vec<&str> = row.splitn(3, ',').collect();
            let country = parts[0];
            assert!(country > before, "{country}: in order, and once");
            assert!((13..=21).contains(&parts[1].parse::<u8>().unwrap()), "{row}");
            let (source, as_of) = parts[2].rsplit_once(',').unwrap();
            assert!(!source.is_empty() && as_of.len() == 7, "{row}");
            before = country;
        }
    }

    #[test]
    fn the_age_is_the_countrys_and_never_below_thirteen() {
        for (country, age) in
            [("DE", 16), ("GB", 13), ("KR", 14), ("IN", 18), ("JP", 16), ("DK", 15), ("XX", 16)]
        {
            assert_eq!(asked_in(country), age, "{country}");
        }
    }

    #[test]
    fn the_month_of_the_birthday_does_not_count_because_nobody_asks_the_day() {
        assert!(born(2010, 10).has_reached(16, now()));
        assert!(!born(2010, 11).has_reached(16, now()));
        assert!(!born(2010, 12).has_reached(16, now()));
        assert!(born(1990, 12).has_reached(16, now()));
    }

    #[test]
    fn what_nobody_can_answer_is_no_answer() {
        assert!(born(2026, 11).is_one(now()) && born(1900, 1).is_one(now()));
        for (year, month) in [(2026, 12), (2027, 1), (1890, 1), (2000, 0), (2000, 13), (i16::MIN, 1)] {
            assert!(!born(year, month).is_one(now()), "{year}-{month}");
        }
        for country in ["", "D", "de", "DEU", "日本"] {
            assert!(
                !AgeAnswer { country: country.to_owned(), year: 2000, month: 1 }.is_one(now()),
                "{country}"
            );
        }
    }
}
