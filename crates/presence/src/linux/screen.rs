//! The screen's lock, as desktops tell of it on the session's bus. Each has an interface of its own with the same signal.

use zbus::blocking::fdo::DBusProxy;
use zbus::blocking::{Connection, MessageIterator};
use zbus::message::Type;
use zbus::{MatchRule, Message};

use crate::Away;

/// KDE, and who follows the standard; GNOME; Cinnamon; MATE; Xfce.
const SAVERS: [&str; 5] = [
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
];

/// Listens until the bus ends.
pub(super) fn listen(on_away: &impl Fn(Away)) -> zbus::Result<()> {
    let bus = Connection::session()?;
    // Heard from the first message on.
    let messages = MessageIterator::from(&bus);
    let asked = DBusProxy::new(&bus)?;
    for saver in SAVERS {
        let rule = MatchRule::builder().msg_type(Type::Signal).interface(saver)?.member("ActiveChanged")?;
        asked.add_match_rule(rule.build())?;
    }
    for message in messages {
        if tells_of_a_lock(&message?) {
            on_away(Away::ScreenLocked);
        }
    }
    Ok(())
}

/// Whoever sends it is on the person's own bus, and could do no more with it than lock.
fn tells_of_a_lock(message: &Message) -> bool {
    let header = message.header();
    header.member().is_some_and(|member| member.as_str() == "ActiveChanged")
        && header.interface().is_some_and(|interface| SAVERS.contains(&interface.as_str()))
        && message.body().deserialize::<bool>().unwrap_or(false)
}
