//! As much of the W3C WebDriver protocol as the journeys need, spoken to WebKit's own driver.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::process::Running;
use super::wait::{PATIENCE, until};

/// The key that names an element in the protocol.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A page that is driven. Its driver and its program end when it is dropped.
pub struct Session {
    agent: ureq::Agent,
    address: String,
    driver: Running,
    open: bool,
}

/// Something on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element(String);

impl Session {
    /// Starts the driver, prepared as `command`; the driver starts the program in the same environment.
    ///
    /// # Panics
    /// If one of them does not start.
    pub fn start(command: Command, program: &Path, arguments: &[String]) -> Self {
        Self::try_start(command, program, arguments, PATIENCE)
            .unwrap_or_else(|error| panic!("no session: {error}"))
    }

    /// As [`Session::start`], for a program that may not let itself be driven: the driver waits for it without end,
    /// this waits for the driver no longer than `patience`.
    ///
    /// # Errors
    /// What the driver says.
    ///
    /// # Panics
    /// If the driver does not start.
    pub fn try_start(
        mut command: Command,
        program: &Path,
        arguments: &[String],
        patience: Duration,
    ) -> Result<Self, String> {
        let port = free_port();
        command.arg(format!("--port={port}")).stdin(Stdio::null()).env("TAURI_WEBVIEW_AUTOMATION", "true");
        let driver = Running::start(&mut command);
        until("the driver", || TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok());
        let address = format!("http://127.0.0.1:{port}");
        let mut session = Self { agent: agent(patience), address, driver, open: false };
        let options = json!({ "binary": program.to_str().unwrap(), "args": arguments });
        let wanted = json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": options } } });
        let made = session.try_ask("session", &wanted)?;
        let id = made["sessionId"].as_str().ok_or("no session")?;
        session.address = format!("{}/session/{id}", session.address);
        session.agent = agent(PATIENCE);
        session.open = true;
        Ok(session)
    }

    /// The driver's process; the program's is its child.
    pub fn driver(&self) -> u32 {
        self.driver.pid()
    }

    /// Closes the window.
    pub fn close(&mut self) {
        if self.open {
            self.open = false;
            // The program may have ended already.
            let _ = self.agent.delete(&self.address).call();
        }
    }

    fn ask(&self, path: &str, body: &Value) -> Value {
        self.try_ask(path, body).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn try_ask(&self, path: &str, body: &Value) -> Result<Value, String> {
        let response = self.agent.post(format!("{}/{path}", self.address)).send_json(body);
        answer(response)
    }

    /// Runs a script in the page; the first argument is `arguments[0]`.
    ///
    /// # Panics
    /// If it throws.
    pub fn run(&self, script: &str, arguments: &[Value]) -> Value {
        self.ask("execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// Runs the body of an async function in the page and gives what it returns, or throws as text.
    ///
    /// # Errors
    /// What it threw.
    pub fn run_async(&self, script: &str, arguments: &[Value]) -> Result<Value, Value> {
        let script = format!(
            "const done = arguments[arguments.length - 1]; const given = [...arguments].slice(0, -1);
             (async function () {{ {script} }}).apply(null, given)
               .then((ok) => done({{ ok }}), (error) => done({{ error: error?.code ?? String(error) }}));"
        );
        let mut answer = self.ask("execute/async", &json!({ "script": script, "args": arguments }));
        match answer.get_mut("error") {
            Some(error) => Err(error.take()),
            None => Ok(answer["ok"].take()),
        }
    }

    /// Runs a script that gives an element or null.
    pub fn element(&self, script: &str, arguments: &[Value]) -> Option<Element> {
        let found = self.try_ask("execute/sync", &json!({ "script": script, "args": arguments })).ok()?;
        found[ELEMENT].as_str().map(|id| Element(id.to_owned()))
    }

    /// The element as an argument of a script.
    pub fn argument(element: &Element) -> Value {
        json!({ ELEMENT: element.0 })
    }

    /// Clicks with the pointer in the middle of the element.
    ///
    /// # Errors
    /// The driver's word, for instance when something else is in the way.
    pub fn click(&self, element: &Element) -> Result<(), String> {
        self.try_ask(&format!("element/{}/click", element.0), &json!({})).map(drop)
    }

    /// Types into an element.
    ///
    /// # Panics
    /// If it can't be typed into.
    pub fn type_into(&self, element: &Element, text: &str) {
        self.ask(&format!("element/{}/value", element.0), &json!({ "text": text }));
    }

    /// Presses keys one after another, wherever the focus is. Named keys are the protocol's characters; see [`key`].
    pub fn press(&self, keys: &str) {
        self.chord("", keys);
    }

    /// Presses keys while others are held.
    pub fn chord(&self, held: &str, keys: &str) {
        let stroke = |kind: &str, key: char| json!({ "type": kind, "value": key.to_string() });
        let mut actions: Vec<Value> = held.chars().map(|key| stroke("keyDown", key)).collect();
        for key in keys.chars() {
            actions.extend([stroke("keyDown", key), stroke("keyUp", key)]);
        }
        actions.extend(held.chars().map(|key| stroke("keyUp", key)));
        self.ask("actions", &json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] }));
    }

    /// What the window shows, as PNG, once it has painted.
    ///
    /// # Panics
    /// If the driver gives none.
    pub fn screenshot(&self) -> Vec<u8> {
        self.run_async(
            "await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));",
            &[],
        )
        .unwrap();
        let response = self.agent.get(format!("{}/screenshot", self.address)).call();
        STANDARD.decode(answer(response).unwrap().as_str().unwrap()).unwrap()
    }

    /// Makes the window this large, in CSS pixels.
    pub fn resize(&self, width: u32, height: u32) {
        self.ask("window/rect", &json!({ "x": 0, "y": 0, "width": width, "height": height }));
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.close();
    }
}

fn agent(patience: Duration) -> ureq::Agent {
    let config = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(patience));
    config.build().into()
}

fn answer(response: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Value, String> {
    let mut response = response.map_err(|error| error.to_string())?;
    let read = response.body_mut().with_config().limit(64 << 20).read_json::<Value>();
    let mut body = read.map_err(|error| error.to_string())?;
    let value = body["value"].take();
    match value.get("error") {
        Some(error) if !response.status().is_success() => Err(format!("{error}: {}", value["message"])),
        _ => Ok(value),
    }
}

/// The driver does not take port 0.
fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// Keys without a letter, as the protocol names them.
pub mod key {
    /// Enter.
    pub const ENTER: &str = "\u{E007}";
    /// Escape.
    pub const ESCAPE: &str = "\u{E00C}";
    /// Tab.
    pub const TAB: &str = "\u{E004}";
    /// Delete.
    pub const DELETE: &str = "\u{E017}";
    /// Backspace.
    pub const BACKSPACE: &str = "\u{E003}";
    /// Control, to be held.
    pub const CONTROL: &str = "\u{E009}";
    /// Shift, to be held.
    pub const SHIFT: &str = "\u{E008}";
    /// To the end.
    pub const END: &str = "\u{E010}";
    /// To the beginning.
    pub const HOME: &str = "\u{E011}";
    /// Arrow to the right.
    pub const RIGHT: &str = "\u{E014}";
    /// Arrow to the left.
    pub const LEFT: &str = "\u{E012}";
}
