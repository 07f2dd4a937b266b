//! AVIF stills: the container says which items make the picture, rav1d decodes them, then they become RGB.
//!
//! Decoded are single images and grids, 8, 10 and 12 bits, every chroma format, alpha, cropping, turning and
//! mirroring. Of an image sequence the primary image is taken. High dynamic range is not toned down: PQ and HLG
//! look flat. EXIF orientation does not count in this format: turning is the container's business (MIAF,
//! ISO/IEC 23000-22).

mod av1;
mod boxes;
mod colour;
mod container;

use self::colour::{Colour, Conversion, Rows};
use self::container::{Container, Crop, Grid, Item};
use super::{DecodeError, Limits};
use crate::{Layout, Picture, orientation};

pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture, DecodeError> {
    let container = Container::read(bytes)?;
    let primary = container.primary()?;
    let (width, height) = primary.size.ok_or(DecodeError::Damaged)?;
    let alpha = container.alpha_of(primary);
    let layout = if alpha.is_some() { Layout::Rgba8 } else { Layout::Rgb8 };
    let size = limits.bytes_of(width, height, layout.bytes())?;
    let mut work = Work { container: &container, limits, unread: limits.max_bytes };
    let mut canvas = Picture { width, height, data: vec![0; size], layout };
    work.draw(primary, &mut canvas, Channels::Colour)?;
    if let Some(alpha) = alpha {
        if alpha.size != primary.size {
            return Err(DecodeError::Damaged);
        }
        work.draw(alpha, &mut canvas, Channels::Alpha)?;
        if container.is_premultiplied(primary, alpha) {
            unpremultiply(&mut canvas.data);
        }
    }
    let picture = match primary.crop {
        Some(crop) => cropped(&canvas, crop).ok_or(DecodeError::Damaged)?,
        None => canvas,
    };
    Ok(orientation::apply(picture, orientation::of_heif(primary.quarters, primary.mirror)))
}

/// What an item fills.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Channels {
    Colour,
    Alpha,
}

/// Drawing items, within limits on the whole.
struct Work<'a> {
    container: &'a Container<'a>,
    limits: &'a Limits,
    /// Bytes that may still be decoded: a hostile grid could name one large item again and again.
    unread: usize,
}

impl Work<'_> {
    fn draw(&mut self, item: &Item, canvas: &mut Picture, channels: Channels) -> Result<(), DecodeError> {
        let Some(grid) = self.container.grid(item)? else {
            return self.draw_image(item, item.colour, canvas, channels, (0, 0));
        };
        let tiles = self.container.tiles(item, grid)?;
        let size = tiles.first().and_then(|tile| tile.size).ok_or(DecodeError::Damaged)?;
        if !covers(grid, size, (canvas.width, canvas.height)) {
            return Err(DecodeError::Damaged);
        }
        for (n, tile) in (0_u32..).zip(tiles) {
            if tile.size != Some(size) {
                return Err(DecodeError::Damaged);
            }
            let at = (n % grid.columns * size.0, n / grid.columns * size.1);
            self.draw_image(tile, tile.colour.or(item.colour), canvas, channels, at)?;
        }
        Ok(())
    }

    fn draw_image(
        &mut self,
        item: &Item,
        colour: Option<Colour>,
        canvas: &mut Picture,
        channels: Channels,
        at: (u32, u32),
    ) -> Result<(), DecodeError> {
        let size = item.size.ok_or(DecodeError::Damaged)?;
        self.limits.bytes_of(size.0, size.1, canvas.layout.bytes())?;
        let data = self.container.data(item)?;
        self.unread = self.unread.checked_sub(data.len()).ok_or(DecodeError::TooLarge)?;
        let frame = av1::decode(data.into_owned(), size)?;
        let conversion = match channels {
            Channels::Colour => Conversion::colour(&frame, colour)?,
            Channels::Alpha => Conversion::luma(&frame, colour),
        };
        let mut rows = Rows::new(&frame);
        let bytes = canvas.layout.bytes();
        for y in 0..size.1 {
            rows.read(y);
            let target = row_of(canvas, at.0, at.1.saturating_add(y));
            match channels {
                Channels::Colour => conversion.write_colour(&rows, target, bytes),
                Channels::Alpha => conversion.write_alpha(&rows, target),
            }
        }
        Ok(())
    }
}

/// Row `y` of the canvas from column `x` on; empty outside of it, where tiles stick out.
fn row_of(canvas: &mut Picture, x: u32, y: u32) -> &mut [u8] {
    if x >= canvas.width || y >= canvas.height {
        return &mut [];
    }
    let (width, x, y) = (canvas.width as usize, x as usize, y as usize);
    let bytes = canvas.layout.bytes();
    canvas.data.get_mut((y * width + x) * bytes..(y + 1) * width * bytes).unwrap_or_default()
}

/// Whether tiles of that size fill the canvas, none of them in vain.
fn covers(grid: Grid, (width, height): (u32, u32), canvas: (u32, u32)) -> bool {
    let fills = |count: u32, edge: u32, whole: u32| {
        let (count, edge, whole) = (u64::from(count), u64::from(edge), u64::from(whole));
        count * edge >= whole && (count - 1) * edge < whole
    };
    (grid.width, grid.height) == canvas
        && fills(grid.columns, width, canvas.0)
        && fills(grid.rows, height, canvas.1)
}

fn unpremultiply(rgba: &mut [u8]) {
    for [r, g, b, a] in rgba.as_chunks_mut::<4>().0 {
        if *a > 0 && *a < u8::MAX {
            let alpha = u32::from(*a);
            let divided = |n: u8| u8::try_from((u32::from(n) * 255 + alpha / 2) / alpha).unwrap_or(u8::MAX);
            (*r, *g, *b) = (divided(*r), divided(*g), divided(*b));
        }
    }
}

fn cropped(picture: &Picture, crop: Crop) -> Option<Picture> {
    let (x, y, width, height) = crop.within(picture.width, picture.height)?;
    let bytes = picture.layout.bytes();
    let mut data = Vec::with_capacity(width as usize * height as usize * bytes);
    for row in y..y + height {
        let start = (row as usize * picture.width as usize + x as usize) * bytes;
        data.extend_from_slice(picture.data.get(start..start + width as usize * bytes)?);
    }
    Some(Picture { width, height, data, layout: picture.layout })
}
