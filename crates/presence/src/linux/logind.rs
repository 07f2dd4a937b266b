//! Sleep and the locking of the session, as systemd's logind (or elogind) tells of them. It is asked to wait a moment
//! before the computer sleeps, so that what is to be done is done before the memory may be written to a disk.
//! Source: org.freedesktop.login1(5).

use zbus::blocking::fdo::DBusProxy;
use zbus::blocking::{Connection, MessageIterator};
use zbus::message::Type;
use zbus::zvariant::{OwnedFd, OwnedObjectPath};
use zbus::{MatchRule, Message};

use crate::Away;

const SERVICE: &str = "org.freedesktop.login1";
const PATH: &str = "/org/freedesktop/login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";
const SESSION: &str = "org.freedesktop.login1.Session";

/// Listens until the bus ends.
pub(super) fn listen(on_away: &impl Fn(Away)) -> zbus::Result<()> {
    let bus = Connection::system()?;
    // Heard from the first message on.
    let messages = MessageIterator::from(&bus);
    let asked = DBusProxy::new(&bus)?;
    for (interface, member) in [(MANAGER, "PrepareForSleep"), (SESSION, "Lock")] {
        let rule = MatchRule::builder().msg_type(Type::Signal).sender(SERVICE)?;
        asked.add_match_rule(rule.interface(interface)?.member(member)?.build())?;
    }
    let mut delay = ask_to_wait(&bus);
    let mut session = own_session(&bus);
    for message in messages {
        let message = message?;
        if is(&message, MANAGER, "PrepareForSleep") {
            let goes_to_sleep: bool = message.body().deserialize().unwrap_or(true);
            if !goes_to_sleep {
                delay = ask_to_wait(&bus);
                continue;
            }
            on_away(Away::Sleeps);
            // It need not wait any longer.
            delay = None;
        } else if is(&message, SESSION, "Lock") {
            session = session.or_else(|| own_session(&bus));
            // Another person's session is none of this one's business; where our own is not known, any is taken for it.
            if session.as_ref().is_none_or(|own| message.header().path() == Some(own)) {
                on_away(Away::ScreenLocked);
            }
        }
    }
    drop(delay);
    Ok(())
}

fn is(message: &Message, interface: &str, member: &str) -> bool {
    let header = message.header();
    header.interface().is_some_and(|name| name.as_str() == interface)
        && header.member().is_some_and(|name| name.as_str() == member)
}

/// As long as this is held the computer waits a little before it sleeps. `None` where that is not granted.
fn ask_to_wait(bus: &Connection) -> Option<OwnedFd> {
    let what = ("sleep", "Z-Image", "Locking the vault", "delay");
    let answer = bus.call_method(Some(SERVICE), PATH, Some(MANAGER), "Inhibit", &what).ok()?;
    answer.body().deserialize().ok()
}

/// The session that this window is shown in.
fn own_session(bus: &Connection) -> Option<OwnedObjectPath> {
    let answer = bus.call_method(Some(SERVICE), PATH, Some(MANAGER), "GetSession", &("auto",)).ok()?;
    answer.body().deserialize().ok()
}
