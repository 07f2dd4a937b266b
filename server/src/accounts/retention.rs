//! What has had its time goes.

use super::{Accounts, Refusal, day_of, events, session};
use crate::values;

impl Accounts {
    /// Takes out what has expired. To be called every hour; several services may do so at once.
    ///
    /// # Errors
    /// [`Refusal::Store`].
    pub fn retire(&self) -> Result<(), Refusal> {
        let now = self.now();
        let today = day_of(now);
        self.write(|tx| {
            for sql in [
                "DELETE FROM login WHERE expires <= ?1",
                "DELETE FROM challenge WHERE expires <= ?1",
                "DELETE FROM ticket WHERE expires <= ?1",
                "DELETE FROM throttle WHERE resets <= ?1 AND unlocks <= ?1",
                "DELETE FROM session WHERE expires <= ?1",
            ] {
                tx.execute(sql, values![now])?;
            }
            let idle = today - session::IDLE_DAYS;
            tx.execute("DELETE FROM session WHERE last_used_day < ?1", values![idle])?;
            // The key first: whatever of the log is left can't be read any more.
            let kept = today - events::DAYS;
            tx.execute("DELETE FROM day_key WHERE day < ?1", values![kept])?;
            tx.execute("DELETE FROM security_event WHERE day < ?1", values![kept])?;
            tx.execute("DELETE FROM quota WHERE day < ?1", values![kept])?;
            tx.execute("DELETE FROM receipt WHERE deleted_day < ?1", values![today - Self::RECEIPT_DAYS])?;
            Ok(Ok(()))
        })?;
        Ok(self.store.settle()?)
    }
}
