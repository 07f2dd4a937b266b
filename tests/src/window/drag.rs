//! Files that are dragged over the window from another program, as a file manager does it: the source's side of XDND.
//! Source: <https://www.freedesktop.org/wiki/Specifications/XDND/>, version 5.

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt as _, CreateWindowAux, EventMask, MapState, PropMode,
    SELECTION_NOTIFY_EVENT, SelectionNotifyEvent, SelectionRequestEvent, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;
use x11rb::{COPY_DEPTH_FROM_PARENT, CURRENT_TIME, NONE};

use super::Display;
use super::wait::until;

const VERSION: u32 = 5;

x11rb::atom_manager! {
    /// Names of the protocol.
    Names: NamesCookie {
        XdndAware, XdndSelection, XdndEnter, XdndPosition, XdndStatus, XdndLeave, XdndDrop, XdndFinished,
        XdndActionCopy, TARGETS,
        URIS: b"text/uri-list",
    }
}

/// Files held over the middle of the window.
pub struct Drag {
    connection: RustConnection,
    names: Names,
    source: Window,
    target: Window,
    /// On the screen.
    middle: (i16, i16),
    uris: Vec<u8>,
    welcome: bool,
    finished: bool,
}

impl Drag {
    /// Takes the files over the app's window, and waits until the window says that it would have them.
    ///
    /// # Panics
    /// If there is no window that knows of drags, or it would not have them.
    pub fn over_the_window(display: &Display, paths: &[&Path]) -> Self {
        let (connection, screen) = x11rb::connect(Some(display.name())).unwrap();
        let root = connection.setup().roots[screen].root;
        let names = Names::new(&connection).unwrap().reply().unwrap();
        let source = connection.generate_id().unwrap();
        let (class, looks) = (WindowClass::INPUT_OUTPUT, CreateWindowAux::new());
        connection
            .create_window(COPY_DEPTH_FROM_PARENT, source, root, 0, 0, 1, 1, 0, class, 0, &looks)
            .unwrap()
            .check()
            .unwrap();
        connection.set_selection_owner(source, names.XdndSelection, CURRENT_TIME).unwrap().check().unwrap();
        let (target, middle) =
            until("a window that takes drags", || takes_drags(&connection, root, names.XdndAware));
        let uris = paths.iter().map(|path| uri(path)).collect::<String>().into_bytes();
        let mut drag =
            Self { connection, names, source, target, middle, uris, welcome: false, finished: false };
        drag.say(names.XdndEnter, [VERSION << 24, names.URIS, NONE, NONE]);
        let mut aside = 0;
        until("the window to welcome the files", || {
            // A hand is never quite still, and the page is asked at each movement.
            aside = 1 - aside;
            drag.moves(aside);
            drag.hears();
            drag.welcome.then_some(())
        });
        drag
    }

    /// Lets go of them, and waits until the window has taken them.
    ///
    /// # Panics
    /// If it does not.
    pub fn lets_go(mut self) {
        self.say(self.names.XdndDrop, [0, CURRENT_TIME, 0, 0]);
        until("the window to take the files", || {
            self.hears();
            self.finished.then_some(())
        });
    }

    /// Takes them away again.
    pub fn leaves(self) {
        self.say(self.names.XdndLeave, [0; 4]);
    }

    fn moves(&self, aside: i16) {
        let (x, y) = (self.middle.0 + aside, self.middle.1);
        let place = u32::from(x.cast_unsigned()) << 16 | u32::from(y.cast_unsigned());
        self.say(self.names.XdndPosition, [0, place, CURRENT_TIME, self.names.XdndActionCopy]);
    }

    /// A message of the protocol; all begin with who speaks.
    fn say(&self, kind: u32, [a, b, c, d]: [u32; 4]) {
        let message = ClientMessageEvent::new(32, self.target, kind, [self.source, a, b, c, d]);
        self.connection.send_event(false, self.target, EventMask::NO_EVENT, message).unwrap();
        self.connection.flush().unwrap();
    }

    /// What the window has said or asked meanwhile.
    fn hears(&mut self) {
        while let Some(event) = self.connection.poll_for_event().unwrap() {
            match event {
                Event::ClientMessage(message) if message.type_ == self.names.XdndStatus => {
                    self.welcome = message.data.as_data32()[1] & 1 == 1;
                }
                Event::ClientMessage(message) if message.type_ == self.names.XdndFinished => {
                    self.finished = true;
                }
                Event::SelectionRequest(request) => self.hands_over(&request),
                _ => {}
            }
        }
    }

    fn hands_over(&self, request: &SelectionRequestEvent) {
        let (names, to, property) = (&self.names, request.requestor, request.property);
        let given = if request.target == names.URIS {
            self.connection
                .change_property8(PropMode::REPLACE, to, property, names.URIS, &self.uris)
                .unwrap();
            property
        } else if request.target == names.TARGETS {
            let kinds = [names.TARGETS, names.URIS];
            self.connection
                .change_property32(PropMode::REPLACE, to, property, AtomEnum::ATOM, &kinds)
                .unwrap();
            property
        } else {
            NONE
        };
        let answer = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: request.time,
            requestor: to,
            selection: request.selection,
            target: request.target,
            property: given,
        };
        self.connection.send_event(false, to, EventMask::NO_EVENT, answer).unwrap();
        self.connection.flush().unwrap();
    }
}

/// The window on the screen that says it knows of drags, and its middle. There is no window manager that would put it
/// into a frame; GTK's own helpers, which know of drags as well, are tiny.
fn takes_drags(connection: &RustConnection, root: Window, aware: u32) -> Option<(Window, (i16, i16))> {
    let windows = connection.query_tree(root).ok()?.reply().ok()?.children;
    let knowing = windows.into_iter().filter_map(|window| {
        let attributes = connection.get_window_attributes(window).ok()?.reply().ok()?;
        let known = connection.get_property(false, window, aware, AtomEnum::ATOM, 0, 1).ok()?.reply().ok()?;
        let place = connection.get_geometry(window).ok()?.reply().ok()?;
        (attributes.map_state == MapState::VIEWABLE && known.value_len > 0).then_some((window, place))
    });
    let (window, place) =
        knowing.max_by_key(|(_, place)| u32::from(place.width) * u32::from(place.height))?;
    let middle = (place.x + (place.width / 2).cast_signed(), place.y + (place.height / 2).cast_signed());
    Some((window, middle))
}

/// As a line of `text/uri-list`.
fn uri(path: &Path) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    let spelled = path.as_os_str().as_bytes().iter().map(|byte| match plain(*byte) {
        true => char::from(*byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    format!("file://{}\r\n", spelled.collect::<String>())
}
