//! `zimage`: the scriptable twin of the app. What it can do are the use cases of [`studio`], the same that the window's
//! command table calls; what it adds is arguments, a passphrase, progress, texts in two languages and exit codes.
//!
//! **Invariant:** standard output holds the result and nothing else; progress, questions and messages go to standard
//! error. With `--json` a failure is part of the result.
//! **Invariant:** no text out of a file reaches a terminal before [`output::shown`] has taken its control characters.

mod args;
mod commands;
mod exit;
mod help;
mod item;
mod language;
mod output;
mod progress;
mod secret;
mod session;
mod signals;
mod texts;
mod trouble;

use std::process::ExitCode;

use output::Output;
use session::Session;

/// Passphrases and prompts do not outlive their use.
#[global_allocator]
static ALLOCATOR: memory::WipingAllocator = memory::WipingAllocator::new();

fn main() -> ExitCode {
    memory::harden();
    let arguments: Vec<_> = std::env::args_os().collect();
    let language = language::choose(&arguments, |name| std::env::var(name).ok());
    let cli = match args::parse(arguments.clone(), language) {
        Ok(cli) => cli,
        Err(error) => return help::answer(&error, language, args::wants_json(&arguments)).into(),
    };
    let mut output = Output::new(language, cli.options.json);
    let session = Session::new(&cli.options, language);
    let outcome = commands::run(&session, &mut output, cli.command);
    session.close();
    memory::end(output.end(outcome) as u8)
}
