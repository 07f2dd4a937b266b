//! Files that are dragged onto the real window from another program.

use std::path::{Path, PathBuf};

use journeys::window::drag::Drag;
use journeys::window::words::{EN, JA};
use journeys::window::{App, Display, Home, Person, Words};
use serde_json::{Value, json};
use testkit::samples::with_parameters;

const PASSPHRASE: &str = "seven lanterns over the quiet harbour";

/// Three pictures with names that an address has to spell in another way; the last one alone in a folder.
fn pictures(home: &Home) -> Vec<PathBuf> {
    let paths =
        ["灯籠 100%.png", "a#b?c&d.png", "folder/three.png"].map(|name| home.path().join("out").join(name));
    std::fs::create_dir_all(paths[2].parent().unwrap()).unwrap();
    for (at, path) in paths.iter().enumerate() {
        let text = format!("lanterns {at}\nSteps: 9, Sampler: Euler, Seed: {at}, Size: 64x64");
        std::fs::write(path, with_parameters(&text, 64)).unwrap();
    }
    let [one, two, three] = paths;
    vec![one, two, three.parent().unwrap().to_path_buf()]
}

/// How many plans of an import the program has made or makes.
fn plans(person: &Person<'_>) -> usize {
    let jobs = person.page.call("jobs", &Value::Null).unwrap();
    jobs.as_array().unwrap().iter().filter(|job| job["kind"] == "plan").count()
}

fn drops(words: &'static Words) {
    let (display, home) = (Display::start(), Home::new(words.locale));
    let pictures = pictures(&home);
    let pictures: Vec<&Path> = pictures.iter().map(PathBuf::as_path).collect();
    let app = App::start(&App::driven_beside(Path::new(crate::SHIPPED)), &home, &display);
    let person = Person::new(&app.session, words, &home);
    person.read_the_promise();
    person.protect_by_passphrase(PASSPHRASE);
    person.write_the_recovery_key_down();
    person.page.click("button", words.skip);
    person.page.find("button", words.choose_folder);

    // While it is locked nothing is taken and nothing is shown, not even later.
    person.locks();
    let drag = Drag::over_the_window(&display, &pictures);
    assert!(!person.page.text().contains(words.drop_here));
    drag.lets_go();
    person.unlocks(PASSPHRASE);
    person.page.find("button", words.choose_folder);
    assert_eq!(
        person.page.call("import_plan", &json!({ "offers": [0], "label": "" })),
        Err(json!("no_such_offer"))
    );
    assert_eq!(plans(&person), 0);

    // Taken away again: what was shown is gone.
    let drag = Drag::over_the_window(&display, &pictures);
    person.page.shows(words.drop_here);
    drag.leaves();
    person.page.gone("status", words.drop_here);

    let drag = Drag::over_the_window(&display, &pictures);
    person.page.shows(words.drop_here);
    drag.lets_go();
    person.page.find("dialog", words.import);
    person.page.find("button", &words.import_so_many(3));
    assert!(!person.page.text().contains(words.drop_here));
    assert_eq!(plans(&person), 1);
    person.page.click("button", &words.import_so_many(3));
    person.sees_pictures(3);
}

#[test]
fn files_dropped_on_the_window_are_planned_and_on_a_locked_one_are_not_taken() {
    drops(&EN);
}

#[test]
fn files_dropped_on_the_window_in_japanese() {
    drops(&JA);
}
