//! XMP: the few properties that matter here, from elements and attributes. Source: XMP part 1 §7.
//!
//! **Invariant:** only the five entities of XML itself are decoded; a document type is never read.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Properties by their name without the prefix.
const NAMES: &[&str] =
    &["UserComment", "CreatorTool", "description", "DigitalSourceType", "prompt", "workflow", "parameters"];

/// The known properties and their text, in order.
pub fn fields(packet: &[u8]) -> Vec<(String, String)> {
    let Ok(text) = std::str::from_utf8(packet) else { return Vec::new() };
    let mut reader = Reader::from_str(text.trim_end_matches('\0'));
    let (mut found, mut open): (Vec<(String, String)>, Option<(String, String)>) = (Vec::new(), None);
    let mut depth = 0_usize;
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) => {
                depth += 1;
                attributes(&element, &mut found);
                if let Some(name) = known(element.local_name().as_ref()) {
                    open = Some((name.to_owned(), String::new()));
                }
            }
            Ok(Event::Empty(element)) => attributes(&element, &mut found),
            Ok(Event::Text(part)) => append(&mut open, part.decode().ok().as_deref()),
            Ok(Event::CData(part)) => append(&mut open, part.decode().ok().as_deref()),
            Ok(Event::GeneralRef(entity)) => {
                let name = entity.decode().unwrap_or_default();
                let known = quick_xml::escape::unescape(&format!("&{name};")).ok().map(std::borrow::Cow::into_owned);
                append(&mut open, known.as_deref());
            }
            Ok(Event::End(element)) => {
                depth = depth.saturating_sub(1);
                if open.as_ref().is_some_and(|(name, _)| name.as_bytes() == element.local_name().as_ref()) {
                    found.extend(open.take().filter(|(_, text)| !text.trim().is_empty()));
                }
            }
            Ok(Event::Eof) | Err(_) => return found,
            Ok(_) => {}
        }
        if depth > 64 {
            return found;
        }
    }
}

fn append(open: &mut Option<(String, String)>, part: Option<&str>) {
    if let (Some((_, text)), Some(part)) = (open, part) {
        text.push_str(part);
    }
}

fn attributes(element: &BytesStart<'_>, found: &mut Vec<(String, String)>) {
    for attribute in element.attributes().flatten() {
        if let (Some(name), Ok(value)) = (known(attribute.key.local_name().as_ref()), attribute.unescape_value()) {
            found.push((name.to_owned(), value.into_owned()));
        }
    }
}

fn known(name: &[u8]) -> Option<&'static str> {
    NAMES.iter().copied().find(|known| known.as_bytes() == name)
}
