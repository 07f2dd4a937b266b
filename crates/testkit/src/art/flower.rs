//! A dahlia from above: rings of petals, the inner ones over the outer.

use super::colour::{V3, clamp01, hex, smooth};
use super::frame::{Canvas, Frame};
use super::noise::{Rng, hash01, noise};
use std::f32::consts::{PI, TAU};

struct Palette {
    outer: V3,
    inner: V3,
    tip: V3,
    heart: V3,
    ground: [V3; 2],
}

const fn palette(outer: u32, inner: u32, tip: u32, heart: u32, ground: [u32; 2]) -> Palette {
    Palette {
        outer: hex(outer),
        inner: hex(inner),
        tip: hex(tip),
        heart: hex(heart),
        ground: [hex(ground[0]), hex(ground[1])],
    }
}

const PALETTES: [Palette; 6] = [
    palette(0xf08a9f, 0xe0607f, 0xffd3d8, 0xf3d05c, [0x1f4036, 0x0f2620]),
    palette(0xf5e3b0, 0xeec877, 0xfffbe6, 0xd99a3c, [0x4a5a86, 0x2c3a60]),
    palette(0xb08fd8, 0x7f5cb8, 0xe6d6f7, 0xf5d77a, [0x2a2f45, 0x171a2b]),
    palette(0xf2a05f, 0xd9602f, 0xffdca8, 0x8f2f1f, [0x24424a, 0x12262d]),
    palette(0xf4f1ee, 0xd9e0e3, 0xffffff, 0xcfdc8a, [0x6f8577, 0x45594e]),
    palette(0xc93a4f, 0x8f1c3a, 0xf07f86, 0xf0b24f, [0xe9dccb, 0xd6c3ac]),
];

struct Ring {
    tip: f32,
    length: f32,
    petals: f32,
    turn: f32,
}

pub fn dahlia(frame: &Frame, palette: usize, rng: &mut Rng) -> Canvas {
    let palette = &PALETTES[palette % PALETTES.len()];
    let centre = (frame.aspect * 0.5 + rng.between(-0.02, 0.02), 0.5 + rng.between(-0.02, 0.02));
    let size = 0.445 * frame.aspect.min(1.0) * rng.between(0.92, 1.06);
    let rings = rings(rng, size);
    let (seed, grain) = (rng.seed(), rng.seed());
    frame.shade(|x, y| {
        let (dx, dy) = (x - centre.0, y - centre.1);
        let (r, angle) = (dx.hypot(dy), dy.atan2(dx));
        let ground = palette.ground[0].mix(palette.ground[1], smooth(0.1, 0.9, (dx - 0.1).hypot(dy - 0.15)));
        let leaf = noise(x * 5.0, y * 5.0, grain) * 0.05;
        // The flower's shadow on the ground.
        let fall = (dx - 0.012).hypot(dy - 0.03) / size;
        let mut behind = ground * (1.0 + leaf) * (1.0 - 0.55 * smooth(1.22, 0.8, fall));
        let (mut colour, mut open) = (V3::default(), 1.0);
        for (n, ring) in rings.iter().enumerate() {
            if r > ring.tip + frame.px * 2.0 || open < 0.01 {
                continue;
            }
            let at = n as f32 / (rings.len() - 1) as f32;
            let Some((cover, petal)) = petal(frame, ring, r, angle, seed ^ n as u32) else { continue };
            colour = colour + palette.petal(at, &petal) * (cover * open);
            open *= 1.0 - cover;
        }
        let heart = smooth(size * 0.06, size * 0.02, r);
        behind = behind.mix(palette.heart, heart);
        let mut out = colour + behind * open;
        let dots = smooth(0.2, 0.7, noise(dx * 130.0, dy * 130.0, seed)) * 0.5;
        out = out.mix(palette.heart.screen(hex(0x807850) * dots), smooth(size * 0.055, size * 0.035, r));
        out * frame.vignette(x, y, 0.10)
    })
}

fn rings(rng: &mut Rng, size: f32) -> Vec<Ring> {
    let count = 14 + rng.below(3);
    let most = 24.0 + 2.0 * rng.below(4) as f32;
    (0..count)
        .map(|n| {
            let at = (n + 1) as f32 / count as f32;
            let tip = size * (0.065 + 0.935 * at.powf(0.88));
            // Rings of one group have the same number of petals, so that each lies in the gaps of the next.
            let petals = (most * [0.42, 0.66, 0.84, 1.0][(at * 3.999) as usize]).round();
            let turn = if n % 2 == 0 { 0.0 } else { PI / petals };
            Ring { tip, length: size * (0.12 + 0.24 * at), petals, turn }
        })
        .collect()
}

/// Where a point lies on a petal: along it (0 foot, 1 tip), across it (−1 to 1), and the petal's own tint.
struct OnPetal {
    along: f32,
    across: f32,
    tint: f32,
}

fn petal(frame: &Frame, ring: &Ring, r: f32, angle: f32, seed: u32) -> Option<(f32, OnPetal)> {
    let turns = (angle / TAU) * ring.petals + ring.turn / TAU * ring.petals;
    let base = turns.round() as i32;
    let pitch = TAU * ring.tip / ring.petals;
    let mut found: Option<(f32, OnPetal)> = None;
    // Neighbours overlap: every other petal of a ring lies on top.
    for step in [0, 1, -1] {
        let id = base + step;
        let across = (turns - id as f32) * TAU / ring.petals * r;
        let tint = hash01(id.rem_euclid(ring.petals as i32), 3, seed);
        let tip = ring.tip * (0.975 + 0.025 * tint);
        let along = 1.0 - (tip - r) / ring.length;
        if !(0.0..=1.0).contains(&along) {
            continue;
        }
        // Widest past the middle, then drawn together to a point.
        let taper = ((along - 0.42) / 0.58).max(0.0);
        let half =
            pitch * 0.62 * (1.0 - taper.powf(2.3)).powf(0.78) * (0.72 + 0.28 * smooth(0.0, 0.45, along));
        let cover = frame.cover(half - across.abs());
        if cover > found.as_ref().map_or(0.003, |(c, _)| *c + 0.02) {
            found = Some((cover, OnPetal { along, across: across / half.max(1e-4), tint }));
        }
    }
    found
}

impl Palette {
    fn petal(&self, at: f32, petal: &OnPetal) -> V3 {
        let base = self.inner.mix(self.outer, smooth(0.0, 0.75, at)) * (0.94 + petal.tint * 0.12);
        let deep = base * self.inner.mix(hex(0xffffff), 0.25);
        let rise = smooth(0.30, 0.92, petal.along);
        let body = deep.mix(base, rise).mix(self.tip, smooth(0.62, 1.0, petal.along) * 0.62);
        // A crease along the middle, light from the upper left, a bright rim.
        let crease = (-(petal.across * 5.0).powi(2)).exp() * 0.10 * (1.0 - petal.along * 0.5);
        let side = petal.across * 0.06;
        let rim = smooth(0.80, 0.98, petal.across.abs().max(petal.along)) * 0.10;
        let shade = clamp01(0.50 + rise * 0.52 - crease - side);
        (body * shade).screen(hex(0xffffff) * rim)
    }
}
