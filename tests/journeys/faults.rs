//! A disk that fails at any call while the ways into a vault, its items or the settings are changed: the change is made
//! and said to be, or everything is as it was, and what opened the vault before opens it still.
//!
//! Each change runs in a process of its own, which is this test once more.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use faults::trial::{self, Ran};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::app::{App, PASSPHRASE};

const OTHER: &str = "seven lanterns over the quiet harbour";
/// Where the process that makes the change finds its application; without it, this is the test.
const DATA: &str = "JOURNEY_DATA";
/// Stands before what the process answers.
const ANSWER: &str = "answer: ";

/// In the process that makes the change: makes it, and tells the answer.
fn makes_the_change(name: &str, request: Value) -> bool {
    let Some(data) = std::env::var_os(DATA) else { return false };
    let app = App::start(Path::new(&data));
    let unlock = json!({ "with": { "by": "passphrase", "passphrase": PASSPHRASE } });
    let answer =
        api::call(&app.studio, "vault_unlock", unlock).and_then(|_| api::call(&app.studio, name, request));
    let answer =
        answer.map_or_else(|failure| json!({ "failed": failure.code }), |done| json!({ "done": done }));
    // A line of its own: the runner has begun one.
    let mut out = std::io::stdout();
    writeln!(out, "\n{ANSWER}{answer}").unwrap();
    true
}

/// A vault of two pictures with a recovery key, on a disk whose calls can fail.
struct Stage {
    home: TempDir,
    recovery: String,
}

impl Stage {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("disk")).unwrap();
        let data = home.path().join("disk/data");
        let (app, sheet) = App::with_vault(&data);
        let pictures = home.path().join("in");
        fs::create_dir(&pictures).unwrap();
        for (name, text) in [("one.png", "a lantern"), ("two.png", "a harbour")] {
            fs::write(pictures.join(name), testkit::samples::with_parameters(text, 48)).unwrap();
        }
        app.import(&pictures);
        app.studio.lock();
        drop(app);
        let stage = Self { home, recovery: sheet["code"].as_str().unwrap().to_owned() };
        copy(&stage.data(), &stage.home.path().join("base"));
        stage
    }

    fn data(&self) -> PathBuf {
        self.home.path().join("disk/data")
    }

    /// Lets every call of a change fail. `look` is given whether it was said to be done, and what was said.
    fn fail_everywhere(&self, test: &str, look: impl Fn(bool, &Value, &str)) {
        let mut said = BTreeSet::new();
        let tried = trial::every_call(7, |act| {
            let disk = self.home.path().join("disk");
            fs::remove_dir_all(&disk).unwrap();
            copy(&self.home.path().join("base"), &self.data());
            let mut command = Command::new(std::env::current_exe().unwrap());
            command.args(["--exact", test, "--nocapture"]).env(DATA, self.data());
            let ran = trial::run(command, &disk, act, &self.home.path().join("report")).unwrap();
            let at = format!("{act:?} at {}", ran.hit);
            let answer = answer(&ran, &at);
            if let Some(code) = answer["failed"].as_str() {
                said.insert(code.to_owned());
            }
            look(answer.get("failed").is_none(), &answer["done"], &at);
            ran
        });
        assert!(tried > 60, "only {tried}");
        let words = ["disk_failed", "disk_full", "read_only", "settings_not_saved"].map(str::to_owned);
        assert!(said.iter().all(|word| words.contains(word)), "{said:?}");
        let _ = writeln!(std::io::stderr(), "faults tried in {test}: {tried}");
    }

    /// Whether this opens the vault. It is whole then.
    fn opens(&self, with: Value, at: &str) -> bool {
        let app = App::start(&self.data());
        let opened = api::call(&app.studio, "vault_unlock", json!({ "with": with }));
        match opened {
            Ok(_) => {
                assert_eq!(app.originals().len(), 2, "{at}");
                app.studio.lock();
                true
            }
            Err(failure) => {
                // The second where there is no such way in at all.
                let refusals = [studio::Code::WrongSecret, studio::Code::NoSuchSlot];
                assert!(refusals.contains(&failure.code), "{at}: {failure}");
                false
            }
        }
    }

    fn opens_by_passphrase(&self, passphrase: &str, at: &str) -> bool {
        self.opens(json!({ "by": "passphrase", "passphrase": passphrase }), at)
    }

    fn opens_by_code(&self, code: &str, at: &str) -> bool {
        self.opens(json!({ "by": "recovery", "code": code }), at)
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), &to).unwrap();
        }
    }
}

/// What the process answered; it neither panicked nor ended without a word.
fn answer(ran: &Ran, at: &str) -> Value {
    let (out, err) =
        (String::from_utf8_lossy(&ran.output.stdout), String::from_utf8_lossy(&ran.output.stderr));
    let line = out.lines().find_map(|line| line.strip_prefix(ANSWER));
    let line = line.unwrap_or_else(|| panic!("{at}: {out}{err}"));
    serde_json::from_str(line).unwrap()
}

#[test]
fn wherever_the_disk_fails_a_new_passphrase_opens_or_the_old_one_does() {
    let change = json!({ "protection": { "by": "passphrase", "passphrase": OTHER } });
    if makes_the_change("protection_change", change) {
        return;
    }
    let stage = Stage::new();
    let test = "faults::wherever_the_disk_fails_a_new_passphrase_opens_or_the_old_one_does";
    stage.fail_everywhere(test, |done, _, at| {
        let (old, new) = (stage.opens_by_passphrase(PASSPHRASE, at), stage.opens_by_passphrase(OTHER, at));
        assert!(old != new && (new || !done), "{at}: old {old}, new {new}, said {done}");
        assert!(stage.opens_by_code(&stage.recovery, at), "{at}");
    });
}

#[test]
fn wherever_the_disk_fails_a_recovery_key_that_was_shown_opens_and_else_the_one_before_does() {
    if makes_the_change("recovery_new", Value::Null) {
        return;
    }
    let stage = Stage::new();
    let test =
        "faults::wherever_the_disk_fails_a_recovery_key_that_was_shown_opens_and_else_the_one_before_does";
    stage.fail_everywhere(test, |done, sheet, at| {
        let code = if done { sheet["code"].as_str().unwrap() } else { &stage.recovery };
        assert!(stage.opens_by_code(code, at), "{at}");
        assert!(!done || !stage.opens_by_code(&stage.recovery, at), "{at}");
        assert!(stage.opens_by_passphrase(PASSPHRASE, at), "{at}");
    });
}

#[test]
fn wherever_the_disk_fails_a_way_that_is_said_to_be_gone_is_and_the_other_stays() {
    if makes_the_change("slot_remove", json!({ "kind": "recovery" })) {
        return;
    }
    let stage = Stage::new();
    let test = "faults::wherever_the_disk_fails_a_way_that_is_said_to_be_gone_is_and_the_other_stays";
    stage.fail_everywhere(test, |done, _, at| {
        assert!(!done || !stage.opens_by_code(&stage.recovery, at), "{at}");
        assert!(stage.opens_by_passphrase(PASSPHRASE, at), "{at}");
    });
}

#[test]
fn wherever_the_disk_fails_an_edit_of_several_pictures_is_made_in_all_or_none() {
    let edit = json!({ "rating": 4, "title": "灯籠", "add_tags": ["夜"] });
    let edits = json!({ "edits": [{ "seq": 1, "edit": edit }, { "seq": 2, "edit": edit }] });
    if makes_the_change("items_edit", edits) {
        return;
    }
    let stage = Stage::new();
    let test = "faults::wherever_the_disk_fails_an_edit_of_several_pictures_is_made_in_all_or_none";
    stage.fail_everywhere(test, |done, _, at| {
        let app = App::start(&stage.data());
        let unlock = json!({ "with": { "by": "passphrase", "passphrase": PASSPHRASE } });
        app.ask("vault_unlock", unlock);
        let edited = |text: &str| app.hits(json!({ "text": text })).len();
        let (titled, rated) = (edited("title:灯籠 tag:夜"), edited("rating:4"));
        assert!(titled == rated && (titled == 2 || (titled == 0 && !done)), "{at}: {titled} and {rated}");
        assert_eq!(app.everything().len(), 2, "{at}");
    });
}

#[test]
fn wherever_the_disk_fails_settings_are_those_before_or_those_after() {
    if makes_the_change("settings_edit", json!({ "theme": "light", "cell": 300 })) {
        return;
    }
    let stage = Stage::new();
    let test = "faults::wherever_the_disk_fails_settings_are_those_before_or_those_after";
    let of = |app: &App| {
        let all = app.ask("settings", Value::Null);
        (all["theme"].as_str().unwrap().to_owned(), all["cell"].as_i64())
    };
    let before = of(&App::start(&stage.data()));
    stage.fail_everywhere(test, |done, _, at| {
        let now = of(&App::start(&stage.data()));
        let changed = now == ("light".to_owned(), Some(300));
        assert!(changed || (now == before && !done), "{at}: {now:?}");
        assert!(stage.opens_by_passphrase(PASSPHRASE, at), "{at}");
    });
}
