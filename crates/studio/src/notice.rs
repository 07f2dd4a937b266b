//! The privacy notice: this project's own words in both languages, version by version. It is data, and its versions stay.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::{Code, Failure, Language, Studio, kit};

/// Every version, the newest first.
const VERSIONS: [&str; 1] = [include_str!("../../../notice/2026-11.json")];

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    pub(crate) fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Ja => &self.ja,
            Language::En => &self.en,
        }
    }
}

/// A version of the notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Year and month, `YYYY-MM`.
    pub version: String,
    /// The day from which it applies, `YYYY-MM-DD`.
    pub effective: String,
    /// What is different from the version before.
    pub changes: Vec<Bilingual>,
    /// Its clauses in order.
    pub clauses: Vec<NoticeClause>,
}

/// A clause of the notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct NoticeClause {
    /// From 1.
    pub number: u8,
    /// By which it is referred to.
    pub id: String,
    /// Its heading.
    pub title: Bilingual,
    /// Its text.
    pub paragraphs: Vec<Bilingual>,
}

/// Every version, the newest first.
pub(crate) fn all() -> &'static [Notice] {
    static ALL: OnceLock<Vec<Notice>> = OnceLock::new();
    ALL.get_or_init(|| VERSIONS.iter().filter_map(|text| serde_json::from_str(text).ok()).collect())
}

impl Studio {
    /// Every version of the privacy notice that this program knows, the newest first.
    #[must_use]
    pub fn notices(&self) -> Vec<Notice> {
        all().to_vec()
    }

    /// Writes a version into a page that can be printed, where the person wants it; `false` when the dialog was closed.
    ///
    /// # Errors
    /// [`Code::Nothing`] for a version that is not there; or when the file can't be written.
    pub fn save_notice(&self, version: &str) -> Result<bool, Failure> {
        let notice = all().iter().find(|notice| notice.version == version).ok_or(Code::Nothing)?;
        let language = self.settings().language;
        let name = format!("z-image-privacy-notice-{version}.html");
        let Some(path) = self.pick_file(name) else { return Ok(false) };
        kit::write(&path, &page(notice, language)).map_err(|error| Code::from(error.kind()))?;
        Ok(true)
    }
}

/// A page of its own, for paper as well; nothing in it runs or is fetched.
fn page(notice: &Notice, language: Language) -> String {
    let (lang, title, from) = match language {
        Language::Ja => ("ja", "プライバシーについて", "適用日"),
        Language::En => ("en", "Privacy notice", "Applies from"),
    };
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let clause = |clause: &NoticeClause| {
        let paragraphs = clause.paragraphs.iter();
        let paragraphs = paragraphs.map(|text| format!("<p>{}</p>\n", escaped(text.in_language(language))));
        let heading = escaped(clause.title.in_language(language));
        format!("<h2>{}. {heading}</h2>\n{}", clause.number, paragraphs.collect::<String>())
    };
    let clauses: String = notice.clauses.iter().map(clause).collect();
    format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>Z-Image: {title}</title>\n\
         <style>\n{style}p + p {{ margin-top: 2mm }}\n</style>\n\
         <h1>{title}</h1>\n<p>{version} · {from} {effective}</p>\n{clauses}</html>\n",
        style = kit::STYLE,
        version = notice.version,
        effective = notice.effective,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_has_its_eleven_clauses_in_both_languages() {
        assert_eq!(all().len(), VERSIONS.len(), "a version can't be read");
        for notice in all() {
            let numbers: Vec<u8> = notice.clauses.iter().map(|clause| clause.number).collect();
            assert_eq!(numbers, (1..=11).collect::<Vec<u8>>(), "{}", notice.version);
            let texts = notice
                .clauses
                .iter()
                .flat_map(|clause| [&clause.title].into_iter().chain(&clause.paragraphs));
            for text in texts.chain(&notice.changes) {
                let japanese =
                    text.ja.chars().any(|c| ('ぁ'..='ヿ').contains(&c) || ('一'..='龠').contains(&c));
                let english = text.en.is_ascii() || text.en.chars().all(|c| !('ぁ'..='龠').contains(&c));
                assert!(japanese && english && !text.en.is_empty(), "{text:?}");
            }
            assert!(notice.clauses.iter().all(|clause| !clause.paragraphs.is_empty()));
        }
    }

    #[test]
    fn versions_go_from_the_newest_to_the_oldest_and_say_what_changed() {
        assert!(all().windows(2).all(|two| two[0].version > two[1].version));
        for notice in all() {
            assert!(notice.effective.len() == 10 && !notice.changes.is_empty());
        }
    }

    #[test]
    fn the_page_for_paper_has_every_paragraph_and_fetches_nothing() {
        for language in [Language::Ja, Language::En] {
            let page = page(&all()[0], language);
            assert_eq!(page.matches("<h2>").count(), 11);
            let paragraphs: usize = all()[0].clauses.iter().map(|clause| clause.paragraphs.len()).sum();
            assert_eq!(page.matches("<p>").count(), paragraphs + 1);
            for forbidden in ["<script", "<link", "<img", "src=", "url(", "@import", "http://"] {
                assert!(!page.contains(forbidden), "{forbidden}");
            }
        }
    }
}
