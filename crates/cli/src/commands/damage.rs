//! `check` and `salvage`.

use std::path::PathBuf;

use model::ItemId;
use serde_json::json;
use studio::{Report, Studio, VaultState};
use transfer::Existing;

use crate::commands::archive::partly;
use crate::commands::{nothing_more, plain, tell};
use crate::exit::Exit;
use crate::output::Output;
use crate::session::Session;
use crate::texts::keeping;
use crate::trouble::Trouble;

/// Says whether the vault is whole, and what of it is not.
pub fn check(session: &Session, output: &mut Output, quick: bool) -> Result<Exit, Trouble> {
    let studio = session.open()?;
    let start = if quick { Studio::start_quick_check } else { Studio::start_check };
    let ended = session.run(studio, start)?;
    let (damaged, thumbnails) = match &ended.report {
        Some(Report::Check { damaged, thumbnails, .. }) => (ids(studio, damaged), ids(studio, thumbnails)),
        _ => Default::default(),
    };
    let json = |report: &Report| match report {
        Report::Check { items, unreadable, catalogue_whole, images_whole, quick, .. } => json!({
            "whole": is_whole(report), "quick": quick, "items": items, "damaged": damaged,
            "thumbnails": thumbnails, "unreadable": unreadable,
            "catalogue_whole": catalogue_whole, "images_whole": images_whole,
        }),
        other => plain(other),
    };
    let language = output.language;
    let more = |report: &Report| {
        let mut lines: Vec<String> = damaged.iter().map(|id| format!("  {id}")).collect();
        lines.extend(thumbnails.iter().map(|id| keeping::thumbnail(&id.to_string(), language)));
        lines.extend((!is_whole(report)).then(|| keeping::what_now(language)));
        lines
    };
    let (report, exit) = tell(output, ended, json, more)?;
    Ok(partly(exit, !is_whole(&report)))
}

/// Ids one by one: in a damaged catalogue one that can't be read must not hide the others.
fn ids(studio: &Studio, seqs: &[u32]) -> Vec<ItemId> {
    let found = seqs.iter().filter_map(|seq| studio.items(&[*seq]).ok()).flatten();
    found.map(|stored| stored.item.id).collect()
}

/// Whether a check found nothing.
pub fn is_whole(report: &Report) -> bool {
    match report {
        Report::Check { damaged, thumbnails, unreadable, catalogue_whole, images_whole, .. } => {
            damaged.is_empty()
                && thumbnails.is_empty()
                && *unreadable == 0
                && *catalogue_whole
                && *images_whole
        }
        _ => true,
    }
}

/// Saves what can be saved. The vault is not opened as usual: where that fails is where this is needed.
pub fn salvage(session: &Session, output: &mut Output, to: PathBuf, force: bool) -> Result<Exit, Trouble> {
    let studio = session.studio()?;
    let status = studio.status();
    match (status.vault, status.problem) {
        (VaultState::None, _) => return Err(studio::Code::NoVault.into()),
        (_, Some(problem)) => return Err(problem.into()),
        _ => {}
    }
    let with = session.way_in(&status)?;
    let existing = if force { Existing::Replace } else { Existing::Refuse };
    let file = to.to_string_lossy().into_owned();
    let ended = session.run(studio, |studio| studio.start_salvage(Some(with), to, existing))?;
    let json = |report: &Report| {
        let mut value = plain(report);
        if let Some(fields) = value.as_object_mut() {
            fields.remove("file_name");
            fields.insert("file".to_owned(), file.clone().into());
        }
        value
    };
    let (report, exit) = tell(output, ended, json, nothing_more)?;
    let lost = matches!(&report, Report::Salvage { losses, all_known, images, .. }
        if !losses.is_empty() || !all_known || images.is_some());
    Ok(partly(exit, lost))
}
