//! The canvas and how it is filled.

use super::colour::{V3, clamp01};
use super::noise::hash;

/// Size of a picture. Places are given with the height as unit: `x` from 0 to [`Frame::aspect`], `y` from 0 (top)
/// to 1.
pub struct Frame {
    pub width: usize,
    pub height: usize,
    /// Width by height.
    pub aspect: f32,
    /// One pixel.
    pub px: f32,
}

/// A picture in the making.
pub struct Canvas {
    pub width: usize,
    pub pixels: Vec<V3>,
}

impl Frame {
    pub fn new(width: u32, height: u32) -> Self {
        let (w, h) = (width.max(1), height.max(1));
        Self { width: w as usize, height: h as usize, aspect: w as f32 / h as f32, px: 1.0 / h as f32 }
    }

    /// Asks for the colour of every pixel's middle, on two threads.
    pub fn shade(&self, colour: impl Fn(f32, f32) -> V3 + Sync) -> Canvas {
        let mut pixels = vec![V3::default(); self.width * self.height];
        let rows: Vec<(usize, &mut [V3])> = pixels.chunks_mut(self.width).enumerate().collect();
        // Even and odd rows, because half a picture often costs more than the other half.
        let (even, odd): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(y, _)| y % 2 == 0);
        let fill = |rows: Vec<(usize, &mut [V3])>| {
            for (y, row) in rows {
                let py = (y as f32 + 0.5) * self.px;
                for (x, pixel) in row.iter_mut().enumerate() {
                    *pixel = colour((x as f32 + 0.5) * self.px, py);
                }
            }
        };
        std::thread::scope(|scope| {
            scope.spawn(|| fill(even));
            fill(odd);
        });
        Canvas { width: self.width, pixels }
    }

    /// Asks for whole columns, from the left, on two threads.
    pub fn columns(&self, column: impl Fn(f32, &mut [V3]) + Sync) -> Canvas {
        let mut turned = vec![V3::default(); self.width * self.height];
        let (even, odd): (Vec<_>, Vec<_>) =
            turned.chunks_mut(self.height).enumerate().partition(|(x, _)| x % 2 == 0);
        let fill = |columns: Vec<(usize, &mut [V3])>| {
            columns.into_iter().for_each(|(x, pixels)| column((x as f32 + 0.5) * self.px, pixels));
        };
        std::thread::scope(|scope| {
            scope.spawn(|| fill(even));
            fill(odd);
        });
        let mut pixels = vec![V3::default(); self.width * self.height];
        for (y, row) in pixels.chunks_mut(self.width).enumerate() {
            row.iter_mut().enumerate().for_each(|(x, pixel)| *pixel = turned[x * self.height + y]);
        }
        Canvas { width: self.width, pixels }
    }

    /// Changes the pixels within `radius` of a place; the closure is given offsets from it.
    pub fn around(
        &self,
        canvas: &mut Canvas,
        centre: (f32, f32),
        radius: (f32, f32),
        change: impl Fn(f32, f32, V3) -> V3,
    ) {
        let range = |middle: f32, reach: f32, end: usize| {
            let low = ((middle - reach) / self.px).floor().max(0.0) as usize;
            let high = ((middle + reach) / self.px).ceil().max(0.0) as usize;
            low.min(end)..high.min(end)
        };
        for y in range(centre.1, radius.1, self.height) {
            for x in range(centre.0, radius.0, self.width) {
                let pixel = &mut canvas.pixels[y * self.width + x];
                let at = ((x as f32 + 0.5) * self.px - centre.0, (y as f32 + 0.5) * self.px - centre.1);
                *pixel = change(at.0, at.1, *pixel);
            }
        }
    }

    /// How much of a pixel lies inside an edge that is `distance` away (positive: inside).
    pub fn cover(&self, distance: f32) -> f32 {
        clamp01(distance / self.px + 0.5)
    }

    /// Darkening towards the corners.
    pub fn vignette(&self, x: f32, y: f32, strength: f32) -> f32 {
        let (dx, dy) = ((x / self.aspect - 0.5) * 2.0, (y - 0.5) * 2.0);
        1.0 - strength * (dx * dx + dy * dy) * 0.5
    }
}

impl Canvas {
    /// Rounds to bytes, with a dither that keeps gradients smooth.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.pixels.len() * 3);
        for (n, pixel) in self.pixels.iter().enumerate() {
            let h = hash((n % self.width) as i32, (n / self.width) as i32, 0x51);
            // The sum of two even distributions: no pattern, no bias.
            let dither = ((h & 0xff) + ((h >> 8) & 0xff)) as f32 / 256.0 - 1.0;
            for channel in [pixel.x, pixel.y, pixel.z] {
                bytes.push((channel * 255.0 + dither * 0.7 + 0.5).clamp(0.0, 255.0) as u8);
            }
        }
        bytes
    }
}
