//! C2PA manifests: that there is one, and what it declares. The signature is not checked: declared, not proven.
//!
//! Source: C2PA 2.1 §11 (JUMBF boxes) and §10 (claims), IPTC NewsCodes digital source type.

use memchr::memmem;
use model::Provenance;

use crate::limits;

const SOURCE_TYPE: &[u8] = b"http://cv.iptc.org/newscodes/digitalsourcetype/";

/// Terms that are looked for, those of generated media first.
const TERMS: [&str; 8] = [
    "trainedAlgorithmicMedia",
    "compositeWithTrainedAlgorithmicMedia",
    "algorithmicallyEnhanced",
    "algorithmicMedia",
    "compositeSynthetic",
    "composite",
    "digitalCapture",
    "digitalCreation",
];

/// Words of claim generators and their vendor.
const VENDORS: [(&str, &str); 8] = [
    ("google", "google"),
    ("openai", "openai"),
    ("chatgpt", "openai"),
    ("dall", "openai"),
    ("adobe", "adobe"),
    ("firefly", "adobe"),
    ("microsoft", "microsoft"),
    ("bing", "microsoft"),
];

/// Organisations in signing certificates and their vendor.
const SIGNERS: [(&str, &str); 4] = [
    ("Google LLC", "google"),
    ("OpenAI", "openai"),
    ("Adobe Inc", "adobe"),
    ("Microsoft Corporation", "microsoft"),
];

/// Looks into a JUMBF block.
pub fn read(block: &[u8], provenance: &mut Provenance) {
    let block = block.get(..limits::BLOCK).unwrap_or(block);
    if memmem::find(block, b"c2pa").is_none() {
        return;
    }
    provenance.c2pa = true;
    provenance.digital_source_type = source_type(block).or(provenance.digital_source_type.take());
    provenance.claim_generator = generator(block).or(provenance.claim_generator.take());
    provenance.vendor = vendor(block, provenance.claim_generator.as_deref());
}

/// The term that tells most: a picture that a model made stays so when a later step is declared as well.
fn source_type(block: &[u8]) -> Option<String> {
    // CBOR puts the next item's head right behind, so the end is known by the terms that exist.
    let rank = |at: usize| {
        let term = block.get(at + SOURCE_TYPE.len()..)?;
        TERMS.iter().position(|known| term.starts_with(known.as_bytes()))
    };
    let best = memmem::find_iter(block, SOURCE_TYPE).filter_map(rank).min()?;
    Some(format!("{}{}", String::from_utf8_lossy(SOURCE_TYPE), TERMS.get(best)?))
}

/// `claim_generator_info` holds a map whose `name` is a text; older claims have a text `claim_generator`. The
/// claim of the active manifest is the last one in the store.
fn generator(block: &[u8]) -> Option<String> {
    let info = memmem::rfind(block, b"claim_generator_info").and_then(|at| {
        let info = block.get(at..(at + 512).min(block.len()))?;
        text(info.get(memmem::find(info, b"dname")? + 5..)?)
    });
    info.or_else(|| text(block.get(memmem::rfind(block, b"oclaim_generator")? + 16..)?))
}

/// A CBOR text (RFC 8949 §3.1, major type 3) of up to 65,535 bytes.
fn text(bytes: &[u8]) -> Option<String> {
    let (length, start) = match bytes {
        [head @ 0x60..=0x77, ..] => (usize::from(head - 0x60), 1),
        [0x78, length, ..] => (usize::from(*length), 2),
        [0x79, high, low, ..] => (usize::from(u16::from_be_bytes([*high, *low])), 3),
        _ => return None,
    };
    std::str::from_utf8(bytes.get(start..start + length)?).ok().map(str::to_owned)
}

fn vendor(block: &[u8], generator: Option<&str>) -> Option<String> {
    let generator = generator.unwrap_or_default().to_lowercase();
    let named = VENDORS.iter().find(|(word, _)| generator.contains(word));
    let signed = || SIGNERS.iter().find(|(name, _)| memmem::find(block, name.as_bytes()).is_some());
    named.or_else(signed).map(|(_, vendor)| (*vendor).to_owned())
}
