//! Keys and eyes from outside the program, for the shipped build, which lets no driver in.

use std::process::{Command, Stdio};

use x11rb::protocol::xproto::{ClientMessageEvent, ConnectionExt as _, EventMask};

use super::Display;
use super::wait::until;

/// A person at the display: sees the screen, presses keys.
pub struct Hands<'a> {
    display: &'a Display,
    window: String,
}

impl<'a> Hands<'a> {
    /// Waits for the window and gives it the keyboard: the bare display has nobody else who would.
    ///
    /// # Panics
    /// If no window comes, or `xdotool` is not installed.
    pub fn on_window(display: &'a Display, title: &str) -> Self {
        let window = until("the window", || find(display, title));
        said(xdotool(display).args(["windowfocus", "--sync", &window]));
        Self { display, window }
    }

    /// On a window that has the keyboard already.
    pub fn on(display: &'a Display, window: u32) -> Self {
        Self { display, window: window.to_string() }
    }

    /// Whether a window of this title is on the screen.
    pub fn sees_window(display: &Display, title: &str) -> bool {
        find(display, title).is_some()
    }

    /// The window's title.
    pub fn title(&self) -> String {
        said(xdotool(self.display).args(["getwindowname", &self.window])).trim().to_owned()
    }

    /// Asks the window to close, as its own button does.
    ///
    /// # Panics
    /// If the display is gone.
    pub fn closes_it(&self) {
        let (connection, _) = x11rb::connect(Some(self.display.name())).unwrap();
        let atom = |name: &str| connection.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom;
        let window = self.window.parse().unwrap();
        let data = [atom("WM_DELETE_WINDOW"), 0, 0, 0, 0];
        let message = ClientMessageEvent::new(32, window, atom("WM_PROTOCOLS"), data);
        connection.send_event(false, window, EventMask::NO_EVENT, message).unwrap().check().unwrap();
    }

    /// The colour of the window's lowest left point, where only its background is.
    ///
    /// # Panics
    /// If ImageMagick is not installed.
    pub fn background(&self) -> [u8; 3] {
        let mut command = Command::new("import");
        command.args(["-silent", "-window", &self.window, "-gravity", "SouthWest", "-crop", "1x1+5+5"]);
        command.args(["-depth", "8", "rgb:-"]).env("DISPLAY", self.display.name());
        let pixel = command.stderr(Stdio::null()).output().expect("imagemagick is installed").stdout;
        pixel.try_into().expect("one point of the window")
    }

    /// Presses a key or a chord, as in `ctrl+l`.
    pub fn press(&self, key: &str) {
        said(xdotool(self.display).args(["key", "--clearmodifiers", key]));
    }

    /// Types a text.
    pub fn write(&self, text: &str) {
        // What the keyboard lacks is laid on a key for a moment, and programs need that long to learn of it.
        let pace = if text.is_ascii() { "20" } else { "200" };
        said(xdotool(self.display).args(["type", "--clearmodifiers", "--delay", pace, text]));
    }

    /// Clicks at a place of the screen.
    pub fn click(&self, x: u32, y: u32) {
        said(xdotool(self.display).args([
            "mousemove",
            "--sync",
            &x.to_string(),
            &y.to_string(),
            "click",
            "1",
        ]));
    }

    /// How many pixels of the screen have a colour. All surfaces of the app are neutral greys; pictures are not.
    pub fn coloured_pixels(&self) -> usize {
        screen(self.display).chunks_exact(3).filter(|rgb| spread(rgb) > 40).count()
    }

    /// How many pixels of the screen are red, as what went wrong is.
    pub fn red_pixels(&self) -> usize {
        let is_red = |rgb: &&[u8]| rgb[0] > rgb[1].max(rgb[2]).saturating_add(60);
        screen(self.display).chunks_exact(3).filter(is_red).count()
    }
}

/// The visible window of this title, in whatever script: the tool's own search knows only one.
fn find(display: &Display, title: &str) -> Option<String> {
    let visible = said(xdotool(display).args(["search", "--onlyvisible", "--name", ""]));
    let is_it = |window: &&str| said(xdotool(display).args(["getwindowname", window])).trim() == title;
    visible.lines().find(is_it).map(str::to_owned)
}

/// All pixels of the display, three bytes each.
///
/// # Panics
/// If ImageMagick is not installed.
pub fn screen(display: &Display) -> Vec<u8> {
    let mut command = Command::new("import");
    command.args(["-silent", "-window", "root", "-depth", "8", "rgb:-"]).env("DISPLAY", display.name());
    let output = command.stderr(Stdio::null()).output().expect("imagemagick is installed");
    assert!(output.status.success(), "no picture of the screen");
    output.stdout
}

fn spread(rgb: &[u8]) -> u8 {
    rgb.iter().max().copied().unwrap_or(0) - rgb.iter().min().copied().unwrap_or(0)
}

fn xdotool(display: &Display) -> Command {
    let mut command = Command::new("xdotool");
    command.env("DISPLAY", display.name()).env("LC_ALL", "C.UTF-8");
    command
}

/// What it prints; nothing when it finds nothing.
fn said(command: &mut Command) -> String {
    let output = command.stderr(Stdio::null()).output().expect("xdotool is installed");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
