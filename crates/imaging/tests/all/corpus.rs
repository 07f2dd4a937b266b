//! The collection of real and hostile files beside the project.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use imaging::{Limits, decode_for_thumbnail};
use serde_json::Value;

use crate::hostile::peak;
use crate::samples::decode;

/// The collection's folder; where it is missing the tests say so, or fail if it is required.
pub fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/images");
    if folder.is_dir() {
        return Some(folder);
    }
    let required = std::env::var_os("ZIMAGE_REQUIRE_CORPUS").is_some_and(|value| value == "1");
    assert!(!required, "the collection of pictures is required and missing");
    println!("skipped: the collection of pictures is not there");
    None
}

pub fn files() -> Vec<(PathBuf, Value)> {
    let Some(folder) = folder() else { return Vec::new() };
    let index: Value = serde_json::from_slice(&std::fs::read(folder.join("expected.json")).unwrap()).unwrap();
    let files = index["files"].as_array().unwrap();
    files.iter().map(|file| (folder.join(file["file"].as_str().unwrap()), file.clone())).collect()
}

#[test]
fn the_collection_decodes_as_its_index_says() {
    let mut wrong = Vec::new();
    for (path, about) in files() {
        let name = about["file"].as_str().unwrap();
        let bytes = std::fs::read(path).unwrap();
        let decodes = match about["kind"].as_str().unwrap() {
            "hostile" => about["expected"]["decodes"].as_bool(),
            // Its image data has a wrong checksum, which Pillow does not look at.
            _ if name == "pngbug-x_interlaced_chck.png" => Some(false),
            _ => about["decodes_in_pillow"].as_bool(),
        };
        let found = decode(&bytes);
        if let Some(decodes) = decodes
            && found.is_ok() != decodes
        {
            wrong.push(format!("{name}: decodes {}, should be {decodes}", found.is_ok()));
        }
        if let (Ok(picture), Some(size)) = (&found, about["pixel_size"].as_array()) {
            let size: Vec<u64> = size.iter().map(|n| n.as_u64().unwrap()).collect();
            if [u64::from(picture.width), u64::from(picture.height)] != size[..] {
                wrong.push(format!("{name}: {} × {}, should be {size:?}", picture.width, picture.height));
            }
        }
        let reduced = decode_for_thumbnail(&bytes, &Limits::default(), 64);
        match (found, reduced) {
            (Ok(whole), Ok(reduced)) => {
                assert_eq!((reduced.width, reduced.height), (whole.width, whole.height), "{name}");
            }
            (Err(one), Err(other)) => assert_eq!(one, other, "{name}"),
            _ => wrong.push(format!("{name}: decodes in one way only")),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn hostile_files_cost_little_time_and_memory() {
    for (path, about) in files().into_iter().filter(|(_, about)| about["kind"] == "hostile") {
        let bytes = std::fs::read(path).unwrap();
        let start = Instant::now();
        let _ = decode(&bytes).map(|picture| imaging::thumbnail(&picture, 512));
        assert!(start.elapsed() < Duration::from_secs(5), "{}", about["file"]);
        assert!(peak() < 256.0, "{}: {} MB", about["file"], peak());
    }
}
