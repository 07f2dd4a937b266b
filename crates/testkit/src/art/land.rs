//! Ranges one behind the other: mountains in mist, hills cut from paper.

use super::colour::{V3, clamp01, hex, ramp, smooth, v3};
use super::frame::{Canvas, Frame};
use super::noise::{Rng, fbm, noise, ridged};

struct Palette {
    sky: [V3; 3],
    sun: V3,
    far: V3,
    near: V3,
    mist: V3,
}

const fn palette(sky: [u32; 3], sun: u32, far: u32, near: u32, mist: u32) -> Palette {
    Palette {
        sky: [hex(sky[0]), hex(sky[1]), hex(sky[2])],
        sun: hex(sun),
        far: hex(far),
        near: hex(near),
        mist: hex(mist),
    }
}

const MOUNTAINS: [Palette; 6] = [
    palette([0x9fc4c0, 0xcfe3dc, 0xf3f3e6], 0xffffff, 0xb4cfc9, 0x173733, 0xe4eee8),
    palette([0x6d5bb0, 0xc58fd0, 0xffc6d9], 0xfff3ee, 0xc79bd0, 0x1d1033, 0xf3c3dc),
    palette([0x2f4f7f, 0x8fb0cf, 0xf6dfc6], 0xfff1d6, 0x9db6cf, 0x0d1e36, 0xdbe3ea),
    palette([0xd8d8d4, 0xe7e6e1, 0xf4f2ec], 0xffffff, 0xc4c5c3, 0x23272a, 0xefeeea),
    palette([0xe2895c, 0xf6be82, 0xffe9bd], 0xfffbe6, 0xeab08a, 0x3c1a2e, 0xffe0b8),
    palette([0x1d2b53, 0x5b5e9c, 0xf0a59a], 0xffe3cf, 0x8d83b3, 0x0f1230, 0xd9a3b4),
];

struct Layer {
    /// Height of the ridge for each column, from the top.
    ridge: Vec<f32>,
    colour: V3,
    /// Where the mist begins, for each column.
    foot: Vec<f32>,
    /// How far it takes to cover all.
    depth: f32,
}

pub fn mountains(frame: &Frame, palette: usize, rng: &mut Rng) -> Canvas {
    let palette = &MOUNTAINS[palette % MOUNTAINS.len()];
    let count = 6 + rng.below(3);
    let horizon = rng.between(0.34, 0.46);
    let sun = (frame.aspect * rng.between(0.28, 0.72), horizon - rng.between(0.06, 0.16));
    let radius = rng.between(0.045, 0.075);
    let layers: Vec<Layer> = (0..count)
        .map(|i| mountain_layer(frame, rng, palette, i as f32 / (count - 1) as f32, horizon))
        .collect();
    let grain = rng.seed();
    frame.shade(|x, y| {
        let mut colour = ramp(&palette.sky, y / (horizon + 0.12));
        let (dx, dy) = (x - sun.0, y - sun.1);
        let distance = dx.hypot(dy);
        let glow = (-distance * 4.2).exp() * 0.75 + (-distance * 17.0).exp() * 0.4;
        colour = colour.mix(palette.sun, clamp01(glow));
        colour = colour.mix(palette.sun, smooth(radius + 0.006, radius - 0.006, distance));
        let column = ((x / frame.px) as usize).min(frame.width - 1);
        for (i, layer) in layers.iter().enumerate() {
            let below = y - layer.ridge[column];
            if below < -frame.px {
                continue;
            }
            let foot = smooth(0.0, layer.depth, y - layer.foot[column]);
            let drift = 0.85 + 0.3 * noise(x * 3.0 + i as f32 * 7.0, y * 9.0, grain);
            let hazed = layer.colour.mix(palette.mist, clamp01(foot * 0.8 * drift));
            let lit = hazed.mix(palette.sun, clamp01(glow * 0.34 * (1.0 - foot * 0.5)));
            colour = colour.mix(lit, frame.cover(below));
        }
        colour * frame.vignette(x, y, 0.10)
    })
}

fn mountain_layer(frame: &Frame, rng: &mut Rng, palette: &Palette, t: f32, horizon: f32) -> Layer {
    let (seed, shift) = (rng.seed(), rng.between(0.0, 50.0));
    let base = horizon + (1.03 - horizon) * t.powf(1.25);
    let height = rng.between(0.10, 0.14) + 0.14 * (1.0 - (t - 0.45).abs() * 1.6).max(0.0);
    let scale = rng.between(1.0, 1.5) - 0.3 * t;
    // Trees are only seen on the near ranges.
    let trees = smooth(0.45, 1.0, t) * 0.011;
    let place = |column: usize| column as f32 * frame.px * scale + shift;
    let foot = (0..frame.width)
        .map(|column| base - height * (fbm(place(column) * 0.9, t * 9.0, seed, 1) + 0.22))
        .collect();
    let ridge = (0..frame.width)
        .map(|column| {
            let x = place(column);
            let broad = fbm(x * 0.9, t * 9.0, seed, 2) * 0.6;
            let sharp = ridged(x * 1.35, t * 5.0, seed ^ 7, 6) - 0.62;
            let needles = noise(x * 90.0, 0.5, seed ^ 3).abs() + noise(x * 43.0, 1.5, seed ^ 5).abs();
            base - height * (broad + sharp * 1.25 + 0.3) - needles * trees
        })
        .collect();
    Layer { ridge, foot, colour: palette.far.mix(palette.near, t.powf(1.15)), depth: 0.13 + 0.12 * t }
}

const PAPER: [([V3; 2], [V3; 5]); 6] = [
    (
        [hex(0xfff2d6), hex(0xfbdfae)],
        [hex(0xf7b98b), hex(0xef8f62), hex(0xd9623f), hex(0xa83a36), hex(0x4d1c3a)],
    ),
    (
        [hex(0xe9f5f7), hex(0xd3e9ee)],
        [hex(0xb4d9dd), hex(0x7fc0c2), hex(0x3f9ea3), hex(0x1f7287), hex(0x12395c)],
    ),
    (
        [hex(0xfff0ee), hex(0xffdcd8)],
        [hex(0xf7b9bd), hex(0xe68aa0), hex(0xc05f8c), hex(0x7d3f7c), hex(0x35245a)],
    ),
    (
        [hex(0xf4f2dc), hex(0xe9e8bd)],
        [hex(0xcbd598), hex(0x9cba77), hex(0x68985c), hex(0x3b7150), hex(0x1c453f)],
    ),
    (
        [hex(0xf5eee6), hex(0xeadfd0)],
        [hex(0xd9c2a6), hex(0xc0a07d), hex(0x98775a), hex(0x67503f), hex(0x352b29)],
    ),
    (
        [hex(0xeef0fb), hex(0xd9def5)],
        [hex(0xb5bfec), hex(0x8793d9), hex(0x5a64b8), hex(0x3a3f8a), hex(0x1d2152)],
    ),
];

struct Sheet {
    edge: Vec<f32>,
    colour: V3,
}

pub fn paper_hills(frame: &Frame, palette: usize, rng: &mut Rng) -> Canvas {
    let (sky, tones) = &PAPER[palette % PAPER.len()];
    let count = 5 + rng.below(3);
    let top = rng.between(0.2, 0.3);
    let sun = (frame.aspect * rng.between(0.2, 0.8), top * rng.between(0.5, 0.9), rng.between(0.07, 0.11));
    let with_sun = rng.unit() < 0.6;
    let sheets: Vec<Sheet> = (0..count)
        .map(|i| {
            let t = i as f32 / (count - 1) as f32;
            let (seed, shift) = (rng.seed(), rng.between(0.0, 40.0));
            let base = top + (0.94 - top) * t;
            let swell = rng.between(0.09, 0.20);
            let edge = (0..frame.width)
                .map(|column| {
                    let x = column as f32 * frame.px + shift;
                    base - swell * fbm(x * 0.9, 0.3, seed, 2) - 0.018 * noise(x * 3.1, 2.0, seed)
                })
                .collect();
            Sheet { edge, colour: ramp(tones, t) }
        })
        .collect();
    let (grain, fibre) = (rng.seed(), rng.seed());
    frame.shade(|x, y| {
        let mut colour = sky[0].mix(sky[1], smooth(0.0, 0.6, y));
        if with_sun {
            let distance = (x - sun.0).hypot(y - sun.1);
            colour = colour.mix(hex(0xfffdf6), frame.cover(sun.2 - distance));
        }
        let column = ((x / frame.px) as usize).min(frame.width - 1);
        for sheet in &sheets {
            let below = y - sheet.edge[column];
            // The sheet in front lets a soft shadow fall on the one behind.
            let shadow = (-(below - 0.004).abs() * 26.0).exp() * 0.26 + (-below.abs() * 90.0).exp() * 0.16;
            let shade = 1.0 - shadow * smooth(0.02, -0.01, below);
            colour = colour * v3(shade, shade, shade.powf(0.9));
            let bright = 1.06 - smooth(0.0, 0.35, below) * 0.14;
            let rim = smooth(0.006, 0.0, below) * 0.10;
            colour = colour.mix((sheet.colour * bright).screen(v3(rim, rim, rim)), frame.cover(below));
        }
        let paper = noise(x * 240.0, y * 240.0, grain) * 0.010 + noise(x * 70.0, y * 130.0, fibre) * 0.008;
        colour * (1.0 + paper)
    })
}
