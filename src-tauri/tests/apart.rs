//! The window for typing, on the shipped program: what it takes, and that nothing is left of it.

use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use journeys::window::manager::WindowManager;
use journeys::window::memory::{Secret, find};
use journeys::window::process::{Running, crash, descendants};
use journeys::window::wait::{until, until_or};
use journeys::window::{Display, Hands, Home};
use studio::{Protection, SettingsEdit, Theme, Unlock};

use crate::sealed::{ENTRY, PASSPHRASE, TITLE, make_vault, sees, shipped, studio, unlocks, web_processes};

const RECOVERY: &str = "Enter the recovery key";

/// The shipped program with a locked vault, at its lock screen.
fn at_the_lock_screen<'a>(home: &Home, display: &'a Display) -> (Running, Hands<'a>) {
    let app = shipped(&mut home.command(crate::SHIPPED, display), home);
    let hands = Hands::on_window(display, TITLE);
    sees(&hands, "the lock screen", 11_000..18_000);
    (app, hands)
}

/// Asks for the window for typing.
fn asks<'a>(display: &'a Display, hands: &Hands<'_>, title: &str) -> Hands<'a> {
    hands.press("Return");
    Hands::on_window(display, title)
}

pub(crate) fn sees_it_go(display: &Display, app: &Running, title: &str) {
    until("the window for typing to go", || (!Hands::sees_window(display, title)).then_some(()));
    until("its page's process to end", || (web_processes(app.pid()).len() == 1).then_some(()));
}

pub(crate) fn opens_with(home: &Home, passphrase: &str) -> bool {
    let studio = studio(home);
    let opened = studio.unlock(Unlock::Passphrase { passphrase: passphrase.to_owned() }).is_ok();
    studio.lock();
    opened
}

/// Places in the program and in all that it has started.
pub(crate) fn places_of(app: &Running, text: &str) -> Vec<(u32, String, String)> {
    let secret = Secret::text("the passphrase", text);
    let all = [vec![app.pid()], descendants(app.pid())].concat();
    let found = all.into_iter().flat_map(|pid| {
        find(pid, &secret).into_iter().map(move |(what, mapped)| (pid, what, mapped)).collect::<Vec<_>>()
    });
    found.collect()
}

#[test]
fn what_is_typed_is_in_the_page_for_typing_alone_and_then_in_no_process() {
    let (display, home) = (Display::start(), Home::new("en_US.UTF-8"));
    make_vault(&home);
    let (app, hands) = at_the_lock_screen(&home, &display);
    let main = web_processes(app.pid());
    assert_eq!(main.len(), 1);
    let entry = asks(&display, &hands, ENTRY);
    let pages = web_processes(app.pid());
    assert_eq!(pages.len(), 2, "both pages live in one process");
    entry.write(PASSPHRASE);
    // Found while it has to be there, or not finding it later would mean nothing.
    let of_entry: Vec<u32> = pages.into_iter().filter(|pid| !main.contains(pid)).collect();
    until("the typed passphrase", || {
        places_of(&app, PASSPHRASE).iter().any(|place| of_entry.contains(&place.0)).then_some(())
    });
    entry.press("Return");
    sees_it_go(&display, &app, ENTRY);
    assert_eq!(web_processes(app.pid()), main);
    let hands = Hands::on_window(&display, TITLE);
    sees(&hands, "the empty gallery", 1_000..10_000);
    let left = || places_of(&app, PASSPHRASE);
    until_or(|| left().is_empty().then_some(()), || format!("nothing to be left of {:?}", left()));
}

#[test]
fn a_wrong_passphrase_can_be_typed_again_in_place() {
    let (display, home) = (Display::start(), Home::new("en_US.UTF-8"));
    make_vault(&home);
    let (app, hands) = at_the_lock_screen(&home, &display);
    let entry = asks(&display, &hands, ENTRY);
    entry.write("not this one");
    entry.press("Return");
    until("a wrong try to be noted", || {
        studio(&home).status().failed_attempts.is_some_and(|tries| tries.count == 1).then_some(())
    });
    until("it to be told in red", || (entry.red_pixels() > 100).then_some(()));
    // The wrong one is selected: the next takes its place.
    entry.write(PASSPHRASE);
    entry.press("Return");
    sees_it_go(&display, &app, ENTRY);
    let hands = Hands::on_window(&display, TITLE);
    sees(&hands, "the empty gallery", 1_000..10_000);
}

#[test]
fn the_recovery_key_is_typed_apart_in_whatever_spelling_and_then_in_no_process() {
    let (display, home) = (Display::start(), Home::new("en_US.UTF-8"));
    let key = make_vault(&home);
    let (app, hands) = at_the_lock_screen(&home, &display);
    // Past the passphrase to the other way in.
    hands.press("Tab");
    hands.press("Return");
    let entry = asks(&display, &hands, RECOVERY);
    // A group is mistyped, and told in place.
    entry.write(&key.replacen(&key[9..13], "0000", 1));
    entry.press("Return");
    until("it to be told in red", || (entry.red_pixels() > 100).then_some(()));
    let spelled = key.to_lowercase().replace('-', " ");
    entry.write(&spelled);
    entry.press("Return");
    sees_it_go(&display, &app, RECOVERY);
    let hands = Hands::on_window(&display, TITLE);
    sees(&hands, "the empty gallery", 1_000..10_000);
    // Nor do its groups lie anywhere, however they were spelled.
    let left = || [&key, &spelled].map(|text| places_of(&app, text)).concat();
    until_or(|| left().is_empty().then_some(()), || format!("nothing to be left of {:?}", left()));
}

#[test]
fn a_page_that_crashes_locks_the_vault_and_another_begins_at_the_lock_screen() {
    let (display, home) = (Display::start(), Home::new("en_US.UTF-8"));
    make_vault(&home);
    let (app, hands) = at_the_lock_screen(&home, &display);
    unlocks(&display, &hands);
    sees(&hands, "the empty gallery", 1_000..10_000);
    for page in web_processes(app.pid()) {
        crash(page);
    }
    // Nobody else can open it while it is open here.
    until("the lock", || opens_with(&home, PASSPHRASE).then_some(()));
    sees(&hands, "the lock screen", 11_000..18_000);
    unlocks(&display, &hands);
    sees(&hands, "the empty gallery", 1_000..10_000);
}

#[test]
fn esc_and_the_windows_own_button_give_it_up_and_it_comes_again() {
    let (display, home) = (Display::start(), Home::new("en_US.UTF-8"));
    make_vault(&home);
    let (app, hands) = at_the_lock_screen(&home, &display);
    let ways: [fn(&Hands<'_>); 2] = [|entry| entry.press("Escape"), |entry| entry.closes_it()];
    for gives_up in ways {
        let entry = asks(&display, &hands, ENTRY);
        entry.write("half of it");
        // Also where it is shown and all of it chosen: the desktop has the selection then.
        for keys in ["Tab", "space", "shift+Tab", "ctrl+a"] {
            entry.press(keys);
        }
        gives_up(&entry);
        sees_it_go(&display, &app, ENTRY);
        Hands::on_window(&display, TITLE);
        sees(&hands, "the lock screen", 11_000..18_000);
        assert_eq!(places_of(&app, "half of it"), []);
    }
    unlocks(&display, &hands);
    sees(&hands, "the empty gallery", 1_000..10_000);
}

#[test]
fn it_speaks_and_looks_as_the_program_does_and_takes_letters_of_every_script() {
    const OF_LETTERS: &str = "静かな港の上の七つの灯籠と秋の風";
    let (display, home) = (Display::start(), Home::new("ja_JP.UTF-8"));
    let studio = studio(&home);
    studio.create_vault(Protection::Passphrase { passphrase: OF_LETTERS.to_owned() }).unwrap();
    let language = Some(studio::Language::Ja);
    for (theme, background) in [(Theme::Light, [0xfa; 3]), (Theme::Dark, [0x1a; 3])] {
        let edit =
            SettingsEdit { introduced: Some(true), language, theme: Some(theme), ..Default::default() };
        studio.edit_settings(&edit).unwrap();
        studio.lock();
        let (mut app, hands) = at_the_lock_screen(&home, &display);
        let entry = asks(&display, &hands, "パスフレーズを入力");
        until("its colours", || (entry.background() == background).then_some(()));
        // The display's keyboard has none of these: each is laid on a key for a moment, which a busy program may miss. Then it
        // is a wrong passphrase, and the field is there to type it again.
        until("the letters to be taken", || {
            entry.press("ctrl+a");
            entry.write(OF_LETTERS);
            entry.press("Return");
            let typed = Instant::now();
            while Hands::sees_window(&display, "パスフレーズを入力") {
                if typed.elapsed() > Duration::from_secs(4) {
                    return None;
                }
            }
            Some(())
        });
        sees_it_go(&display, &app, "パスフレーズを入力");
        Hands::on_window(&display, TITLE);
        sees(&hands, "the empty gallery", 1_000..10_000);
        assert!(app.end().success());
    }
}

#[test]
fn a_first_passphrase_is_chosen_there() {
    let (display, home) = (Display::start(), Home::new("en_US.UTF-8"));
    let app = shipped(&mut home.command(crate::SHIPPED, &display), &home);
    let hands = Hands::on_window(&display, TITLE);
    let choose = "Choose a passphrase";
    until("to be asked for a passphrase", || {
        hands.press("Return");
        Hands::sees_window(&display, choose).then_some(())
    });
    let entry = Hands::on_window(&display, choose);
    entry.write(PASSPHRASE);
    // Past the eye and the suggestion to the second field.
    for _ in 0..3 {
        entry.press("Tab");
    }
    entry.write(PASSPHRASE);
    entry.press("Return");
    sees_it_go(&display, &app, choose);
    let mut app = app;
    assert!(app.end().success());
    assert!(opens_with(&home, PASSPHRASE));
}

#[test]
fn on_a_desktop_it_comes_to_the_front_and_the_keyboard_goes_back_with_it() {
    let (display, home) = (Display::start(), Home::new("en_US.UTF-8"));
    make_vault(&home);
    let desktop = WindowManager::start(&display, &home);
    let app = shipped(&mut home.command(crate::SHIPPED, &display), &home);
    let hands = Hands::on_window(&display, TITLE);
    let main = desktop.window(TITLE);
    for _ in 0..2 {
        until("to be asked", || {
            hands.press("Return");
            Hands::sees_window(&display, ENTRY).then_some(())
        });
        desktop.is_in_front(desktop.window(ENTRY));
        hands.press("Escape");
        sees_it_go(&display, &app, ENTRY);
        desktop.is_in_front(main);
    }
}

#[test]
fn closing_the_main_window_or_being_asked_to_end_takes_it_along_without_a_word() {
    let ways: [fn(&mut Running, &Hands<'_>); 2] =
        [|_, hands| hands.closes_it(), |app, _| journeys::window::process::ask_to_end(app.pid())];
    for (at, ends) in ways.into_iter().enumerate() {
        for shown in [true, false] {
            let (display, home) = (Display::start(), Home::new("en_US.UTF-8"));
            make_vault(&home);
            let said = home.path().join("said");
            let mut command = home.command(crate::SHIPPED, &display);
            let mut app = shipped(command.stderr(File::create(&said).unwrap()), &home);
            let hands = Hands::on_window(&display, TITLE);
            sees(&hands, "the lock screen", 11_000..18_000);
            let entry = asks(&display, &hands, ENTRY);
            if !shown {
                entry.press("Escape");
                sees_it_go(&display, &app, ENTRY);
            }
            ends(&mut app, &hands);
            let ended = until("the end of the program", || app.child().try_wait().unwrap());
            assert_eq!((ended.code(), ended.signal()), (Some(0), None), "way {at}, shown {shown}");
            assert_eq!(said_by_us(&said), "", "way {at}, shown {shown}");
        }
    }
}

/// Warnings of the toolkit that name a mistake of the program's; those about the bare display come anyway.
fn said_by_us(file: &Path) -> String {
    let all = fs::read_to_string(file).unwrap();
    all.lines().filter(|line| line.contains("CRITICAL") || line.contains("Z-Image")).collect()
}
