//! A server in a process of its own, and what the system knows of it.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::serve::{COMMAND, Order, Serving};

/// The unit in which Linux tells processor time to programs: a hundredth of a second, whatever the processor.
const TICK: Duration = Duration::from_millis(10);

/// A server. It ends when this is dropped, since its input ends.
pub struct Server {
    child: Child,
    input: Option<ChildStdin>,
    log: PathBuf,
    /// Where it listens.
    pub serving: Serving,
}

impl Server {
    /// Starts one; its log goes into a file in `dir`, which the system writes when it likes.
    pub fn start(dir: &Path, name: &str, order: &Order) -> Result<Self> {
        let log = dir.join(format!("{name}.log"));
        let mut child = Command::new(std::env::current_exe()?)
            .arg(COMMAND)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(&log)?)
            .spawn()?;
        let mut input = child.stdin.take().context("no input")?;
        writeln!(input, "{}", serde_json::to_string(order)?)?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
        let Ok(serving) = serde_json::from_str(&line) else {
            let said = fs::read_to_string(&log).unwrap_or_default();
            bail!("{name} did not start: {said}");
        };
        Ok(Self { child, input: Some(input), log, serving })
    }

    /// Processor time of all its threads so far, in the program and in the system, those that ended included.
    pub fn cpu(&self) -> Result<Duration> {
        let text = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The second field is the program's name in brackets and may hold anything.
        let (_, rest) = text.rsplit_once(')').context("no such line")?;
        let ticks = rest.split_whitespace().skip(11).take(2).map(str::parse::<u32>);
        Ok(TICK * ticks.sum::<Result<u32, _>>()?)
    }

    /// A line of its status, in MB.
    pub fn memory(&self, name: &str) -> Result<f64> {
        let text = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = text.lines().find(|line| line.starts_with(name)).context("no such line")?;
        let kib: f64 = line.split_whitespace().nth(1).context("no number")?.parse()?;
        Ok(kib * 1024.0 / 1e6)
    }

    /// Lines of its log that tell of an error.
    pub fn errors(&self) -> Result<usize> {
        Ok(fs::read_to_string(&self.log)?.lines().filter(|line| line.contains("\"ERROR\"")).count())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}
