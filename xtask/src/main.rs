//! `cargo xtask …`: what a fresh machine needs to run and to test the project, and the checks of its house rules.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that talks to a person")]

mod check;
mod packages;
mod process;
mod test;

use anyhow::{Result, bail};

const USAGE: &str = "cargo xtask COMMAND

  test    set up what the tests need and run all of them
  check   formatting, lints and the rules of the house; part of `test`";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["test"] => test::run(),
        ["check"] => check::run(),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => bail!("{USAGE}"),
    }
}
