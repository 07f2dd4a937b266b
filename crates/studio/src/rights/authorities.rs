//! Authorities for data protection, who hear complaints.

use serde::{Deserialize, Serialize};

use crate::Studio;

/// A row for each with its sources: data, because they change.
const AUTHORITIES: &str = include_str!("../../data/authorities.csv");

/// An authority for data protection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Authority {
    /// Two capital letters (ISO 3166-1).
    pub country: String,
    /// A part of it (ISO 3166-2), empty for the whole.
    pub region: String,
    /// Its name in its own language.
    pub name: String,
    /// Its name in English.
    pub name_en: String,
    /// Its site, empty where none is known.
    pub homepage: String,
    /// Where it takes mails, empty where it wants another way.
    pub mail: String,
    /// The day on which this was looked up, `YYYY-MM-DD`.
    pub checked: String,
    /// A second source says the same.
    pub verified: bool,
}

/// A row of the data.
#[derive(Deserialize)]
struct Row {
    country: String,
    region: String,
    name: String,
    name_en: String,
    homepage: String,
    mail: String,
    checked: String,
    status: String,
}

/// Every authority that is known, by country and region.
pub(super) fn all() -> Vec<Authority> {
    let rows = csv::Reader::from_reader(AUTHORITIES.as_bytes()).into_deserialize::<Row>();
    rows.flatten()
        .map(|Row { country, region, name, name_en, homepage, mail, checked, status }| {
            let verified = status == "verified";
            Authority { country, region, name, name_en, homepage, mail, checked, verified }
        })
        .collect()
}

impl Studio {
    /// Every authority that is known.
    #[must_use]
    pub fn authorities(&self) -> Vec<Authority> {
        all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_authority_has_a_place_a_name_a_safe_address_and_a_source() {
        let all = all();
        assert_eq!(all.len(), AUTHORITIES.lines().count() - 1, "a row can't be read");
        assert!(
            all.windows(2).all(|two| (&two[0].country, &two[0].region) < (&two[1].country, &two[1].region))
        );
        let mut data = csv::Reader::from_reader(AUTHORITIES.as_bytes());
        let sources = data.headers().unwrap().iter().position(|name| name == "source").unwrap();
        for (one, row) in all.iter().zip(data.records()) {
            assert!(
                one.country.len() == 2 && one.country.bytes().all(|byte| byte.is_ascii_uppercase()),
                "{one:?}"
            );
            assert!(one.region.is_empty() || one.region.starts_with(&format!("{}-", one.country)), "{one:?}");
            assert!(!one.name.is_empty() && !one.name_en.is_empty() && one.checked.len() == 10, "{one:?}");
            assert!(one.homepage.is_empty() || one.homepage.starts_with("https://"), "{one:?}");
            assert!(one.mail.is_empty() || one.mail.contains('@'), "{one:?}");
            assert!(!row.unwrap()[sources].is_empty(), "no source: {one:?}");
        }
        let homepage =
            |country: &str| all.iter().find(|one| one.country == country).unwrap().homepage.clone();
        assert_ne!(homepage("HR"), homepage("GR"), "Croatia's is not Greece's");
        for country in ["JP", "BR", "CH", "CA", "AU", "GB", "US", "KR"] {
            assert!(!homepage(country).is_empty(), "{country}");
        }
    }
}
