//! The sun low over the sea: a sky with thin clouds, and its light on the waves.

use super::colour::{V3, clamp01, hex, ramp, smooth};
use super::frame::{Canvas, Frame};
use super::noise::{Rng, fbm, noise};

struct Palette {
    sky: [V3; 4],
    sun: V3,
    cloud: V3,
    deep: V3,
}

const fn palette(sky: [u32; 4], sun: u32, cloud: u32, deep: u32) -> Palette {
    let [a, b, c, d] = sky;
    Palette { sky: [hex(a), hex(b), hex(c), hex(d)], sun: hex(sun), cloud: hex(cloud), deep: hex(deep) }
}

const PALETTES: [Palette; 5] = [
    palette([0x3b2a5c, 0x8f4a7d, 0xf08a5d, 0xffd08a], 0xfff2c8, 0xff9f7a, 0x2a2148),
    palette([0x5f9fc4, 0x9cc9da, 0xd9ebe6, 0xfff6df], 0xfffdf2, 0xfff4e4, 0x1f5f7d),
    palette([0x16264f, 0x4a4f8f, 0xc77d94, 0xffc39a], 0xffe7c2, 0xe88f98, 0x121b3f),
    palette([0xf2a65a, 0xf7bd74, 0xfdd898, 0xfff0c9], 0xfffef0, 0xffe3ae, 0x7d4a2f),
    palette([0x24435f, 0x5d8aa0, 0xb8cfc8, 0xf7e3c2], 0xfff4d8, 0xefd9c4, 0x143044),
];

struct Sky<'a> {
    palette: &'a Palette,
    sun: (f32, f32),
    horizon: f32,
    seed: u32,
}

impl Sky<'_> {
    fn colour(&self, x: f32, y: f32, disc: bool) -> V3 {
        let above = (self.horizon - y).max(0.0);
        let mut colour = ramp(&self.palette.sky, 1.0 - above / self.horizon);
        let distance = (x - self.sun.0).hypot((y - self.sun.1) * 1.25);
        // Clouds lie flatter the nearer they are to the horizon.
        let far = 0.35 / (above + 0.09);
        let bank = fbm((x - self.sun.0) * far * 1.1 + 9.0, far * 2.3, self.seed, 4);
        let cover = smooth(0.02, 0.5, bank + 0.06) * smooth(0.0, 0.06, above);
        let lit = self.palette.cloud.mix(self.palette.sun, clamp01((-distance * 3.0).exp() * 1.1));
        colour = colour.mix(lit, cover * 0.62);
        let glow = (-distance * 3.0).exp() * 0.55 + (-distance * 12.0).exp() * 0.5;
        colour = colour.mix(self.palette.sun, clamp01(glow * (1.0 - cover * 0.25)));
        if disc {
            let round = (x - self.sun.0).hypot(y - self.sun.1);
            colour = colour.mix(hex(0xffffff).mix(self.palette.sun, 0.35), smooth(0.053, 0.048, round));
        }
        colour
    }
}

pub fn sunset(frame: &Frame, palette: usize, rng: &mut Rng) -> Canvas {
    let palette = &PALETTES[palette % PALETTES.len()];
    let horizon = rng.between(0.48, 0.60);
    let sun = (frame.aspect * rng.between(0.3, 0.7), horizon - rng.between(0.03, 0.14));
    let sky = Sky { palette, sun, horizon, seed: rng.seed() };
    let (swell, ripple) = (rng.seed(), rng.seed());
    frame.shade(|x, y| {
        if y < horizon {
            return sky.colour(x, y, true);
        }
        let below = y - horizon;
        let depth = 0.16 / (below + 0.012);
        // Waves in perspective: crests run along the horizon.
        let (wx, wy) = ((x - frame.aspect * 0.5) * depth, depth * 5.5);
        let fade = smooth(0.0, 0.03, below);
        let broad = fbm(wx * 1.7, wy * 1.4, swell, 3);
        let fine = noise(wx * 9.0, wy * 5.0, ripple) * 0.6 + noise(wx * 21.0, wy * 11.0, ripple ^ 9) * 0.4;
        let slope = (broad * 0.65 + fine * 0.45) * fade;
        let mirrored = (horizon - below * 0.85 - slope * (0.05 + below * 0.35)).clamp(0.0, horizon - 0.002);
        let reflected = sky.colour(x + slope * 0.05, mirrored, false);
        let facing = clamp01(0.34 + below * 0.75 + slope * 0.30);
        let mut colour = reflected.mix(palette.deep, facing);
        // The path of light: broken into glints that grow towards the shore.
        let width = 0.030 + below * 0.30;
        let path = (-((x - sun.0) / width).powi(2)).exp();
        let spark = slope + noise(wx * 34.0, wy * 15.0, ripple ^ 5) * 0.34;
        let glint = smooth(0.16, 0.62, spark + path * 0.30) * path;
        colour = colour.screen(palette.sun * (glint * 0.95 + path * 0.16));
        let haze = (-below * 38.0).exp() * 0.6;
        colour.mix(sky.colour(x, horizon - 0.004, false), haze) * frame.vignette(x, y, 0.12)
    })
}
