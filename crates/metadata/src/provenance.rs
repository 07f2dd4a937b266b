//! C2PA manifests: that there is one, and what it declares. The signature is not checked: declared, not proven.
//!
//! Source: C2PA 2.1 §11 (JUMBF boxes), IPTC NewsCodes digital source type.

use model::Provenance;

const SOURCE_TYPE: &[u8] = b"http://cv.iptc.org/newscodes/digitalsourcetype/";

/// Looks into a JUMBF block.
pub fn read(block: &[u8], provenance: &mut Provenance) {
    if find(block, b"c2pa").is_none() {
        return;
    }
    provenance.c2pa = true;
    provenance.digital_source_type = source_type(block).or(provenance.digital_source_type.take());
    provenance.claim_generator = generator(block).or(provenance.claim_generator.take());
    let names = [("google", "Google"), ("openai", "OpenAI"), ("adobe", "Adobe"), ("microsoft", "Microsoft")];
    let text = String::from_utf8_lossy(block);
    provenance.vendor = names.iter().find(|(_, name)| text.contains(name)).map(|(slug, _)| (*slug).to_owned());
}

fn source_type(block: &[u8]) -> Option<String> {
    let rest = block.get(find(block, SOURCE_TYPE)?..)?;
    let end = rest.iter().position(|b| !(b.is_ascii_alphanumeric() || b":/._-".contains(b))).unwrap_or(rest.len());
    // CBOR puts the next item's head right behind; its letters are known by the terms that exist.
    let text = String::from_utf8_lossy(rest.get(..end)?).into_owned();
    let term = text.rsplit('/').next()?;
    let known = ["trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "algorithmicMedia", "digitalCapture"];
    let term = known.iter().find(|known| term.starts_with(**known))?;
    Some(format!("{}{term}", String::from_utf8_lossy(SOURCE_TYPE)))
}

/// `claim_generator_info` holds a map whose `name` is a CBOR text (RFC 8949 §3.1, major type 3).
fn generator(block: &[u8]) -> Option<String> {
    let info = block.get(find(block, b"claim_generator_info")?..)?;
    let rest = info.get(find(info, b"dname")? + 5..)?;
    let (length, start) = match rest.first()? {
        head @ 0x60..=0x77 => (usize::from(head - 0x60), 1),
        0x78 => (usize::from(*rest.get(1)?), 2),
        _ => return None,
    };
    String::from_utf8(rest.get(start..start + length)?.to_vec()).ok()
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}
