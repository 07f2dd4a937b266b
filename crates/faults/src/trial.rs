//! Runs a program once for each of its calls, with that call failing.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::plan::{Act, Errno, arm};

/// So many calls are tried one by one; after them every so-many-th.
const ONE_BY_ONE: u64 = 60;

/// One run with one fault.
#[derive(Debug)]
pub struct Ran {
    /// What was to happen.
    pub act: Act,
    /// The call that it happened to, with its number and its file; empty when the program made fewer calls.
    pub hit: String,
    /// How the program ended.
    pub output: Output,
}

/// Runs a program with a fault below a folder; `report` is a file elsewhere.
///
/// # Errors
/// When the program can't be started.
pub fn run(mut command: Command, below: &Path, act: Act, report: &Path) -> std::io::Result<Ran> {
    let _ = fs::remove_file(report);
    arm(&mut command, below, act, report);
    let output = command.output()?;
    let hit = fs::read_to_string(report).unwrap_or_default().trim_end().to_owned();
    Ok(Ran { act, hit, output })
}

/// Lets each call fail in turn until the program ends before the fault comes: with every error, for one call and for
/// all from then on by turns, and then writes that take half. Gives how many faults there were.
pub fn every_call(stride: u64, mut run: impl FnMut(Act) -> Ran) -> usize {
    let mut tried = 0;
    let mut calls = 0;
    for (turn, errno) in (0_u64..).zip(Errno::ALL) {
        for n in points(stride) {
            let once = (n + turn).is_multiple_of(2);
            let act = if once { Act::Once(n, errno) } else { Act::From(n, errno) };
            if run(act).hit.is_empty() {
                calls = calls.max(n);
                break;
            }
            tried += 1;
        }
    }
    let half = points(stride).take_while(|n| *n < calls).filter(|n| n % 3 == 0);
    tried + half.map(|n| run(Act::Short(n))).filter(|ran| !ran.hit.is_empty()).count()
}

fn points(stride: u64) -> impl Iterator<Item = u64> {
    let step = usize::try_from(stride).unwrap_or(1);
    (1..=ONE_BY_ONE).chain((ONE_BY_ONE + stride..).step_by(step))
}
