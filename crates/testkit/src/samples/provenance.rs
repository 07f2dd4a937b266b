//! Pictures that only declare where they come from: a C2PA manifest without a prompt, and a plain photograph.

use super::container::Chunk;
use super::{Expected, Made, Shot, Writer, png};

pub const WRITERS: &[Writer] = &[
    Writer { name: "openai-c2pa-png", weight: 1, make: openai },
    Writer { name: "plain-png", weight: 1, make: plain },
];

/// A JUMBF box.
fn jumbf(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    [&u32::try_from(data.len() + 8).unwrap().to_be_bytes()[..], kind, data].concat()
}

/// A box of boxes that describes itself by four letters and a label.
fn labelled(letters: &[u8; 4], label: &str, content: &[u8]) -> Vec<u8> {
    let uuid_end = [0x00, 0x11, 0x00, 0x10, 0x80, 0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71, 0x03];
    let description = [&letters[..], &uuid_end, label.as_bytes(), b"\0"].concat();
    jumbf(b"jumb", &[jumbf(b"jumd", &description), content.to_vec()].concat())
}

/// A CBOR text of less than 256 bytes.
fn text(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).unwrap();
    let head = if length < 24 { vec![0x60 | length] } else { vec![0x78, length] };
    [head, text.as_bytes().to_vec()].concat()
}

fn manifest() -> Vec<u8> {
    let action = [
        vec![0xa3],
        text("action"),
        text("c2pa.created"),
        text("softwareAgent"),
        vec![0xa1],
        text("name"),
        text("GPT-4o"),
        text("digitalSourceType"),
        text("http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"),
    ]
    .concat();
    let actions = [vec![0xa1], text("actions"), vec![0x81], action].concat();
    let claim = [
        vec![0xa3],
        text("instanceID"),
        text("xmp:iid:5b04af4b-301f-4506-83f4-444f749f71ec"),
        text("claim_generator_info"),
        vec![0xa2],
        text("name"),
        text("ChatGPT"),
        text("org.cai.c2pa_rs"),
        text("0.67.1"),
        text("alg"),
        text("sha256"),
    ]
    .concat();
    let assertion = labelled(b"cbor", "c2pa.actions.v2", &jumbf(b"cbor", &actions));
    let store = labelled(b"c2as", "c2pa.assertions", &assertion);
    let claim = labelled(b"c2cl", "c2pa.claim.v2", &jumbf(b"cbor", &claim));
    labelled(
        b"c2pa",
        "c2pa",
        &labelled(b"c2ma", "urn:c2pa:28dab5b3-5297-4b99-9bd4-452f6d34b595", &[store, claim].concat()),
    )
}

fn openai(shot: &Shot) -> Made {
    let bytes = png(&shot.pixels(), &[Chunk::new(b"caBX", manifest())]);
    let (date, time) = shot.date_and_time();
    Made {
        file_name: format!("ChatGPT Image {date} {time}.png"),
        bytes,
        expected: Expected { recipe: None, c2pa: Some("openai") },
    }
}

/// No generator, and a text of its own that must not be taken for a prompt.
fn plain(shot: &Shot) -> Made {
    let bytes = png(
        &shot.pixels(),
        &[Chunk::pillow("Software", "GIMP 3.0"), Chunk::pillow("Comment", "散歩の途中で")],
    );
    Made { file_name: format!("IMG_{:04}.png", shot.number), bytes, expected: Expected::default() }
}
