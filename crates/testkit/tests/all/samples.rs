//! Samples against the reader of metadata and the decoder of pictures.

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;

use metadata::Pixels;
use model::Format;
use serde_json::Value;
use testkit::samples::{self, Options, Sample};

fn read(sample: &Sample) -> metadata::Reading {
    let picture = imaging::decode(&sample.bytes, &imaging::Limits::default()).unwrap();
    assert_eq!((picture.width, picture.height), (sample.width, sample.height), "{}", sample.writer);
    let pixels = Pixels {
        width: picture.width,
        height: picture.height,
        data: &picture.data,
        channels: picture.layout.bytes(),
    };
    metadata::read(&sample.bytes, Some(pixels))
}

fn check(samples: impl IntoIterator<Item = Sample>) {
    let mut wrong = Vec::new();
    for sample in samples {
        let reading = read(&sample);
        for field in sample.expected.differences(reading.recipe.as_ref()) {
            wrong.push(format!(
                "{}: {field}: {:?} / {:?}",
                sample.writer, sample.expected.recipe, reading.recipe
            ));
        }
        if reading.provenance.vendor.as_deref() != sample.expected.c2pa {
            wrong.push(format!("{}: {:?}", sample.writer, reading.provenance));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_sample_is_read_as_it_says() {
    check(samples::all(&Options::default()));
}

/// What exiftool, a reader that is not ours, finds in a file: names of fields and their values.
fn by_exiftool(file: &Path) -> Vec<(String, String)> {
    let output =
        Command::new("exiftool").args(["-json", "-a", "-charset", "utf8"]).arg(file).output().unwrap();
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(found[0].get("Error").is_none(), "{found}");
    let fields = found[0].as_object().unwrap().clone().into_iter();
    fields
        .map(|(name, value)| (name, value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect()
}

/// The ways in which the prompt may stand in a field: as it is; escaped in JSON, once or in a text inside another; as
/// UTF-8 in a chunk that is defined to be Latin-1, which some programs write and exiftool reads as it is defined.
fn spellings(prompt: &str) -> [String; 4] {
    let escape = |text: &str| -> String {
        let units = text.encode_utf16().map(|unit| match u8::try_from(unit) {
            Ok(b'"') => "\\\"".to_owned(),
            Ok(byte @ b' '..=b'~') => char::from(byte).to_string(),
            _ => format!("\\u{unit:04x}"),
        });
        units.collect()
    };
    // Latin-1 as Windows has it.
    let high: Vec<char> = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ".chars().collect();
    let latin = prompt.bytes().map(|byte| match byte {
        0x80..=0x9f => high[usize::from(byte - 0x80)],
        _ => char::from(byte),
    });
    let latin = latin.collect();
    [prompt.to_owned(), escape(prompt), escape(prompt).replace('\\', "\\\\"), latin]
}

#[test]
fn an_independent_reader_finds_the_prompt_of_every_sample_in_its_container() {
    if Command::new("exiftool").arg("-ver").output().is_err() {
        assert!(std::env::var_os("ZIMAGE_REQUIRE_ALL").is_none(), "exiftool is missing");
        println!("skipped: no `exiftool`");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let all = samples::all(&Options::default());
    let mut read = 0;
    for (path, sample) in samples::write_to(dir.path(), &all).unwrap().iter().zip(&all) {
        let fields = by_exiftool(path);
        let size = format!("{}x{}", sample.width, sample.height);
        assert!(fields.contains(&("ImageSize".to_owned(), size)), "{}", sample.writer);
        let Some(prompt) = sample.expected.recipe.as_ref().and_then(|recipe| recipe.prompt.as_deref()) else {
            continue;
        };
        let spellings = spellings(prompt);
        let said = fields.iter().any(|(name, value)| {
            !["FileName", "SourceFile"].contains(&name.as_str())
                && spellings.iter().any(|spelling| value.contains(spelling))
        });
        // Bits of pixels are no metadata for it.
        assert_eq!(said, !sample.writer.contains("stealth"), "{}: {fields:?}", sample.writer);
        read += usize::from(said);
    }
    assert!(read > 80, "{read}");
}

#[test]
fn a_gallery_is_read_as_it_says_and_its_dates_go_back_over_months() {
    let gallery: Vec<Sample> = samples::gallery(12, 5).collect();
    assert!(gallery.windows(2).all(|pair| pair[0].modified_ms > pair[1].modified_ms));
    let days = (gallery[0].modified_ms - gallery[11].modified_ms) / 86_400_000;
    assert!((30..900).contains(&days), "{days}");
    let again = samples::gallery(12, 5).map(|sample| sample.bytes);
    assert!(gallery.iter().map(|sample| sample.bytes.clone()).eq(again));
    check(gallery);
}

#[test]
fn samples_have_names_of_their_own_all_formats_and_both_languages() {
    let all = samples::all(&Options::default());
    assert!(all.len() >= 90, "{}", all.len());
    let writers: HashSet<_> = all.iter().map(|sample| sample.writer).collect();
    assert_eq!(writers.len() * 2, all.len());
    for format in [Format::Png, Format::Jpeg, Format::Webp, Format::Avif] {
        assert!(all.iter().any(|sample| sample.format == format), "{format:?}");
    }
    assert_eq!(all.iter().map(|sample| &sample.file_name).collect::<HashSet<_>>().len(), all.len());
    assert_eq!(all.iter().map(|sample| &sample.bytes).collect::<HashSet<_>>().len(), all.len());
    let prompts = all.iter().filter_map(|sample| sample.expected.recipe.as_ref()?.prompt.clone());
    assert!(prompts.filter(|prompt| prompt.is_ascii()).count() > 30);
}

#[test]
fn written_samples_carry_their_times_and_keep_apart() {
    let dir = tempfile::tempdir().unwrap();
    let few = samples::all(&Options::default())[..3].to_vec();
    let paths = samples::write_to(dir.path(), few.iter().chain(&few)).unwrap();
    assert_eq!(paths.iter().collect::<HashSet<_>>().len(), 6);
    let time = std::fs::metadata(&paths[4]).unwrap().modified().unwrap();
    assert_eq!(model::Timestamp::from_system(time).millis(), few[1].modified_ms);
}

#[test]
fn a_text_of_the_testers_own_is_read() {
    let bytes = samples::with_parameters("灯台\nSteps: 9, Sampler: Euler, Seed: 7, Size: 64x64", 64);
    let recipe = metadata::read(&bytes, None).recipe.unwrap();
    assert_eq!((recipe.prompt.as_deref(), recipe.steps), (Some("灯台"), Some(9)));
}
