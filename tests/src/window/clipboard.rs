//! What another program would paste.

use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _, CreateWindowAux, WindowClass};
use x11rb::{COPY_DEPTH_FROM_PARENT, CURRENT_TIME, NONE};

use super::Display;
use super::wait::until;

/// The text that is on the display's clipboard, when there is one.
///
/// # Panics
/// If the display is gone, or the text's owner does not answer.
pub fn text(display: &Display) -> Option<String> {
    offered(display, "UTF8_STRING")
}

/// Whether what is on the clipboard asks the histories of desktops to leave it alone, by the hint that KDE began.
///
/// # Panics
/// As [`text`].
pub fn is_kept_from_histories(display: &Display) -> bool {
    offered(display, "x-kde-passwordManagerHint").is_some_and(|hint| hint == "secret")
}

/// What the clipboard's owner gives for a type.
fn offered(display: &Display, target: &str) -> Option<String> {
    let (connection, screen) = x11rb::connect(Some(display.name())).unwrap();
    let root = connection.setup().roots[screen].root;
    let asking = connection.generate_id().unwrap();
    let (class, looks) = (WindowClass::INPUT_OUTPUT, CreateWindowAux::new());
    connection
        .create_window(COPY_DEPTH_FROM_PARENT, asking, root, 0, 0, 1, 1, 0, class, 0, &looks)
        .unwrap()
        .check()
        .unwrap();
    let atom = |name: &str| connection.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom;
    let (clipboard, target) = (atom("CLIPBOARD"), atom(target));
    connection.convert_selection(asking, clipboard, target, target, CURRENT_TIME).unwrap().check().unwrap();
    let property = until("an answer of the clipboard", || match connection.poll_for_event().unwrap() {
        Some(Event::SelectionNotify(answer)) => Some(answer.property),
        _ => None,
    });
    let value = || {
        let property = connection.get_property(true, asking, property, AtomEnum::ANY, 0, u32::MAX).ok()?;
        String::from_utf8(property.reply().ok()?.value).ok()
    };
    if property == NONE { None } else { value() }
}
