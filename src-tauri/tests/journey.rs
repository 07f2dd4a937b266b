//! The main job in the real window, by clicks and keys, in both languages.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use journeys::window::words::{EN, JA};
use journeys::window::{App, Display, Home, Person, Words};
use serde_json::json;
use testkit::keyring::KeyringSession;
use testkit::samples::{Sample, gallery, write_to};

const PASSPHRASE: &str = "seven lanterns over the quiet harbour";
const PICTURES: usize = 9;

fn start(home: &Home, display: &Display) -> App {
    App::start(&App::driven_beside(Path::new(crate::SHIPPED)), home, display)
}

/// Two Japanese characters that some prompts have and others don't, and how many do.
fn two_characters(samples: &[Sample]) -> (String, usize) {
    let text = |sample: &Sample| {
        let recipe = sample.expected.recipe.clone().unwrap_or_default();
        [recipe.prompt, recipe.negative_prompt].into_iter().flatten().collect::<String>()
    };
    let texts: Vec<String> = samples.iter().map(text).collect();
    let is_kanji = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for text in &texts {
        let characters: Vec<char> = text.chars().collect();
        for pair in characters.windows(2).filter(|pair| pair.iter().all(|c| is_kanji(*c))) {
            found.entry(pair.iter().collect()).or_default();
        }
    }
    for (pair, count) in &mut found {
        *count = texts.iter().filter(|text| text.contains(pair)).count();
    }
    let fits = |count: usize| (1..samples.len()).contains(&count);
    found.into_iter().filter(|(_, count)| fits(*count)).max_by_key(|(_, count)| *count).unwrap()
}

/// What was in the vault when it was exported.
struct Exported {
    archive: PathBuf,
    said: Vec<String>,
}

/// Import, look, search, view, export, verify, erase.
fn work(person: &Person<'_>, samples: &[Sample], folder: &Path) -> Exported {
    person.import_folder(folder, PICTURES);
    person.page.shows(person.words.nothing_has_left);
    let lang = person.page.session.run("return document.documentElement.lang", &[]);
    assert_eq!(lang, person.words.code);

    let (pair, hits) = two_characters(samples);
    person.search(&pair, hits, PICTURES);
    person.end_search(PICTURES);

    person.chooses_first_picture();
    let (width, height) = person.looks_at_it_in_full();
    let newest = samples.iter().max_by_key(|sample| sample.modified_ms).unwrap();
    assert_eq!((width, height), (u64::from(newest.width), u64::from(newest.height)));
    person.goes_back();

    person.closes_popovers();
    let said = person.reads_everything(PICTURES);
    let newest = newest.expected.recipe.as_ref().and_then(|recipe| recipe.prompt.as_deref()).unwrap();
    assert!(said[0].contains(newest), "{newest} is not in: {}", said[0]);
    let archive = person.home.path().join("everything.zip");
    person.exports_everything(&archive);
    assert_eq!(person.verifies(&archive)["items"], json!(PICTURES));

    person.erases_first_picture(PICTURES);
    Exported { archive, said }
}

/// Another person, an empty vault: the archive brings everything that was in the first one.
fn take_in(exported: &Exported, words: &'static Words, display: &Display) {
    let home = Home::new(words.locale);
    let app = start(&home, display);
    let person = Person::new(&app.session, words, &home);
    person.read_the_promise();
    person.protect_by_passphrase(PASSPHRASE);
    person.write_the_recovery_key_down();
    person.page.click("button", words.skip);
    person.imports_archive(&exported.archive, PICTURES);
    assert_eq!(person.reads_everything(PICTURES), exported.said);
}

fn pictures(home: &Home) -> (Vec<Sample>, PathBuf) {
    let samples: Vec<Sample> = gallery(PICTURES, 7).collect();
    let folder = home.path().join("ComfyUI/output");
    write_to(&folder, &samples).unwrap();
    (samples, folder)
}

fn by_passphrase(words: &'static Words) {
    let (display, home) = (Display::start(), Home::new(words.locale));
    let (samples, folder) = pictures(&home);
    let app = start(&home, &display);
    let person = Person::new(&app.session, words, &home);
    person.read_the_promise();
    person.protect_by_passphrase(PASSPHRASE);
    person.write_the_recovery_key_down();
    let exported = work(&person, &samples, &folder);
    person.locks();
    person.unlocks(PASSPHRASE);
    person.sees_pictures(PICTURES - 1);
    app.close();
    let app = start(&home, &display);
    let person = Person::new(&app.session, words, &home);
    person.unlocks(PASSPHRASE);
    person.sees_pictures(PICTURES - 1);
    app.close();
    take_in(&exported, words, &display);
}

#[test]
fn the_main_job_in_japanese() {
    by_passphrase(&JA);
}

#[test]
fn the_main_job_in_english() {
    by_passphrase(&EN);
}

#[test]
fn the_main_job_with_the_computers_keychain() {
    let keyring = KeyringSession::start();
    let (display, home) = (Display::start(), Home::new(EN.locale).with(&keyring.envs));
    let (samples, folder) = pictures(&home);
    let app = start(&home, &display);
    let person = Person::new(&app.session, &EN, &home);
    person.read_the_promise();
    person.protect_by_keychain();
    person.write_the_recovery_key_down();
    work(&person, &samples, &folder);
    person.locks();
    person.unlocks_by_keychain();
    person.sees_pictures(PICTURES - 1);
    app.close();
    let app = start(&home, &display);
    let person = Person::new(&app.session, &EN, &home);
    person.unlocks_by_keychain();
    person.sees_pictures(PICTURES - 1);
}
