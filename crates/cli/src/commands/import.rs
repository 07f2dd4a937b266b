//! `import`: files and folders into the vault.

use std::path::PathBuf;

use crate::commands::{nothing_more, plain, tell};
use crate::exit::Exit;
use crate::output::Output;
use crate::session::Session;
use crate::trouble::Trouble;
use studio::Report;

/// Takes them in, or only looks.
pub fn import(
    session: &Session,
    output: &mut Output,
    plan: bool,
    paths: Vec<PathBuf>,
) -> Result<Exit, Trouble> {
    let studio = session.open()?;
    let offer = studio.offer(paths)?;
    let ended = session.run(studio, |studio| {
        let offers = std::slice::from_ref(&offer.id);
        if plan {
            studio.plan_import(offers, offer.label.clone())
        } else {
            studio.start_import(offers, offer.label.clone())
        }
    })?;
    let (report, exit) = tell(output, ended, plain, nothing_more)?;
    let refused = match &report {
        Report::Plan { refused, .. } => *refused,
        Report::Import { refused, .. } => refused.len(),
        _ => 0,
    };
    Ok(if exit == Exit::Done { Exit::partly_if(refused > 0) } else { exit })
}
