//! Every probe with sound bytes and with thousands of hurt copies, the same in each run.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use probes::{Hurt, Probe, seeds};

/// Copies a probe is given beside the sound bytes.
fn smoke(name: &str, probe: Probe, seeds: &[Vec<u8>], copies: usize) {
    assert!(!seeds.is_empty());
    seeds.iter().for_each(|seed| probe(seed));
    probe(b"");
    found(name).iter().for_each(|bytes| probe(bytes));
    Hurt::new(seeds, 20_261_126).take(copies).for_each(|bytes| probe(&bytes));
    // The figure is part of the report: it is printed when the test passes as well.
    let _ = writeln!(std::io::stderr(), "{name}: {} sound, {copies} hurt", seeds.len());
}

/// What fuzzing has found in this probe before: it is tried in every run from then on.
fn found(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/finds").join(name);
    let Ok(files) = fs::read_dir(folder) else { return Vec::new() };
    files.filter_map(|file| fs::read(file.ok()?.path()).ok()).collect()
}

#[test]
fn no_key_file_that_is_hurt_opens() {
    smoke("header", probes::header, &seeds::headers(), 4000);
}

#[test]
fn no_picture_file_that_is_hurt_makes_a_reader_fail() {
    smoke("metadata", probes::metadata, &seeds::pictures(), 4000);
}

#[test]
fn no_picture_file_that_is_hurt_makes_a_decoder_fail() {
    smoke("picture", probes::picture, &seeds::pictures(), 1500);
}

#[test]
fn no_settings_that_are_hurt_make_a_reader_fail() {
    smoke("text", probes::text, &seeds::texts(), 1500);
}

#[test]
fn no_hidden_message_that_is_hurt_makes_a_reader_fail() {
    smoke("stealth", probes::stealth, &seeds::messages(), 1000);
}

#[test]
fn no_archive_that_is_hurt_makes_verifying_fail() {
    smoke("archive", probes::archive, &seeds::archives(), 1000);
}

#[test]
fn no_archive_that_is_hurt_hurts_the_vault_that_takes_it_in() {
    smoke("restore", probes::restore, &seeds::archives(), 200);
}

#[test]
fn nothing_that_is_hurt_inside_an_archive_hurts_a_vault() {
    smoke("inside", probes::inside, &seeds::insides(), 400);
}

#[test]
fn no_text_ends_a_search_with_an_error() {
    smoke("query", probes::query, &seeds::queries(), 4000);
}
