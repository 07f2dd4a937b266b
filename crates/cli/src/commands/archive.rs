//! `export`, `import-archive` and `verify`.

use std::path::PathBuf;

use serde_json::json;
use studio::{Code, ExportScope, Report};
use transfer::Existing;

use crate::commands::{nothing_more, plain, select, tell};
use crate::exit::Exit;
use crate::output::Output;
use crate::session::Session;
use crate::trouble::Trouble;

/// Writes the archive.
pub fn export(
    session: &Session,
    output: &mut Output,
    to: PathBuf,
    force: bool,
    ids: &[String],
) -> Result<Exit, Trouble> {
    let studio = session.open()?;
    let scope = match ids {
        [] => ExportScope::Everything,
        ids => ExportScope::Items(select::numbers(studio, ids)?),
    };
    let existing = if force { Existing::Replace } else { Existing::Refuse };
    let file = to.to_string_lossy().into_owned();
    let ended = session.run(studio, |studio| studio.start_export(&scope, to, existing))?;
    let json = |report: &Report| match report {
        Report::Export { items, damaged, bytes, .. } => {
            json!({ "items": items, "damaged": damaged, "bytes": bytes, "file": file })
        }
        other => plain(other),
    };
    let (report, exit) = tell(output, ended, json, nothing_more)?;
    Ok(partly(exit, matches!(report, Report::Export { damaged, .. } if damaged > 0)))
}

/// Takes an archive in.
pub fn import(session: &Session, output: &mut Output, file: PathBuf) -> Result<Exit, Trouble> {
    let studio = session.open()?;
    let ended = session.run(studio, |studio| studio.start_restore(file))?;
    let (report, exit) = tell(output, ended, plain, nothing_more)?;
    Ok(partly(exit, matches!(report, Report::Restore { damaged, .. } if damaged > 0)))
}

/// Compares an archive with its manifest.
pub fn verify(session: &Session, output: &mut Output, file: PathBuf) -> Result<Exit, Trouble> {
    let ended = match session.run(session.studio()?, |studio| studio.start_verify(file)) {
        // That it can't be read as a zip is what this command was asked to find out.
        Err(trouble @ Trouble::Code(Code::ArchiveDamaged)) => return tell_damaged(output, trouble),
        ended => ended?,
    };
    let json = |report: &Report| match report {
        Report::Verify { items, whole, changed, missing, extra } => json!({
            "whole": is_whole(report), "items": items, "files": whole,
            "changed": changed, "missing": missing, "extra": extra,
        }),
        other => plain(other),
    };
    let (report, exit) = tell(output, ended, json, nothing_more)?;
    Ok(partly(exit, !is_whole(&report)))
}

/// What was asked is whether it is whole: that it can't be read is the answer.
pub fn tell_damaged(output: &mut Output, trouble: Trouble) -> Result<Exit, Trouble> {
    if output.json {
        let mut value = crate::output::error_value(trouble, output.language);
        if let Some(fields) = value.as_object_mut() {
            fields.insert("whole".to_owned(), false.into());
        }
        output.object(&value)?;
    } else {
        output.line(trouble.message(output.language))?;
    }
    Ok(Exit::Partly)
}

fn is_whole(report: &Report) -> bool {
    match report {
        Report::Verify { changed, missing, extra, .. } => {
            changed.is_empty() && missing.is_empty() && extra.is_empty()
        }
        _ => true,
    }
}

/// [`Exit::Partly`] where something was found and the command came to its end.
pub fn partly(exit: Exit, found: bool) -> Exit {
    if exit == Exit::Done { Exit::partly_if(found) } else { exit }
}
