//! Variables that the webview obeys, set right before it exists.

use std::ffi::OsStr;

use crate::Build;

/// The runtime lets any program drive a page that was started with this.
const AUTOMATION: &str = "TAURI_WEBVIEW_AUTOMATION";

/// Must come first in `main`.
pub(crate) fn prepare(build: &Build) {
    if !build.driven {
        remove(AUTOMATION);
    }
    #[cfg(target_os = "linux")]
    sandbox::turn_on();
}

fn remove(name: &str) {
    // SAFETY: called first in `main`, while this is the only thread.
    #[allow(unsafe_code, reason = "the runtime reads the variable itself")]
    unsafe {
        std::env::remove_var(name);
    }
}

#[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "only WebKitGTK is told by variables"))]
fn set(name: &str, value: impl AsRef<OsStr>) {
    // SAFETY: called first in `main`, while this is the only thread.
    #[allow(unsafe_code, reason = "WebKitGTK reads the variable itself")]
    unsafe {
        std::env::set_var(name, value);
    }
}

/// WebKitGTK runs the page's process in a sandbox of its own when it is told to; it needs two programs for it and
/// ends this one when they can't work. So it is told only after a trial.
#[cfg(target_os = "linux")]
mod sandbox {
    use std::process::{Command, Stdio};

    const FORCE: &str = "WEBKIT_FORCE_SANDBOX";

    pub(super) fn turn_on() {
        let said = std::env::var_os(FORCE).is_some();
        if !said && runs("xdg-dbus-proxy", &["--version"]) && runs("bwrap", TRIAL) {
            super::set(FORCE, "1");
        }
    }

    /// The namespaces that WebKitGTK asks for.
    const TRIAL: &[&str] = &[
        "--ro-bind",
        "/",
        "/",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--unshare-all",
        "--die-with-parent",
        "--",
        "true",
    ];

    fn runs(program: &str, arguments: &[&str]) -> bool {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }
}
