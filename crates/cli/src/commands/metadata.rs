//! `metadata`: what picture files say about their making. No vault is opened and nothing is written.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use ::metadata::{Pixels, Reading};
use model::Format;
use serde::Serialize;
use serde_json::Value;
use studio::Refusal;

use crate::exit::Exit;
use crate::item;
use crate::language::pick;
use crate::output::{Output, error_value, shown};
use crate::trouble::Trouble;

/// A larger file can't be a picture within the limits of decoding.
const MAX_FILE: u64 = 1 << 30;

/// One file's answer.
#[derive(Serialize)]
struct Answer<'a> {
    file: &'a str,
    #[serde(flatten)]
    rest: Value,
}

/// Reads the files: one gives an object, several an array, each file in its place. A file that can't be read does not
/// keep the others from being read.
pub fn metadata(output: &mut Output, files: &[PathBuf]) -> Result<Exit, Trouble> {
    let several = files.len() > 1;
    let mut exit = Exit::Done;
    for (n, path) in files.iter().enumerate() {
        let reading = read_file(path);
        if reading.is_err() {
            exit = Exit::Failed;
        }
        if output.json {
            if several {
                output.text(if n == 0 { "[" } else { ",\n" })?;
            }
            as_json(output, path, &reading)?;
        } else {
            as_text(output, path, &reading)?;
        }
    }
    if output.json {
        output.line(if several { "]" } else { "" })?;
    }
    Ok(exit)
}

fn as_json(output: &mut Output, path: &Path, reading: &Result<Reading, Trouble>) -> Result<(), Trouble> {
    let rest = match reading {
        Ok(reading) => ::metadata::to_json(reading),
        Err(trouble) => error_value(*trouble, output.language),
    };
    output.value(&Answer { file: &path.to_string_lossy(), rest })
}

fn as_text(output: &mut Output, path: &Path, reading: &Result<Reading, Trouble>) -> Result<(), Trouble> {
    let (language, file) = (output.language, path.to_string_lossy());
    let lines = match reading {
        Err(trouble) => {
            crate::output::say(&format!("{}: {}", shown(&file), trouble.message(language)));
            return Ok(());
        }
        Ok(reading) => {
            let recipe = reading.recipe.clone().unwrap_or_default();
            item::recipe_lines(&recipe, &reading.provenance, language)
        }
    };
    output.line(&shown(&file))?;
    if lines.is_empty() {
        let none =
            pick(language, "There is no prompt inside this file.", "このファイルにプロンプトはありません。");
        output.line(&format!("  {none}"))?;
    }
    lines.iter().try_for_each(|line| output.line(&format!("  {line}")))
}

fn read_file(path: &Path) -> Result<Reading, Trouble> {
    if path.is_dir() {
        return Err(Trouble::Folder);
    }
    read(path).map_err(Trouble::File)
}

fn read(path: &Path) -> Result<Reading, Refusal> {
    let bytes = bytes_of(path)?;
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    let format = Format::sniff(&bytes).ok_or(Refusal::Unsupported)?;
    let mut reading = ::metadata::read(&bytes, None);
    // Only formats without loss can carry a text in their pixels, and only where nothing else speaks is it asked for.
    if reading.recipe.is_none() && matches!(format, Format::Png | Format::Webp) {
        look_into_pixels(&mut reading, &bytes);
    }
    Ok(reading)
}

fn look_into_pixels(reading: &mut Reading, bytes: &[u8]) {
    // A picture that can't be decoded has told what it has; a decoder that gives up must not take the others with it.
    let decoded = std::panic::catch_unwind(|| imaging::decode(bytes, &imaging::Limits::default()));
    let Ok(Ok(picture)) = decoded else { return };
    let imaging::Picture { width, height, data, layout } = &picture;
    reading.look_into(Pixels { width: *width, height: *height, data, channels: layout.bytes() });
}

/// Pipes and devices are never opened: reading them may never end.
fn bytes_of(path: &Path) -> Result<Vec<u8>, Refusal> {
    let reason = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => Refusal::Vanished,
        _ => Refusal::Unreadable,
    };
    let about = std::fs::metadata(path).map_err(reason)?;
    if !about.is_file() {
        return Err(Refusal::Unsupported);
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut bytes)).map_err(reason)?;
    if bytes.len() as u64 > MAX_FILE { Err(Refusal::TooLarge) } else { Ok(bytes) }
}
