//! Where the passphrase comes from: a file, the environment, or a person at a terminal.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use studio::{Code, Language};
use zeroize::Zeroizing;

use crate::language::pick;
use crate::signals::Signals;
use crate::trouble::Trouble;

/// Holds the passphrase for scripts.
const VARIABLE: &str = "ZIMAGE_PASSPHRASE";
/// Longer than any passphrase that is accepted.
const MAX_FILE: u64 = 64 * 1024;

/// The passphrase that came with the command, if any.
pub fn given(file: Option<&Path>) -> Result<Option<Zeroizing<String>>, Trouble> {
    if let Some(path) = file {
        return from_file(path).map(Some);
    }
    match std::env::var_os(VARIABLE).filter(|value| !value.is_empty()) {
        None => Ok(None),
        Some(value) => match value.into_string() {
            Ok(text) => Ok(Some(Zeroizing::new(text))),
            Err(_) => Err(Trouble::PassphraseUnreadable),
        },
    }
}

/// The first line; the byte order mark of an editor does not belong to it, a space at its end does.
fn from_file(path: &Path) -> Result<Zeroizing<String>, Trouble> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(4096));
    let file = File::open(path).map_err(|_| Trouble::PassphraseUnreadable)?;
    file.take(MAX_FILE).read_to_end(&mut bytes).map_err(|_| Trouble::PassphraseUnreadable)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| Trouble::PassphraseUnreadable)?;
    let line = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
    if line.is_empty() { Err(Trouble::PassphraseMissing) } else { Ok(Zeroizing::new(line.to_owned())) }
}

/// Asks for it.
pub fn ask(language: Language, signals: &Signals) -> Result<Zeroizing<String>, Trouble> {
    prompt(pick(language, "Passphrase: ", "パスフレーズ: "), signals)
}

/// Asks for a new one, twice.
pub fn ask_new(language: Language, signals: &Signals) -> Result<Zeroizing<String>, Trouble> {
    let first = prompt(pick(language, "New passphrase: ", "新しいパスフレーズ: "), signals)?;
    if !studio::Studio::passphrase_strength(&first).acceptable {
        return Err(Code::PassphraseWeak.into());
    }
    let second = prompt(pick(language, "Once more: ", "もう一度: "), signals)?;
    if first == second { Ok(first) } else { Err(Trouble::PassphrasesDiffer) }
}

/// Nothing that is typed is shown. Without a person at the other end nobody is asked.
fn prompt(question: &str, signals: &Signals) -> Result<Zeroizing<String>, Trouble> {
    if !io::stdin().is_terminal() {
        return Err(Trouble::PassphraseMissing);
    }
    let quiet = Arc::new(Mutex::new(Quiet::begin()));
    let at_the_end = Arc::clone(&quiet);
    // Ending at once would leave the terminal without an echo.
    let restore = move || drop(at_the_end.lock().unwrap_or_else(PoisonError::into_inner).take());
    let typed = signals.ask(restore, || rpassword::prompt_password(question));
    drop(quiet);
    match typed {
        _ if signals.was_heard() => Err(Code::Cancelled.into()),
        Ok(text) => Ok(Zeroizing::new(text)),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(Code::Cancelled.into()),
        Err(_) => Err(Trouble::PassphraseMissing),
    }
}

/// Turns the echo off before the question is there: the prompt's own library does so just after, and who types at once
/// would see the beginning.
#[cfg(unix)]
struct Quiet {
    terminal: File,
    before: rustix::termios::Termios,
}

#[cfg(unix)]
impl Quiet {
    fn begin() -> Option<Self> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let terminal = File::options().read(true).write(true).open("/dev/tty").ok()?;
        let before = tcgetattr(&terminal).ok()?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&terminal, OptionalActions::Now, &quiet).ok()?;
        Some(Self { terminal, before })
    }
}

#[cfg(unix)]
impl Drop for Quiet {
    fn drop(&mut self) {
        // If it fails, the terminal is gone.
        let _ =
            rustix::termios::tcsetattr(&self.terminal, rustix::termios::OptionalActions::Now, &self.before);
    }
}

/// Elsewhere the library does all there is to do.
#[cfg(not(unix))]
struct Quiet;

#[cfg(not(unix))]
impl Quiet {
    fn begin() -> Option<Self> {
        Some(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: &[u8]) -> Result<String, Trouble> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), content).unwrap();
        from_file(file.path()).map(|text| text.to_string())
    }

    #[test]
    fn the_first_line_of_the_file_is_the_passphrase() {
        assert_eq!(read(b"lantern over the ridge\n").as_deref(), Ok("lantern over the ridge"));
        assert_eq!(read(b"lantern \r\nsecond\r\n").as_deref(), Ok("lantern "));
        assert_eq!(read("\u{feff}灯籠".as_bytes()).as_deref(), Ok("灯籠"));
    }

    #[test]
    fn a_file_without_a_passphrase_is_an_error() {
        assert_eq!(read(b""), Err(Trouble::PassphraseMissing));
        assert_eq!(read(b"\nx"), Err(Trouble::PassphraseMissing));
        assert_eq!(read(b"\xff\xfe"), Err(Trouble::PassphraseUnreadable));
        assert_eq!(from_file(Path::new("/no/such/file")).err(), Some(Trouble::PassphraseUnreadable));
    }
}
