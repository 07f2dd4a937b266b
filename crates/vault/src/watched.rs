//! Work of SQLite that takes long: on a thread of its own, so that somebody is asked meanwhile whether it should go on.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use rusqlite::Connection;

use crate::error::VaultError;

/// How often it is asked.
const TICK: Duration = Duration::from_millis(100);

/// Runs `work` on the connection; `None` when it was stopped, whatever had come of it by then.
pub fn watched<T: Send>(
    connection: &mut Connection,
    work: impl FnOnce(&mut Connection) -> Result<T, VaultError> + Send,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<Option<T>, VaultError> {
    let stop = connection.get_interrupt_handle();
    let (done, ended) = mpsc::channel();
    let mut stopped = false;
    let result = std::thread::scope(|scope| {
        let working = scope.spawn(move || {
            let result = work(connection);
            // Nobody listens any more only where this thread's owner has died.
            let _ = done.send(());
            result
        });
        while ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
            stopped = stopped || !go_on();
            if stopped {
                // Again and again: an interrupt between two statements is lost.
                stop.interrupt();
            }
        }
        working.join().unwrap_or(Err(VaultError::Internal(0)))
    });
    if stopped { Ok(None) } else { result.map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_without_end_is_stopped_and_the_connection_is_good_afterwards() {
        let mut connection = Connection::open_in_memory().unwrap();
        let endless =
            "WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up) SELECT count(*) FROM up";
        let mut asked = 0;
        let counted = watched(
            &mut connection,
            |connection| Ok(connection.query_row(endless, [], |row| row.get::<_, i64>(0))?),
            &mut || {
                asked += 1;
                asked < 3
            },
        );
        assert!(matches!(counted, Ok(None)));
        assert_eq!(asked, 3, "who said no is not asked again");
        let one = watched(
            &mut connection,
            |connection| Ok(connection.query_row("SELECT 1", [], |row| row.get::<_, i64>(0))?),
            &mut || true,
        );
        assert!(matches!(one, Ok(Some(1))));
    }
}
