//! Runs the body of a test in a child process that lives in a session of its own: the bus is found through the
//! environment, which a process cannot safely change for itself.

use std::env;
use std::process::Command;

use crate::keyring::{CRASHED, KeyringSession};

const CHILD: &str = "ZIMAGE_INSIDE_A_SESSION";
const DONE: &str = "the body has run to its end";

/// In the test's own process: runs this very test again, in the session. In that second process: runs the body. The body
/// must be a closure written in the test itself, whose name it has.
///
/// gnome-keyring 42 crashes about once in some thousand sessions, by an error of its own. Then it is tried once more.
///
/// # Panics
/// When the body panics, or does not come to its end.
pub fn inside(session: impl Fn() -> KeyringSession, body: impl FnOnce()) {
    if env::var_os(CHILD).is_some() {
        body();
        done();
        return;
    }
    let name = name_of(&body);
    let attempt = || {
        let mut session = session();
        let mut child = session.command(env::current_exe().unwrap());
        let outcome = run(child.env(CHILD, "1"), name);
        outcome.map_err(|said| (session.has_crashed() || said.contains(CRASHED), said))
    };
    let outcome = attempt().or_else(|(crashed, said)| if crashed { attempt() } else { Err((crashed, said)) });
    if let Err((_, said)) = outcome {
        panic!("{said}");
    }
}

/// As [`inside`], where there is not even a bus.
///
/// # Panics
/// As [`inside`].
pub fn without_a_bus(body: impl FnOnce()) {
    if env::var_os(CHILD).is_some() {
        body();
        done();
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let mut child = Command::new(env::current_exe().unwrap());
    child.env_remove("DBUS_SESSION_BUS_ADDRESS").env("XDG_RUNTIME_DIR", home.path()).env("HOME", home.path());
    run(child.env(CHILD, "1"), name_of(&body)).unwrap_or_else(|said| panic!("{said}"));
}

/// As [`inside`], where there is a network that nobody else is in, and none of whose packets leave it. The body may do in it
/// what a computer's owner may. `more` is put into its environment.
///
/// # Panics
/// As [`inside`]; or when this computer allows no such network, where everything must be tested.
pub fn in_a_network_of_its_own(more: &[(&str, &str)], body: impl FnOnce()) {
    if env::var_os(CHILD).is_some() {
        body();
        done();
        return;
    }
    // An X server in another network sees the names of displays as free that are in use in this one, and would take their
    // sockets away.
    let apart = "mkdir -p /tmp/.X11-unix && mount -t tmpfs tmpfs /tmp/.X11-unix && exec \"$0\" \"$@\"";
    let alone = |program: &std::ffi::OsStr| {
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--net", "--mount", "--", "sh", "-c", apart]).arg(program);
        command
    };
    if !alone("true".as_ref()).output().is_ok_and(|output| output.status.success()) {
        assert!(env::var_os("ZIMAGE_REQUIRE_ALL").is_none(), "this computer allows no network of one's own");
        #[allow(clippy::print_stdout, reason = "who runs the tests reads it")]
        {
            println!("skipped: this computer allows no network of one's own (unshare)");
        }
        return;
    }
    let mut child = alone(env::current_exe().unwrap().as_os_str());
    child.envs(more.iter().copied());
    run(child.env(CHILD, "1"), name_of(&body)).unwrap_or_else(|said| panic!("{said}"));
}

/// Says that the body was there and ran, whatever the harness prints.
#[allow(clippy::print_stdout, reason = "the test's own process reads it")]
fn done() {
    println!("{DONE}");
}

/// Everything that was said, where it did not come to its end.
fn run(child: &mut Command, name: &str) -> Result<(), String> {
    let child = child.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    let output = child.args(["--exact", name, "--nocapture"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    // The second half: a name that matches no test would succeed as well.
    if output.status.success() && said.contains(DONE) {
        return Ok(());
    }
    Err(format!("{name} in its session:\n{said}{}", String::from_utf8_lossy(&output.stderr)))
}

/// `all::module::the_test::{{closure}}` → `module::the_test`.
fn name_of<F>(_: &F) -> &'static str {
    let name = std::any::type_name::<F>();
    name.trim_end_matches("::{{closure}}").split_once("::").unwrap().1
}
