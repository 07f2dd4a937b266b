//! Variables that the webview obeys, set right before it exists.

use std::ffi::OsStr;

use studio::Sandbox;

use crate::Build;

/// The runtime lets any program drive a page that was started with this.
const AUTOMATION: &str = "TAURI_WEBVIEW_AUTOMATION";

/// Must come first in `main`. Says how the page will be kept apart.
pub(crate) fn prepare(build: &Build) -> Sandbox {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    wiping::begin();
    if !build.driven {
        remove(AUTOMATION);
    }
    #[cfg(target_os = "linux")]
    {
        sandbox::turn_on()
    }
    // WebView2 and WKWebView always run pages in one.
    #[cfg(not(target_os = "linux"))]
    Sandbox::On
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

    use studio::Sandbox;

    const FORCE: &str = "WEBKIT_FORCE_SANDBOX";

    pub(super) fn turn_on() -> Sandbox {
        match std::env::var_os(FORCE) {
            // Somebody decided it already; WebKit takes all but `0` for yes, and ends the program where it can't.
            Some(said) if said == "0" => return Sandbox::Refused,
            Some(_) => return Sandbox::On,
            None => {}
        }
        match (runs("xdg-dbus-proxy", &["--version"]), runs("bwrap", TRIAL)) {
            (Some(true), Some(true)) => {
                super::set(FORCE, "1");
                Sandbox::On
            }
            (None, _) | (_, None) => Sandbox::NotInstalled,
            _ => Sandbox::Refused,
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

    /// Whether it ends well; `None` when it is not there.
    fn runs(program: &str, arguments: &[&str]) -> Option<bool> {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().ok().map(|status| status.success())
    }
}

/// What the toolkit and the webview free in this process is to be wiped as well; `memory::harden` asks for it, and two
/// caches of freed memory stand in the way that can be turned off only before a program begins. So it begins again.
/// The page's own process is started without: there WebKit's allocator is a defence of its own.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod wiping {
    use std::env;
    use std::os::unix::process::CommandExt as _;
    use std::process::Command;

    /// Settings of the GNU C library, read when a program begins. Source: its manual, "Tunables".
    const TUNABLES: &str = "GLIBC_TUNABLES";

    /// Small pieces of freed memory are kept aside as they are unless there is no place for them.
    const NO_CACHE: &str = "glibc.malloc.tcache_count=0";

    /// WebKit's allocator hands over to C's where this is set. Source: `Source/bmalloc/bmalloc/Environment.cpp`.
    const PLAIN: &str = "Malloc";

    pub(super) fn begin() {
        let said = env::var(TUNABLES).unwrap_or_default();
        if let Some(before) = said.strip_suffix(NO_CACHE) {
            // It has begun again. What it starts is not told.
            match before.trim_end_matches(':') {
                "" => super::remove(TUNABLES),
                before => super::set(TUNABLES, before),
            }
            super::remove(PLAIN);
            return;
        }
        let tunables = if said.is_empty() { NO_CACHE.to_owned() } else { format!("{said}:{NO_CACHE}") };
        let mut arguments = env::args_os();
        let (Some(name), Ok(program)) = (arguments.next(), env::current_exe()) else { return };
        // It comes back only when that was not possible, and then goes on as it is.
        let _ =
            Command::new(program).arg0(name).args(arguments).env(TUNABLES, tunables).env(PLAIN, "1").exec();
    }
}
