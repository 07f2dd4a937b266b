//! Runs the body of a test in a child process that lives in a session of its own: the bus is found through the
//! environment, which a process cannot safely change for itself.

use std::env;
use std::process::Command;

use crate::keyring::KeyringSession;

const CHILD: &str = "ZIMAGE_INSIDE_A_SESSION";
const DONE: &str = "the body has run to its end";

/// In the test's own process: runs this very test again, in the session. In that second process: runs the body. The body
/// must be a closure written in the test itself, whose name it has.
///
/// # Panics
/// When the body panics, or does not come to its end.
pub fn inside(session: impl FnOnce() -> KeyringSession, body: impl FnOnce()) {
    if env::var_os(CHILD).is_some() {
        body();
        done();
        return;
    }
    let session = session();
    let mut child = session.command(env::current_exe().unwrap());
    run(child.env(CHILD, "1"), name_of(&body));
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
    run(child.env(CHILD, "1"), name_of(&body));
}

/// Says that the body was there and ran, whatever the harness prints.
#[allow(clippy::print_stdout, reason = "the test's own process reads it")]
fn done() {
    println!("{DONE}");
}

fn run(child: &mut Command, name: &str) {
    let child = child.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    let output = child.args(["--exact", name, "--nocapture"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    // The second half: a name that matches no test would succeed as well.
    assert!(
        output.status.success() && said.contains(DONE),
        "{name} in its session:\n{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// `all::module::the_test::{{closure}}` → `module::the_test`.
fn name_of<F>(_: &F) -> &'static str {
    let name = std::any::type_name::<F>();
    name.trim_end_matches("::{{closure}}").split_once("::").unwrap().1
}
