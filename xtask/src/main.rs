//! `cargo xtask …`: what a fresh machine needs to run and to test the project, and the checks of its house rules.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that talks to a person")]

mod bench;
mod check;
mod deny;
mod house;
mod node;
mod packages;
mod process;
mod run;
mod server;
mod test;
mod tour;
mod ui;

use anyhow::{Result, bail};

const USAGE: &str = "cargo xtask COMMAND

  run     set up what the application needs, build it and open its window (without a display: `tour`)
  server  build the account service and start it for development; mails are printed, data in target/server
  tour    walk through the application on a display without a screen; pictures and an export in target/tour
  test    set up what the tests need and run all of them
  check   formatting, lints, licences and the rules of the house; part of `test`
  deny    licences, sources, duplicates and known weaknesses of what the project is built from
  bench   measure, beside plain baselines and peers; figures as JSON in docs/benchmarks";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = arguments.split_first().map_or(("help", &[][..]), |(c, rest)| (c.as_str(), rest));
    match command {
        "run" => run::run(rest),
        "server" => server::run(rest),
        "tour" => tour::run(),
        "test" => test::run(),
        "check" => check::run(),
        "deny" => deny::run(),
        "bench" => bench::run(rest),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        _ => bail!("{USAGE}"),
    }
}
