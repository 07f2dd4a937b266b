//! `cargo xtask bench [NAME…]`: what reading, importing, looking, searching and exporting cost, and what a login costs the
//! account service, each beside a plain baseline or a peer in the same run. The results go to `docs/benchmarks/`.
//!
//! **Invariant:** the baselines do the same work on the same bytes with the same durability; where they can't, the
//! report says so.
// The tables are what this program is for.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod account;
mod catalogue;
mod exporting;
mod harness;
mod importing;
mod keeping;
mod look;
mod machine;
mod pictures;
mod plain;
mod reading;
mod report;
mod typed;

use std::process::ExitCode;

use anyhow::{Result, bail};

use report::Report;

/// As in the window and the command line: what is measured pays for the wiping of freed memory.
#[global_allocator]
static ALLOCATOR: memory::WipingAllocator = memory::WipingAllocator::new();

type Measurement = fn() -> Result<Report>;

const ALL: &[(&str, Measurement)] = &[
    ("reading", reading::measure),
    ("importing", importing::measure),
    ("exporting", exporting::measure),
    ("catalogue", catalogue::measure),
    ("keeping", keeping::measure),
    ("account", account::measure),
];

fn main() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // Before the hardening, which the account service does not have either.
    if arguments.first().is_some_and(|first| first == account::COMMAND) {
        return account::serve().map(|()| ExitCode::SUCCESS);
    }
    memory::harden();
    if let Some((first, rest)) = arguments.split_first()
        && first == look::COMMAND
    {
        return look::run(rest).map(|()| ExitCode::SUCCESS);
    }
    let mut met = true;
    for (name, measure) in chosen(&arguments)? {
        println!("{name}: measuring …");
        let report = measure()?;
        report.print();
        report.write()?;
        met &= report.met();
    }
    Ok(if met { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn chosen(names: &[String]) -> Result<Vec<(&'static str, Measurement)>> {
    if let Some(unknown) = names.iter().find(|name| ALL.iter().all(|(known, _)| known != name)) {
        let known: Vec<&str> = ALL.iter().map(|(name, _)| *name).collect();
        bail!("there is no measurement {unknown}; there are: {}", known.join(", "));
    }
    let wanted = |name: &str| names.is_empty() || names.iter().any(|one| one == name);
    Ok(ALL.iter().copied().filter(|(name, _)| wanted(name)).collect())
}
