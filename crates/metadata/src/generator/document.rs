//! A file's blocks as texts by key, and the JSON objects among them.
//!
//! Programs that write JPEG and WebP, and converters, put what would be PNG text chunks into one JSON object in a
//! comment. So a key is looked up among the file's own keys first, then inside those objects.

use std::cell::Cell;

use model::RawBlock;
use serde_json::{Map, Value};

use crate::container::{text, xmp};
use crate::{json, limits};

/// Keys whose text may be a whole message: A1111 text, or a JSON object.
const CARRIERS: [&str; 6] =
    ["parameters", "UserComment", "Comment", "stealth", "xmp:UserComment", "ImageDescription"];
/// XMP properties and the key they get here.
const PROPERTIES: [(&str, &str); 6] = [
    ("UserComment", "xmp:UserComment"),
    ("CreatorTool", "xmp:CreatorTool"),
    ("description", "xmp:description"),
    ("prompt", "prompt"),
    ("workflow", "workflow"),
    ("parameters", "parameters"),
];

/// A file's blocks, ready for the generators.
pub struct Document {
    /// Keys and texts in the file's order.
    entries: Vec<(String, String)>,
    /// Objects that carriers hold, and objects held as texts by those.
    objects: Vec<Map<String, Value>>,
    left_out: Cell<bool>,
}

impl Document {
    /// Decodes the blocks.
    pub fn new(blocks: &[RawBlock]) -> Self {
        let mut entries = Vec::new();
        for block in blocks {
            match block.place.as_str() {
                "xmp" => {
                    let names = PROPERTIES.map(|(name, _)| name);
                    entries.extend(xmp::fields(&block.bytes, &names).into_iter().filter_map(
                        |(name, value)| {
                            let (_, key) = PROPERTIES.iter().find(|(known, _)| *known == name)?;
                            Some(((*key).to_owned(), value.trim().to_owned()))
                        },
                    ));
                }
                _ => entries.push(labelled(block)),
            }
        }
        let carried = entries.iter().filter(|(key, _)| CARRIERS.contains(&key.as_str()));
        let own = carried.filter_map(|(_, text)| json::object(text));
        let mut objects: Vec<_> = own.take(limits::JSON_DOCUMENTS).collect();
        let nested: Vec<_> =
            objects.iter().flat_map(carried_by).take(limits::JSON_DOCUMENTS - objects.len()).collect();
        objects.extend(nested);
        Self { entries, objects, left_out: Cell::new(false) }
    }

    /// Notes whether a reader left out something over the limits.
    pub fn leave_out(&self, left_out: bool) {
        self.left_out.set(self.left_out.get() || left_out);
    }

    /// Whether a reader did.
    pub fn has_left_out(&self) -> bool {
        self.left_out.get()
    }

    /// The text under one of the file's own keys.
    pub fn own_text(&self, key: &str) -> Option<&str> {
        self.entries.iter().find(|(found, _)| found == key).map(|(_, text)| text.as_str())
    }

    /// The text under a key, of the file or of an object in it.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.own_text(key).or_else(|| self.objects.iter().find_map(|object| object.get(key)?.as_str()))
    }

    /// The object under a key, itself or as a text.
    pub fn object(&self, key: &str) -> Option<Map<String, Value>> {
        let own =
            self.entries.iter().filter(|(found, _)| found == key).find_map(|(_, text)| json::object(text));
        own.or_else(|| {
            self.objects.iter().find_map(|object| match object.get(key)? {
                Value::Object(map) => Some(map.clone()),
                Value::String(text) => json::object(text),
                _ => None,
            })
        })
    }

    /// The first object for which something holds.
    pub fn object_with(&self, test: impl Fn(&Map<String, Value>) -> bool) -> Option<&Map<String, Value>> {
        self.objects.iter().find(|object| test(object))
    }

    /// The file's own keys and texts.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().map(|(key, text)| (key.as_str(), text.as_str()))
    }

    /// Texts that may be a whole message.
    pub fn messages(&self) -> impl Iterator<Item = &str> {
        let own = self.entries.iter().filter(|(key, _)| CARRIERS.contains(&key.as_str()));
        let inside = self.objects.iter().filter_map(|object| object.get("parameters")?.as_str());
        own.map(|(_, text)| text.as_str()).chain(inside)
    }
}

/// Objects that an object holds as texts under a carrier's key.
fn carried_by(object: &Map<String, Value>) -> impl Iterator<Item = Map<String, Value>> {
    CARRIERS.iter().filter_map(|key| json::object(object.get(*key)?.as_str()?))
}

/// ComfyUI nodes write `workflow:{…}` and `Prompt: {…}` into EXIF tags that are meant for other things.
fn labelled(block: &RawBlock) -> (String, String) {
    let text = text::of(block);
    if block.place.starts_with("exif:") && block.key != "UserComment" {
        for label in ["prompt", "workflow"] {
            let found = text.get(..label.len()).is_some_and(|start| start.eq_ignore_ascii_case(label));
            if let Some(rest) = found.then(|| text.get(label.len()..)?.strip_prefix(':')).flatten() {
                return (label.to_owned(), rest.trim_start().to_owned());
            }
        }
    }
    (block.key.clone(), text)
}
