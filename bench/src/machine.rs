//! What the figures were measured on. **Invariant:** no host name, no user name, no path.

use std::fs;
use std::num::NonZero;
use std::process::Command;

use serde_json::{Value, json};

/// Processor, memory, file system, and the versions of what took part.
pub fn facts() -> Value {
    json!({
        "cpu": field("/proc/cpuinfo", "model name"),
        "cores": std::thread::available_parallelism().map_or(1, NonZero::get),
        "memory": field("/proc/meminfo", "MemTotal"),
        "system": std::env::consts::OS,
        "kernel": fs::read_to_string("/proc/sys/kernel/osrelease").ok().map(|text| text.trim().to_owned()),
        "file_system": output("stat", &["-f", "-c", "%T", &std::env::temp_dir().to_string_lossy()]),
        "rustc": output("rustc", &["--version"]),
        "sqlite": rusqlite::version(),
        "postgres": output("psql", &["--version"]),
        "vips": output("vips", &["--version"]),
        "rg": output("rg", &["--version"]),
        "zip": output("zip", &["--version"]).filter(|line| line.contains("Info-ZIP")),
    })
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// The first line that a program says.
fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.lines().next()?.trim().to_owned())
}
