//! The program itself, as somebody who runs it meets it.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::{Value, json};

/// How long something may take before a test gives up on it.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub struct Program {
    child: Child,
    pub address: String,
    lines: mpsc::Receiver<String>,
}

impl Program {
    pub fn start(data: &Path, more: &[&str]) -> Self {
        let log = fs::File::options().create(true).append(true).open(data.join("log")).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_zimage-server"))
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(data.join("data"))
            .args(more)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let (said, lines) = mpsc::channel();
        let out = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| said.send(line)));
        let first = lines.recv_timeout(PATIENCE).unwrap();
        let address = first.strip_prefix("listening on http://").unwrap().to_owned();
        Self { child, address, lines }
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
             connection: close\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or(Value::Null))
    }

    /// The codes that it prints for so many addresses.
    pub fn codes(&self, most: usize) -> HashMap<String, String> {
        let (mut codes, mut to) = (HashMap::new(), String::new());
        while codes.len() < most {
            let line = self.wait_for(|_| true);
            if let Some(address) = line.strip_prefix("To: ") {
                to = address.to_owned();
            } else if line.starts_with("    ") && line.trim().len() == 9 && line.contains('-') {
                codes.insert(to.clone(), line.trim().to_owned());
            }
        }
        codes
    }

    pub fn wait_for(&self, what: impl Fn(&str) -> bool) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap();
            if what(&line) {
                return line;
            }
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Without a word of warning.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn end(mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn challenge() -> String {
    json!({"purpose": "register", "email": "hana@example.com", "locale": "ja"}).to_string()
}

#[test]
fn alone_it_starts_works_prints_its_mails_and_ends_when_it_is_told_to() {
    let dir = tempfile::tempdir().unwrap();
    let program = Program::start(dir.path(), &[]);
    let key = program.ask("GET", "/v1/service", "").1["server_key"].clone();
    let (status, answer) = program.ask("POST", "/v1/email-challenges", &challenge());
    assert_eq!(status, 202, "{answer}");
    assert_eq!(program.wait_for(|line| line.starts_with("To: ")), "To: hana@example.com");
    let is_code = |line: &str| line.starts_with("    ") && line.trim().len() == 9 && line.contains('-');
    let code = program.wait_for(is_code).trim().to_owned();
    let path = format!("/v1/email-challenges/{}/verify", answer["challenge_id"].as_str().unwrap());
    let (status, answer) = program.ask("POST", &path, &json!({"code": code}).to_string());
    assert_eq!(status, 200, "{answer}");
    assert_eq!(program.end(), Some(0));
    // It is the same service when it comes back.
    let program = Program::start(dir.path(), &[]);
    assert_eq!(program.ask("GET", "/v1/service", "").1["server_key"], key);
    drop(program);
    let log = fs::read_to_string(dir.path().join("log")).unwrap();
    assert!(log.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{log}");
    assert!(log.contains("/v1/email-challenges/{id}/verify"), "{log}");
    for word in ["hana", "example.com", "127.0.0.1", &code, &code.replace('-', ""), "zis_t_"] {
        assert!(!log.contains(word), "{word} in {log}");
    }
}

#[test]
fn a_backup_is_made_while_it_runs_and_is_a_service_again() {
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let program = Program::start(dir.path(), &[]);
    let (_, answer) = program.ask("POST", "/v1/email-challenges", &challenge());
    let code = program.codes(1).remove("hana@example.com").unwrap();
    let data = other.path().join("data");
    fs::create_dir(&data).unwrap();
    let backup = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zimage-server"));
        command.arg("--data").arg(dir.path().join("data")).arg("--backup").arg(data.join("accounts.db"));
        command.output().unwrap()
    };
    assert!(backup().status.success());
    let again = backup();
    let said = String::from_utf8(again.stderr).unwrap();
    assert!(again.status.code() == Some(1) && said.starts_with("zimage-server: the backup"), "{said}");
    drop(program);
    fs::copy(dir.path().join("data/keys.json"), data.join("keys.json")).unwrap();
    let restored = Program::start(other.path(), &[]);
    let path = format!("/v1/email-challenges/{}/verify", answer["challenge_id"].as_str().unwrap());
    let (status, answer) = restored.ask("POST", &path, &json!({"code": code}).to_string());
    assert_eq!(status, 200, "{answer}");
}

#[test]
fn accounts_without_their_key_file_are_not_served_with_another() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let program = Program::start(dir.path(), &["--behind-proxy"]);
    let (email, ticket) = crate::persons::tickets(&program, 1).remove(0);
    let mut person = crate::persons::Person::new(email, ticket);
    person.live(&crate::patience::Straight(&program));
    assert!(person.made);
    drop(program);
    fs::remove_file(data.join("keys.json")).unwrap();
    let mut again = Command::new(env!("CARGO_BIN_EXE_zimage-server"));
    let out = again.args(["--listen", "127.0.0.1:0", "--data"]).arg(&data).output().unwrap();
    let said = String::from_utf8(out.stderr).unwrap();
    assert!(out.status.code() == Some(1) && said.contains("key file is missing"), "{said}");
    assert!(!data.join("keys.json").exists());
}

/// A mail server that takes one mail and gives what it got.
fn mail_server() -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let (said, mails) = mpsc::channel();
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut out = stream.try_clone().unwrap();
        let mut mail = String::new();
        let mut in_data = false;
        out.write_all(b"220 test\r\n").unwrap();
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let answer: &[u8] = match line.get(..4) {
                _ if in_data && line == "." => {
                    in_data = false;
                    said.send(std::mem::take(&mut mail)).unwrap();
                    b"250 taken\r\n"
                }
                _ if in_data => {
                    mail.push_str(&line);
                    mail.push('\n');
                    continue;
                }
                Some("DATA") => {
                    in_data = true;
                    b"354 go on\r\n"
                }
                Some("QUIT") => b"221 bye\r\n",
                _ => b"250 ok\r\n",
            };
            out.write_all(answer).unwrap();
        }
    });
    (url, mails)
}

#[test]
fn mails_go_to_the_mail_server_in_the_persons_language_with_no_link() {
    let (url, mails) = mail_server();
    let dir = tempfile::tempdir().unwrap();
    let program =
        Program::start(dir.path(), &["--smtp", &url, "--mail-from", "Z-Image <account@z-image.example>"]);
    assert_eq!(program.ask("POST", "/v1/email-challenges", &challenge()).0, 202);
    let mail = mails.recv_timeout(PATIENCE).unwrap();
    assert!(mail.contains("To: hana@example.com") && mail.contains("account@z-image.example"), "{mail}");
    assert!(mail.contains("text/plain; charset=utf-8"), "{mail}");
    assert!(!mail.contains("http"), "{mail}");
}

#[test]
fn what_it_can_not_work_with_is_said_in_a_line() {
    let dir = tempfile::tempdir().unwrap();
    let run = |more: &[&str]| {
        let out = Command::new(env!("CARGO_BIN_EXE_zimage-server"))
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(dir.path())
            .args(more)
            .output()
            .unwrap();
        assert_eq!(out.status.code(), Some(1), "{more:?}");
        let said = String::from_utf8(out.stderr).unwrap();
        assert!(said.starts_with("zimage-server: ") && said.lines().count() == 1, "{said}");
        said
    };
    assert!(run(&["--smtp", "not a url"]).contains("mail server"));
    assert!(run(&["--notice", "no such version!"]).contains("notice"));
    assert!(run(&["--keys", "{\"secret\": \"marker\"}"]).contains("keys of the environment"));
    let busy = TcpListener::bind("127.0.0.1:0").unwrap();
    assert!(run(&["--listen", &busy.local_addr().unwrap().to_string()]).contains("can't listen"));
    let unreachable = run(&["--database", "postgres://user:marker@127.0.0.1:1/x"]);
    assert!(unreachable.contains("database") && !unreachable.contains("marker"), "{unreachable}");
    fs::write(dir.path().join("keys.json"), "{}").unwrap();
    assert!(run(&[]).contains("key file"));
}
