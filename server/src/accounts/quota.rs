//! Pictures of a day.

use wire::Id;

use super::{Accounts, DAY, Refusal, day_of, seconds};
use crate::values;

impl Accounts {
    /// Counts pictures that are asked for now.
    ///
    /// # Errors
    /// [`Refusal::QuotaExceeded`] when they are more than are left of the day.
    pub fn count_pictures(&self, account: &Id, pictures: i64, per_day: i64) -> Result<(), Refusal> {
        let now = self.now();
        let day = day_of(now);
        self.jot(|tx| {
            let used = tx.row(
                "SELECT used FROM quota WHERE account_id = ?1 AND day = ?2",
                values![account.as_bytes(), day],
            )?;
            let used = used.map_or(Ok(0), |row| row.whole(0))?;
            if used + pictures > per_day {
                return Ok(Err(Refusal::QuotaExceeded(seconds((day + 1) * DAY - now))));
            }
            tx.execute(
                "INSERT INTO quota (account_id, day, used) VALUES (?1, ?2, ?3)
                 ON CONFLICT (account_id, day) DO UPDATE SET used = excluded.used",
                values![account.as_bytes(), day, used + pictures],
            )?;
            Ok(Ok(()))
        })
    }

    /// Takes the count of pictures back that were not made.
    ///
    /// # Errors
    /// [`Refusal::Store`].
    pub fn uncount_pictures(&self, account: &Id, pictures: i64) -> Result<(), Refusal> {
        let day = day_of(self.now());
        self.jot(|tx| {
            tx.execute(
                "UPDATE quota SET used = used - ?1 WHERE account_id = ?2 AND day = ?3 AND used >= ?1",
                values![pictures, account.as_bytes(), day],
            )?;
            Ok(Ok(()))
        })
    }
}
