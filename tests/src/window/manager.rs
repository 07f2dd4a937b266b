//! A display as on a desktop: a window manager decides which window is in front and which has the keyboard.

use std::process::Stdio;
use std::time::{Duration, Instant};

use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt as _, CreateWindowAux, EventMask, PropMode, Window,
    WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;
use x11rb::{COPY_DEPTH_FROM_PARENT, NONE};

use super::process::Running;
use super::wait::{until, until_or};
use super::{Display, Home};

/// A running window manager, and an eye on what it does. The names are those of the desktops' common specification
/// (EWMH).
pub struct WindowManager {
    connection: RustConnection,
    root: Window,
    _manager: Running,
}

impl WindowManager {
    /// Starts one that is light, and waits until it manages the display.
    ///
    /// # Panics
    /// If `openbox` is not installed or does not start.
    pub fn start(display: &Display, home: &Home) -> Self {
        let mut command = home.command("openbox", display);
        let quiet =
            command.arg("--sm-disable").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let manager = Running::start(quiet);
        let (connection, screen) = x11rb::connect(Some(display.name())).unwrap();
        let root = connection.setup().roots[screen].root;
        let this = Self { connection, root, _manager: manager };
        until("the window manager", || this.windows(this.root, "_NET_SUPPORTING_WM_CHECK").first().copied());
        this
    }

    fn atom(&self, name: &str) -> u32 {
        self.connection.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom
    }

    /// A list of numbers that a window, or the display, has by this name.
    fn windows(&self, of: Window, property: &str) -> Vec<u32> {
        let property = self.atom(property);
        let asked = self.connection.get_property(false, of, property, AtomEnum::ANY, 0, u32::MAX).unwrap();
        // A window may be gone by now.
        let Ok(answer) = asked.reply() else { return Vec::new() };
        answer.value32().into_iter().flatten().collect()
    }

    /// Waits for the window with this title and gives its number.
    ///
    /// # Panics
    /// If it does not come.
    pub fn window(&self, title: &str) -> Window {
        until("the window", || self.titled(title).first().copied())
    }

    /// Waits for a second window with this title and gives its number.
    ///
    /// # Panics
    /// If it does not come.
    pub fn another(&self, title: &str, first: Window) -> Window {
        until("another window", || self.titled(title).into_iter().find(|window| *window != first))
    }

    /// Whether no other window has this title.
    pub fn is_alone(&self, title: &str, window: Window) -> bool {
        self.titled(title) == [window]
    }

    fn titled(&self, title: &str) -> Vec<Window> {
        let name = self.atom("_NET_WM_NAME");
        let is_it = |window: &Window| {
            let asked =
                self.connection.get_property(false, *window, name, AtomEnum::ANY, 0, u32::MAX).unwrap();
            asked.reply().is_ok_and(|answer| answer.value == title.as_bytes())
        };
        self.windows(self.root, "_NET_CLIENT_LIST").into_iter().filter(is_it).collect()
    }

    /// Lays another program's window over the whole display, with the keyboard.
    ///
    /// # Panics
    /// If the window manager does not show it.
    pub fn cover(&self) -> Window {
        let cover = self.connection.generate_id().unwrap();
        let (class, looks) =
            (WindowClass::INPUT_OUTPUT, CreateWindowAux::new().background_pixel(0x0040_4040));
        self.connection
            .create_window(COPY_DEPTH_FROM_PARENT, cover, self.root, 0, 0, 1400, 860, 0, class, NONE, &looks)
            .unwrap();
        let (name, text) = (self.atom("_NET_WM_NAME"), self.atom("UTF8_STRING"));
        self.connection.change_property8(PropMode::REPLACE, cover, name, text, b"Something else").unwrap();
        self.connection.map_window(cover).unwrap().check().unwrap();
        // A program that is just starting may come to the front after it.
        let comes = |_| {
            self.activate(cover);
            self.comes_to_front(cover)
        };
        assert!((0..5).any(comes), "it does not cover the display");
        cover
    }

    /// What a press on a taskbar asks for.
    pub fn activate(&self, window: Window) {
        self.tell(window, "_NET_ACTIVE_WINDOW", [2, 0, 0, 0, 0]);
    }

    /// What a press on the window's button for it asks for; waits until it is done.
    ///
    /// # Panics
    /// If the window manager does not do it.
    pub fn minimise(&self, window: Window) {
        // 3 is IconicState in the inter-client conventions.
        self.tell(window, "WM_CHANGE_STATE", [3, 0, 0, 0, 0]);
        until("the window to be minimised", || self.is_minimised(window).then_some(()));
    }

    /// Whether the window is minimised.
    pub fn is_minimised(&self, window: Window) -> bool {
        self.windows(window, "_NET_WM_STATE").contains(&self.atom("_NET_WM_STATE_HIDDEN"))
    }

    fn tell(&self, window: Window, what: &str, data: [u32; 5]) {
        let event = ClientMessageEvent::new(32, window, self.atom(what), data);
        let mask = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
        self.connection.send_event(false, self.root, mask, event).unwrap().check().unwrap();
    }

    /// Waits until the window lies over all others and has the keyboard.
    ///
    /// # Panics
    /// If it never does.
    pub fn is_in_front(&self, window: Window) {
        let front = || self.has_in_front(window).then_some(());
        until_or(front, || format!("window {window} in front; active and topmost are {:?}", self.front()));
    }

    /// As [`WindowManager::is_in_front`], but tells after some seconds that it is not.
    fn comes_to_front(&self, window: Window) -> bool {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(5) {
            if self.has_in_front(window) {
                return true;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    }

    fn has_in_front(&self, window: Window) -> bool {
        self.front() == (Some(window), Some(window)) && !self.is_minimised(window)
    }

    /// The window that has the keyboard, and the one over all others.
    fn front(&self) -> (Option<Window>, Option<Window>) {
        let active = self.windows(self.root, "_NET_ACTIVE_WINDOW");
        let stack = self.windows(self.root, "_NET_CLIENT_LIST_STACKING");
        (active.first().copied(), stack.last().copied())
    }
}
