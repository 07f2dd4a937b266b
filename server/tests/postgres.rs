//! A PostgreSQL of our own: Debian's programs, a folder for this run, no port but a socket in it, never as root.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

struct Cluster {
    folder: PathBuf,
    /// Holds the pipe whose end tells the shell to stop the server and take its folder away.
    _shell: Child,
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
            "'{0}/postgres' -D '{1}/data' -k '{1}' -c listen_addresses= -c fsync=off -c max_connections=200 \
             >'{1}/log' 2>&1 & server=$!; read end; kill -QUIT $server; wait $server; rm -rf '{1}'",
            programs.display(),
            folder.display()
        );
        let shell = unprivileged("sh")
            .args(["-c", &script])
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let cluster = Self { folder, _shell: shell };
        let start = Instant::now();
        while postgres::Client::connect(&cluster.url("postgres"), postgres::NoTls).is_err() {
            assert!(start.elapsed() < Duration::from_secs(60), "PostgreSQL does not start");
            std::thread::yield_now();
        }
        cluster
    }

    fn url(&self, database: &str) -> String {
        format!("host={} user=zimage dbname={database}", self.folder.display())
    }
}

/// The URL of a new database, where PostgreSQL is installed.
pub fn database() -> Option<String> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let cluster = CLUSTER.get_or_init(|| programs().map(|programs| Cluster::start(&programs))).as_ref();
    let Some(cluster) = cluster else {
        assert!(std::env::var_os("ZIMAGE_REQUIRE_ALL").is_none(), "PostgreSQL is not installed");
        let _ = writeln!(std::io::stderr(), "skipped: PostgreSQL is not installed");
        return None;
    };
    let name = format!("t{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let mut client = postgres::Client::connect(&cluster.url("postgres"), postgres::NoTls).unwrap();
    client.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0")).unwrap();
    Some(cluster.url(&name))
}
