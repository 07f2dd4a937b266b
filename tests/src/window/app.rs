//! The app in a home of its own.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::process::descendants;
use super::wait::until;
use super::{Display, Session};

/// A person's home for one test: nothing of the machine's is read or written.
pub struct Home {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

impl Home {
    /// Makes it; `locale` as in `LANG`.
    ///
    /// # Panics
    /// If the disk refuses.
    pub fn new(locale: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("window-").tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        for name in ["run", "picks", "tmp"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        fs::set_permissions(folder.path().join("run"), fs::Permissions::from_mode(0o700)).unwrap();
        let variables = [
            ("HOME", path("")),
            ("XDG_CACHE_HOME", path(".cache")),
            ("XDG_CONFIG_HOME", path(".config")),
            ("XDG_DATA_HOME", path(".local/share")),
            ("XDG_STATE_HOME", path(".local/state")),
            ("XDG_RUNTIME_DIR", path("run")),
            ("TMPDIR", path("tmp")),
            ("LANG", locale.to_owned()),
            // No session bus: neither the person's keyring nor their running app is met.
            ("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", path("run/none"))),
            ("NO_AT_BRIDGE", "1".to_owned()),
            ("GDK_BACKEND", "x11".to_owned()),
            ("PICKS", path("picks")),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value)).to_vec();
        Self { folder, variables }
    }

    /// Its folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Puts more variables in its environment, or others: for instance those of a session with a keyring.
    #[must_use]
    pub fn with(mut self, variables: &[(String, String)]) -> Self {
        for (name, value) in variables {
            self.variables.retain(|(known, _)| known != name);
            self.variables.push((name.clone(), value.clone()));
        }
        self
    }

    /// The environment of a program that is started here on this display.
    pub fn variables(&self, display: &Display) -> Vec<(String, String)> {
        let mut variables = self.variables.clone();
        variables.push(("DISPLAY".to_owned(), display.name().to_owned()));
        variables
    }

    /// A program to be started here on this display.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>, display: &Display) -> Command {
        let mut command = Command::new(program);
        for cleared in ["LC_ALL", "LC_MESSAGES", "LC_CTYPE", "LANGUAGE", "WAYLAND_DISPLAY", "ZIMAGE_VAULT"] {
            command.env_remove(cleared);
        }
        command.envs(self.variables(display));
        command
    }

    /// What the next dialog of this kind (`pictures`, `folders`, `archive`, `save`) is answered with.
    ///
    /// # Panics
    /// If the disk refuses.
    pub fn will_pick(&self, kind: &str, paths: &[&Path]) {
        let lines: Vec<&str> = paths.iter().map(|path| path.to_str().unwrap()).collect();
        fs::write(self.path().join("picks").join(kind), lines.join("\n")).unwrap();
    }

    /// What was put on the clipboard last.
    pub fn clipboard(&self) -> Option<String> {
        fs::read_to_string(self.path().join("picks/clipboard")).ok()
    }
}

/// The app that can be driven, running.
pub struct App {
    /// Its page.
    pub session: Session,
    process: u32,
}

impl App {
    /// Starts it.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start(program: &Path, home: &Home, display: &Display) -> Self {
        Self::start_with(program, home, display, &[])
    }

    /// As [`App::start`], with arguments.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start_with(program: &Path, home: &Home, display: &Display, arguments: &[String]) -> Self {
        let session = Session::start(home.command("WebKitWebDriver", display), program, arguments);
        let is_it = |pid: &u32| fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|exe| exe == program);
        let process = until("the program", || descendants(session.driver()).into_iter().find(is_it));
        Self { session, process }
    }

    /// The program's own process.
    pub fn process(&self) -> u32 {
        self.process
    }

    /// Closes the window and waits until the program has ended.
    ///
    /// # Panics
    /// If it does not end.
    pub fn close(self) {
        let Self { mut session, process } = self;
        session.close();
        // The driver ends the program a moment after it has answered.
        until("the program to end", || has_ended(process).then_some(()));
    }

    /// The driven build of the app beside the shipped one: an example, so that it is never part of a bundle.
    ///
    /// # Panics
    /// If it is not built.
    pub fn driven_beside(shipped: &Path) -> PathBuf {
        let driven = shipped.with_file_name("examples").join("window_under_test");
        assert!(
            driven.is_file(),
            "build it first: cargo build -p z-image-desktop --example window_under_test"
        );
        driven
    }
}

/// A process that nobody has asked about yet is still listed, as a zombie.
pub fn has_ended(pid: u32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).map_or(true, |stat| stat.contains(") Z "))
}
