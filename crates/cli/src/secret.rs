//! Where the passphrase comes from: a file, the environment, or a person at a terminal.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::Path;
#[cfg(unix)]
use std::{
    io::Write,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

#[cfg(unix)]
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
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
    let typed = at_terminal(question, signals);
    match typed {
        _ if signals.was_heard() => Err(Code::Cancelled.into()),
        Ok(text) => Ok(Zeroizing::new(text)),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(Code::Cancelled.into()),
        Err(_) => Err(Trouble::PassphraseMissing),
    }
}

/// The terminal is made quiet before the question is there (who types at once would see the beginning) and by our hand
/// alone: the library, which would do so later and put back what it found, only reads the keys.
#[cfg(unix)]
fn at_terminal(question: &str, signals: &Signals) -> io::Result<String> {
    let mut terminal = File::options().read(true).write(true).open("/dev/tty")?;
    let keys = rpassword::ConfigBuilder::new().input_reader(terminal.try_clone()?).output_discard().build();
    let quiet = Arc::new(Mutex::new(None));
    let at_the_end = Arc::clone(&quiet);
    let restore = move || {
        let mut quiet = lock(&at_the_end);
        drop(quiet.take());
        // Held to the end of the program, so that the terminal is not made quiet after this.
        std::mem::forget(quiet);
    };
    signals.ask(restore, || {
        *lock(&quiet) = Some(Quiet::begin(terminal.try_clone()?)?);
        let typed =
            terminal.write_all(question.as_bytes()).and_then(|()| rpassword::read_password_with_config(keys));
        drop(lock(&quiet).take());
        // The Enter was not shown either. Where this fails, the terminal is gone.
        let _ = terminal.write_all(b"\n");
        typed
    })
}

#[cfg(unix)]
fn lock(quiet: &Mutex<Option<Quiet>>) -> MutexGuard<'_, Option<Quiet>> {
    quiet.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Elsewhere the library does all there is to do.
#[cfg(not(unix))]
fn at_terminal(question: &str, signals: &Signals) -> io::Result<String> {
    signals.ask(|| (), || rpassword::prompt_password(question))
}

/// A terminal that shows no keys and hands on each of them; as it was before when dropped.
#[cfg(unix)]
struct Quiet {
    terminal: File,
    before: Termios,
}

#[cfg(unix)]
impl Quiet {
    fn begin(terminal: File) -> io::Result<Self> {
        let before = tcgetattr(&terminal)?;
        let mut quiet = before.clone();
        // Ctrl-C comes as a key too: as a signal it could come before anybody reads, and throw away what was typed.
        let shown = LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG;
        quiet.local_modes.remove(shown);
        quiet.special_codes[SpecialCodeIndex::VMIN] = 1;
        quiet.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(&terminal, OptionalActions::Now, &quiet)?;
        Ok(Self { terminal, before })
    }
}

#[cfg(unix)]
impl Drop for Quiet {
    fn drop(&mut self) {
        // If it fails, the terminal is gone.
        let _ = tcsetattr(&self.terminal, OptionalActions::Now, &self.before);
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
