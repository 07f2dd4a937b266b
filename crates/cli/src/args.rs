//! The arguments. The English descriptions are here; the Japanese ones are in [`crate::help`].

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use studio::Language;

use crate::help;

/// Keeps AI pictures and their prompts in an encrypted vault on this computer.
#[derive(Parser)]
#[command(name = "zimage", version, disable_help_subcommand = true, args_override_self = true)]
pub struct Cli {
    #[command(flatten)]
    pub options: Options,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command understands. In its help these stand behind what is its own.
#[derive(Args)]
pub struct Options {
    /// Folder of the vault (otherwise ZIMAGE_VAULT, otherwise the app's own)
    #[arg(long, global = true, display_order = 101, value_name = "DIR")]
    pub vault: Option<PathBuf>,
    /// File whose first line is the passphrase (otherwise ZIMAGE_PASSPHRASE, the keychain, or a question)
    #[arg(long, global = true, display_order = 102, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// Language of messages (otherwise that of the locale)
    #[arg(
        long,
        global = true,
        display_order = 103,
        value_enum,
        value_name = "ja|en",
        hide_possible_values = true
    )]
    pub language: Option<Spoken>,
    /// Print the result as JSON, failures included
    #[arg(long, global = true, display_order = 104)]
    pub json: bool,
}

/// A language by its code.
#[derive(Clone, Copy, ValueEnum)]
pub enum Spoken {
    /// Japanese.
    Ja,
    /// English.
    En,
}

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Make a vault and print its recovery key, once
    Init {
        /// Protect it by the computer's keychain instead of a passphrase
        #[arg(long)]
        keychain: bool,
        /// Make another one beside those that are there
        #[arg(long)]
        another: bool,
    },
    /// Take pictures in: files, and folders with all that is in them
    Import {
        /// Only say what there is
        #[arg(long)]
        plan: bool,
        /// Files and folders
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// List the pictures, newest first
    List {
        #[command(flatten)]
        scope: ScopeArgs,
    },
    /// Find pictures by prompt, model, generator, tag or file name
    Search {
        #[command(flatten)]
        scope: ScopeArgs,
        /// Words, "phrases", -without, tag:NAME, model:NAME, generator:NAME, name:NAME, title:TEXT, seed:NUMBER, rating:3+,
        /// size:1024x768, after:2026-10, before:2026, date:2026-10-05
        #[arg(required = true, value_name = "QUERY")]
        query: Vec<String>,
    },
    /// Show everything about one picture
    Show {
        /// The picture
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Write pictures, prompts and an offline viewer into one zip
    Export {
        /// The archive to write
        #[arg(long, value_name = "FILE.zip")]
        to: PathBuf,
        /// Replace a file of that name
        #[arg(long)]
        force: bool,
        /// Only these pictures (otherwise everything, the trash included)
        #[arg(value_name = "ID")]
        ids: Vec<String>,
    },
    /// Take an exported archive in; ids, tags, dates and trash are kept
    ImportArchive {
        /// The archive
        #[arg(value_name = "FILE.zip")]
        file: PathBuf,
    },
    /// Check that an archive is whole; needs no vault
    Verify {
        /// The archive
        #[arg(value_name = "FILE.zip")]
        file: PathBuf,
    },
    /// Put pictures into the trash
    Discard {
        /// The pictures
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
    },
    /// Take pictures out of the trash
    Restore {
        /// The pictures
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
    },
    /// Erase pictures for good
    Erase {
        /// Do not ask
        #[arg(long)]
        yes: bool,
        /// Everything in the trash
        #[arg(long, conflicts_with = "ids")]
        trash: bool,
        /// The pictures
        #[arg(required_unless_present = "trash", value_name = "ID")]
        ids: Vec<String>,
    },
    /// Read everything in the vault back and say what is damaged
    Check {
        /// Ask the two files alone; no picture is opened, so it takes less time
        #[arg(long)]
        quick: bool,
    },
    /// Save what can be saved of a damaged vault into an archive; the vault is not changed
    Salvage {
        /// The archive to write
        #[arg(long, value_name = "FILE.zip")]
        to: PathBuf,
        /// Replace a file of that name
        #[arg(long)]
        force: bool,
    },
    /// Write the whole vault, sealed as it is, into one file: a backup, or to move it to another computer
    Backup {
        /// The file to write
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
        /// Replace a file of that name
        #[arg(long)]
        force: bool,
    },
    /// Check that a backup is whole; needs no vault and no key
    VerifyBackup {
        /// The backup
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Make a vault of a backup, beside the present one and never over it
    RestoreBackup {
        /// The backup
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Folder of the new vault, which must not be there yet
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
    },
    /// Replace the vault’s key, after a leak or the loss of a computer; makes a new recovery key
    Rotate,
    /// Give the room of erased pictures back to the disk
    Compact,
    /// Destroy the vault for ever: its keys first, then everything else
    Destroy {
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// List the vaults of this computer, choose one, name the one in use
    Vaults {
        /// Use this one from now on: its folder or name as the list shows it
        #[arg(long, value_name = "NAME")]
        r#use: Option<String>,
        /// Name the vault in use; empty takes the name away
        #[arg(long, value_name = "NAME")]
        label: Option<String>,
        /// Keep names inside the vaults only
        #[arg(long)]
        hide_labels: bool,
        /// Show names before a vault is open
        #[arg(long, conflicts_with = "hide_labels")]
        show_labels: bool,
    },
    /// Read the prompt and its settings out of picture files; needs no vault
    Metadata {
        /// Picture files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

/// Which pictures.
#[derive(Args, Clone, Copy)]
pub struct ScopeArgs {
    /// Those in the trash instead
    #[arg(long, conflicts_with = "all")]
    pub trash: bool,
    /// Those in the trash as well
    #[arg(long)]
    pub all: bool,
}

/// Parses; the error may be a wish for help, which is answered in the same language.
pub fn parse(mut arguments: Vec<OsString>, language: Language) -> Result<Cli, clap::Error> {
    // Whoever comes new types this first.
    if arguments.get(1).is_some_and(|word| word == "help") {
        arguments.remove(1);
        arguments.push("--help".into());
    }
    let command = help::in_language(Cli::command(), language);
    Cli::from_arg_matches(&command.try_get_matches_from(words_last(arguments))?)
}

/// A search's `-without` looks like an option: such words go behind all options, where nothing is one. The order of a
/// search's words means nothing.
fn words_last(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let Some(search) = arguments.iter().position(|argument| argument == "search") else { return arguments };
    if arguments.iter().any(|argument| argument == "--") {
        return arguments;
    }
    let is_word = |argument: &OsString| {
        let text = argument.to_string_lossy();
        text.len() > 1 && text.starts_with('-') && !text.starts_with("--") && text != "-h"
    };
    let after = arguments.split_off(search);
    let (words, others): (Vec<_>, Vec<_>) = after.into_iter().partition(is_word);
    arguments.extend(others);
    if !words.is_empty() {
        arguments.push("--".into());
        arguments.extend(words);
    }
    arguments
}

/// Whether a failure to understand the arguments is to be told as JSON.
pub fn wants_json(arguments: &[OsString]) -> bool {
    arguments.iter().take_while(|argument| *argument != "--").any(|argument| argument == "--json")
}
