//! Timing: contenders take turns in one run, so that ratios hold on a machine that does other things as well.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

/// Turns that count; one more before them warms the caches.
pub const ROUNDS: usize = 9;

/// What a piece of work took.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// From its start to its end.
    pub wall: Duration,
    /// Of all threads, in the program and in the system; of a program that was started, of that program.
    pub cpu: Duration,
}

impl Cost {
    /// One after the other.
    pub fn and(self, other: Self) -> Self {
        Self { wall: self.wall + other.wall, cpu: self.cpu + other.cpu }
    }
}

/// Runs a piece of work in this process.
pub fn cost<T>(work: impl FnOnce() -> Result<T>) -> Result<(T, Cost)> {
    let (cpu, start) = (usage::own()?, Instant::now());
    let value = work()?;
    let wall = start.elapsed();
    Ok((value, Cost { wall, cpu: usage::own()?.saturating_sub(cpu) }))
}

/// Runs a program to its end, its output thrown away.
pub fn program(command: &mut Command) -> Result<Cost> {
    run_program(command, &[0])
}

/// As [`program`], where some other exit codes are no failures either.
pub fn run_program(command: &mut Command, fine: &[i32]) -> Result<Cost> {
    let (cpu, start) = (usage::of_programs()?, Instant::now());
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).status();
    let wall = start.elapsed();
    let name = command.get_program().to_string_lossy().into_owned();
    let status = status.with_context(|| format!("{name} did not start"))?;
    ensure!(status.code().is_some_and(|code| fine.contains(&code)), "{name} failed");
    Ok(Cost { wall, cpu: usage::of_programs()?.saturating_sub(cpu) })
}

/// Whether a program is there.
pub fn has_program(name: &str) -> bool {
    let run = Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    run.is_ok()
}

/// Writes out what earlier work left in the system's buffers, so that nobody pays for another.
pub fn settle() -> Result<()> {
    program(&mut Command::new("sync")).map(|_| ())
}

/// One of several that do the same work.
pub struct Contender<'a> {
    name: &'static str,
    turn: Box<dyn FnMut() -> Result<Cost> + 'a>,
}

impl<'a> Contender<'a> {
    /// `turn` does the work once and says what it took; what it prepares does not count.
    pub fn new(name: &'static str, turn: impl FnMut() -> Result<Cost> + 'a) -> Self {
        Self { name, turn: Box::new(turn) }
    }
}

/// What a contender took in each turn, in milliseconds.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Series {
    /// Who.
    pub name: String,
    /// From start to end.
    pub wall: Vec<f64>,
    /// Of all threads.
    pub cpu: Vec<f64>,
}

impl Series {
    /// An empty one.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Notes a turn.
    pub fn push(&mut self, cost: Cost) {
        self.wall.push(cost.wall.as_secs_f64() * 1e3);
        self.cpu.push(cost.cpu.as_secs_f64() * 1e3);
    }

    /// Milliseconds.
    pub fn wall(&self) -> f64 {
        quantile(&self.wall, 0.5)
    }

    /// Milliseconds.
    pub fn cpu(&self) -> f64 {
        quantile(&self.cpu, 0.5)
    }
}

/// Lets contenders take turns: one round to warm up, then `rounds` that count, every other in reverse order.
pub fn take_turns(rounds: usize, contenders: &mut [Contender<'_>]) -> Result<Vec<Series>> {
    let mut series: Vec<Series> = contenders.iter().map(|one| Series::new(one.name)).collect();
    for round in 0..=rounds {
        let mut pairs: Vec<_> = contenders.iter_mut().zip(&mut series).collect();
        if round % 2 == 1 {
            pairs.reverse();
        }
        for (contender, series) in pairs {
            let cost = (contender.turn)()?;
            if round > 0 {
                series.push(cost);
            }
        }
    }
    Ok(series)
}

/// The value below which a share of all lies; 0 of none.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a list")]
    let place = ((sorted.len() as f64 * share).ceil() as usize).clamp(1, sorted.len().max(1)) - 1;
    sorted.get(place).copied().unwrap_or_default()
}

/// Processor time.
#[cfg(unix)]
mod usage {
    use std::time::Duration;

    use anyhow::Result;
    use nix::sys::resource::{UsageWho, getrusage};

    pub fn own() -> Result<Duration> {
        of(UsageWho::RUSAGE_SELF)
    }

    pub fn of_programs() -> Result<Duration> {
        of(UsageWho::RUSAGE_CHILDREN)
    }

    fn of(who: UsageWho) -> Result<Duration> {
        let usage = getrusage(who)?;
        let (user, system) = (usage.user_time(), usage.system_time());
        let micros = (user.tv_sec() + system.tv_sec()) * 1_000_000 + user.tv_usec() + system.tv_usec();
        Ok(Duration::from_micros(u64::try_from(micros)?))
    }
}

/// Not measured on this system.
#[cfg(not(unix))]
mod usage {
    use std::time::Duration;

    use anyhow::Result;

    pub fn own() -> Result<Duration> {
        Ok(Duration::ZERO)
    }

    pub fn of_programs() -> Result<Duration> {
        Ok(Duration::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_the_middle_and_a_quantile_is_one_of_the_values() {
        assert_eq!(quantile(&[3.0, 1.0, 2.0], 0.5), 2.0);
        let hundred: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(quantile(&hundred, 0.95), 95.0);
        assert_eq!(quantile(&[], 0.5), 0.0);
    }

    #[test]
    fn the_first_round_does_not_count_and_the_order_turns() {
        let order = std::cell::RefCell::new(String::new());
        let turn = |letter: char| {
            let order = &order;
            move || {
                order.borrow_mut().push(letter);
                cost(|| Ok(())).map(|((), cost)| cost)
            }
        };
        let mut both = [Contender::new("a", turn('a')), Contender::new("b", turn('b'))];
        let series = take_turns(2, &mut both).unwrap();
        drop(both);
        assert_eq!(order.into_inner(), "abbaab");
        assert_eq!(series[0].wall.len(), 2);
    }
}
