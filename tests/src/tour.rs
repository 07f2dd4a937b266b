//! The tour: the real application on a display without a screen imports sample pictures and is walked through, in both
//! languages and both themes. Pictures of its screens and an export stay in `target/tour`.
//!
//! `cargo xtask tour` builds what it needs and runs it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a tour ends where it can't go on"
)]

#[cfg(target_os = "linux")]
fn main() {
    linux::walk();
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("The tour needs a display without a screen (Xvfb) and WebKit's driver, so it is for Linux.");
}

#[cfg(target_os = "linux")]
mod linux {
    use std::cell::Cell;
    use std::fs;
    use std::path::{Path, PathBuf};

    use journeys::window::driver::key;
    use journeys::window::words::{EN, JA};
    use journeys::window::{App, Display, Home, Person, Words};
    use testkit::samples::{gallery, write_to};

    const PASSPHRASE: &str = "seven lanterns over the quiet harbour";
    const PICTURES: usize = 72;
    /// The export, beside the pictures of the screens.
    const EXPORT: &str = "everything.zip";

    /// For fontconfig, which the webview asks what `system-ui` is.
    const FONTS: &str = "<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'urn:fontconfig:fonts.dtd'>
        <fontconfig><match><test name='family'><string>system-ui</string></test>
        <edit name='family' mode='prepend' binding='same'><string>Inter</string></edit></match></fontconfig>";

    /// Where the pictures of the screens go, numbered in the order of the walk.
    struct Album {
        folder: PathBuf,
        number: Cell<u32>,
    }

    impl Album {
        fn new(folder: PathBuf) -> Self {
            // An earlier tour's pictures would be taken for this one's.
            let _ = fs::remove_dir_all(&folder);
            fs::create_dir_all(&folder).unwrap();
            Self { folder, number: Cell::new(1) }
        }

        fn take(&self, person: &Person<'_>, name: &str) {
            let number = self.number.get();
            self.number.set(number + 1);
            let path = self.folder.join(format!("{number:02}-{name}-{}.png", person.words.code));
            fs::write(&path, person.page.session.screenshot()).unwrap();
            println!("  {}", path.file_name().unwrap().to_string_lossy());
        }
    }

    pub(super) fn walk() {
        let programs = std::env::current_exe().unwrap().parent().unwrap().to_path_buf();
        let album = Album::new(programs.with_file_name("tour"));
        println!("The tour, in {}:", album.folder.display());
        let (display, home) = (Display::start(), Home::new(EN.locale));
        desktop_of_the_design(&home);
        let samples = home.path().join("ComfyUI/output");
        write_to(&samples, gallery(PICTURES, 20)).unwrap();
        let app = App::start(&App::driven_beside(&programs.join("z-image-desktop")), &home, &display);
        let person = |words: &'static Words| Person::new(&app.session, words, &home);

        first_run(&person(&EN), &album, &samples);
        for words in [&EN, &JA] {
            speaks(&person(words), words);
            for theme in words.themes {
                shines(&person(words), theme);
                gallery_and_viewer(&person(words), &album, theme);
            }
        }
        export_and_erase(&person(&JA), &album);
        lock(&person(&JA), &album);
        app.close();
        println!("  {EXPORT}");
    }

    /// The page is set in the desktop's own type. A bare display has none; here it is that of the design's pictures.
    fn desktop_of_the_design(home: &Home) {
        let fonts = home.path().join(".config/fontconfig/fonts.conf");
        fs::create_dir_all(fonts.parent().unwrap()).unwrap();
        fs::write(fonts, FONTS).unwrap();
    }

    fn first_run(person: &Person<'_>, album: &Album, samples: &Path) {
        let words = person.words;
        person.page.click("radio", words.themes[0]);
        person.page.find("button", words.go_on);
        album.take(person, "first-run-language");
        person.read_the_promise();
        person.page.find("textbox", words.passphrase);
        album.take(person, "first-run-protect");
        person.protect_by_passphrase(PASSPHRASE);
        person.sees_the_recovery_key();
        album.take(person, "first-run-recovery-key");
        person.write_the_recovery_key_down();
        person.page.find("button", words.choose_folder);
        album.take(person, "first-run-pictures");
        person.home.will_pick("folders", &[samples]);
        person.page.click("button", words.choose_folder);
        person.page.find("dialog", words.import);
        person.page.find("button", words.import_pictures);
        album.take(person, "import-plan");
        person.page.click("button", words.import_pictures);
        person.waits_for_job("import");
        person.sees_pictures(PICTURES);
        album.take(person, "imported");
        person.closes_popovers();
    }

    fn speaks(person: &Person<'_>, words: &Words) {
        // The settings of the other language have another name until then.
        let name = format!("/^({}|{})$", EN.settings, JA.settings);
        person.page.click("button", &name);
        person.page.click("radio", words.itself);
        person.page.find("heading", words.settings);
    }

    fn shines(person: &Person<'_>, theme: &str) {
        person.page.click("button", person.words.settings);
        person.page.click("radio", theme);
        person.page.click("button", person.words.gallery);
        person.sees_pictures(PICTURES);
    }

    fn gallery_and_viewer(person: &Person<'_>, album: &Album, theme: &str) {
        let dark = theme == person.words.themes[0];
        let named = |what: &str| format!("{what}-{}", if dark { "dark" } else { "light" });
        person.chooses_first_picture();
        person.sees_painted_cells(1);
        person.waits_for_quiet();
        album.take(person, &named("gallery"));
        person.looks_at_it_in_full();
        album.take(person, &named("viewer"));
        person.goes_back();
        person.page.session.press("/");
        person.page.type_into("textbox", person.words.search, person.words.lanterns);
        person.page.find("status", person.words.some_of_all);
        person.sees_painted_cells(1);
        album.take(person, &named("search"));
        person.end_search(PICTURES);
        person.page.click("button", person.words.settings);
        person.page.find("heading", person.words.settings);
        album.take(person, &named("settings"));
        person.page.click("button", person.words.gallery);
    }

    fn export_and_erase(person: &Person<'_>, album: &Album) {
        let words = person.words;
        person.exports_everything(&album.folder.join(EXPORT));
        album.take(person, "exported");
        person.closes_popovers();
        person.chooses_first_picture();
        person.page.session.press(key::DELETE);
        person.page.find("status", &words.count(PICTURES - 1));
        person.page.click("button", words.trash);
        person.page.find("status", &words.count(1));
        person.chooses_first_picture();
        person.page.session.press(key::DELETE);
        person.page.find("dialog", words.erase);
        album.take(person, "erase");
        person.page.click("button", words.erase);
        person.page.find("status", &words.count(0));
        person.closes_popovers();
        album.take(person, "trash");
        person.page.click("button", words.gallery);
        person.sees_pictures(PICTURES - 1);
    }

    fn lock(person: &Person<'_>, album: &Album) {
        person.locks();
        album.take(person, "locked");
        person.unlocks(PASSPHRASE);
        person.sees_pictures(PICTURES - 1);
        album.take(person, "unlocked");
    }
}
