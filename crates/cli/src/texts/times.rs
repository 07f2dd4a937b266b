//! Times as a person reads them: local, in columns or in the language's own form.

use jiff::Zoned;
use jiff::tz::TimeZone;
use model::Timestamp;
use studio::Language;

/// Columns of [`sortable`].
pub const WIDTH: usize = 16;

/// For a column: 2026-11-27 09:05.
pub fn sortable(time: Timestamp, zone: &TimeZone) -> String {
    zoned(time, zone).strftime("%Y-%m-%d %H:%M").to_string()
}

/// For a sentence, as the window writes it.
pub fn told(time: Timestamp, zone: &TimeZone, language: Language) -> String {
    let form = match language {
        Language::En => "%-d %b %Y, %H:%M",
        Language::Ja => "%Y年%-m月%-d日 %H:%M",
    };
    zoned(time, zone).strftime(form).to_string()
}

fn zoned(time: Timestamp, zone: &TimeZone) -> Zoned {
    let instant = jiff::Timestamp::from_millisecond(time.millis()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    instant.to_zoned(zone.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_where_the_person_is_and_as_the_language_writes_it() {
        let time = Timestamp::from_rfc3339("2026-11-26T20:05:00Z").unwrap();
        let tokyo = TimeZone::fixed(jiff::tz::offset(9));
        assert_eq!(told(time, &tokyo, Language::Ja), "2026年11月27日 05:05");
        assert_eq!(told(time, &tokyo, Language::En), "27 Nov 2026, 05:05");
        assert_eq!(sortable(time, &tokyo), "2026-11-27 05:05");
    }
}
