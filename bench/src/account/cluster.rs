//! A PostgreSQL of our own: Debian's programs, a folder for this run, no port but a socket in it, never as root.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

/// How long it may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that runs until this is dropped.
pub struct Cluster {
    folder: PathBuf,
    /// Its input is a pipe whose end tells the shell to stop the server and take its folder away.
    shell: Child,
}

/// The newest of the server's programs that are installed.
fn programs() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut versions: Vec<PathBuf> = folders.flatten().map(|entry| entry.path().join("bin")).collect();
    versions.retain(|folder| folder.join("initdb").is_file());
    versions.sort();
    versions.pop()
}

/// The server refuses to run as root: then it is somebody else.
fn unprivileged(program: &str) -> Command {
    #[cfg(unix)]
    let is_root =
        fs::metadata("/proc/self").is_ok_and(|data| std::os::unix::fs::MetadataExt::uid(&data) == 0);
    #[cfg(not(unix))]
    let is_root = false;
    let mut command = if is_root {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups", program]);
        command
    } else {
        Command::new(program)
    };
    command.current_dir("/");
    command
}

impl Cluster {
    /// Starts one; `None` where it is not installed.
    pub fn start() -> Result<Option<Self>> {
        programs().map(|programs| Self::of(&programs)).transpose()
    }

    fn of(programs: &Path) -> Result<Self> {
        let made = unprivileged("mktemp").args(["-d", "/tmp/zimage-pg-XXXXXXXX"]).output()?;
        let folder = PathBuf::from(String::from_utf8(made.stdout)?.trim());
        let initialised = unprivileged(&programs.join("initdb").to_string_lossy())
            .args(["--no-sync", "--auth=trust", "--username=zimage", "--encoding=UTF8", "--locale=C", "-D"])
            .arg(folder.join("data"))
            .output()?;
        ensure!(initialised.status.success(), "initdb: {}", String::from_utf8_lossy(&initialised.stderr));
        // Debian's settings but for the log's room: filling the tables would begin a checkpoint every few seconds. Signals
        // to the whole group, such as Ctrl-C, must not keep the shell from taking the folder away.
        let script = format!(
            "trap '' INT TERM HUP; '{0}/postgres' -D '{1}/data' -k '{1}' -c listen_addresses= -c max_wal_size=8GB \
             -c checkpoint_timeout=30min >'{1}/log' 2>&1 & server=$!; read end; kill -INT $server; \
             wait $server; rm -rf '{1}'",
            programs.display(),
            folder.display()
        );
        let shell = unprivileged("sh")
            .args(["-c", &script])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let cluster = Self { folder, shell };
        let start = Instant::now();
        while postgres::Client::connect(&cluster.url("postgres"), postgres::NoTls).is_err() {
            ensure!(start.elapsed() < PATIENCE, "PostgreSQL does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(cluster)
    }

    fn url(&self, database: &str) -> String {
        format!("host={} user=zimage dbname={database}", self.folder.display())
    }

    /// Makes a new database and gives its URL.
    pub fn database(&self, name: &str) -> Result<String> {
        let mut client = postgres::Client::connect(&self.url("postgres"), postgres::NoTls)?;
        client
            .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0"))
            .context("no new database")?;
        Ok(self.url(name))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}
