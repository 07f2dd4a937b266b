//! The corpus of real and made-up files beside the workspace, where it is there.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use metadata::{Pixels, Reading, limits, read, to_json};
use serde_json::Value;

/// Fields that the corpus asserts; a missing one of the last four means that the file does not say.
const CORE: [&str; 11] = [
    "prompt",
    "negative_prompt",
    "seed",
    "steps",
    "width",
    "height",
    "model_hash",
    "cfg",
    "sampler",
    "scheduler",
    "model",
];
const ABSENT: [&str; 4] = ["cfg", "sampler", "scheduler", "model"];
/// Fields that are told although the corpus has nothing, with the reason.
const TOLD: [(&str, &str, &str); 1] =
    [("novelai", "model", "the Source chunk names model and hash; the corpus' readers did not read it")];

/// The corpus and its index; `None` where it is missing and need not be there.
fn corpus() -> Option<(PathBuf, Vec<Value>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/images");
    let Ok(text) = fs::read_to_string(folder.join("expected.json")) else {
        assert!(
            std::env::var("ZIMAGE_REQUIRE_CORPUS").as_deref() != Ok("1"),
            "the corpus is required and missing"
        );
        eprintln!("skipped: the corpus is not here");
        return None;
    };
    let index: Value = serde_json::from_str(&text).unwrap();
    Some((folder, index["files"].as_array().unwrap().clone()))
}

/// Bytes of the pixels that are looked into here; some hostile files declare more.
const MOST_PIXELS: usize = 64 << 20;

/// Decoded pixels, for files that hide their text there.
fn pixels(bytes: &[u8]) -> Option<(u32, u32, usize, Vec<u8>)> {
    if bytes.starts_with(b"RIFF") {
        let mut decoder = image_webp::WebPDecoder::new(std::io::Cursor::new(bytes)).ok()?;
        let (width, height) = decoder.dimensions();
        let channels = if decoder.has_alpha() { 4 } else { 3 };
        let mut data = vec![0; decoder.output_buffer_size().filter(|n| *n <= MOST_PIXELS)?];
        decoder.read_image(&mut data).ok()?;
        return Some((width, height, channels, data));
    }
    let limits = png::Limits { bytes: MOST_PIXELS };
    let mut decoder = png::Decoder::new_with_limits(std::io::Cursor::new(bytes), limits);
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::STRIP_16);
    let mut reader = decoder.read_info().ok()?;
    let mut data = vec![0; reader.output_buffer_size().filter(|n| *n <= MOST_PIXELS)?];
    let frame = reader.next_frame(&mut data).ok()?;
    let channels = frame.color_type.samples();
    (channels > 2).then_some((frame.width, frame.height, channels, data))
}

fn read_whole(bytes: &[u8]) -> Reading {
    let mut reading = read(bytes, None);
    if reading.recipe.is_none()
        && let Some((width, height, channels, data)) = pixels(bytes)
    {
        reading.look_into(Pixels { width, height, data: &data, channels });
    }
    reading
}

/// The corpus' rule for texts: LF, no white space at the ends of lines and of the whole.
fn normal(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    text.split('\n').map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn equal(expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (Value::String(expected), Value::String(found)) => normal(expected) == normal(found),
        (Value::Number(expected), Value::Number(found)) => expected.as_f64() == found.as_f64(),
        (Value::Array(expected), Value::Array(found)) => {
            expected.len() == found.len() && expected.iter().zip(found).all(|(a, b)| equal(a, b))
        }
        (Value::Object(expected), Value::Object(_)) => {
            expected.iter().all(|(key, value)| equal(value, &found[key]))
        }
        _ => expected == found,
    }
}

/// What is wrong with a file's object.
fn faults(entry: &Value, object: &Value) -> Vec<String> {
    let expected = entry["expected"].as_object().unwrap();
    let fields = expected.iter().filter(|(key, _)| !["must", "decodes", "corrupt"].contains(&key.as_str()));
    let mut faults: Vec<String> = fields
        .filter(|(key, value)| !equal(value, &object[*key]))
        .map(|(key, value)| format!("{key}: expected {value}, found {}", object[key]))
        .collect();
    let generator = entry["generator"].as_str().unwrap_or_default();
    let silent: &[&str] = match entry["kind"].as_str() {
        Some("ai") => &ABSENT,
        _ if expected.get("ai_generation_parameters") == Some(&Value::Bool(false)) => &CORE,
        _ => &[],
    };
    for key in silent.iter().filter(|key| !expected.contains_key(**key)) {
        let told = TOLD.iter().any(|(who, field, _)| *who == generator && field == key);
        if !object[*key].is_null() && !told {
            faults.push(format!("{key}: expected nothing, found {}", object[*key]));
        }
    }
    if entry["kind"] == "no-ai-metadata" && !object["generator"].is_null() {
        faults.push(format!("generator: expected none, found {}", object["generator"]));
    }
    if entry["kind"] == "ai" && object["generator"] != entry["generator"] {
        faults.push(format!("generator: expected {generator}, found {}", object["generator"]));
    }
    if let Some(size) = entry.get("pixel_size").filter(|_| entry["decodes_in_pillow"] == true)
        && object.get("pixel_size").is_some_and(|found| found != size)
    {
        faults.push(format!("pixel_size: expected {size}, found {}", object["pixel_size"]));
    }
    faults
}

#[test]
fn every_asserted_field_of_the_corpus_is_read() {
    let Some((folder, files)) = corpus() else { return };
    let mut wrong = Vec::new();
    for entry in &files {
        let name = entry["file"].as_str().unwrap();
        let bytes = fs::read(folder.join(name)).unwrap();
        let start = Instant::now();
        let reading = read_whole(&bytes);
        let took = start.elapsed();
        assert!(took < Duration::from_secs(20), "{name} took {took:?}");
        let kept: usize = reading.raw.iter().map(|block| block.bytes.len()).sum();
        assert!(kept <= limits::FILE, "{name} keeps {kept} bytes");
        wrong.extend(faults(entry, &to_json(&reading)).into_iter().map(|fault| format!("{name}: {fault}")));
    }
    assert!(crate::MEMORY.peak_usage() < crate::MOST_MEMORY, "{} MB", crate::MEMORY.peak_usage_as_mb());
    assert!(files.len() >= 100, "the corpus has {} files", files.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn hidden_copies_say_what_the_text_chunks_say() {
    let Some((folder, files)) = corpus() else { return };
    let hidden =
        files.iter().filter(|entry| entry["note"].as_str().is_some_and(|note| note.contains("stealth pn")));
    for entry in hidden.filter(|entry| entry["kind"] == "ai") {
        let bytes = fs::read(folder.join(entry["file"].as_str().unwrap())).unwrap();
        let (width, height, channels, data) = pixels(&bytes).unwrap();
        let mut alone = Reading::default();
        alone.look_into(Pixels { width, height, data: &data, channels });
        let wrong = faults(entry, &to_json(&alone));
        let wrong: Vec<_> = wrong.into_iter().filter(|fault| !fault.starts_with("pixel_size")).collect();
        assert!(wrong.is_empty(), "{}: {wrong:?}", entry["file"]);
    }
}

#[test]
fn a_damaged_copy_of_any_corpus_file_is_survived() {
    let Some((folder, files)) = corpus() else { return };
    for entry in &files {
        let mut bytes = fs::read(folder.join(entry["file"].as_str().unwrap())).unwrap();
        for n in 1..8 {
            let _ = to_json(&read(&bytes[..bytes.len() * n / 8], None));
        }
        // One bit in each of many places of the head, where the tables are.
        for at in (0..bytes.len().min(2048)).step_by(37) {
            bytes[at] ^= 1 << (at % 8);
            let _ = read(&bytes, None);
            bytes[at] ^= 1 << (at % 8);
        }
    }
}
