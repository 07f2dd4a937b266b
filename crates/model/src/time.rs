//! Time as the vault keeps it, and the one place where the clock is read.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(transparent)]
#[ts(type = "number")]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// From the time of a file or the computer; what has no date (before 1970, after 9999) becomes the epoch.
    pub fn from_system(time: std::time::SystemTime) -> Self {
        let since = time.duration_since(std::time::UNIX_EPOCH).ok();
        let millis = since.and_then(|since| i64::try_from(since.as_millis()).ok()).unwrap_or(0);
        Self(jiff::Timestamp::from_millisecond(millis).map_or(0, |_| millis))
    }

    /// RFC 3339 with milliseconds in UTC, such as `2026-11-24T05:00:00.000Z`.
    pub fn to_rfc3339(self) -> String {
        format!("{:.3}", self.instant())
    }

    /// Reads RFC 3339.
    ///
    /// # Errors
    /// [`crate::IdError`] when the text is not a time.
    pub fn from_rfc3339(text: &str) -> Result<Self, crate::IdError> {
        text.parse::<jiff::Timestamp>().map(|t| Self(t.as_millisecond())).map_err(|_| crate::IdError)
    }

    /// Calendar date and time in UTC as digits: `20261124-050000`. Used in names of exported files.
    pub fn compact(self) -> String {
        self.instant().strftime("%Y%m%d-%H%M%S").to_string()
    }

    /// Year and month in UTC.
    pub fn year_and_month(self) -> (i16, i8) {
        let date = self.instant().to_zoned(jiff::tz::TimeZone::UTC);
        (date.year(), date.month())
    }

    fn instant(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

/// Where the time comes from; tests bring their own.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;
}

/// The computer's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_system(std::time::SystemTime::now())
    }
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_survives_its_text() {
        let time = Timestamp::from_millis(1_795_496_400_123);
        assert_eq!(Timestamp::from_rfc3339(&time.to_rfc3339()), Ok(time));
        assert!(time.to_rfc3339().ends_with(".123Z"), "{}", time.to_rfc3339());
    }

    #[test]
    fn a_clock_that_shows_no_date_shows_the_epoch() {
        let after = |seconds| {
            let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
            Timestamp::from_system(time).millis()
        };
        assert_eq!(after(1), 1000);
        assert_eq!(after(400_000_000_000), 0);
        let before = std::time::UNIX_EPOCH - std::time::Duration::from_secs(1);
        assert_eq!(Timestamp::from_system(before).millis(), 0);
    }
}
