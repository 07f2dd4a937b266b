//! A display that nobody sees.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::process::Running;

/// One window at a time: several webviews with their drivers starve each other on two cores until one gives up.
static TURN: Mutex<()> = Mutex::new(());

/// An X server of its own, large enough for the window. A second one waits until the first is gone.
pub struct Display {
    name: String,
    // Dropped in this order: the turn passes on when the server is gone.
    _server: Running,
    _turn: MutexGuard<'static, ()>,
}

impl Display {
    /// Starts it; the server picks a free number.
    ///
    /// # Panics
    /// If `Xvfb` is not installed or does not start.
    pub fn start() -> Self {
        // A test that failed leaves nothing behind that the next one would see.
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
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
        Self { name: format!(":{number}"), _server: server, _turn: turn }
    }

    /// As in `DISPLAY`.
    pub fn name(&self) -> &str {
        &self.name
    }
}
