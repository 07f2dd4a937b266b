//! What was exported, and the way back: verified and taken in again, by clicks.

use std::path::Path;

use serde_json::{Value, json};

use super::wait::until;
use super::{Person, Session};

/// The cell at a place of the grid.
const CELL: &str = "return document.querySelector(`[role=gridcell][data-place=\"${arguments[0]}\"]`)";

/// All that the inspector says, once it speaks of the picture in this cell.
const SAID: &str = "
    const number = (img) => img?.src.split('/').at(-1);
    const item = document.querySelector('aside .item');
    const shown = number(item?.querySelector('.picture img'));
    return shown && shown === arguments[0].dataset.seq ? item.innerText : null;";

impl Person<'_> {
    /// Presses one picture after the other and reads what the inspector says of each: prompts and all the rest.
    ///
    /// # Panics
    /// If a picture can't be pressed or is not described.
    pub fn reads_everything(&self, pictures: usize) -> Vec<String> {
        let read = |place: usize| {
            let session = self.page.session;
            until("a picture to be described", || {
                let cell = session.element(CELL, &[json!(place)])?;
                session.click(&cell).ok()?;
                let said = session.run(SAID, &[Session::argument(&cell)]);
                said.as_str().map(str::to_owned)
            })
        };
        (0..pictures).map(read).collect()
    }

    /// Lets the archive be verified from the settings, and reads that all is well.
    ///
    /// # Panics
    /// If something in it is not as it was written.
    pub fn verifies(&self, archive: &Path) -> Value {
        self.picks_in_settings(archive, self.words.verify);
        let report = self.waits_for_job("verify");
        for wrong in ["changed", "missing", "extra"] {
            assert_eq!(report[wrong], json!([]), "{report}");
        }
        let (before, after) = self.words.verified;
        self.page.shows(&format!("{before}{}{after}", report["whole"]));
        self.returns_to_the_gallery();
        report
    }

    /// Takes the archive in from the settings, and reads how many pictures came with it.
    pub fn imports_archive(&self, archive: &Path, pictures: usize) {
        self.picks_in_settings(archive, self.words.choose_archive);
        let report = self.waits_for_job("restore");
        assert_eq!(report["added"], json!(pictures), "{report}");
        let (before, after) = self.words.brought_in;
        self.page.shows(&format!("{before}{}{after}", self.words.count(pictures)));
        self.returns_to_the_gallery();
        self.sees_pictures(pictures);
    }

    fn picks_in_settings(&self, archive: &Path, button: &str) {
        self.closes_popovers();
        self.page.click("button", self.words.settings);
        self.page.find("heading", self.words.settings);
        self.home.will_pick("archive", &[archive]);
        self.page.click("button", button);
    }

    fn returns_to_the_gallery(&self) {
        self.closes_popovers();
        self.page.click("button", self.words.gallery);
    }
}
