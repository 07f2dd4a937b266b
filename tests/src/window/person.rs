//! A person who knows what they want and reads what the window says: the main job, by clicks and keys.

use std::path::Path;

use serde_json::{Value, json};

use super::driver::key;
use super::wait::{until, until_or};
use super::words::Words;
use super::{Home, Page, Session};

/// Pictures of the grid on the screen: how many cells, and how many of them show a picture.
const CELLS: &str = "
    const cells = [...document.querySelectorAll('[role=gridcell]')];
    const painted = cells.filter((cell) => { const img = cell.querySelector('img'); return img?.complete && img.naturalWidth > 0; });
    return [cells.length, painted.length];";

/// Width and height of the picture that the viewer shows in full; its thumbnail stands in until it is there.
const FULL: &str = "
    const img = document.querySelector('section[aria-label] img.full');
    return img?.complete && img.naturalWidth > 0 ? [img.naturalWidth, img.naturalHeight] : null;";

/// A person at the driven window.
pub struct Person<'a> {
    /// What they see.
    pub page: Page<'a>,
    /// In which language.
    pub words: &'static Words,
    /// Where dialogs are answered.
    pub home: &'a Home,
}

impl<'a> Person<'a> {
    /// Sits down.
    pub fn new(session: &'a Session, words: &'static Words, home: &'a Home) -> Self {
        Self { page: Page::new(session), words, home }
    }

    /// First run up to the vault's protection.
    pub fn read_the_promise(&self) {
        self.page.click("button", self.words.go_on);
        until("the promise", || self.page.try_find("heading", "/^(Yours|自分のもの)"));
        self.page.click("button", self.words.go_on);
    }

    /// Makes a vault that a passphrase opens.
    pub fn protect_by_passphrase(&self, passphrase: &str) {
        let words = self.words;
        self.page.find("textbox", words.passphrase);
        if let Some(choice) = self.page.try_find("radio", words.passphrase) {
            self.page.session.click(&choice).unwrap();
        }
        self.page.type_into("textbox", words.passphrase, passphrase);
        self.page.type_into("textbox", words.again, passphrase);
        self.page.click("button", words.protect);
    }

    /// Makes a vault that the computer's keychain opens.
    pub fn protect_by_keychain(&self) {
        self.page.find("radio", self.words.keychain);
        self.page.click("button", self.words.protect);
    }

    /// Waits for the recovery key and gives its groups.
    pub fn sees_the_recovery_key(&self) -> Value {
        let read = "return [...document.querySelectorAll('ol li b')].map((group) => group.textContent)";
        let read = || Some(self.page.session.run(read, &[])).filter(|groups| *groups != json!([]));
        until_or(read, || format!("the recovery key on this page:\n{}", self.page.text()))
    }

    /// Copies the recovery key by hand, and types the two groups that are asked for.
    pub fn write_the_recovery_key_down(&self) -> String {
        let words = self.words;
        let groups = self.sees_the_recovery_key();
        let groups: Vec<&str> =
            groups.as_array().unwrap().iter().map(|group| group.as_str().unwrap()).collect();
        for (at, group) in groups.iter().enumerate() {
            let name = format!("{}{}{}", words.group.0, at + 1, words.group.1);
            if let Some(field) = self.page.try_find("textbox", &name) {
                self.page.session.type_into(&field, group);
            }
        }
        self.page.click("button", words.written_down);
        groups.join("-")
    }

    /// Chooses a folder and imports what is in it.
    pub fn import_folder(&self, folder: &Path, expected: usize) {
        self.home.will_pick("folders", &[folder]);
        self.page.click("button", self.words.choose_folder);
        self.page.find("dialog", self.words.import);
        self.page.click("button", self.words.import_pictures);
        self.sees_pictures(expected);
    }

    /// Waits until the gallery says it has so many pictures and each one on the screen is painted.
    pub fn sees_pictures(&self, expected: usize) {
        self.page.find("status", &self.words.count(expected));
        self.sees_painted_cells(expected.min(1));
    }

    /// Waits until all cells on the screen are painted, at least so many.
    pub fn sees_painted_cells(&self, least: usize) {
        let painted = || {
            let counts = self.page.session.run(CELLS, &[]);
            let (cells, painted) = (counts[0].as_u64()?, counts[1].as_u64()?);
            (cells == painted && painted >= least as u64).then_some(())
        };
        until_or(painted, || {
            let html = "return document.querySelector('[role=gridcell]')?.outerHTML";
            format!(
                "painted pictures: {}, {}",
                self.page.session.run(CELLS, &[]),
                self.page.session.run(html, &[])
            )
        });
    }

    /// Types into the search field and waits for the number of hits.
    pub fn search(&self, text: &str, hits: usize, all: usize) {
        self.page.session.press("/");
        self.page.type_into("textbox", self.words.search, text);
        self.page.find("status", &self.words.count_of(hits, all));
        self.sees_painted_cells(hits.min(1));
    }

    /// Empties the search field and leaves it.
    pub fn end_search(&self, all: usize) {
        self.page.click("textbox", self.words.search);
        self.page.session.press(key::ESCAPE);
        self.page.session.press(key::ESCAPE);
        self.page.find("status", &self.words.count(all));
    }

    /// Presses the first picture of the grid.
    pub fn chooses_first_picture(&self) {
        let first = || self.page.session.element("return document.querySelector('[role=gridcell]')", &[]);
        until("a picture to be chosen", || self.page.session.click(&first()?).ok());
        let chosen =
            "return document.querySelector('[role=gridcell]')?.getAttribute('aria-selected') === 'true'";
        until("the picture to be chosen", || (self.page.session.run(chosen, &[]) == true).then_some(()));
    }

    /// Opens the chosen picture in the viewer and gives the size of what is painted.
    pub fn looks_at_it_in_full(&self) -> (u64, u64) {
        self.page.session.press(key::ENTER);
        let size = until("the whole picture", || {
            Some(self.page.session.run(FULL, &[])).filter(|size| !size.is_null())
        });
        (size[0].as_u64().unwrap(), size[1].as_u64().unwrap())
    }

    /// Leaves the viewer.
    pub fn goes_back(&self) {
        self.page.session.press(key::ESCAPE);
        let gone = || (self.page.session.run(FULL, &[]) == Value::Null).then_some(());
        until("the gallery", gone);
        // The keyboard comes back a frame later.
        let here = "return document.activeElement?.getAttribute('role') === 'gridcell'";
        until("the keyboard in the gallery", || (self.page.session.run(here, &[]) == true).then_some(()));
    }

    /// Exports everything to this file, and waits for the end of the job.
    pub fn exports_everything(&self, to: &Path) {
        self.home.will_pick("save", &[to]);
        self.page.session.chord(&format!("{}{}", key::CONTROL, key::SHIFT), "e");
        self.waits_for_job("export");
        assert!(to.is_file());
    }

    /// Waits until the newest job of this kind is done, and gives its report.
    pub fn waits_for_job(&self, kind: &str) -> Value {
        until(&format!("the {kind} to end"), || {
            let jobs = self.page.call("jobs", &Value::Null).ok()?;
            let job = jobs.as_array()?.iter().rev().find(|job| job["kind"] == kind)?.clone();
            assert!(!matches!(job["state"].as_str(), Some("failed" | "cancelled")), "{job}");
            (job["state"] == "done").then(|| job["report"].clone())
        })
    }

    /// Waits until no passing word is on the screen.
    pub fn waits_for_quiet(&self) {
        let quiet = "return document.querySelector('[data-toast]') === null";
        until("the passing words to go", || (self.page.session.run(quiet, &[]) == true).then_some(()));
    }

    /// Closes what popped up by itself.
    pub fn closes_popovers(&self) {
        self.page
            .session
            .run("document.querySelectorAll(':popover-open').forEach((open) => open.hidePopover())", &[]);
    }

    /// Puts the first picture into the trash and erases it there for good.
    pub fn erases_first_picture(&self, of: usize) {
        self.closes_popovers();
        self.chooses_first_picture();
        self.page.session.press(key::DELETE);
        self.page.find("status", &self.words.count(of - 1));
        self.page.click("button", self.words.trash);
        self.page.find("status", &self.words.count(1));
        self.chooses_first_picture();
        self.page.session.press(key::DELETE);
        self.page.find("dialog", self.words.erase);
        self.page.click("button", self.words.erase);
        self.page.find("status", &self.words.count(0));
        self.closes_popovers();
        self.page.click("button", self.words.gallery);
        self.sees_pictures(of - 1);
    }

    /// Locks, and sees that no picture and no prompt is left on the page.
    pub fn locks(&self) {
        self.closes_popovers();
        self.page.click("button", self.words.lock);
        self.page.find("heading", self.words.locked);
        let left =
            self.page.session.run("return document.querySelectorAll('img, [role=gridcell]').length", &[]);
        assert_eq!(left, json!(0));
    }

    /// Unlocks with the passphrase.
    pub fn unlocks(&self, passphrase: &str) {
        self.page.find("heading", self.words.locked);
        self.page.type_into("textbox", self.words.passphrase, passphrase);
        self.page.session.press(key::ENTER);
    }

    /// Unlocks with the keychain: one press.
    pub fn unlocks_by_keychain(&self) {
        self.page.find("heading", self.words.locked);
        self.page.click("button", self.words.unlock);
    }
}
