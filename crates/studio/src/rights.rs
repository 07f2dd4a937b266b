//! A person's rights: letters that are drafted here and sent by the person, when an answer is due, and who hears a complaint.

use std::sync::OnceLock;

use model::Timestamp;
use serde::{Deserialize, Serialize};
use vault::Vault;

use crate::notice::Bilingual;
use crate::{Code, Failure, Studio, Topic};

/// Authorities for data protection, a row for each with its sources: data, because they change.
const AUTHORITIES: &str = include_str!("../data/authorities.csv");
/// Letters by their kind, with places in braces.
const LETTERS: &str = include_str!("../data/letters.json");
/// Where letters to the service go.
const SUPPORT: &str = "support@z-image.ai";
/// Under this name the vault keeps what was asked for.
const CHOICE: &str = "rights";
/// Days within which a request is answered.
const DAYS: i64 = 30;
/// Requests that are remembered.
const MOST: usize = 200;
/// Characters of what a person adds to a letter.
const DETAILS: usize = 4000;

/// What a letter asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// To see what is held (GDPR Art. 15).
    Access,
    /// To have it corrected (Art. 16).
    Correction,
    /// To have it erased (Art. 17).
    Erasure,
    /// To have processing restricted (Art. 18).
    Restriction,
    /// To take it along (Art. 20).
    Portability,
    /// To object (Art. 21).
    Objection,
    /// To complain to an authority (Art. 77).
    Complaint,
}

impl Right {
    /// Every right, in the order of the articles.
    pub const ALL: [Self; 7] = [
        Self::Access,
        Self::Correction,
        Self::Erasure,
        Self::Restriction,
        Self::Portability,
        Self::Objection,
        Self::Complaint,
    ];

    fn letter(self) -> Option<&'static Letter> {
        static ALL: OnceLock<Letters> = OnceLock::new();
        let all = ALL.get_or_init(|| serde_json::from_str(LETTERS).unwrap_or_default());
        match self {
            Self::Access => all.access.as_ref(),
            Self::Correction => all.correction.as_ref(),
            Self::Erasure => all.erasure.as_ref(),
            Self::Restriction => all.restriction.as_ref(),
            Self::Portability => all.portability.as_ref(),
            Self::Objection => all.objection.as_ref(),
            Self::Complaint => all.complaint.as_ref(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Letter {
    subject: Bilingual,
    body: Bilingual,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Letters {
    access: Option<Letter>,
    correction: Option<Letter>,
    erasure: Option<Letter>,
    restriction: Option<Letter>,
    portability: Option<Letter>,
    objection: Option<Letter>,
    complaint: Option<Letter>,
}

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

/// Which letter.
#[derive(Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct LetterRequest {
    /// What it asks for.
    pub right: Right,
    /// Address of the account.
    pub email: String,
    /// What the person adds.
    pub details: String,
    /// To whom a complaint goes: country and region of an authority.
    pub authority: Option<(String, String)>,
}

/// A letter as it can be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct LetterView {
    /// The address that it goes to, empty where the authority wants another way.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: String,
}

/// A request that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct RightsRow {
    /// What was asked for.
    pub right: Right,
    /// When.
    pub at: Timestamp,
    /// When an answer is due; `null` for a complaint, which has no such day.
    pub due: Option<Timestamp>,
    /// It was answered.
    pub answered: bool,
}

/// Which request.
#[derive(Debug, Clone, Copy, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct RightsRowRequest {
    /// When it was made.
    pub at: Timestamp,
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
fn authorities() -> Vec<Authority> {
    let rows = csv::Reader::from_reader(AUTHORITIES.as_bytes()).into_deserialize::<Row>();
    rows.flatten()
        .map(|Row { country, region, name, name_en, homepage, mail, checked, status }| {
            let verified = status == "verified";
            Authority { country, region, name, name_en, homepage, mail, checked, verified }
        })
        .collect()
}

fn day(at: Timestamp) -> String {
    at.to_rfc3339().get(..10).unwrap_or_default().to_owned()
}

fn due(at: Timestamp) -> Timestamp {
    Timestamp::from_millis(at.millis() + DAYS * 86_400_000)
}

fn log(vault: &Vault) -> Result<Vec<RightsRow>, Failure> {
    let text = vault.choice(CHOICE)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

fn keep(vault: &Vault, rows: &[RightsRow]) -> Result<(), Failure> {
    let text = serde_json::to_string(rows).map_err(|_| Code::Internal)?;
    Ok(vault.choose(CHOICE, Some(&text))?)
}

impl Studio {
    /// Every authority that is known.
    #[must_use]
    pub fn authorities(&self) -> Vec<Authority> {
        authorities()
    }

    /// Drafts a letter. Nothing is sent.
    ///
    /// # Errors
    /// [`Code::Locked`]; [`Code::TooLong`] for details that fit in no letter; [`Code::BadRequest`] for a complaint to nobody.
    pub fn letter(&self, request: &LetterRequest) -> Result<LetterView, Failure> {
        // What a person writes about themselves belongs to an open vault.
        drop(self.vault()?);
        if request.details.chars().count() > DETAILS || request.email.chars().count() > 254 {
            return Err(Code::TooLong.into());
        }
        let to = request.authority.as_ref().and_then(|(country, region)| {
            authorities().into_iter().find(|one| one.country == *country && one.region == *region)
        });
        let is_complaint = request.right == Right::Complaint;
        if is_complaint && to.is_none() {
            return Err(Code::BadRequest.into());
        }
        let letter = request.right.letter().ok_or(Code::Internal)?;
        let (now, language) = (self.inner.clock.now(), self.settings().language);
        let details = request.details.trim();
        // What the person typed is put in last: braces in it mean nothing.
        let lines = letter.body.in_language(language).lines();
        let lines = lines.filter(|line| is_complaint || !details.is_empty() || !line.contains("{details}"));
        let name = to.as_ref().map_or("", |one| one.name.as_str());
        let body: Vec<String> = lines
            .map(|line| {
                line.replace("{date}", &day(now))
                    .replace("{due}", &day(due(now)))
                    .replace("{authority}", name)
                    .replace("{email}", request.email.trim())
                    .replace("{details}", details)
            })
            .collect();
        let to = if is_complaint { to.map_or_else(String::new, |one| one.mail) } else { SUPPORT.to_owned() };
        Ok(LetterView {
            to,
            subject: letter.subject.in_language(language).to_owned(),
            body: body.join("\n\n"),
        })
    }

    /// Puts a letter on the clipboard, and remembers that it was asked for.
    ///
    /// # Errors
    /// As [`Studio::letter`]; [`Code::ClipboardUnavailable`], or when the vault can't be written.
    pub fn copy_letter(&self, request: &LetterRequest) -> Result<Vec<RightsRow>, Failure> {
        let vault = self.vault()?;
        let LetterView { to, subject, body } = self.letter(request)?;
        let text =
            [to, subject, body].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
        self.inner.host.copy(&text).map_err(|_| Code::ClipboardUnavailable)?;
        let at = self.inner.clock.now();
        let mut rows = log(&vault)?;
        // Whoever copies a letter twice has asked once.
        let today = |row: &RightsRow| row.right == request.right && day(row.at) == day(at);
        if !rows.iter().any(today) {
            let due = (request.right != Right::Complaint).then(|| due(at));
            rows.insert(0, RightsRow { right: request.right, at, due, answered: false });
            rows.truncate(MOST);
            keep(&vault, &rows)?;
            self.tell_changed(&[Topic::Ledger]);
        }
        Ok(rows)
    }

    /// Requests that were made, newest first.
    ///
    /// # Errors
    /// [`Code::Locked`], or when the vault can't be read.
    pub fn rights(&self) -> Result<Vec<RightsRow>, Failure> {
        log(&*self.vault()?)
    }

    /// Notes that a request was answered, or that it was not after all.
    ///
    /// # Errors
    /// As [`Studio::rights`].
    pub fn rights_answered(&self, request: RightsRowRequest) -> Result<Vec<RightsRow>, Failure> {
        self.change_rights(|rows| {
            rows.iter_mut().filter(|row| row.at == request.at).for_each(|row| row.answered = !row.answered);
        })
    }

    /// Forgets a request.
    ///
    /// # Errors
    /// As [`Studio::rights`].
    pub fn rights_forget(&self, request: RightsRowRequest) -> Result<Vec<RightsRow>, Failure> {
        self.change_rights(|rows| rows.retain(|row| row.at != request.at))
    }

    fn change_rights(&self, change: impl FnOnce(&mut Vec<RightsRow>)) -> Result<Vec<RightsRow>, Failure> {
        let vault = self.vault()?;
        let mut rows = log(&vault)?;
        change(&mut rows);
        keep(&vault, &rows)?;
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_authority_has_a_place_a_name_a_safe_address_and_a_source() {
        let all = authorities();
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

    #[test]
    fn every_right_has_a_letter_whose_places_are_known() {
        for right in Right::ALL {
            let Letter { subject, body } = right.letter().unwrap();
            for text in [&subject.ja, &subject.en, &body.ja, &body.en] {
                let places = text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap());
                for place in places {
                    assert!(
                        ["email", "date", "details", "authority", "due"].contains(&place),
                        "{right:?}: {place}"
                    );
                }
            }
            for body in [&body.ja, &body.en] {
                assert_eq!(body.lines().filter(|line| line.contains("{details}")).count(), 1, "{right:?}");
                assert_eq!(body.contains("{authority}"), right == Right::Complaint);
                assert_eq!(body.contains("{due}"), right != Right::Complaint, "{right:?}");
            }
        }
    }
}
