//! `compact` and `destroy`.

use std::io::{self, IsTerminal, Write};

use studio::{Code, Studio, VaultState};

use crate::commands::{nothing_more, plain, tell};
use crate::exit::Exit;
use crate::output::{Output, say};
use crate::session::Session;
use crate::texts::keeping;
use crate::trouble::Trouble;

/// Gives room back.
pub fn compact(session: &Session, output: &mut Output) -> Result<Exit, Trouble> {
    let studio = session.open()?;
    let space = studio.space()?;
    if !output.json {
        say(&keeping::room(space, output.language));
    }
    let ended = session.run(studio, Studio::start_compact)?;
    Ok(tell(output, ended, plain, nothing_more)?.1)
}

/// Destroys the vault. It needs no key: who may delete its files may do this.
pub fn destroy(session: &Session, output: &mut Output, yes: bool) -> Result<Exit, Trouble> {
    if !yes && !io::stdin().is_terminal() {
        return Err(Trouble::NoConfirmation);
    }
    let studio = session.studio()?;
    let status = studio.status();
    if status.vault == VaultState::None {
        return Err(Code::NoVault.into());
    }
    if !yes {
        let folder = status.folder.unwrap_or_default();
        let _ = write!(io::stderr().lock(), "{}", keeping::destroy_question(&folder, output.language));
        let mut answer = String::new();
        let heard = io::stdin().read_line(&mut answer);
        if heard.is_err() || !keeping::is_destroy_word(answer.trim()) {
            return Err(Trouble::NotDestroyed);
        }
    }
    let gone = studio.destroy_vault()?;
    if output.json {
        output.object(&gone)?;
    } else {
        let lines = keeping::destroyed(&gone, output.language);
        lines.iter().try_for_each(|line| output.line(line))?;
        output.line(&keeping::in_use_now(studio.status().folder.as_deref(), output.language))?;
    }
    Ok(Exit::partly_if(!gone.folder_removed))
}
