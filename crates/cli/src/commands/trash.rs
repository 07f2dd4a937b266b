//! `discard`, `restore` and `erase`.

use std::io::{self, IsTerminal, Write};

use serde_json::json;
use vault::{Query, Scope};

use crate::commands::{nothing_more, plain, select, tell};
use crate::exit::Exit;
use crate::output::Output;
use crate::session::Session;
use crate::texts::results;
use crate::trouble::Trouble;

/// Puts items into the trash.
pub fn discard(session: &Session, output: &mut Output, ids: &[String]) -> Result<Exit, Trouble> {
    let studio = session.open()?;
    let moved = studio.discard(&select::numbers(studio, ids)?)?;
    if output.json {
        output.object(&json!({ "discarded": moved }))?;
    } else {
        output.line(&results::discarded(moved, output.language))?;
    }
    Ok(Exit::Done)
}

/// Takes items out of the trash.
pub fn restore(session: &Session, output: &mut Output, ids: &[String]) -> Result<Exit, Trouble> {
    let studio = session.open()?;
    let moved = studio.restore(&select::numbers(studio, ids)?)?;
    if output.json {
        output.object(&json!({ "restored": moved }))?;
    } else {
        output.line(&results::restored(moved, output.language))?;
    }
    Ok(Exit::Done)
}

/// Erases items for good.
pub fn erase(
    session: &Session,
    output: &mut Output,
    yes: bool,
    trash: bool,
    ids: &[String],
) -> Result<Exit, Trouble> {
    if !yes && !io::stdin().is_terminal() {
        return Err(Trouble::NoConfirmation);
    }
    let studio = session.open()?;
    let mut seqs = if trash {
        let cells = studio.query(&Query { scope: Scope::Trash, ..Query::default() })?.cells;
        cells.iter().map(|cell| cell.seq).collect()
    } else {
        select::numbers(studio, ids)?
    };
    seqs.sort_unstable();
    seqs.dedup();
    // An empty trash is as empty as was wanted.
    if seqs.is_empty() {
        if output.json {
            output.object(&json!({ "erased": 0 }))?;
        } else {
            output.line(results::trash_is_empty(output.language))?;
        }
        return Ok(Exit::Done);
    }
    if !yes {
        confirm(output, seqs.len())?;
    }
    let ended = session.run(studio, |studio| studio.start_erase(&seqs))?;
    // Only then no older key opens anything of them.
    session.run(studio, studio::Studio::start_renewal)?;
    let (_, exit) = tell(output, ended, plain, nothing_more)?;
    Ok(exit)
}

fn confirm(output: &Output, count: usize) -> Result<(), Trouble> {
    // Asked on standard error, so that the result stays alone on standard output.
    let _ = write!(io::stderr().lock(), "{}", results::erase_question(count, output.language));
    let mut answer = String::new();
    let heard = io::stdin().read_line(&mut answer);
    let agreed = matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "はい");
    if heard.is_ok() && agreed { Ok(()) } else { Err(Trouble::NotConfirmed) }
}
