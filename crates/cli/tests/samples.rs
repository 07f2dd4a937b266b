//! Files as every supported generator writes them, and files that mean harm.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use model::Recipe;
use serde_json::Value;

use crate::world::{World, err, out};

/// What `metadata --json` says of each file.
fn answers(world: &World, files: &[PathBuf]) -> Vec<Value> {
    let output = world.command().args(["metadata", "--json"]).args(files).output().unwrap();
    assert_eq!(err(&output), "");
    let Value::Array(answers) = serde_json::from_slice(&output.stdout).unwrap() else {
        panic!("{}", out(&output))
    };
    assert_eq!(answers.len(), files.len());
    answers
}

#[test]
fn the_metadata_of_every_generator_is_told_without_a_vault() {
    let world = World::new();
    let samples = testkit::samples::all(&testkit::samples::Options::default());
    let files = testkit::samples::write_to(&world.path("in"), &samples).unwrap();
    for (sample, answer) in samples.iter().zip(answers(&world, &files)) {
        let told = answer["ai_generation_parameters"].as_bool().unwrap();
        let recipe: Recipe = serde_json::from_value(answer.clone()).unwrap();
        let differences = sample.expected.differences(told.then_some(&recipe));
        assert!(differences.is_empty(), "{sample:?}: {differences:?}");
    }
    assert!(!world.vault().exists(), "nothing is written");
}

#[test]
fn every_sample_comes_in_with_its_prompt() {
    let world = World::with_vault();
    let samples = testkit::samples::all(&testkit::samples::Options::default());
    testkit::samples::write_to(&world.path("in"), &samples).unwrap();
    let report = world.json(0, ["import", world.path("in").to_str().unwrap()]);
    assert_eq!(report["added"], samples.len());
    let silent =
        samples.iter().filter(|s| s.expected.recipe.as_ref().is_none_or(|r| r.prompt.is_none())).count();
    assert_eq!(report["without_prompt"], silent);
}

#[test]
fn files_that_mean_harm_are_refused_or_taken_and_hold_nothing_up() {
    let world = World::with_vault();
    let files = testkit::hostile::write_to(&world.path("in")).unwrap();
    let begun = Instant::now();
    let report = world.json(6, ["import", world.path("in").to_str().unwrap()]);
    let verdicts: Vec<_> = testkit::hostile::all().into_iter().chain(testkit::hostile::not_utf8()).collect();
    let taken = verdicts.iter().filter(|bad| bad.verdict == testkit::hostile::Verdict::Taken).count();
    assert_eq!(report["added"], taken, "{report}");
    answers(&world, &files);
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    assert_eq!(world.json(0, ["check"])["items"], taken);
}

/// The corpus that lies beside the project, where it does.
fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/images");
    if folder.join("expected.json").is_file() {
        return Some(folder);
    }
    assert!(std::env::var_os("ZIMAGE_REQUIRE_CORPUS").is_none_or(|v| v != "1"), "the corpus is missing");
    eprintln!("skipped: the corpus ../shared/data/images is not there");
    None
}

/// Texts compare without white space at both ends and at the ends of their lines; numbers as numbers.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => {
            let lines: Vec<&str> = text.trim().lines().map(str::trim_end).collect();
            lines.join("\n")
        }
        Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), |n| n.to_string()),
        other => other.to_string(),
    }
}

#[test]
fn the_metadata_of_the_corpus_is_told_as_expected() {
    const CORE: [&str; 12] = [
        "generator",
        "prompt",
        "negative_prompt",
        "seed",
        "steps",
        "cfg",
        "sampler",
        "scheduler",
        "model",
        "model_hash",
        "width",
        "height",
    ];
    let Some(folder) = corpus() else { return };
    let text = std::fs::read_to_string(folder.join("expected.json")).unwrap();
    let expected: Value = serde_json::from_str(&text).unwrap();
    let expected: Vec<&Value> = expected["files"].as_array().unwrap().iter().collect();
    let files: Vec<PathBuf> = expected.iter().map(|one| folder.join(one["file"].as_str().unwrap())).collect();
    let mut wrong = BTreeMap::new();
    for (one, answer) in expected.iter().zip(answers(&World::new(), &files)) {
        let name = one["file"].as_str().unwrap();
        if one["kind"] == "no-ai-metadata" {
            assert_eq!(answer["ai_generation_parameters"], false, "{name}");
        }
        if one["kind"] != "ai" {
            continue;
        }
        let asserted = CORE.iter().filter_map(|field| Some((*field, one["expected"].get(*field)?)));
        let differing = asserted.filter(|(field, value)| plain(&answer[*field]) != plain(value));
        let differing: Vec<&str> = differing.map(|(field, _)| field).collect();
        if !differing.is_empty() {
            wrong.insert(name, differing);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
