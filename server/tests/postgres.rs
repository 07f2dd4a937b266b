//! A PostgreSQL of our own: Debian's programs, a folder for this run, no port but a socket in it, never as root.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

pub struct Cluster {
    folder: PathBuf,
    /// Holds the pipe whose end tells the shell to stop the server and take its folder away.
    shell: Child,
    databases: AtomicUsize,
}

/// The newest of the server's programs that are installed.
fn programs() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> =
        fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|entry| entry.path().join("bin")).collect();
    versions.retain(|folder| folder.join("initdb").is_file());
    versions.sort();
    versions.pop()
}

/// The server refuses to run as root: then it is somebody else.
fn unprivileged(program: &str) -> Command {
    let is_root =
        fs::metadata("/proc/self").is_ok_and(|data| std::os::unix::fs::MetadataExt::uid(&data) == 0);
    if !is_root {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups", program]);
    command
}

impl Cluster {
    fn start(programs: &Path) -> Self {
        let made = unprivileged("mktemp").args(["-d", "/tmp/zimage-pg-XXXXXXXX"]).output().unwrap();
        let folder = PathBuf::from(String::from_utf8(made.stdout).unwrap().trim());
        let data = folder.join("data");
        let initialised = unprivileged(programs.join("initdb").to_str().unwrap())
            .args(["--no-sync", "--auth=trust", "--username=zimage", "--encoding=UTF8", "--locale=C", "-D"])
            .arg(&data)
            .current_dir("/")
            .output()
            .unwrap();
        assert!(initialised.status.success(), "{}", String::from_utf8_lossy(&initialised.stderr));
        let script = format!(
            "up() {{ '{0}/postgres' -D '{1}/data' -k '{1}' -c listen_addresses= -c fsync=off -c max_connections=200 \
               >>'{1}/log' 2>&1 & server=$!; }}
             up
             while read word; do
               if [ $word = up ]; then up; else kill -$word $server; wait $server; echo; fi
             done
             kill -QUIT $server; wait $server; rm -rf '{1}'",
            programs.display(),
            folder.display()
        );
        let shell = unprivileged("sh")
            .args(["-c", &script])
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let cluster = Self { folder, shell, databases: AtomicUsize::new(0) };
        cluster.is_up();
        cluster
    }

    fn is_up(&self) {
        let start = Instant::now();
        while postgres::Client::connect(&self.url("postgres"), postgres::NoTls).is_err() {
            assert!(start.elapsed() < Duration::from_secs(60), "PostgreSQL does not start");
            std::thread::yield_now();
        }
    }

    /// One that the test may stop, where PostgreSQL is installed.
    pub fn of_its_own() -> Option<Self> {
        installed().map(|programs| Self::start(&programs))
    }

    /// Ends the server with a signal, and is back when it is gone: `INT` breaks all connections off, `QUIT` is its crash.
    pub fn stop(&mut self, signal: &str) {
        writeln!(self.shell.stdin.as_mut().unwrap(), "{signal}").unwrap();
        self.shell.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
    }

    /// Starts it again on what it had.
    pub fn start_again(&mut self) {
        writeln!(self.shell.stdin.as_mut().unwrap(), "up").unwrap();
        self.is_up();
    }

    /// The URL of a new database.
    pub fn database(&self) -> String {
        let name = format!("t{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let mut client = postgres::Client::connect(&self.url("postgres"), postgres::NoTls).unwrap();
        client.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0")).unwrap();
        self.url(&name)
    }

    fn url(&self, database: &str) -> String {
        format!("host={} user=zimage dbname={database}", self.folder.display())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

/// The server's programs, where they are installed.
fn installed() -> Option<PathBuf> {
    let found = programs();
    if found.is_none() {
        assert!(std::env::var_os("ZIMAGE_REQUIRE_ALL").is_none(), "PostgreSQL is not installed");
        let _ = writeln!(std::io::stderr(), "skipped: PostgreSQL is not installed");
    }
    found
}

/// The URL of a new database on a server that all tests share, where PostgreSQL is installed.
pub fn database() -> Option<String> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    CLUSTER.get_or_init(Cluster::of_its_own).as_ref().map(Cluster::database)
}

/// Looks whether something is in a database's tables that may never be there.
pub fn never(url: &str) {
    let mut client = postgres::Client::connect(url, postgres::NoTls).unwrap();
    for (what, sql) in crate::persons::NEVER {
        let counted: i64 = client.query_one(&format!("SELECT ({sql})::bigint"), &[]).unwrap().get(0);
        assert_eq!(counted, 0, "{what}");
    }
}
