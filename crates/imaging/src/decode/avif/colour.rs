//! From luma and chroma to red, green and blue.
//!
//! Source: ITU-T H.273 §8.3 (matrix coefficients and ranges). Primaries and transfer are taken as those of sRGB.

use super::av1::Frame;
use crate::DecodeError;

/// How samples are to be read, by the code points of ITU-T H.273.
#[derive(Clone, Copy)]
pub struct Colour {
    pub primaries: u16,
    pub matrix: u16,
    pub full_range: bool,
}

/// A row of samples, chroma stretched to the width of the luma.
pub struct Rows<'a> {
    frame: &'a Frame,
    luma: Vec<u16>,
    /// Sixteen times the sample.
    chroma: [Vec<u16>; 2],
    near: Vec<u16>,
    far: Vec<u16>,
}

impl<'a> Rows<'a> {
    pub fn new(frame: &'a Frame) -> Self {
        let width = frame.size().0 as usize;
        let narrow = if frame.subsampling().0 { width.div_ceil(2) } else { width };
        let chroma = [vec![0; width], vec![0; width]];
        Self { frame, luma: vec![0; width], chroma, near: vec![0; narrow], far: vec![0; narrow] }
    }

    /// Reads row `y`. Chroma between samples is mixed 3 : 1 from the nearer and the farther one, both ways.
    pub fn read(&mut self, y: u32) {
        self.frame.read(0, y as usize, &mut self.luma);
        if self.frame.is_grey() {
            return;
        }
        let (half_width, half_height) = self.frame.subsampling();
        let (near, far) = if half_height {
            let last = self.frame.size().1.div_ceil(2).saturating_sub(1);
            let near = y / 2;
            let far = if y.is_multiple_of(2) { near.saturating_sub(1) } else { (near + 1).min(last) };
            (near as usize, far as usize)
        } else {
            (y as usize, y as usize)
        };
        for (plane, chroma) in (1..).zip(&mut self.chroma) {
            self.frame.read(plane, near, &mut self.near);
            self.frame.read(plane, far, &mut self.far);
            // 12 bits times 16 still fit into 16 bits.
            self.near.iter_mut().zip(&self.far).for_each(|(near, far)| *near = *near * 3 + *far);
            if half_width {
                widen(&self.near, chroma);
            } else {
                chroma.iter_mut().zip(&self.near).for_each(|(to, from)| *to = *from * 4);
            }
        }
    }
}

fn widen(narrow: &[u16], wide: &mut [u16]) {
    let Some(first) = narrow.first() else { return };
    let mut before = *first;
    for (n, (pair, here)) in (1..).zip(wide.chunks_mut(2).zip(narrow)) {
        let after = *narrow.get(n).unwrap_or(here);
        match pair {
            [left, right] => (*left, *right) = (here * 3 + before, here * 3 + after),
            [left] => *left = here * 3 + before,
            _ => {}
        }
        before = *here;
    }
}

/// Red, green and blue of a pixel, or its alpha, as sums of its samples: `[constant, luma, chroma, chroma]`, for
/// chroma samples times sixteen.
pub struct Conversion([[f32; 4]; 3]);

impl Conversion {
    /// For colours; `declared` is what the container says of them.
    pub fn colour(frame: &Frame, declared: Option<Colour>) -> Result<Self, DecodeError> {
        let colour = declared.unwrap_or_else(|| frame.colour());
        if frame.is_grey() {
            return Ok(Self::luma(frame, Some(colour)));
        }
        let whole = frame.subsampling() == (false, false);
        let rows = match colour.matrix {
            // The planes are green, blue and red.
            0 if whole => return Ok(Self::planes(frame, colour)),
            8 => [[1.0, -1.0, 1.0], [1.0, 1.0, 0.0], [1.0, -1.0, -1.0]],
            matrix => {
                let (red, blue) = weights(matrix, colour.primaries).ok_or(DecodeError::Unsupported)?;
                let green = 1.0 - red - blue;
                let (to_red, to_blue) = (2.0 * (1.0 - red), 2.0 * (1.0 - blue));
                let from = [-to_blue * blue / green, -to_red * red / green];
                [[1.0, 0.0, to_red], [1.0, from[0], from[1]], [1.0, to_blue, 0.0]]
            }
        };
        let range = Range::new(frame.depth(), colour.full_range);
        Ok(Self(rows.map(|[y, first, second]| {
            let luma = y * 255.0 / range.luma;
            let chroma = [first * 255.0 / range.chroma, second * 255.0 / range.chroma];
            let constant = -luma * range.black - (chroma[0] + chroma[1]) * range.middle;
            [constant, luma, chroma[0] / 16.0, chroma[1] / 16.0]
        })))
    }

    /// From the luma alone: grey, or alpha.
    pub fn luma(frame: &Frame, declared: Option<Colour>) -> Self {
        let full_range = declared.unwrap_or_else(|| frame.colour()).full_range;
        let range = Range::new(frame.depth(), full_range);
        let luma = 255.0 / range.luma;
        Self([[-luma * range.black, luma, 0.0, 0.0]; 3])
    }

    fn planes(frame: &Frame, colour: Colour) -> Self {
        let range = Range::new(frame.depth(), colour.full_range);
        let (scale, constant) = (255.0 / range.luma, -255.0 / range.luma * range.black);
        Self([
            [constant, 0.0, 0.0, scale / 16.0],
            [constant, scale, 0.0, 0.0],
            [constant, 0.0, scale / 16.0, 0.0],
        ])
    }

    /// Writes the first three of every `bytes` bytes of a row.
    pub fn write_colour(&self, rows: &Rows<'_>, row: &mut [u8], bytes: usize) {
        let samples = rows.luma.iter().zip(&rows.chroma[0]).zip(&rows.chroma[1]);
        for (pixel, ((y, first), second)) in row.chunks_exact_mut(bytes).zip(samples) {
            let (y, first, second) = (f32::from(*y), f32::from(*first), f32::from(*second));
            for (byte, [constant, luma, a, b]) in pixel.iter_mut().zip(&self.0) {
                *byte = to_byte(constant + luma * y + a * first + b * second);
            }
        }
    }

    /// Writes the last of every four bytes of a row.
    pub fn write_alpha(&self, rows: &Rows<'_>, row: &mut [u8]) {
        let [[constant, luma, ..], ..] = self.0;
        for ([_, _, _, alpha], y) in row.as_chunks_mut::<4>().0.iter_mut().zip(&rows.luma) {
            *alpha = to_byte(constant + luma * f32::from(*y));
        }
    }
}

/// Rounds; what is beyond black or white becomes that.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn to_byte(value: f32) -> u8 {
    (value + 0.5) as u8
}

/// Where black, white and no colour lie, in samples.
struct Range {
    black: f32,
    luma: f32,
    chroma: f32,
    middle: f32,
}

impl Range {
    fn new(depth: u32, full: bool) -> Self {
        let unit = f32::from(1_u16 << depth.clamp(8, 12).saturating_sub(8));
        let (top, middle) = (256.0 * unit - 1.0, 128.0 * unit);
        if full {
            Self { black: 0.0, luma: top, chroma: top, middle }
        } else {
            Self { black: 16.0 * unit, luma: 219.0 * unit, chroma: 224.0 * unit, middle }
        }
    }
}

/// The weights of red and blue in the luma.
const fn weights(matrix: u16, primaries: u16) -> Option<(f32, f32)> {
    match (matrix, primaries) {
        (1, _) | (12, 1) => Some((0.2126, 0.0722)),
        // Not said: as in JPEG and as other decoders do.
        (2 | 5 | 6, _) | (12, 5 | 6) => Some((0.299, 0.114)),
        (4, _) => Some((0.30, 0.11)),
        (7, _) | (12, 7) => Some((0.212, 0.087)),
        (9, _) | (12, 9) => Some((0.2627, 0.0593)),
        _ => None,
    }
}
