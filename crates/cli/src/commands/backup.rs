//! `backup`, `verify-backup` and `restore-backup`.

use std::path::PathBuf;

use serde_json::json;
use studio::{Code, Report};
use transfer::Existing;

use crate::commands::archive::{partly, tell_damaged};
use crate::commands::{nothing_more, plain, tell};
use crate::exit::Exit;
use crate::output::Output;
use crate::session::Session;
use crate::texts::keeping;
use crate::trouble::Trouble;

/// Writes the backup.
pub fn backup(session: &Session, output: &mut Output, to: PathBuf, force: bool) -> Result<Exit, Trouble> {
    let studio = session.open()?;
    let existing = if force { Existing::Replace } else { Existing::Refuse };
    let file = to.to_string_lossy().into_owned();
    let ended = session.run(studio, |studio| studio.start_backup(to, existing))?;
    let json = |report: &Report| match report {
        Report::Backup { items, incomplete, bytes, .. } => {
            json!({ "items": items, "incomplete": incomplete, "bytes": bytes, "file": file })
        }
        other => plain(other),
    };
    let status = studio.status();
    let language = output.language;
    let more = |_: &Report| keeping::how_to_move(&status, language);
    let (report, exit) = tell(output, ended, json, more)?;
    Ok(partly(exit, matches!(report, Report::Backup { incomplete, .. } if incomplete > 0)))
}

/// Compares a backup with its manifest.
pub fn verify(session: &Session, output: &mut Output, file: PathBuf) -> Result<Exit, Trouble> {
    let ended = match session.run(session.studio()?, |studio| studio.start_verify_backup(file)) {
        Err(trouble @ Trouble::Code(Code::BackupDamaged)) => return tell_damaged(output, trouble),
        ended => ended?,
    };
    let json = |report: &Report| {
        let mut value = plain(report);
        if let Some(fields) = value.as_object_mut() {
            fields.insert("whole".to_owned(), true.into());
        }
        value
    };
    Ok(tell(output, ended, json, nothing_more)?.1)
}

/// Makes a vault of a backup.
pub fn restore(
    session: &Session,
    output: &mut Output,
    file: PathBuf,
    to: Option<PathBuf>,
) -> Result<Exit, Trouble> {
    let ended = session.run(session.studio()?, |studio| studio.start_restore_backup(file, to))?;
    let language = output.language;
    let more = |_: &Report| vec![keeping::how_to_open(language)];
    Ok(tell(output, ended, plain, more)?.1)
}
