//! Throttles that slow guessing down and can't lock the owner out.
//!
//! Failures of an account are counted by the account, but for devices that were signed in before: each of these has a
//! count of its own. Failures of all others from one part of the network are counted too, with more room, since many people may share
//! it. What is counted against is a keyed digest: without the keys the table tells nothing of who or whence, and it is in no
//! backup.

use std::net::IpAddr;

use super::{Accounts, Answer, DAY, Refusal, Whence, day_of, seconds};
use crate::keys::Digests;
use crate::store::{StoreError, Transaction};
use crate::values;

/// What failures are counted against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bucket(pub [u8; 32]);

/// How failures are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Schedule {
    /// A second after each of the first three, three after the next six, five up to 25, ten up to 100, then a day
    /// (the steps of kanidm's soft lock; NIST SP 800-63B-4 §3.2.2 allows a hundred).
    Guesses,
    /// So many within an hour, and the next hour again.
    Hourly(i64),
}

impl Schedule {
    /// When the next try is allowed after this many, and when the count begins anew.
    fn after(self, failures: i64, now: i64, resets: i64) -> (i64, i64) {
        match self {
            Self::Guesses => {
                let wait = match failures {
                    ..=3 => 1,
                    4..=9 => 3,
                    10..=25 => 5,
                    26..=100 => 10,
                    _ => DAY,
                };
                (now + wait, now + DAY)
            }
            Self::Hourly(most) => {
                let resets = if failures == 1 { now + 3600 } else { resets };
                (if failures >= most { resets } else { now }, resets)
            }
        }
    }
}

/// Counts a try in each of these. It is refused while the wait after earlier ones lasts in one of them; then it counts in none,
/// so that whoever is held up in one place uses nothing up in another.
pub(super) fn count(tx: &mut dyn Transaction, buckets: &[(Bucket, Schedule)], now: i64) -> Answer<()> {
    let mut before = Vec::with_capacity(buckets.len());
    for (bucket, _) in buckets {
        let sql = "SELECT failures, unlocks, resets FROM throttle WHERE bucket = ?1";
        let (failures, unlocks, resets) = match tx.row(sql, values![&bucket.0])? {
            Some(row) if row.whole(2)? > now => (row.whole(0)?, row.whole(1)?, row.whole(2)?),
            _ => (0, 0, 0),
        };
        if unlocks > now {
            return Ok(Err(Refusal::TooMany(seconds(unlocks - now))));
        }
        before.push((failures, resets));
    }
    for ((bucket, schedule), (failures, resets)) in buckets.iter().zip(before) {
        let (unlocks, resets) = schedule.after(failures + 1, now, resets);
        tx.execute(
            "INSERT INTO throttle (bucket, failures, unlocks, resets) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (bucket) DO UPDATE SET failures = excluded.failures, unlocks = excluded.unlocks, resets = excluded.resets",
            values![&bucket.0, failures + 1, unlocks, resets],
        )?;
    }
    Ok(Ok(()))
}

/// A try that succeeded takes its own count back, and no other's.
pub(super) fn take_back(tx: &mut dyn Transaction, bucket: Bucket) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE throttle SET failures = failures - 1, unlocks = 0 WHERE bucket = ?1 AND failures > 0",
        values![&bucket.0],
    )?;
    Ok(())
}

/// Who proved the password may have mistyped it before: nothing is counted any more.
pub(super) fn forgive(tx: &mut dyn Transaction, bucket: Bucket) -> Result<(), StoreError> {
    tx.execute("DELETE FROM throttle WHERE bucket = ?1", values![&bucket.0])?;
    Ok(())
}

impl Accounts {
    pub(super) fn bucket(&self, parts: &[&[u8]]) -> Bucket {
        Bucket(self.keys.digest(Digests::Bucket, parts))
    }

    /// The part of the network that a request came from, for a day: /24 of IPv4, /56 of IPv6.
    pub(super) fn bucket_of_network(&self, what: &str, whence: Whence, now: i64) -> Option<Bucket> {
        let prefix = match whence.ip?.to_canonical() {
            IpAddr::V4(ip) => ip.octets().iter().take(3).copied().collect::<Vec<u8>>(),
            IpAddr::V6(ip) => ip.octets().iter().take(7).copied().collect(),
        };
        Some(self.bucket(&[b"network", what.as_bytes(), &prefix, &day_of(now).to_be_bytes()]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_gets_slower_and_ends_for_the_day_after_a_hundred() {
        let waits = |failures| Schedule::Guesses.after(failures, 1000, 0).0 - 1000;
        assert_eq!([1, 3, 4, 9, 10, 25, 26, 100, 101].map(waits), [1, 1, 3, 3, 5, 5, 10, 10, DAY]);
    }

    #[test]
    fn an_hour_has_its_share_and_the_next_one_too() {
        assert_eq!(Schedule::Hourly(3).after(1, 1000, 0), (1000, 4600));
        assert_eq!(Schedule::Hourly(3).after(2, 2000, 4600), (2000, 4600));
        assert_eq!(Schedule::Hourly(3).after(3, 3000, 4600), (4600, 4600));
    }
}
