//! Standard output, and how a failure is told.

use std::borrow::Cow;
use std::io::{self, BufWriter, Stdout, Write};

use serde::Serialize;
use serde_json::{Value, json};
use studio::Language;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::exit::Exit;
use crate::trouble::Trouble;

/// The result of the command on its way out.
pub struct Output {
    sink: BufWriter<Stdout>,
    /// Texts are in this language.
    pub language: Language,
    /// The result is JSON.
    pub json: bool,
    begun: bool,
}

impl Output {
    /// Nothing was written yet.
    pub fn new(language: Language, json: bool) -> Self {
        Self { sink: BufWriter::new(io::stdout()), language, json, begun: false }
    }

    /// Writes text as it is.
    pub fn text(&mut self, text: &str) -> Result<(), Trouble> {
        self.begun = true;
        Ok(self.sink.write_all(text.as_bytes())?)
    }

    /// Writes a line.
    pub fn line(&mut self, line: &str) -> Result<(), Trouble> {
        self.text(line)?;
        self.text("\n")
    }

    /// Writes a value as JSON, without a line's end.
    pub fn value(&mut self, value: &impl Serialize) -> Result<(), Trouble> {
        self.begun = true;
        serde_json::to_writer(&mut self.sink, value).map_err(|error| {
            let kind = error.io_error_kind().unwrap_or(io::ErrorKind::InvalidData);
            Trouble::from(io::Error::from(kind))
        })
    }

    /// Writes a value as a line of JSON.
    pub fn object(&mut self, value: &impl Serialize) -> Result<(), Trouble> {
        self.value(value)?;
        self.text("\n")
    }

    /// Tells a failure, sees that everything is written, and gives how the program ends.
    pub fn end(mut self, outcome: Result<Exit, Trouble>) -> Exit {
        let outcome = outcome.and_then(|exit| self.sink.flush().map(|()| exit).map_err(Trouble::from));
        match outcome {
            Ok(exit) => exit,
            Err(Trouble::PipeClosed) => {
                self.forget();
                Exit::Done
            }
            Err(trouble) => {
                self.tell(trouble);
                trouble.exit()
            }
        }
    }

    /// A result that has begun can't become an error any more: then it goes to standard error.
    fn tell(mut self, trouble: Trouble) {
        let message = trouble.message(self.language);
        let told = self.json
            && !self.begun
            && self.object(&error_value(trouble, self.language)).is_ok()
            && self.sink.flush().is_ok();
        if !told {
            say(&format!("zimage: {message}"));
        }
        self.forget();
    }

    /// What could not be written is not tried again when this is dropped.
    fn forget(self) {
        let (_, _) = self.sink.into_parts();
    }
}

/// A failure as JSON.
pub fn error_value(trouble: Trouble, language: Language) -> Value {
    json!({ "error": { "code": trouble.code(), "message": trouble.message(language) } })
}

/// Writes a line to standard error. If nobody is there, nobody is told.
pub fn say(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// A text as it can be shown on a terminal: one line, without what a terminal would obey and without marks that turn
/// the direction of writing around.
pub fn shown(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| c.is_control() || turns_around(c)) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !turns_around(*c)) {
        clean.push(match c {
            '\n' | '\r' | '\t' => ' ',
            c if c.is_control() => '\u{fffd}',
            c => c,
        });
    }
    Cow::Owned(clean)
}

/// Marks of Unicode's bidirectional algorithm (UAX 9) that could make a line read as another.
fn turns_around(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}')
}

/// The text in exactly so many columns: filled up or cut off. Japanese characters take two.
pub fn column(text: &str, width: usize) -> String {
    let mut cell = cut(text, width);
    let used = cell.width();
    cell.extend(std::iter::repeat_n(' ', width.saturating_sub(used)));
    cell
}

/// The text in at most so many columns.
pub fn cut(text: &str, width: usize) -> String {
    let text = shown(text);
    if text.width() <= width {
        return text.into_owned();
    }
    let (mut kept, mut used) = (String::new(), 1);
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > width {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_gets_nothing_to_obey() {
        assert_eq!(shown("a\x1b[31mred\u{9b}0m\r\nb"), "a\u{fffd}[31mred\u{fffd}0m  b");
        assert_eq!(shown("photo\u{202e}gnp.exe"), "photognp.exe");
        assert_eq!(shown("夜の海 🌊"), "夜の海 🌊");
    }

    #[test]
    fn columns_count_japanese_characters_as_two() {
        assert_eq!(column("夜の海", 8), "夜の海  ");
        assert_eq!(column("夜の海に浮かぶ", 8), "夜の海… ");
        assert_eq!(column("lanterns", 5), "lant…");
        assert_eq!(cut("夜", 2), "夜");
    }
}
