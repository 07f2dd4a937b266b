//! A real keyring without a desktop: a private session bus, and a gnome-keyring on it whose files lie in a temporary
//! folder. Everything is found through environment variables, so what is to be tested runs in a child process that
//! gets [`KeyringSession::envs`].
//!
//! **Invariant:** nothing on the private bus is started by asking for it; what does not run is not there. The person's
//! own keyring and bus are never reached.

use std::fs::{self, File, Permissions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tempfile::TempDir;
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::blocking::fdo::DBusProxy;

const SECRETS: &str = "org.freedesktop.secrets";

/// What is said of a keyring that ended by itself.
pub(crate) const CRASHED: &str = "the keyring crashed";

/// Far longer than a daemon takes to start on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

const BUS_CONFIG: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=BUS</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// A session of its own: home, runtime folder, bus, and a keyring that is unlocked. All of it ends when it is dropped.
pub struct KeyringSession {
    /// What a process needs in its environment to be in this session.
    pub envs: Vec<(String, String)>,
    // Dropped in this order: the keyring leaves the bus before the bus ends, the folder goes last.
    keyring: Option<Keyring>,
    _bus: Running,
    _home: TempDir,
}

impl KeyringSession {
    /// A bus with an unlocked keyring.
    ///
    /// # Panics
    /// If `dbus-daemon` or `gnome-keyring-daemon` is not installed or does not start.
    pub fn start() -> Self {
        let mut session = Self::without_keyring();
        session.keyring = Some(Keyring::start(&session.envs));
        session
    }

    /// A bus on which nobody keeps secrets.
    ///
    /// # Panics
    /// If `dbus-daemon` is not installed or does not start.
    pub fn without_keyring() -> Self {
        let home = tempfile::Builder::new().prefix("session-").tempdir().unwrap();
        let run = home.path().join("run");
        fs::create_dir(&run).unwrap();
        fs::set_permissions(&run, Permissions::from_mode(0o700)).unwrap();
        let bus = Bus::start(home.path(), &run);
        let path = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
        let envs = [
            ("HOME", path("")),
            ("XDG_CACHE_HOME", path(".cache")),
            ("XDG_CONFIG_HOME", path(".config")),
            ("XDG_DATA_HOME", path(".local/share")),
            ("XDG_STATE_HOME", path(".local/state")),
            ("XDG_RUNTIME_DIR", path("run")),
            ("DBUS_SESSION_BUS_ADDRESS", bus.address),
        ];
        let envs = envs.map(|(name, value)| (name.to_owned(), value)).to_vec();
        Self { envs, keyring: None, _bus: bus.daemon, _home: home }
    }

    /// The program, to be run in this session.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.envs(self.envs.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Whether the keyring ended by itself.
    pub(crate) fn has_crashed(&mut self) -> bool {
        self.keyring.as_mut().is_some_and(Keyring::has_crashed)
    }

    /// Locks the keyring, as a desktop does when the person leaves.
    ///
    /// # Panics
    /// If it does not obey.
    pub fn lock(&self) {
        lock(&connect(&self.envs));
    }
}

/// A keyring on the session bus that `envs` names. It is killed when dropped; its files stay.
pub struct Keyring(Running);

impl Keyring {
    /// Starts it and waits until it is on the bus. The first start makes the default collection; each unlocks it.
    ///
    /// # Panics
    /// If `gnome-keyring-daemon` is not installed, or is not on the bus in time.
    pub fn start(envs: &[(String, String)]) -> Self {
        let bus = connect(envs);
        let (tell, told) = mpsc::channel();
        let watched = DBusProxy::new(&bus).unwrap();
        let changes = watched.receive_name_owner_changed_with_args(&[(0, SECRETS)]).unwrap();
        thread::spawn(move || {
            for change in changes {
                if change.args().is_ok_and(|args| args.new_owner.is_some()) {
                    let _ = tell.send(());
                    return;
                }
            }
        });
        let mut daemon = Command::new("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .envs(envs.iter().map(|(name, value)| (name, value)))
            .env_remove("GNOME_KEYRING_CONTROL")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("gnome-keyring-daemon is installed");
        daemon.stdin.take().unwrap().write_all(b"a password for tests").unwrap();
        let running = Self(Running(daemon));
        told.recv_timeout(PATIENCE).expect("the keyring comes up");
        running
    }

    fn has_crashed(&mut self) -> bool {
        self.0.0.try_wait().is_ok_and(|ended| ended.is_some_and(|status| status.signal().is_some()))
    }

    /// The process, for a test that wants to stop it for a while.
    pub fn pid(&self) -> u32 {
        self.0.0.id()
    }
}

impl Drop for Keyring {
    #[allow(clippy::print_stderr, reason = "the process that began this one reads it")]
    fn drop(&mut self) {
        if self.has_crashed() {
            eprintln!("{CRASHED}");
        }
    }
}

/// Locks the default collection of the keyring in the session that this process is in.
///
/// # Panics
/// As [`lock`].
pub fn lock_here() {
    lock(&Connection::session().unwrap());
}

/// Locks the default collection of the keyring on this bus.
///
/// # Panics
/// If there is none, or it does not obey.
pub fn lock(bus: &Connection) {
    let default =
        zbus::zvariant::ObjectPath::from_static_str_unchecked("/org/freedesktop/secrets/aliases/default");
    let (service, interface) = ("/org/freedesktop/secrets", "org.freedesktop.Secret.Service");
    type Locked = (Vec<zbus::zvariant::OwnedObjectPath>, zbus::zvariant::OwnedObjectPath);
    let obeys = || {
        let answer = bus.call_method(Some(SECRETS), service, Some(interface), "Lock", &(vec![&default],));
        let (locked, _): Locked = answer.unwrap().body().deserialize().unwrap();
        locked.len() == 1
    };
    // Now and then gnome-keyring 42 answers a caller that it has just come to know with nothing done.
    assert!((0..3).any(|_| obeys()), "the keyring does not lock");
}

struct Bus {
    daemon: Running,
    address: String,
}

impl Bus {
    fn start(home: &Path, run: &Path) -> Self {
        let config = home.join("bus.conf");
        let mut file = File::create(&config).unwrap();
        file.write_all(BUS_CONFIG.replace("BUS", run.join("bus").to_str().unwrap()).as_bytes()).unwrap();
        let mut daemon = Command::new("dbus-daemon")
            .arg("--config-file")
            .arg(&config)
            .args(["--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon is installed");
        let mut address = String::new();
        let output = daemon.stdout.take().unwrap();
        let daemon = Running(daemon);
        // It says its address once it listens there.
        BufReader::new(output).read_line(&mut address).unwrap();
        Self { daemon, address: address.trim().to_owned() }
    }
}

/// A process that ends with its owner.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn connect(envs: &[(String, String)]) -> Connection {
    let address = envs.iter().find(|(name, _)| name == "DBUS_SESSION_BUS_ADDRESS").expect("a session");
    Builder::address(address.1.as_str()).unwrap().build().unwrap()
}
