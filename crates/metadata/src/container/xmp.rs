//! XMP: the few properties that matter here, from elements and attributes. Source: XMP part 1 §7.
//!
//! **Invariant:** only the five entities of XML itself and characters by number are decoded; a document type is
//! never read.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Levels of elements.
const DEPTH: usize = 64;
/// Properties taken from one packet.
const FOUND: usize = 64;

/// The properties of these names (without a prefix) and their text, in order.
pub fn fields(packet: &[u8], names: &[&'static str]) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    if let Ok(text) = std::str::from_utf8(packet) {
        let mut walk = Walk { names, found: &mut found, open: None };
        walk.run(Reader::from_str(text.trim_start_matches('\u{feff}').trim_end_matches('\0')));
    }
    found
}

struct Walk<'a> {
    names: &'a [&'static str],
    found: &'a mut Vec<(&'static str, String)>,
    open: Option<(&'static str, String)>,
}

impl Walk<'_> {
    fn run(&mut self, mut reader: Reader<&[u8]>) {
        let mut depth = 0_usize;
        while depth <= DEPTH && self.found.len() < FOUND {
            match reader.read_event() {
                Ok(Event::Start(element)) => {
                    depth += 1;
                    self.attributes(&element);
                    if let Some(name) = self.known(element.local_name().as_ref()) {
                        self.open = Some((name, String::new()));
                    }
                }
                Ok(Event::Empty(element)) => self.attributes(&element),
                Ok(Event::Text(part)) => self.append(part.decode().ok().as_deref()),
                Ok(Event::CData(part)) => self.append(part.decode().ok().as_deref()),
                Ok(Event::GeneralRef(entity)) => {
                    let name = entity.decode().unwrap_or_default();
                    let text =
                        quick_xml::escape::unescape(&format!("&{name};")).ok().map(|text| text.into_owned());
                    self.append(text.as_deref());
                }
                Ok(Event::End(element)) => {
                    depth = depth.saturating_sub(1);
                    self.close(element.local_name().as_ref());
                }
                Ok(Event::Eof) | Err(_) => return,
                Ok(_) => {}
            }
        }
    }

    fn append(&mut self, part: Option<&str>) {
        if let (Some((_, text)), Some(part)) = (&mut self.open, part) {
            text.push_str(part);
        }
    }

    fn close(&mut self, name: &[u8]) {
        if self.open.as_ref().is_some_and(|(open, _)| open.as_bytes() == name) {
            self.found.extend(self.open.take().filter(|(_, text)| !text.trim().is_empty()));
        }
    }

    fn attributes(&mut self, element: &BytesStart<'_>) {
        // The check for repeated names is quadratic.
        for attribute in element.attributes().with_checks(false).flatten() {
            if let (Some(name), Ok(value)) =
                (self.known(attribute.key.local_name().as_ref()), attribute.unescape_value())
            {
                self.found.push((name, value.into_owned()));
            }
        }
    }

    fn known(&self, name: &[u8]) -> Option<&'static str> {
        self.names.iter().copied().find(|known| known.as_bytes() == name)
    }
}
