//! The first step of a sign-in at a thousand and at a million accounts. It is the step that looks an account up.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use model::{Clock, SystemClock, Timestamp};
use server::accounts::{Accounts, Whence};
use server::keys::Keys;
use server::store::Store;
use wire::Purpose;
use wire::messages::{LoginStart, Message};

use super::Size;
use super::cluster::Cluster;
use super::load::whence;
use super::opaque::SigningIn;
use super::people::{People, REAL, email};
use crate::harness::{Cost, Series, cost, quantile};
use crate::report::{Report, Target};

/// Seconds between two first steps: longer than any wait but the last, which begins after a hundred failures a day.
const STEP: i64 = 11;
/// Days that the clock begins back, so that it has not passed today at the end.
const BACK: i64 = 3;
/// First messages that are used again and again; the service does not look.
const MESSAGES: usize = 100;

struct HandClock(AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed) * 1000)
    }
}

/// A database of so many accounts.
struct Base {
    accounts: Accounts,
    clock: Arc<HandClock>,
    count: usize,
    /// Every first step that counts, in milliseconds.
    each: Vec<f64>,
    /// The median of each block, and the processor time of a step in it.
    medians: Series,
    /// The same with what 99 of 100 steps take at most.
    slow: Series,
}

impl Base {
    fn new(people: &People, store: Store, database: &str, count: usize) -> Result<Self> {
        let start = SystemClock.now().millis() / 1000 - BACK * 86_400;
        let clock = Arc::new(HandClock(AtomicI64::new(start)));
        let handed: Arc<dyn Clock> = Arc::<HandClock>::clone(&clock);
        Ok(Self {
            accounts: Accounts::new(store, Keys::parse(&people.keys)?, handed),
            clock,
            count,
            each: Vec::new(),
            medians: Series::new(&format!("login-start, {database}, {} accounts (medians)", grouped(count))),
            slow: Series::new(&format!("login-start, {database}, {} accounts (99 %)", grouped(count))),
        })
    }

    /// First steps, one after the other.
    fn block(&mut self, steps: usize, messages: &[Message<96>], counts: bool) -> Result<()> {
        let mut times = Vec::with_capacity(steps);
        let requests = (0..steps).map(|_| {
            let ke1 = messages.get(fastrand::usize(..messages.len())).context("no messages")?.clone();
            let email = email(fastrand::usize(..self.count))?;
            Ok(LoginStart { email, ke1, purpose: Purpose::Login, device: None })
        });
        let requests = requests.collect::<Result<Vec<_>>>()?;
        let ((), all) = cost(|| {
            for request in &requests {
                self.clock.0.fetch_add(STEP, Ordering::Relaxed);
                let from = Whence { ip: Some(whence().into()) };
                let start = Instant::now();
                self.accounts.login_start(request, from)?;
                times.push(start.elapsed());
            }
            Ok(())
        })?;
        if counts {
            let times: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1e3).collect();
            let cpu = all.cpu.div_f64(steps as f64);
            let wall = |share| Duration::from_secs_f64(quantile(&times, share) / 1e3);
            self.medians.push(Cost { wall: wall(0.5), cpu });
            self.slow.push(Cost { wall: wall(0.99), cpu });
            self.each.extend(times);
        }
        Ok(())
    }
}

/// Both SQLite files.
pub fn sqlite(people: &People, few: &Path, many: &Path, size: Size, report: &mut Report) -> Result<()> {
    let few = Base::new(people, Store::sqlite(few)?, "SQLite", REAL)?;
    let many = Base::new(people, Store::sqlite(many)?, "SQLite", size.accounts)?;
    beside("SQLite", few, many, size, report)
}

/// Two databases of one server.
pub fn postgres(people: &People, cluster: &Cluster, size: Size, report: &mut Report) -> Result<()> {
    let made = |name: &str, count: usize| {
        let url = cluster.database(name)?;
        people.fill_postgres(&url, count)?;
        Base::new(people, Store::postgres(&url, 1)?, "PostgreSQL", count)
    };
    let (few, many) = (made("few", REAL)?, made("many", size.accounts)?);
    beside("PostgreSQL", few, many, size, report)
}

/// Blocks in turn, every other round in reverse order; the first round does not count.
fn beside(database: &str, mut few: Base, mut many: Base, size: Size, report: &mut Report) -> Result<()> {
    let messages = (0..MESSAGES).map(|_| Message::new(&SigningIn::start()?.1).ok().context("no message"));
    let messages = messages.collect::<Result<Vec<_>>>()?;
    for round in 0..=size.blocks {
        let mut both = [&mut few, &mut many];
        if round % 2 == 1 {
            both.reverse();
        }
        for base in both {
            base.block(size.block, &messages, round > 0)?;
        }
    }
    for base in [&few, &many] {
        for (share, word) in [(0.5, "median"), (0.99, "99 %")] {
            let what = format!("login-start, {database}, {} accounts: {word}", grouped(base.count));
            report.row(what, quantile(&base.each, share), "ms", Target::None);
        }
    }
    let ratio = |share| quantile(&many.each, share) / quantile(&few.each, share);
    let what = |word| format!("login-start, {database}: {word} of the many beside the few");
    report.row(what("median"), ratio(0.5), "×", Target::None);
    report.row(what("99 %"), ratio(0.99), "×", Target::Most(1.5));
    report.keep(vec![few.medians, few.slow, many.medians, many.slow]);
    Ok(())
}

/// With commas between thousands.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_told_apart() {
        assert_eq!([1, 1000, 20_000, 1_000_000].map(grouped), ["1", "1,000", "20,000", "1,000,000"]);
    }
}
