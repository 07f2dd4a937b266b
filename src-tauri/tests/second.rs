//! Two at once: a second start of the program, and the command line on the vault that the window is to open.

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::process::Stdio;

use journeys::window::driver::key;
use journeys::window::manager::WindowManager;
use journeys::window::process::Running;
use journeys::window::wait::until;
use journeys::window::words::{EN, JA};
use journeys::window::{App, Display, Home, Person, Words};
use serde_json::{Value, json};
use testkit::keyring::KeyringSession;

use crate::sealed::{PASSPHRASE, TITLE, make_vault, shipped};

#[test]
fn a_second_start_brings_the_first_window_to_the_front_and_ends() {
    let session = KeyringSession::without_keyring();
    let (display, home) = (Display::start(), Home::new("en_US.UTF-8").with(&session.envs));
    let manager = WindowManager::start(&display, &home);
    let start = || shipped(&mut home.command(crate::SHIPPED, &display), &home);
    let mut first = start();
    let window = manager.window(TITLE);
    manager.is_in_front(window);
    let starts_again = || {
        let mut second = start();
        let status = until("the second to end", || second.child().try_wait().unwrap());
        assert!(status.success());
        manager.is_in_front(window);
    };

    manager.cover();
    starts_again();
    manager.minimise(window);
    starts_again();
    manager.minimise(window);
    manager.cover();
    starts_again();
    assert!(first.child().try_wait().unwrap().is_none(), "the first is still there");
    assert!(first.end().success());
}

/// A command that has the vault open for as long as this value lives: it has read the passphrase once and asks for it
/// again, as changing the key does, through a pipe that nobody writes to.
struct Held {
    command: Running,
    pipe: std::path::PathBuf,
}

impl Held {
    fn begin(home: &Home, display: &Display, vault: &Path) -> Self {
        let zimage = Path::new(crate::SHIPPED).with_file_name("zimage");
        assert!(zimage.is_file(), "build it first: cargo build -p cli");
        let pipe = home.path().join("passphrase");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let mut command = home.command(zimage, display);
        command.arg("--vault").arg(vault).arg("--passphrase-file").arg(&pipe).arg("rotate");
        let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let command = Running::start(command);
        fs::write(&pipe, PASSPHRASE).unwrap();
        let taken = || {
            let lock = File::open(vault.join("vault.lock")).ok()?;
            matches!(lock.try_lock(), Err(TryLockError::WouldBlock)).then_some(())
        };
        until("the command to have the vault", taken);
        Self { command, pipe }
    }

    /// Says nothing when it asks again; then it gives up, with the vault as it was.
    fn release(mut self) {
        fs::write(&self.pipe, "").unwrap();
        let status = until("the command to end", || self.command.child().try_wait().unwrap());
        assert!(!status.success());
    }
}

fn waits_for_the_command_line(words: &'static Words, in_use: &str) {
    let (display, home) = (Display::start(), Home::new(words.locale));
    make_vault(&home);
    let vaults = fs::read_dir(home.path().join("data/vaults")).unwrap();
    let vault = vaults.flatten().map(|entry| entry.path()).find(|path| path.is_dir()).unwrap();
    let held = Held::begin(&home, &display, &vault);
    let arguments = ["--vault".to_owned(), vault.to_str().unwrap().to_owned()];
    let app = App::start_with(&App::driven_beside(Path::new(crate::SHIPPED)), &home, &display, &arguments);
    let person = Person::new(&app.session, words, &home);
    // The settings lie in the folder that the test made.
    person.unlocks(PASSPHRASE);
    person.page.shows(in_use);
    assert_eq!(person.page.call("gallery_query", &json!({})), Err(json!("locked")));
    // Still, and not because of the first answer.
    person.page.session.press(key::ENTER);
    person.page.shows(in_use);

    held.release();
    person.unlocks(PASSPHRASE);
    until("the vault to be open", || {
        let status = person.page.call("status", &Value::Null).unwrap();
        (status["vault"] == "open").then_some(())
    });
    app.close();
}

#[test]
fn a_vault_that_the_command_line_has_is_in_use_until_it_is_released() {
    waits_for_the_command_line(&EN, "The vault is open somewhere else");
}

#[test]
fn a_vault_that_the_command_line_has_is_in_use_in_japanese() {
    waits_for_the_command_line(&JA, "保管庫はほかで開かれています");
}
