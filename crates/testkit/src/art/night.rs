//! A clear night: stars, the Milky Way, the moon over ridges and a still lake.

use super::colour::{V3, clamp01, hex, ramp, smooth};
use super::frame::{Canvas, Frame};
use super::noise::{Rng, fbm, floor, hash, noise, ridged};

const SKIES: [([V3; 4], V3, V3); 5] = [
    ([hex(0x060b24), hex(0x12204f), hex(0x2f4a82), hex(0x87a0c0)], hex(0xb9a8e8), hex(0x060a1c)),
    ([hex(0x0a0820), hex(0x2a1a52), hex(0x6a3f80), hex(0xe0909a)], hex(0xe8a8d0), hex(0x0a0718)),
    ([hex(0x041a26), hex(0x0a3a48), hex(0x24707a), hex(0xa8d8c4)], hex(0xa8f0d8), hex(0x03141c)),
    ([hex(0x0b0d22), hex(0x1d2450), hex(0x47508c), hex(0xf0c09a)], hex(0xcfc0f0), hex(0x090a1a)),
    ([hex(0x05070f), hex(0x101a30), hex(0x26395c), hex(0x5f7fa0)], hex(0xa8c8f0), hex(0x04060c)),
];

struct Night<'a> {
    tones: &'a [V3; 4],
    band: V3,
    moon: (f32, f32, f32),
    tilt: (f32, f32, f32),
    horizon: f32,
    seed: u32,
    aurora: bool,
}

pub fn lake(frame: &Frame, palette: usize, rng: &mut Rng) -> Canvas {
    let (tones, band, land) = &SKIES[palette % SKIES.len()];
    let horizon = rng.between(0.66, 0.76);
    let angle = rng.between(-1.0, 1.0);
    let night = Night {
        tones,
        band: *band,
        moon: (frame.aspect * rng.between(0.18, 0.82), rng.between(0.14, 0.34), rng.between(0.032, 0.05)),
        tilt: (angle.cos(), angle.sin(), rng.between(-0.1, 0.2)),
        horizon,
        seed: rng.seed(),
        // Only the green one.
        aurora: palette % SKIES.len() == 2,
    };
    let seed = rng.seed();
    let ridge = |x: f32, layer: f32| {
        let height =
            ridged(x * (1.25 - layer * 0.25) + layer * 31.0, layer, seed, 5) * (0.17 - layer * 0.035);
        let trees = noise(x * 60.0, layer, seed).abs() * 0.010 * layer;
        horizon + 0.055 + layer * 0.028 - height - trees
    };
    let ridges: Vec<[f32; 3]> = (0..frame.width)
        .map(|n| [0.0, 1.0, 2.0].map(|layer| ridge((n as f32 + 0.5) * frame.px, layer)))
        .collect();
    let scene = |x: f32, y: f32, sharp: f32| {
        let mut colour = night.sky(frame, x, y);
        let column = ((x / frame.px).max(0.0) as usize).min(frame.width - 1);
        for (layer, top) in ridges[column].iter().enumerate() {
            let t = layer as f32 / 2.0;
            let far = land.mix(tones[2], 0.42 * (1.0 - t)).mix(*land, smooth(0.0, 0.2, y - top) * 0.2);
            colour = colour.mix(far, clamp01((y - top) / (frame.px * sharp) + 0.5));
        }
        colour
    };
    frame.shade(|x, y| {
        let shore = horizon + 0.055;
        if y < shore {
            return scene(x, y, 1.0);
        }
        let below = y - shore;
        let depth = 0.10 / (below + 0.02);
        let ripple =
            noise(x * depth * 5.0, depth * 38.0, seed) * 0.006 + noise(x * 3.0, y * 60.0, seed) * 0.004;
        let mirrored = (shore - below * 1.7 + ripple * (1.0 + below * 12.0)).max(0.0);
        let reflected = scene(x + ripple * 0.8, mirrored, 3.0);
        let path = (-((x - night.moon.0) / (0.02 + below * 0.10)).powi(2)).exp();
        let glint = smooth(0.1, 0.8, noise(x * depth * 16.0, depth * 70.0, seed ^ 4) + path * 0.35) * path;
        let water = reflected * (0.80 - below * 0.6);
        water.screen(hex(0xfff6dc) * (glint * 0.55 + path * 0.10)).mix(tones[3], (-below * 90.0).exp() * 0.30)
    })
}

impl Night<'_> {
    fn sky(&self, frame: &Frame, x: f32, y: f32) -> V3 {
        let mut colour = ramp(self.tones, y / self.horizon);
        let (dx, dy) = (x - frame.aspect * 0.5, y - 0.35);
        let across = dx * self.tilt.0 + dy * self.tilt.1 + self.tilt.2;
        let along = dy * self.tilt.0 - dx * self.tilt.1;
        let cloud = fbm(across * 2.6 + 5.0, along * 2.6, self.seed, 4);
        let band = (-(across * 3.4 + cloud * 0.5).powi(2)).exp();
        let dust = smooth(0.05, 0.55, fbm(across * 5.0, along * 4.0 + 9.0, self.seed ^ 8, 3));
        let lit = clamp01(band * (0.55 + cloud * 0.7) * (1.0 - dust * 0.7)) * smooth(self.horizon, 0.3, y);
        colour = colour.screen(self.band * (lit * 0.52));
        if self.aurora {
            colour = colour.screen(self.curtain(x, y));
        }
        colour = colour
            .screen(self.stars(frame, x, y, 26.0, 0.26) + self.stars(frame, x, y, 64.0, 0.16 + lit * 0.5));
        let (mx, my, radius) = self.moon;
        let distance = (x - mx).hypot(y - my);
        let halo = (-distance * 9.0).exp() * 0.42 + (-distance * 30.0).exp() * 0.3;
        colour = colour.screen(hex(0xfff2d4) * halo);
        if distance > radius + frame.px {
            return colour;
        }
        let seas = 0.93 + 0.07 * fbm(x * 30.0, y * 30.0, self.seed, 3);
        colour.mix(hex(0xfffaf0) * seas, frame.cover(radius - distance))
    }

    fn curtain(&self, x: f32, y: f32) -> V3 {
        let fold = fbm(x * 1.3, 0.5, self.seed ^ 21, 3) * 0.22 + 0.40;
        let rays = 0.55 + 0.45 * noise(x * 16.0 + noise(x * 3.0, y, self.seed) * 2.0, y * 0.7, self.seed ^ 2);
        let above = fold - y;
        let body = smooth(-0.03, 0.03, above) * (-above.max(0.0) * 5.0).exp() * rays;
        hex(0x4fe0a0).mix(hex(0x8f60d8), smooth(0.0, 0.30, above)) * (body * 0.62)
    }

    fn stars(&self, frame: &Frame, x: f32, y: f32, density: f32, share: f32) -> V3 {
        let (gx, gy) = (x * density, y * density);
        let (ix, iy) = (floor(gx), floor(gy));
        let h = hash(ix, iy, self.seed ^ density as u32);
        if (h & 0xfff) as f32 / 4096.0 > share {
            return V3::default();
        }
        let place = |bits: u32| 0.25 + 0.5 * (bits & 63) as f32 / 63.0;
        let distance = (gx - ix as f32 - place(h >> 12)).hypot(gy - iy as f32 - place(h >> 18)) / density;
        let bright = ((h >> 24) as f32 / 255.0).powi(3);
        // Never smaller than a pixel, so that small pictures keep their stars.
        let size = (0.0009 + bright * 0.0013).max(frame.px * 0.5);
        let core = (-(distance / size).powi(2)).exp();
        let halo = (-distance / (size * 3.0)).exp() * bright * 0.30;
        let tint = hex(0xcfe0ff).mix(hex(0xffe6c8), (h >> 8 & 15) as f32 / 15.0);
        tint * ((0.30 + bright * 0.75) * core + halo) * smooth(self.horizon, self.horizon - 0.3, y)
    }
}
