//! A screen without a person: the desktop's own password window can open there, and nobody types.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use zbus::blocking::Connection;
use zbus::blocking::fdo::DBusProxy;

const PROMPTER: &str = "org.gnome.keyring.SystemPrompter";

/// Where the package says which program shows the window.
const SERVICE_FILE: &str = "/usr/share/dbus-1/services/org.gnome.keyring.SystemPrompter.service";

pub struct Screen {
    _server: Running,
    display: String,
}

impl Screen {
    pub fn start() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb is installed");
        let output = server.stdout.take().unwrap();
        let server = Running(server);
        // It names the display once it can be used.
        let mut number = String::new();
        BufReader::new(output).read_line(&mut number).unwrap();
        Self { _server: server, display: format!(":{}", number.trim()) }
    }

    /// The program that shows the window, ready on the bus. Dropped, it closes the window without an answer.
    pub fn password_window(&self) -> impl Drop + use<> {
        let bus = Connection::session().unwrap();
        let watched = DBusProxy::new(&bus).unwrap();
        let mut changes = watched.receive_name_owner_changed_with_args(&[(0, PROMPTER)]).unwrap();
        let service = fs::read_to_string(SERVICE_FILE).expect("gcr is installed");
        let program = service.lines().find_map(|line| line.strip_prefix("Exec=")).unwrap().trim();
        let prompter = Command::new(program)
            .env("DISPLAY", &self.display)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map(Running)
            .unwrap();
        assert!(changes.next().unwrap().args().unwrap().new_owner.is_some());
        prompter
    }
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
