//! Light on the ground of a pool, and ink floated on water.

use super::colour::{V3, clamp01, hex, ramp, smooth, v3};
use super::frame::{Canvas, Frame};
use super::noise::{Rng, fbm, noise, web};

const POOLS: [([V3; 4], V3); 4] = [
    ([hex(0x0b4f6c), hex(0x147f9c), hex(0x2fb0c0), hex(0x8fe0dc)], hex(0xf0fffa)),
    ([hex(0x103a5f), hex(0x1f669a), hex(0x4a9fd0), hex(0xb0dff0)], hex(0xf4fcff)),
    ([hex(0x0f4a44), hex(0x1f7f70), hex(0x52b89a), hex(0xc0ecc8)], hex(0xfbfff0)),
    ([hex(0x2a2a66), hex(0x4a4fa0), hex(0x7f88d0), hex(0xd0d4f4)], hex(0xfffaff)),
];

pub fn pool(frame: &Frame, palette: usize, rng: &mut Rng) -> Canvas {
    let (tones, light) = &POOLS[palette % POOLS.len()];
    let (a, b, c) = (rng.seed(), rng.seed(), rng.seed());
    let scale = rng.between(6.0, 8.5);
    frame.shade(|x, y| {
        // A little perspective: the far side of the pool is above.
        let near = 0.62 + y * 0.62;
        let (u, v) = ((x - frame.aspect * 0.5) / near * scale, (y + 0.35) / near * scale * 1.5);
        let (wx, wy) = (fbm(u * 0.55, v * 0.55, a, 2) * 1.1, fbm(u * 0.55 + 7.0, v * 0.55, b, 2) * 1.1);
        let lines = |u: f32, v: f32, seed: u32| {
            let (edge, inner) = web(u, v, seed);
            let line = (-edge * 9.0).exp();
            line * line * 0.85 + line * 0.30 + smooth(0.75, 0.1, inner) * 0.05
        };
        let first = lines(u + wx, v + wy, c);
        let second = lines((u - wy * 0.8) * 0.62 + 4.0, (v + wx * 0.8) * 0.62, c ^ 5);
        let shine = first * 0.58 + second * 0.40 + first * second * 0.9;
        let depth = fbm(u * 0.22, v * 0.3, b ^ 3, 2) * 0.28 + 0.30 + (1.0 - y) * 0.30;
        let ground = ramp(tones, clamp01(depth + shine * 0.16));
        let colour = ground.screen(light.mix(tones[3], 0.25) * clamp01(shine * 0.66));
        let surface = smooth(0.32, 0.9, fbm(u * 0.9, v * 2.6 + wx, a ^ 9, 2)) * 0.16;
        colour.screen(*light * surface) * frame.vignette(x, y, 0.16)
    })
}

const INKS: [([V3; 6], V3); 5] = [
    (
        [hex(0xf4f0e6), hex(0xb8d0cc), hex(0x4f8f94), hex(0x1f5560), hex(0x123440), hex(0xdfe6dc)],
        hex(0xd9b25f),
    ),
    (
        [hex(0xfaf2ea), hex(0xf0c4b8), hex(0xd07f8c), hex(0x7a3f68), hex(0x2f2350), hex(0xf4ddd2)],
        hex(0xe2b868),
    ),
    (
        [hex(0xf2f2f0), hex(0xc4c8cc), hex(0x7f8890), hex(0x3a424a), hex(0x16191f), hex(0xe6e4de)],
        hex(0xc8a45a),
    ),
    (
        [hex(0x0f2a2a), hex(0x12524c), hex(0x1f8f7c), hex(0x0f5f60), hex(0x082a34), hex(0x49b89c)],
        hex(0xe8cf8a),
    ),
    (
        [hex(0xeef2fa), hex(0xa8bfe6), hex(0x4f74c0), hex(0x2a3f8a), hex(0x161f4c), hex(0xd0d8f0)],
        hex(0xf0d28a),
    ),
];

pub fn marble(frame: &Frame, palette: usize, rng: &mut Rng) -> Canvas {
    let (tones, gold) = &INKS[palette % INKS.len()];
    let (a, b) = (rng.seed(), rng.seed());
    let turn = rng.between(0.0, std::f32::consts::TAU);
    let (cos, sin) = (turn.cos(), turn.sin());
    let scale = rng.between(1.1, 1.6);
    let flow = |x: f32, y: f32| {
        let (u, v) = ((x * cos + y * sin) * scale, (y * cos - x * sin) * scale * 1.35);
        let (qx, qy) = (fbm(u, v, a, 3), fbm(u + 5.2, v + 1.3, a, 3));
        let (rx, ry) = (u + qx * 1.7, v + qy * 1.7);
        (fbm(rx + 1.7, ry + 9.2, b, 4), qx)
    };
    // The flow is costly: once for every pixel, and its slope from the neighbours.
    let field = frame.shade(|x, y| {
        let (height, inner) = flow(x, y);
        v3(height, inner, 0.0)
    });
    frame.shade(|x, y| {
        let (column, row) = ((x / frame.px) as usize, (y / frame.px) as usize);
        let at = |dx: usize, dy: usize| {
            let (column, row) = ((column + dx).min(frame.width - 1), (row + dy).min(frame.height - 1));
            field.pixels[row * frame.width + column]
        };
        let (height, inner) = (at(0, 0).x, at(0, 0).y);
        let e = frame.px;
        let (hx, hy) = (at(1, 0).x - height, at(0, 1).x - height);
        let t = clamp01(height * 0.95 + 0.5 + inner * 0.22);
        let mut colour = ramp(tones, t);
        // Ink gathers in fine lines; every third of them is gold.
        let slope = (hx.hypot(hy) / e).max(0.3);
        let bands = height * 13.0;
        let off = (bands - bands.round()).abs() / (13.0 * slope);
        let line = clamp01((0.0016 - off) / frame.px + 0.6);
        let golden = (bands.round() as i32).rem_euclid(3) == 0;
        let light = clamp01(0.5 + (hx * 0.7 - hy) / e * 0.13);
        colour = colour * (0.82 + light * 0.34);
        let shimmer = 0.72 + 0.5 * light + noise(x * 80.0, y * 80.0, b) * 0.12;
        let ink = if golden { *gold * shimmer } else { colour * 0.66 };
        colour = colour.mix(ink, line * if golden { 0.95 } else { 0.45 });
        colour.screen(hex(0xffffff) * (smooth(0.80, 1.0, light) * 0.22)) * frame.vignette(x, y, 0.08)
    })
}
