//! A desktop that sleeps and locks its screen when a test says so: logind and a screen saver on a private bus.

use std::io::{PipeReader, Read as _};
use std::sync::mpsc::{Receiver, Sender, channel};

use testkit::keyring::KeyringSession;
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::zvariant::{Fd, ObjectPath};

use super::wait::PATIENCE;

const PATH: &str = "/org/freedesktop/login1";
/// The session that the window is in.
const OWN: &str = "/org/freedesktop/login1/session/_31";
const OTHER: &str = "/org/freedesktop/login1/session/_32";

/// What a test says and hears.
pub struct Desktop {
    bus: Connection,
    asked: Receiver<PipeReader>,
    session: KeyringSession,
}

/// The computer waits until this is let go.
pub struct Delay(PipeReader);

impl Delay {
    /// Waits until it is let go.
    ///
    /// # Panics
    /// If the pipe breaks.
    pub fn is_let_go(mut self) {
        // The other end is never written to: reading ends when it is closed.
        assert_eq!(self.0.read(&mut [0]).unwrap(), 0);
    }
}

/// logind.
struct Login {
    tell: Sender<PipeReader>,
}

#[zbus::interface(name = "org.freedesktop.login1.Manager")]
impl Login {
    fn inhibit(&self, what: &str, _who: &str, _why: &str, mode: &str) -> zbus::fdo::Result<Fd<'static>> {
        if (what, mode) != ("sleep", "delay") {
            return Err(zbus::fdo::Error::InvalidArgs(format!("{what}, {mode}")));
        }
        let (reader, writer) =
            std::io::pipe().map_err(|error| zbus::fdo::Error::Failed(error.to_string()))?;
        // A test that is over does not listen.
        let _ = self.tell.send(reader);
        Ok(Fd::from(std::os::fd::OwnedFd::from(writer)))
    }

    fn get_session(&self, id: &str) -> zbus::fdo::Result<ObjectPath<'static>> {
        if id == "auto" {
            return Ok(ObjectPath::from_static_str_unchecked(OWN));
        }
        Err(zbus::fdo::Error::InvalidArgs(id.to_owned()))
    }
}

impl Desktop {
    /// Starts it.
    ///
    /// # Panics
    /// If `dbus-daemon` is not installed or does not start.
    pub fn start() -> Self {
        let session = KeyringSession::without_keyring();
        let address = session.envs.iter().find(|(name, _)| name == "DBUS_SESSION_BUS_ADDRESS").unwrap();
        let (tell, asked) = channel();
        let bus = Builder::address(address.1.as_str()).unwrap();
        let bus = bus.name("org.freedesktop.login1").unwrap().serve_at(PATH, Login { tell }).unwrap();
        Self { bus: bus.build().unwrap(), asked, session }
    }

    /// The environment of a program on this desktop. Both its buses are the private one.
    pub fn variables(&self) -> Vec<(String, String)> {
        let mut variables: Vec<_> =
            self.session.envs.iter().filter(|(name, _)| name.starts_with("DBUS_")).cloned().collect();
        variables.push(("DBUS_SYSTEM_BUS_ADDRESS".to_owned(), variables[0].1.clone()));
        variables
    }

    /// Waits until the program asks that the computer wait before it sleeps.
    ///
    /// # Panics
    /// If it never does.
    pub fn is_asked_to_wait(&self) -> Delay {
        Delay(self.asked.recv_timeout(PATIENCE).expect("nobody asks to wait before sleep"))
    }

    fn tell(&self, path: &str, interface: &str, member: &str, body: Option<bool>) {
        let to: Option<&str> = None;
        match body {
            Some(body) => self.bus.emit_signal(to, path, interface, member, &body),
            None => self.bus.emit_signal(to, path, interface, member, &()),
        }
        .unwrap();
    }

    /// The computer is about to sleep, or has woken up.
    pub fn sleeps(&self, begins: bool) {
        self.tell(PATH, "org.freedesktop.login1.Manager", "PrepareForSleep", Some(begins));
    }

    /// The session, or another person's, is locked.
    pub fn locks_session(&self, own: bool) {
        self.tell(if own { OWN } else { OTHER }, "org.freedesktop.login1.Session", "Lock", None);
    }

    /// The screen saver of this desktop comes on.
    pub fn locks_screen(&self, saver: &str) {
        let path = format!("/{}", saver.replace('.', "/"));
        self.tell(&path, saver, "ActiveChanged", Some(true));
    }
}
