//! The part of HEIF that AVIF stills use: which items there are, where their bytes lie, what belongs together.
//!
//! Sources: ISO/IEC 14496-12 §8.11 (meta, iloc, iinf, iref), ISO/IEC 23008-12 §6.5–6.6 (properties, grids),
//! AV1 Image File Format 1.1.

use std::borrow::Cow;
use std::collections::HashMap;

use super::boxes::{Kind, Reader};
use super::colour::Colour;
use crate::DecodeError;

/// A picture, or a part of one.
#[derive(Default)]
pub struct Item {
    pub id: u32,
    kind: Kind,
    place: Place,
    extents: Vec<(u64, u64)>,
    /// Width and height in pixels before cropping and turning.
    pub size: Option<(u32, u32)>,
    pub colour: Option<Colour>,
    pub crop: Option<Crop>,
    /// Quarter turns against the clock.
    pub quarters: u8,
    /// 0 exchanges top and bottom, 1 left and right; after turning.
    pub mirror: Option<u8>,
    is_alpha: bool,
    /// Protected, or of a kind that asks for more than is understood here.
    is_foreign: bool,
}

/// What an item's offsets count from.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Place {
    #[default]
    File,
    ItemData,
    Elsewhere,
}

/// A picture made of tiles, row by row.
#[derive(Clone, Copy)]
pub struct Grid {
    pub rows: u32,
    pub columns: u32,
    pub width: u32,
    pub height: u32,
}

/// A clean aperture: width, height and the offset of its centre, each as numerator and denominator.
#[derive(Clone, Copy)]
pub struct Crop([(i64, i64); 4]);

impl Crop {
    /// Left, top, width and height in whole pixels; `None` where it is not that or not inside.
    pub fn within(self, width: u32, height: u32) -> Option<(u32, u32, u32, u32)> {
        let [w, h, x, y] = self.0;
        let span = |(n, d): (i64, i64)| (d > 0 && n % d == 0).then(|| n / d).filter(|n| *n > 0);
        let start = |whole: u32, span: i64, (n, d): (i64, i64)| {
            // Twice everything, so that a centre between two pixels stays a whole number.
            let (doubled, rest) = (2 * n / d, 2 * n % d);
            let twice = i64::from(whole) - span + doubled;
            (rest == 0 && twice % 2 == 0).then_some(twice / 2).and_then(|n| u32::try_from(n).ok())
        };
        if x.1 <= 0 || y.1 <= 0 {
            return None;
        }
        let (w, h) = (span(w)?, span(h)?);
        let (left, top) = (start(width, w, x)?, start(height, h, y)?);
        let (w, h) = (u32::try_from(w).ok()?, u32::try_from(h).ok()?);
        let inside = left.checked_add(w)? <= width && top.checked_add(h)? <= height;
        inside.then_some((left, top, w, h))
    }
}

/// "Item `from` is a … of the items `to`."
struct Reference {
    kind: Kind,
    from: u32,
    to: Vec<u32>,
}

/// The index of a file.
pub struct Container<'a> {
    file: &'a [u8],
    item_data: &'a [u8],
    primary: u32,
    items: HashMap<u32, Item>,
    references: Vec<Reference>,
}

impl<'a> Container<'a> {
    pub fn read(file: &'a [u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader(file);
        while let Some((kind, body)) = reader.next_box() {
            if kind == *b"meta" {
                let mut container =
                    Self { file, item_data: &[], primary: 0, items: HashMap::new(), references: Vec::new() };
                return container.meta(body).map(|()| container).ok_or(DecodeError::Damaged);
            }
        }
        Err(DecodeError::Damaged)
    }

    pub fn primary(&self) -> Result<&Item, DecodeError> {
        let item = self.items.get(&self.primary).ok_or(DecodeError::Damaged)?;
        if item.is_foreign { Err(DecodeError::Unsupported) } else { Ok(item) }
    }

    /// The item that says how transparent another is.
    pub fn alpha_of(&self, item: &Item) -> Option<&Item> {
        self.references
            .iter()
            .filter(|r| r.kind == *b"auxl" && r.to.contains(&item.id))
            .filter_map(|r| self.items.get(&r.from))
            .find(|alpha| alpha.is_alpha && !alpha.is_foreign)
    }

    /// Whether the colours have been multiplied with the alpha.
    pub fn is_premultiplied(&self, item: &Item, alpha: &Item) -> bool {
        self.references.iter().any(|r| r.kind == *b"prem" && r.from == item.id && r.to.contains(&alpha.id))
    }

    /// How an item is made of tiles; `None` for a plain image.
    pub fn grid(&self, item: &Item) -> Result<Option<Grid>, DecodeError> {
        match &item.kind {
            b"av01" => Ok(None),
            b"grid" => grid(&self.data(item)?).map(Some).ok_or(DecodeError::Damaged),
            _ => Err(DecodeError::Unsupported),
        }
    }

    pub fn tiles(&self, item: &Item, grid: Grid) -> Result<Vec<&Item>, DecodeError> {
        let inputs = self.references.iter().find(|r| r.kind == *b"dimg" && r.from == item.id);
        let tiles: Option<Vec<_>> = inputs
            .ok_or(DecodeError::Damaged)?
            .to
            .iter()
            .map(|id| self.items.get(id).filter(|tile| tile.kind == *b"av01"))
            .collect();
        tiles.filter(|t| t.len() as u64 == u64::from(grid.rows * grid.columns)).ok_or(DecodeError::Damaged)
    }

    /// The bytes of an item; copied only where they lie apart.
    pub fn data(&self, item: &Item) -> Result<Cow<'a, [u8]>, DecodeError> {
        let source = match item.place {
            Place::File => self.file,
            Place::ItemData => self.item_data,
            Place::Elsewhere => return Err(DecodeError::Unsupported),
        };
        let part = |&(offset, length): &(u64, u64)| {
            let rest = source.get(usize::try_from(offset).ok()?..)?;
            // No length means all that is left.
            if length == 0 { Some(rest) } else { rest.get(..usize::try_from(length).ok()?) }
        };
        if let [extent] = item.extents.as_slice() {
            return part(extent).map(Cow::Borrowed).ok_or(DecodeError::Damaged);
        }
        let mut data = Vec::new();
        for extent in &item.extents {
            let part = part(extent).ok_or(DecodeError::Damaged)?;
            // Extents that lie over each other could make a small file endless.
            if data.len() + part.len() > source.len() {
                return Err(DecodeError::Damaged);
            }
            data.extend_from_slice(part);
        }
        Ok(Cow::Owned(data))
    }

    fn meta(&mut self, mut body: Reader<'a>) -> Option<()> {
        body.version()?;
        while !body.is_empty() {
            let (kind, mut content) = body.next_box()?;
            match &kind {
                b"pitm" => {
                    let (version, _) = content.version()?;
                    self.primary = content.id(version > 0)?;
                }
                b"idat" => self.item_data = content.0,
                b"iinf" => self.kinds(content)?,
                b"iloc" => self.places(content)?,
                b"iref" => self.relations(content)?,
                b"iprp" => self.properties(content)?,
                _ => {}
            }
        }
        Some(())
    }

    fn item(&mut self, id: u32) -> &mut Item {
        self.items.entry(id).or_insert_with(|| Item { id, ..Item::default() })
    }

    fn kinds(&mut self, mut content: Reader<'_>) -> Option<()> {
        let (version, _) = content.version()?;
        content.id(version > 0)?;
        while !content.is_empty() {
            let (kind, mut entry) = content.next_box()?;
            let (version, _) = entry.version()?;
            if kind != *b"infe" || version < 2 {
                continue;
            }
            let id = entry.id(version > 2)?;
            let protected = entry.u16()? != 0;
            let kind = entry.kind()?;
            let item = self.item(id);
            item.kind = kind;
            item.is_foreign |= protected;
        }
        Some(())
    }

    fn places(&mut self, mut content: Reader<'_>) -> Option<()> {
        let (version, _) = content.version()?;
        let (sizes, more) = (content.u8()?, content.u8()?);
        let (offset_size, length_size, base_size) = (sizes >> 4, sizes & 15, more >> 4);
        let index_size = if version > 0 { more & 15 } else { 0 };
        for _ in 0..content.id(version > 1)? {
            let id = content.id(version > 1)?;
            let method = if version > 0 { content.u16()? & 15 } else { 0 };
            let other_file = content.u16()? != 0;
            let base = content.sized(base_size)?;
            let mut extents = Vec::new();
            for _ in 0..content.u16()? {
                content.sized(index_size)?;
                let offset = base.checked_add(content.sized(offset_size)?)?;
                extents.push((offset, content.sized(length_size)?));
            }
            let item = self.item(id);
            item.extents = extents;
            item.place = match method {
                0 if !other_file => Place::File,
                1 if !other_file => Place::ItemData,
                _ => Place::Elsewhere,
            };
        }
        Some(())
    }

    fn relations(&mut self, mut content: Reader<'_>) -> Option<()> {
        let (version, _) = content.version()?;
        while !content.is_empty() {
            let (kind, mut entry) = content.next_box()?;
            let from = entry.id(version > 0)?;
            let count = entry.u16()?;
            let to = (0..count).map(|_| entry.id(version > 0)).collect::<Option<_>>()?;
            self.references.push(Reference { kind, from, to });
        }
        Some(())
    }

    fn properties(&mut self, mut content: Reader<'a>) -> Option<()> {
        let mut all = Vec::new();
        while !content.is_empty() {
            let (kind, mut body) = content.next_box()?;
            match &kind {
                b"ipco" => {
                    while !body.is_empty() {
                        all.push(body.next_box()?);
                    }
                }
                b"ipma" => self.associations(body, &all)?,
                _ => {}
            }
        }
        Some(())
    }

    fn associations(&mut self, mut content: Reader<'_>, all: &[(Kind, Reader<'_>)]) -> Option<()> {
        let (version, flags) = content.version()?;
        for _ in 0..content.u32()? {
            let id = content.id(version > 0)?;
            for _ in 0..content.u8()? {
                let (index, essential) = if flags & 1 == 1 {
                    let n = content.u16()?;
                    (n & 0x7fff, n >> 15 == 1)
                } else {
                    let n = content.u8()?;
                    (u16::from(n & 0x7f), n >> 7 == 1)
                };
                // Index 0 stands for no property.
                let Some(index) = usize::from(index).checked_sub(1) else { continue };
                let (kind, body) = all.get(index)?;
                let item = self.item(id);
                match apply(item, kind, *body) {
                    Known::Yes => {}
                    Known::No => item.is_foreign |= essential,
                    Known::Damaged => return None,
                }
            }
        }
        Some(())
    }
}

/// Whether a property is understood.
enum Known {
    Yes,
    No,
    Damaged,
}

fn apply(item: &mut Item, kind: &Kind, body: Reader<'_>) -> Known {
    let read = match kind {
        b"ispe" => spatial_extents(body).map(|size| item.size = Some(size)),
        b"colr" => colour(body).map(|colour| item.colour = colour.or(item.colour)),
        b"auxC" => auxiliary_is_alpha(body).map(|is_alpha| item.is_alpha = is_alpha),
        b"irot" => byte(body).map(|n| item.quarters = n & 3),
        b"imir" => byte(body).map(|n| item.mirror = Some(n & 1)),
        b"clap" => clean_aperture(body).map(|crop| item.crop = Some(crop)),
        // The sequence header says the same; pixels are taken as square.
        b"av1C" | b"pixi" | b"pasp" => Some(()),
        _ => return Known::No,
    };
    if read.is_some() { Known::Yes } else { Known::Damaged }
}

fn byte(mut body: Reader<'_>) -> Option<u8> {
    body.u8()
}

fn spatial_extents(mut body: Reader<'_>) -> Option<(u32, u32)> {
    body.version()?;
    Some((body.u32()?, body.u32()?))
}

/// `Some(None)` for an ICC profile, which is not applied.
fn colour(mut body: Reader<'_>) -> Option<Option<Colour>> {
    if body.kind()? != *b"nclx" {
        return Some(None);
    }
    let primaries = body.u16()?;
    body.u16()?; // How light becomes a number; see the limits on dynamic range.
    let matrix = body.u16()?;
    Some(Some(Colour { primaries, matrix, full_range: body.u8()? >> 7 == 1 }))
}

fn auxiliary_is_alpha(mut body: Reader<'_>) -> Option<bool> {
    body.version()?;
    let name = body.0.split(|byte| *byte == 0).next()?;
    Some(name == b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha" || name == b"urn:mpeg:hevc:2015:auxid:1")
}

fn clean_aperture(mut body: Reader<'_>) -> Option<Crop> {
    let mut fraction = |signed: bool| {
        let (n, d) = (body.u32()?, body.u32()?);
        let n = if signed { i64::from(n.cast_signed()) } else { i64::from(n) };
        Some((n, i64::from(d)))
    };
    Some(Crop([fraction(false)?, fraction(false)?, fraction(true)?, fraction(true)?]))
}

fn grid(data: &[u8]) -> Option<Grid> {
    let mut reader = Reader(data);
    if reader.u8()? != 0 {
        return None;
    }
    let wide = reader.u8()? & 1 == 1;
    let (rows, columns) = (u32::from(reader.u8()?) + 1, u32::from(reader.u8()?) + 1);
    Some(Grid { rows, columns, width: reader.id(wide)?, height: reader.id(wide)? })
}
