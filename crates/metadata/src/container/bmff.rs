//! AVIF: size, EXIF and XMP. Source: ISO/IEC 14496-12 §8.11 (item tables), ISO/IEC 23008-12 §6.5.3 (`ispe`) and
//! annex A (EXIF items), AVIF 1.1 §2.
//!
//! Only the `meta` box is parsed; the picture's data is never looked at.

use super::{Blocks, be16, be32};

/// Items that a table may declare.
const ITEMS: usize = 256;
/// Properties that a container may declare.
const PROPERTIES: usize = 256;

/// An item of the `iinf` and `iloc` tables.
#[derive(Default)]
struct Item {
    id: u32,
    kind: [u8; 4],
    content_type: Vec<u8>,
}

/// Reads the size of the primary item, the EXIF block and the XMP packet.
pub fn read(bytes: &[u8], blocks: &mut Blocks) {
    blocks.reading.animated = bytes.get(8..12) == Some(b"avis");
    let Some(meta) = boxes(bytes).find(|(kind, _)| kind == b"meta").and_then(|(_, data)| data.get(4..))
    else {
        return;
    };
    if let Some((width, height)) = size(meta) {
        blocks.size(width, height);
    }
    let Some(iloc) = child(meta, b"iloc") else { return };
    let idat = child(meta, b"idat");
    for item in items(meta).into_iter().filter(|item| &item.kind == b"Exif" || &item.kind == b"mime") {
        let Some(data) = locate(iloc, item.id, bytes, idat) else { continue };
        match &item.kind {
            b"Exif" => {
                // Four bytes say where the TIFF head begins after them.
                let skip = be32(data, 0).and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
                let tiff = skip.checked_add(4).and_then(|at| data.get(at..)).unwrap_or_default();
                blocks.exif(tiff);
            }
            _ if item.content_type.starts_with(b"application/rdf+xml") => blocks.xmp(data),
            _ => {}
        }
    }
}

/// The boxes that follow each other in some bytes.
fn boxes(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let size = usize::try_from(be32(bytes, at)?).ok()?;
        let kind = bytes.get(at + 4..at + 8)?;
        let (head, size) = match size {
            // To the end of the file.
            0 => (8, bytes.len() - at),
            // The size stands in the next eight bytes.
            1 => (16, usize::try_from(u64::from_be_bytes(*bytes.get(at + 8..)?.first_chunk()?)).ok()?),
            _ => (8, size),
        };
        let end = at.checked_add(size)?;
        let data = bytes.get(at + head..end)?;
        at = end;
        Some((kind, data))
    })
}

fn child<'a>(bytes: &'a [u8], kind: &[u8; 4]) -> Option<&'a [u8]> {
    boxes(bytes).find(|(found, _)| found == kind).map(|(_, data)| data)
}

/// The size that belongs to the primary item, else the first one.
fn size(meta: &[u8]) -> Option<(u32, u32)> {
    let iprp = child(meta, b"iprp")?;
    let properties: Vec<_> = boxes(child(iprp, b"ipco")?).take(PROPERTIES).collect();
    let primary = child(meta, b"pitm").and_then(|pitm| match pitm.first()? {
        0 => be16(pitm, 4).map(u32::from),
        _ => be32(pitm, 4),
    });
    let of_primary = primary.and_then(|id| associations(child(iprp, b"ipma")?, id));
    let spatial = |(kind, data): &&(&[u8], &[u8])| *kind == b"ispe" && data.len() >= 12;
    let first = || properties.iter().find(spatial);
    let found = of_primary
        .and_then(|indices| {
            indices.into_iter().filter_map(|n| properties.get(n.checked_sub(1)?)).find(spatial)
        })
        .or_else(first)?;
    Some((be32(found.1, 4)?, be32(found.1, 8)?))
}

/// Numbers, from one, of an item's properties.
fn associations(ipma: &[u8], id: u32) -> Option<Vec<usize>> {
    let (version, wide) = (*ipma.first()?, ipma.get(3)? & 1 == 1);
    let (count, mut at) = (be32(ipma, 4)?, 8);
    for _ in 0..count.min(ITEMS as u32) {
        let item = if version == 0 { u32::from(be16(ipma, at)?) } else { be32(ipma, at)? };
        at += if version == 0 { 2 } else { 4 };
        let n = usize::from(*ipma.get(at)?);
        at += 1;
        let width = if wide { 2 } else { 1 };
        if item == id {
            let index = |k| {
                let at = at + k * width;
                if wide {
                    be16(ipma, at).map(|n| n & 0x7fff)
                } else {
                    ipma.get(at).map(|n| u16::from(n & 0x7f))
                }
            };
            return Some((0..n).filter_map(index).map(usize::from).collect());
        }
        at += n * width;
    }
    None
}

fn items(meta: &[u8]) -> Vec<Item> {
    let Some(iinf) = child(meta, b"iinf") else { return Vec::new() };
    let entries = if iinf.first() == Some(&0) { iinf.get(6..) } else { iinf.get(8..) };
    boxes(entries.unwrap_or_default())
        .take(ITEMS)
        .filter(|(kind, _)| kind == b"infe")
        .filter_map(|(_, data)| entry(data))
        .collect()
}

/// Version 2 has an id of 16 bits, version 3 of 32; older ones have no type.
fn entry(data: &[u8]) -> Option<Item> {
    let (id, rest) = match data.first()? {
        2 => (u32::from(be16(data, 4)?), data.get(8..)?),
        3 => (be32(data, 4)?, data.get(10..)?),
        _ => return None,
    };
    let kind = *rest.first_chunk::<4>()?;
    let mut strings = rest.get(4..)?.split(|byte| *byte == 0);
    let content_type = strings.nth(1).unwrap_or_default().to_vec();
    Some(Item { id, kind, content_type })
}

/// A cursor over big-endian numbers of the widths that `iloc` declares.
struct Numbers<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Numbers<'_> {
    fn next(&mut self, width: usize) -> Option<usize> {
        let bytes = self.bytes.get(self.at..self.at.checked_add(width)?)?;
        self.at += width;
        bytes.iter().try_fold(0_usize, |value, byte| value.checked_mul(256)?.checked_add(usize::from(*byte)))
    }
}

/// The bytes of an item's first extent: in the file, or in the `idat` box.
fn locate<'a>(iloc: &[u8], id: u32, file: &'a [u8], idat: Option<&'a [u8]>) -> Option<&'a [u8]> {
    let version = *iloc.first()?;
    let widths = be16(iloc, 4)?;
    let nibble = |shift: u16| usize::from(widths >> shift & 0xf);
    let (offset_width, length_width, base_width) = (nibble(12), nibble(8), nibble(4));
    let index_width = if version == 0 { 0 } else { nibble(0) };
    let mut numbers = Numbers { bytes: iloc, at: 6 };
    let count = numbers.next(if version < 2 { 2 } else { 4 })?;
    for _ in 0..count.min(ITEMS) {
        let item = numbers.next(if version < 2 { 2 } else { 4 })?;
        let method = if version == 0 { 0 } else { numbers.next(2)? & 0xf };
        numbers.next(2)?;
        let base = numbers.next(base_width)?;
        let extents = numbers.next(2)?;
        if extents > 0 && u32::try_from(item) == Ok(id) {
            numbers.next(index_width)?;
            let (offset, length) = (numbers.next(offset_width)?, numbers.next(length_width)?);
            let source = if method == 1 { idat? } else { file };
            let start = base.checked_add(offset)?;
            return source.get(start..start.checked_add(length)?);
        }
        // Passed over as one: numbers of no width would be many for no bytes.
        numbers.at = numbers.at.checked_add(extents * (index_width + offset_width + length_width))?;
    }
    None
}
