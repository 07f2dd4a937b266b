//! The program as window tests drive it: a WebDriver may drive its page, and dialogs are answered from files of the
//! test. An example and not a feature, so that no shipped program can have it.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use studio::{Confirm, Host, HostError, Language, Pick, Sandbox};
use z_image_desktop::Build;

/// The folder that the variable `PICKS` names: one file for each kind of dialog, a path a line; and the clipboard.
struct Scripted {
    picks: PathBuf,
    sandbox: Sandbox,
}

impl Host for Scripted {
    fn pick(&self, what: &Pick, _: Language) -> Vec<PathBuf> {
        let kind = match what {
            Pick::Pictures => "pictures",
            Pick::Folders => "folders",
            Pick::Archive => "archive",
            Pick::Save { .. } => "save",
        };
        // No file: the person closed the dialog.
        let lines = std::fs::read_to_string(self.picks.join(kind)).unwrap_or_default();
        lines.lines().map(PathBuf::from).collect()
    }

    /// Yes, unless the test laid a file `refuse`.
    fn confirm(&self, _: Confirm, _: Language) -> bool {
        !self.picks.join("refuse").exists()
    }

    fn sandbox(&self) -> Sandbox {
        self.sandbox
    }

    fn copy(&self, text: &str) -> Result<(), HostError> {
        std::fs::write(self.picks.join("clipboard"), text).map_err(|_| HostError)
    }
}

fn scripted(sandbox: Sandbox) -> Arc<dyn Host> {
    let picks = PathBuf::from(std::env::var_os("PICKS").unwrap_or_default());
    Arc::new(Scripted { picks, sandbox })
}

fn main() -> ExitCode {
    z_image_desktop::main(Build { driven: true, host: Some(scripted) })
}
