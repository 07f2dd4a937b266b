//! A display that nobody sees.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use super::process::Running;

/// An X server of its own, large enough for the window.
pub struct Display {
    name: String,
    _server: Running,
}

impl Display {
    /// Starts it; the server picks a free number.
    ///
    /// # Panics
    /// If `Xvfb` is not installed or does not start.
    pub fn start() -> Self {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp", "-noreset"]);
        let mut server =
            Running::start(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()));
        let output = server.child().stdout.take().unwrap();
        let mut number = String::new();
        // It says the number once it listens there.
        BufReader::new(output).read_line(&mut number).unwrap();
        let number = number.trim();
        assert!(!number.is_empty(), "Xvfb did not start");
        Self { name: format!(":{number}"), _server: server }
    }

    /// As in `DISPLAY`.
    pub fn name(&self) -> &str {
        &self.name
    }
}
