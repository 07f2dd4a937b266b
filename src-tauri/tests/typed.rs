//! What a person changes about the ways into an open vault, on the shipped program: the secret is typed apart, the system's
//! own window asks, and a lock ends either.

use std::fs;
use std::path::PathBuf;

use journeys::window::desktop::Desktop;
use journeys::window::manager::WindowManager;
use journeys::window::process::Running;
use journeys::window::wait::until;
use journeys::window::{Display, Hands, Home};

use crate::apart::{opens_with, places_of, sees_it_go};
use crate::sealed::{ENTRY, PASSPHRASE, TITLE, make_vault, sees, shipped, studio, unlocks};

const OTHER: &str = "nine herons under the wooden bridge";
const CHOOSE: &str = "Choose a passphrase";

/// The shipped program at an empty gallery, on a desktop that gives new windows the keyboard.
struct AtWork<'a> {
    display: &'a Display,
    home: &'a Home,
    desktop: WindowManager,
    app: Running,
    main: u32,
    /// How many pixels of the display have a colour with the empty gallery.
    at_rest: usize,
}

impl<'a> AtWork<'a> {
    fn begin(display: &'a Display, home: &'a Home) -> Self {
        make_vault(home);
        let app = shipped(&mut home.command(crate::SHIPPED, display), home);
        let hands = Hands::on_window(display, TITLE);
        sees(&hands, "the lock screen", 11_000..18_000);
        unlocks(display, &hands);
        sees(&hands, "the empty gallery", 1_000..10_000);
        // Only now: its frames around windows are coloured.
        let desktop = WindowManager::start(display, home);
        let main = desktop.window(TITLE);
        desktop.activate(main);
        desktop.is_in_front(main);
        let work = Self { display, home, desktop, app, main, at_rest: 0 };
        let hands = work.keyboard();
        let looks =
            until("the frame", || Some(hands.coloured_pixels()).filter(|n| *n == hands.coloured_pixels()));
        Self { at_rest: looks, ..work }
    }

    /// The empty gallery, and nothing over it; a ring around what has the focus may be there or not.
    fn is_at_rest(&self) {
        let hands = self.keyboard();
        until("the empty gallery", || (hands.coloured_pixels().abs_diff(self.at_rest) < 1_500).then_some(()));
    }

    fn keyboard(&self) -> Hands<'a> {
        Hands::on(self.display, self.main)
    }

    /// Finds a command by name in the list of all; presses Enter in the sheet that comes, until the window for typing is
    /// there.
    fn asks_for(&self, command: &str, to_the_act: usize, title: &str) -> Hands<'a> {
        let hands = self.keyboard();
        hands.press("ctrl+k");
        hands.write(command);
        let palette = hands.coloured_pixels();
        hands.press("Return");
        until("its sheet", || (hands.coloured_pixels() != palette).then_some(()));
        for _ in 0..to_the_act {
            hands.press("Tab");
        }
        hands.press("Return");
        let entry = self.desktop.window(title);
        self.desktop.is_in_front(entry);
        Hands::on(self.display, entry)
    }

    /// The system's own question: it has the program's title.
    fn question(&self) -> Hands<'a> {
        let question = self.desktop.another(TITLE, self.main);
        self.desktop.is_in_front(question);
        Hands::on(self.display, question)
    }

    fn header(&self) -> Vec<u8> {
        let folder = PathBuf::from(studio(self.home).status().folder.unwrap());
        fs::read(folder.join("vault.keys")).unwrap()
    }

    fn ends(mut self) -> &'a Home {
        assert!(self.app.end().success());
        self.home
    }
}

/// Types a new passphrase twice: past the eye and the suggestion to the second field.
fn types_twice(entry: &Hands<'_>, passphrase: &str) {
    entry.write(passphrase);
    for _ in 0..3 {
        entry.press("Tab");
    }
    entry.write(passphrase);
    entry.press("Return");
}

#[test]
fn another_passphrase_is_chosen_apart_and_taken_once_the_systems_own_window_was_answered() {
    let (display, home) = (Display::start(), Home::new("en_US.UTF-8"));
    let work = AtWork::begin(&display, &home);
    let before = work.header();
    types_twice(&work.asks_for("Change or set the passphrase", 0, CHOOSE), OTHER);
    // Who presses Enter without reading has changed nothing.
    work.question().press("Return");
    sees_it_go(&display, &work.app, CHOOSE);
    assert_eq!(work.header(), before);

    types_twice(&work.asks_for("Change or set the passphrase", 0, CHOOSE), OTHER);
    let question = work.question();
    question.press("Tab");
    question.press("Return");
    sees_it_go(&display, &work.app, CHOOSE);
    until("another header", || (work.header() != before).then_some(()));
    until("no process to hold it", || places_of(&work.app, OTHER).is_empty().then_some(()));
    let home = work.ends();
    assert!(opens_with(home, OTHER) && !opens_with(home, PASSPHRASE));
}

#[test]
fn the_vaults_key_is_replaced_with_the_passphrase_that_is_typed_apart() {
    let (display, home) = (Display::start(), Home::new("en_US.UTF-8"));
    let work = AtWork::begin(&display, &home);
    let before = work.header();
    let entry = work.asks_for("Replace the vault", 1, ENTRY);
    entry.write(PASSPHRASE);
    entry.press("Return");
    let question = work.question();
    question.press("Tab");
    question.press("Return");
    sees_it_go(&display, &work.app, ENTRY);
    until("another header", || (work.header() != before).then_some(()));
    until("no process to hold it", || places_of(&work.app, PASSPHRASE).is_empty().then_some(()));
    assert!(opens_with(work.ends(), PASSPHRASE));
}

#[test]
fn a_lock_ends_what_is_being_typed_and_what_is_being_asked() {
    let (display, desktop) = (Display::start(), Desktop::start());
    let home = Home::new("en_US.UTF-8").with(&desktop.variables());
    let work = AtWork::begin(&display, &home);
    let _delay = desktop.is_asked_to_wait();
    let before = work.header();
    let is_locked = || {
        sees_it_go(&display, &work.app, CHOOSE);
        // Nobody else can open it while it is open here.
        until("the lock", || opens_with(&home, PASSPHRASE).then_some(()));
        assert_eq!(work.header(), before);
        unlocks(&display, &work.keyboard());
        work.is_at_rest();
    };
    // By key in the window for typing, half of it typed.
    let entry = work.asks_for("Change or set the passphrase", 0, CHOOSE);
    entry.write(OTHER);
    entry.press("ctrl+l");
    is_locked();
    // By the system, while it is typed, and while the question stands open.
    work.asks_for("Change or set the passphrase", 0, CHOOSE).write(OTHER);
    desktop.locks_session(true);
    is_locked();
    types_twice(&work.asks_for("Change or set the passphrase", 0, CHOOSE), OTHER);
    work.question();
    desktop.locks_session(true);
    until("the question to go", || work.desktop.is_alone(TITLE, work.main).then_some(()));
    is_locked();
    assert!(opens_with(work.ends(), PASSPHRASE));
}
