//! Samples against the reader of metadata and the decoder of pictures.

use std::collections::HashSet;

use metadata::Pixels;
use model::Format;
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
    for format in [Format::Png, Format::Jpeg, Format::Webp] {
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
