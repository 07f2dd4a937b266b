//! What each command does: use cases of the studio, and how their results are told.

mod archive;
mod backup;
mod damage;
mod gallery;
mod import;
mod init;
mod keeping;
mod metadata;
mod rotate;
mod select;
mod trash;
mod vaults;

use serde_json::Value;

use crate::args::Command;
use crate::exit::Exit;
use crate::output::{Output, error_value};
use crate::session::{Ended, Session};
use crate::texts::results;
use crate::trouble::Trouble;
use studio::{Code, Report};

/// Runs a command.
pub fn run(session: &Session, output: &mut Output, command: Command) -> Result<Exit, Trouble> {
    match command {
        Command::Init { keychain, another } => init::init(session, output, keychain, another),
        Command::Import { plan, paths } => import::import(session, output, plan, paths),
        Command::List { scope } => gallery::list(session, output, scope, ""),
        Command::Search { scope, query } => {
            gallery::list(session, output, scope, &gallery::asked(&query.join(" ")))
        }
        Command::Show { id } => gallery::show(session, output, &id),
        Command::Export { to, force, ids } => archive::export(session, output, to, force, &ids),
        Command::ImportArchive { file } => archive::import(session, output, file),
        Command::Verify { file } => archive::verify(session, output, file),
        Command::Discard { ids } => trash::discard(session, output, &ids),
        Command::Restore { ids } => trash::restore(session, output, &ids),
        Command::Erase { yes, trash, ids } => trash::erase(session, output, yes, trash, &ids),
        Command::Check { quick } => damage::check(session, output, quick),
        Command::Salvage { to, force } => damage::salvage(session, output, to, force),
        Command::Backup { to, force } => backup::backup(session, output, to, force),
        Command::VerifyBackup { file } => backup::verify(session, output, file),
        Command::RestoreBackup { file, to } => backup::restore(session, output, file, to),
        Command::Rotate => rotate::rotate(session, output),
        Command::Compact => keeping::compact(session, output),
        Command::Destroy { yes } => keeping::destroy(session, output, yes),
        Command::Vaults { r#use, label, hide_labels, show_labels } => {
            let hide = hide_labels.then_some(true).or(show_labels.then_some(false));
            vaults::vaults(session, output, r#use.as_deref(), label.as_deref(), hide)
        }
        Command::Metadata { files } => metadata::metadata(output, &files),
    }
}

/// Tells how a job ended: its report as JSON or in words, and why it did not come to its end.
fn tell(
    output: &mut Output,
    ended: Ended,
    json: impl FnOnce(&Report) -> Value,
    more: impl FnOnce(&Report) -> Vec<String>,
) -> Result<(Report, Exit), Trouble> {
    let broken = ended.broken.map(Trouble::Code);
    let report = ended.report.ok_or(Trouble::Code(Code::Cancelled))?;
    if output.json {
        let mut value = json(&report);
        if let Some(broken) = broken
            && let Some(fields) = value.as_object_mut()
            && let Value::Object(error) = error_value(broken, output.language)
        {
            fields.extend(error);
        }
        output.object(&value)?;
    } else {
        let lines = results::report(&report, output.language).into_iter().chain(more(&report));
        lines.into_iter().try_for_each(|line| output.line(&line))?;
        if let Some(broken) = broken {
            crate::output::say(broken.message(output.language));
        }
    }
    let exit = broken.map_or(Exit::Done, |broken| broken.exit());
    Ok((report, exit))
}

/// A report as it is, without the name of its kind.
fn plain(report: &Report) -> Value {
    let mut value = serde_json::to_value(report).unwrap_or_default();
    if let Some(fields) = value.as_object_mut() {
        fields.remove("kind");
    }
    value
}

/// No further lines.
fn nothing_more(_: &Report) -> Vec<String> {
    Vec::new()
}
