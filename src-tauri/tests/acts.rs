//! What a person does with running work, with the trash and with a part of the gallery, in the real window.

use std::fs;
use std::path::{Path, PathBuf};

use journeys::window::driver::key;
use journeys::window::wait::{until, until_or};
use journeys::window::words::{EN, JA};
use journeys::window::{App, Display, Home, Person, Words};
use serde_json::{Value, json};
use testkit::samples::{Sample, gallery, with_parameters, write_to};

const PASSPHRASE: &str = "seven lanterns over the quiet harbour";

/// So few that all are on the screen.
const FEW: usize = 6;

/// Enough that somebody can press Cancel in the middle.
const MANY: usize = 110;

/// A batch, after which something is in the vault.
const BATCH: u64 = 32;

/// The numbers of the pictures on the screen, in their order.
const ORDER: &str =
    "return [...document.querySelectorAll('[role=gridcell]')].map((cell) => Number(cell.dataset.seq))";

fn order(person: &Person<'_>) -> Vec<u64> {
    let seqs = person.page.session.run(ORDER, &[]);
    seqs.as_array().unwrap().iter().map(|seq| seq.as_u64().unwrap()).collect()
}

/// Each sort shows the pictures as their files are: by time, name and size.
fn sorts(person: &Person<'_>, samples: &[Sample]) {
    let mut newest: Vec<&Sample> = samples.iter().collect();
    newest.sort_by_key(|sample| std::cmp::Reverse(sample.modified_ms));
    let numbers = order(person);
    let by = |before: &dyn Fn(&Sample, &Sample) -> std::cmp::Ordering| {
        let mut pairs: Vec<(&Sample, u64)> = newest.iter().copied().zip(numbers.iter().copied()).collect();
        pairs.sort_by(|a, b| before(a.0, b.0));
        pairs.into_iter().map(|(_, seq)| seq).collect::<Vec<u64>>()
    };
    let [first, oldest, added, name, largest] = person.words.sorts;
    let wanted = [
        (oldest, by(&|a, b| a.modified_ms.cmp(&b.modified_ms))),
        (name, by(&|a, b| a.file_name.cmp(&b.file_name))),
        (largest, by(&|a, b| b.bytes.len().cmp(&a.bytes.len()))),
        (first, numbers.clone()),
    ];
    let mut shown = first;
    for (sort, wanted) in wanted {
        person.page.click("button", shown);
        person.page.click("menuitemradio", sort);
        until_or(
            || (order(person) == wanted).then_some(()),
            || format!("{sort}: {wanted:?}, and it is {:?}", order(person)),
        );
        shown = sort;
    }
    person.page.click("button", shown);
    person.page.click("menuitemradio", added);
    // They came in together, so only that all are there can be told.
    person.page.find("button", added);
    until("all pictures", || (order(person).len() == numbers.len()).then_some(()));
    person.page.click("button", added);
    person.page.click("menuitemradio", first);
    until("the first order", || (order(person) == numbers).then_some(()));
}

/// Presses the first picture and, with Shift held, the arrow to the second.
fn chooses_two(person: &Person<'_>) {
    person.chooses_first_picture();
    person.page.session.chord(key::SHIFT, key::RIGHT);
    let chosen = "return document.querySelectorAll('[role=gridcell][aria-selected=true]').length";
    until("two to be chosen", || (person.page.session.run(chosen, &[]) == json!(2)).then_some(()));
}

fn exports_two(person: &Person<'_>) {
    let archive = person.home.path().join("two.zip");
    person.home.will_pick("save", &[&archive]);
    chooses_two(person);
    person.page.session.chord(key::CONTROL, "e");
    assert_eq!(person.waits_for_job("export")["items"], json!(2));
    assert!(archive.is_file());
    person.closes_popovers();
}

/// Presses the button that stands over the pictures; a passing word may have one of the same name.
fn restores_chosen(person: &Person<'_>) {
    let button = "return [...document.querySelectorAll('[role=toolbar] button')]
        .find((button) => button.innerText.trim().startsWith(arguments[0])) ?? null";
    let press = || {
        let button = person.page.session.element(button, &[json!(person.words.restore)])?;
        person.page.session.click(&button).ok()
    };
    until("the button that restores", press);
}

/// Two go into the trash, one comes back, the other is erased with all that is there.
fn restores_and_empties(person: &Person<'_>) {
    let words = person.words;
    chooses_two(person);
    person.page.session.press(key::DELETE);
    person.page.find("status", &words.count(FEW - 2));
    person.page.click("button", words.trash);
    person.page.find("status", &words.count(2));
    chooses_two(person);
    restores_chosen(person);
    person.page.find("status", &words.count(0));
    // Taken back, once the window says that it can be; then one of them alone.
    let toast = "return document.querySelector('[data-toast]')?.innerText.includes(arguments[0]) ?? false";
    let told = || (person.page.session.run(toast, &[json!(words.restored_two)]) == true).then_some(());
    until("the word that they are back", told);
    person.page.session.chord(key::CONTROL, "z");
    person.page.find("status", &words.count(2));
    person.chooses_first_picture();
    restores_chosen(person);
    person.page.find("status", &words.count(1));
    person.page.click("button", words.empty_trash);
    person.page.find("dialog", words.empties_trash);
    person.page.click("button", words.erase);
    person.page.find("status", &words.count(0));
    person.waits_for_job("erase");
    person.closes_popovers();
    person.page.click("button", words.gallery);
    person.sees_pictures(FEW - 1);
}

/// Files that take a while to be decoded, all different.
fn heavy(folder: &Path) {
    fs::create_dir(folder).unwrap();
    let picture = with_parameters("lanterns\nSteps: 9, Sampler: Euler, Seed: 7, Size: 1024x1024", 1024);
    for at in 0..MANY {
        let mut bytes = picture.clone();
        bytes.extend_from_slice(&at.to_le_bytes());
        fs::write(folder.join(format!("{at}.png")), bytes).unwrap();
    }
}

fn newest_import(person: &Person<'_>) -> Value {
    let jobs = person.page.call("jobs", &Value::Null).unwrap();
    jobs.as_array().unwrap().iter().rev().find(|job| job["kind"] == "import").cloned().unwrap_or_default()
}

/// Reads how fast it goes and how long it will take, and presses Cancel in the middle.
fn cancels(person: &Person<'_>, folder: &Path) {
    let words = person.words;
    person.home.will_pick("folders", &[folder]);
    let modifiers = format!("{}{}", key::CONTROL, key::SHIFT);
    person.page.session.chord(&modifiers, "i");
    person.page.click("button", &words.import_so_many(MANY));
    let pace = format!(
        "return new RegExp({}).test(document.querySelector('#jobs .figures')?.innerText.replace(/\\s+/g, ' '))",
        json!(words.pace)
    );
    until_or(
        || (person.page.session.run(&pace, &[]) == true).then_some(()),
        || format!("rate and time left on this page:\n{}\n{}", person.page.text(), newest_import(person)),
    );
    until("a batch", || (newest_import(person)["done"].as_u64()? > BATCH + 8).then_some(()));
    person.page.click("button", words.cancel);
    let ended =
        until("the import to stop", || Some(newest_import(person)).filter(|job| job["state"] != "running"));
    assert_eq!(ended["state"], "cancelled", "{ended}");
    let added = usize::try_from(ended["report"]["added"].as_u64().unwrap()).unwrap();
    assert!((BATCH as usize..MANY).contains(&added), "{added}");
    person.page.shows(words.stopped);
    person.closes_popovers();
    let all = FEW - 1 + added;
    person.page.find("status", &words.count(all));
    person.locks();
    person.unlocks(PASSPHRASE);
    person.page.find("status", &words.count(all));
}

fn acts(words: &'static Words) {
    let (display, home) = (Display::start(), Home::new(words.locale));
    let samples: Vec<Sample> = gallery(FEW, 7).collect();
    let folder: PathBuf = home.path().join("few");
    write_to(&folder, &samples).unwrap();
    heavy(&home.path().join("many"));
    let app = App::start(&App::driven_beside(Path::new(crate::SHIPPED)), &home, &display);
    let person = Person::new(&app.session, words, &home);
    person.read_the_promise();
    person.protect_by_passphrase(PASSPHRASE);
    person.write_the_recovery_key_down();
    person.import_folder(&folder, FEW);
    person.closes_popovers();
    sorts(&person, &samples);
    exports_two(&person);
    restores_and_empties(&person);
    cancels(&person, &home.path().join("many"));
    app.close();
}

#[test]
fn running_work_the_trash_and_a_selection_obey() {
    acts(&EN);
}

#[test]
fn running_work_the_trash_and_a_selection_obey_in_japanese() {
    acts(&JA);
}
