//! The vault locks with the computer.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use journeys::window::desktop::Desktop;
use journeys::window::wait::until;
use journeys::window::words::EN;
use journeys::window::{App, Display, Home, Person};
use serde_json::{Value, json};

const PASSPHRASE: &str = "seven lanterns over the quiet harbour";

/// From the system's word to the lock screen: it waits for nothing. How long it takes is measured elsewhere; here other windows
/// are at work on the same processors.
const AT_ONCE: Duration = Duration::from_secs(5);

/// The lock screen comes, and soon.
fn is_locked_at_once(person: &Person<'_>, what: &str, tell: impl FnOnce()) {
    let told = Instant::now();
    tell();
    person.page.find("heading", person.words.locked);
    let took = told.elapsed();
    assert!(took < AT_ONCE, "{what}: the lock screen came after {took:?}");
    assert_eq!(person.page.call("gallery_query", &json!({})), Err(json!("locked")), "{what}");
    person.unlocks(PASSPHRASE);
    person.page.find("button", person.words.choose_folder);
}

fn state(person: &Person<'_>) -> Value {
    person.page.call("status", &Value::Null).unwrap()["vault"].clone()
}

#[test]
fn the_vault_locks_when_the_computer_sleeps_or_the_screen_is_locked() {
    let desktop = Desktop::start();
    let (display, home) = (Display::start(), Home::new(EN.locale).with(&desktop.variables()));
    let app = App::start(&App::driven_beside(Path::new(crate::SHIPPED)), &home, &display);
    let delay = desktop.is_asked_to_wait();
    let person = Person::new(&app.session, &EN, &home);
    person.read_the_promise();
    person.protect_by_passphrase(PASSPHRASE);
    person.write_the_recovery_key_down();
    person.page.click("button", EN.skip);
    person.page.find("button", EN.choose_folder);

    // The computer waits until the vault is locked, and no longer; after waking up it is asked again.
    is_locked_at_once(&person, "sleep", || {
        desktop.sleeps(true);
        delay.is_let_go();
    });
    desktop.sleeps(false);
    let delay = desktop.is_asked_to_wait();
    is_locked_at_once(&person, "session", || desktop.locks_session(true));
    for saver in ["org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver"] {
        is_locked_at_once(&person, saver, || desktop.locks_screen(saver));
    }

    // Another person's session is nothing to this one. What is told next is heard next, so the answer to it says that
    // this was heard.
    desktop.locks_session(false);
    desktop.sleeps(false);
    let _second = desktop.is_asked_to_wait();
    assert_eq!(state(&person), "open");
    // Nor is the own one where the person chose so.
    person.page.call("settings_edit", &json!({ "lock_with_system": false })).unwrap();
    desktop.locks_session(true);
    desktop.sleeps(true);
    desktop.sleeps(false);
    let _third = desktop.is_asked_to_wait();
    assert_eq!(state(&person), "open");
    drop(delay);
    app.close();
}

#[test]
fn the_window_is_left_out_of_screenshots_when_the_person_chooses_so() {
    let (display, home) = (Display::start(), Home::new(EN.locale));
    let app = App::start(&App::driven_beside(Path::new(crate::SHIPPED)), &home, &display);
    let person = Person::new(&app.session, &EN, &home);
    person.page.find("button", EN.go_on);
    for hide in [true, false] {
        person.page.call("settings_edit", &json!({ "hide_from_capture": hide })).unwrap();
        let kept =
            || person.page.call("settings", &Value::Null).ok().filter(|all| all["hide_from_capture"] == hide);
        until("the setting", kept);
    }
    // What is told of the page's sandbox is what this computer allows.
    let can = Command::new("bwrap").args(["--ro-bind", "/", "/", "--unshare-all", "true"]).status();
    let can = can.is_ok_and(|status| status.success());
    let told = person.page.call("status", &Value::Null).unwrap()["sandbox"].clone();
    assert_eq!(told == "on", can, "{told}");
    // The window is still there and answers.
    person.page.find("button", EN.go_on);
    app.close();
}
