//! A network namespace without any network, and the kernel's own count of what a program tried in it.

use std::ffi::OsStr;
use std::fs;
use std::process::Command;

use super::{Display, Home};

/// The program, to be started where there is no network: not even the loopback is up. The process stays the same one.
pub fn command(home: &Home, display: &Display, program: impl AsRef<OsStr>) -> Command {
    let mut command = home.command("unshare", display);
    if !rustix::process::geteuid().is_root() {
        command.arg("--map-root-user");
    }
    command.args(["--net", "--"]).arg(program.as_ref());
    command
}

/// What happened in the network namespace of a process, as the kernel counts it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Packets made, packets for which there was no way, connections begun and taken: by name, only those that are
    /// not zero.
    pub counted: Vec<(String, u64)>,
    /// Sockets there are now, a line each.
    pub sockets: Vec<String>,
}

/// Counters of `/proc/net/snmp` that rise when a program tries to send or to be reached.
const WATCHED: &[&str] = &[
    "Ip.OutRequests",
    "Ip.OutNoRoutes",
    "Tcp.ActiveOpens",
    "Tcp.PassiveOpens",
    "Tcp.OutSegs",
    "Udp.OutDatagrams",
    "Ip6OutRequests",
    "Ip6OutNoRoutes",
    "Udp6OutDatagrams",
];

/// Looks.
///
/// # Panics
/// If the process is gone.
pub fn traffic(pid: u32) -> Traffic {
    let read = |name: &str| fs::read_to_string(format!("/proc/{pid}/net/{name}")).unwrap_or_default();
    let four = fs::read_to_string(format!("/proc/{pid}/net/snmp")).expect("the process runs");
    let mut counters = pairs(&four);
    for line in read("snmp6").lines() {
        if let Some((name, count)) = line.split_once(char::is_whitespace) {
            counters.push((name.to_owned(), count.trim().parse().unwrap_or(0)));
        }
    }
    counters.retain(|(name, count)| *count > 0 && WATCHED.contains(&name.as_str()));
    let tables = ["tcp", "tcp6", "udp", "udp6", "raw", "raw6"];
    let sockets =
        tables.iter().flat_map(|table| read(table).lines().skip(1).map(str::to_owned).collect::<Vec<_>>());
    Traffic { counted: counters, sockets: sockets.collect() }
}

/// A line of names, then a line of numbers, for each protocol.
fn pairs(text: &str) -> Vec<(String, u64)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for pair in lines.chunks_exact(2) {
        let (Some((protocol, names)), Some((_, numbers))) =
            (pair[0].split_once(':'), pair[1].split_once(':'))
        else {
            continue;
        };
        for (name, number) in names.split_whitespace().zip(numbers.split_whitespace()) {
            found.push((format!("{protocol}.{name}"), number.parse().unwrap_or(0)));
        }
    }
    found
}
