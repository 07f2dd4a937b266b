//! A person's rights: letters that are drafted here and sent by the person, when an answer is due, and who hears a complaint.

use std::sync::OnceLock;

use model::Timestamp;
use serde::{Deserialize, Serialize};

use crate::notice::Bilingual;
use crate::online::Choice;
use crate::{Code, Failure, Studio};

mod authorities;
mod log;

pub use authorities::Authority;
pub use log::{RightsRow, RightsRowRequest};

/// Letters by their kind, with places in braces.
const LETTERS: &str = include_str!("../data/letters.json");
/// Where letters to the service go.
const SUPPORT: &str = "support@z-image.ai";
/// Days within which a request is answered.
const DAYS: i64 = 30;
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

/// Which letter.
#[derive(Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct LetterRequest {
    /// Minutes that the zone of its dates is before UTC: 540 in Japan.
    pub zone: i32,
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
    /// The address that it goes to; empty where the authority wants another way, and where somebody else runs the service.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: String,
}

/// The day in a zone that is so many minutes before UTC: `YYYY-MM-DD`.
fn day(at: Timestamp, zone: i32) -> String {
    let there = Timestamp::from_millis(at.millis() + i64::from(zone.clamp(-1440, 1440)) * 60_000);
    there.to_rfc3339().get(..10).unwrap_or_default().to_owned()
}

fn due(at: Timestamp) -> Timestamp {
    Timestamp::from_millis(at.millis() + DAYS * 86_400_000)
}

impl Studio {
    /// Drafts a letter. Nothing is sent.
    ///
    /// # Errors
    /// [`Code::Locked`]; [`Code::TooLong`] for details that fit in no letter; [`Code::BadRequest`] for a complaint to nobody.
    pub fn letter(&self, request: &LetterRequest) -> Result<LetterView, Failure> {
        // What a person writes about themselves belongs to an open vault.
        let own_service = Choice::of(&*self.vault()?)?.address.is_some();
        if request.details.chars().count() > DETAILS || request.email.chars().count() > 254 {
            return Err(Code::TooLong.into());
        }
        let to = request.authority.as_ref().and_then(|(country, region)| {
            authorities::all().into_iter().find(|one| one.country == *country && one.region == *region)
        });
        let is_complaint = request.right == Right::Complaint;
        if is_complaint && to.is_none() {
            return Err(Code::BadRequest.into());
        }
        let letter = request.right.letter().ok_or(Code::Internal)?;
        let (now, language) = (self.inner.clock.now(), self.settings().language);
        let details = request.details.trim();
        let email = request.email.trim().replace(['{', '}'], "");
        // What the person typed is put in last: braces in it mean nothing.
        let (today, until) = (day(now, request.zone), day(due(now), request.zone));
        let lines = letter.body.in_language(language).lines();
        let lines = lines.filter(|line| is_complaint || !details.is_empty() || !line.contains("{details}"));
        let name = to.as_ref().map_or("", |one| one.name.as_str());
        let body: Vec<String> = lines
            .map(|line| {
                line.replace("{date}", &today)
                    .replace("{due}", &until)
                    .replace("{authority}", name)
                    .replace("{email}", &email)
                    .replace("{details}", details)
            })
            .collect();
        let to = match to {
            Some(authority) if is_complaint => authority.mail,
            _ if own_service => String::new(),
            _ => SUPPORT.to_owned(),
        };
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
        log::note(&vault, request.right, self.inner.clock.now(), request.zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
