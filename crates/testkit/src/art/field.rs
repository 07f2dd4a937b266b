//! Landscapes as fields of height seen in perspective, column by column from near to far: dunes, a sea of clouds.

use super::colour::{V3, clamp01, hex, ramp, smooth, v3};
use super::frame::{Canvas, Frame};
use super::noise::{Rng, fbm, noise};

/// Where the eye is and what it looks at.
struct Eye {
    height: f32,
    horizon: f32,
    /// Focal length in heights of the picture.
    focal: f32,
    near: f32,
    far: f32,
}

/// Draws a field over a sky: `height` of a place, `surface` its colour from place, height and distance.
fn draw(
    frame: &Frame,
    eye: &Eye,
    sky: impl Fn(f32, f32) -> V3 + Sync,
    height: impl Fn(f32, f32) -> f32 + Sync,
    surface: impl Fn(f32, f32, f32, f32) -> V3 + Sync,
) -> Canvas {
    let rows = frame.height as f32;
    frame.columns(|x, column| {
        for (row, pixel) in column.iter_mut().enumerate() {
            *pixel = sky(x, (row as f32 + 0.5) * frame.px);
        }
        let behind = column.to_vec();
        let across = (x - frame.aspect * 0.5) / eye.focal;
        let (mut z, mut top) = (eye.near, rows);
        let mut last: Option<V3> = None;
        while z < eye.far && top > 0.0 {
            let (px, h) = (across * z, height(across * z, z));
            let row = (eye.horizon + (eye.height - h) / z * eye.focal) * rows;
            if row < top {
                let colour = surface(px, z, h, row / rows);
                fill(column, &behind, (row, top), (colour, last.unwrap_or(colour)));
                (top, last) = (row, Some(colour));
            } else {
                last = None;
            }
            let step = 1.5 * z * z / (eye.focal * eye.height * rows);
            z += step.clamp(0.003, z * 0.012);
        }
    })
}

/// Fills rows from the upper edge down to the lower one; a row that an edge cuts takes its share of what is behind.
fn fill(column: &mut [V3], behind: &[V3], (from, to): (f32, f32), (upper, lower): (V3, V3)) {
    let first = from.max(0.0);
    let end = (to.ceil() as usize).min(column.len());
    for row in first as usize..end {
        let (start, stop) = (first.max(row as f32), to.min(row as f32 + 1.0));
        let t = clamp01(((start + stop) * 0.5 - from) / (to - from).max(0.01));
        column[row] = column[row] + (upper.mix(lower, t) - behind[row]) * (stop - start).max(0.0);
    }
}

struct Desert {
    sky: [V3; 3],
    sun: V3,
    lit: V3,
    shade: V3,
}

const DESERTS: [Desert; 4] = [
    Desert {
        sky: [hex(0x7f9fc0), hex(0xc3c9cf), hex(0xf3dfc2)],
        sun: hex(0xfff0d0),
        lit: hex(0xf6c98d),
        shade: hex(0x7b5148),
    },
    Desert {
        sky: [hex(0x4a3f78), hex(0xc07f92), hex(0xffc898)],
        sun: hex(0xffdfb0),
        lit: hex(0xf0a070),
        shade: hex(0x4a2742),
    },
    Desert {
        sky: [hex(0x8fc0d8), hex(0xcfe3e4), hex(0xfdf1dc)],
        sun: hex(0xfffaf0),
        lit: hex(0xf4e3c8),
        shade: hex(0x8f8f9c),
    },
    Desert {
        sky: [hex(0x24385f), hex(0x6f7f9f), hex(0xeec7a4)],
        sun: hex(0xffe6c0),
        lit: hex(0xdf9f66),
        shade: hex(0x35263c),
    },
];

pub fn dunes(frame: &Frame, palette: usize, rng: &mut Rng) -> Canvas {
    let land = &DESERTS[palette % DESERTS.len()];
    let eye = Eye { height: 2.1, horizon: rng.between(0.24, 0.34), focal: 1.15, near: 0.55, far: 46.0 };
    let (seed, shift) = (rng.seed(), rng.between(0.0, 80.0));
    let side = if rng.unit() < 0.5 { -1.0 } else { 1.0 };
    let sun = v3(side * 0.88, 0.34, 0.30).unit();
    let height = |x: f32, z: f32| {
        let bend = fbm(x * 0.10 + shift, z * 0.13, seed, 2);
        // A crest with a long windward side and a short one in the lee.
        let wave = |phase: f32| {
            let t = phase - phase.floor();
            let up = t / 0.72;
            let shape = if up < 1.0 { up * up * (2.0 - up) } else { 1.0 - smooth(0.70, 1.0, t) };
            shape.clamp(0.0, 1.0)
        };
        let large = wave(z * 0.085 - x * 0.060 * side + bend * 1.25 + shift);
        let small = wave(z * 0.19 + x * 0.12 * side + bend * 1.9 + 0.4);
        large * 1.15 + small * 0.34 * (0.35 + large * 0.65) + fbm(x * 0.3, z * 0.3, seed ^ 5, 2) * 0.10
    };
    let sky = |x: f32, y: f32| {
        let base = ramp(&land.sky, y / (eye.horizon + 0.02));
        let glow = (-(x - frame.aspect * (0.5 + side * 0.42)).hypot((y - eye.horizon) * 1.4) * 2.6).exp();
        base.mix(land.sun, glow * 0.8)
    };
    draw(frame, &eye, sky, height, |x, z, h, y| {
        let e = 0.018 + z * 0.004;
        // The slope is that of the side towards the eye, or crests would flicker.
        let (hx, hz) = (height(x + e * side, z), height(x, z - e));
        let ripple = noise(x * 1.3, z * 1.3, seed ^ 11) * 2.2;
        let line = ((x * 0.55 + z) * 26.0 + ripple * 3.0).sin() * smooth(11.0, 2.0, z) * 0.11;
        let normal = v3((h - hx) / e * side - line * 0.4, 1.0, (hz - h) / e + line).unit();
        let mut light = normal.dot(sun);
        for step in 1..4 {
            let reach = step as f32 * step as f32 * 0.17;
            let over = height(x + sun.x * reach, z + sun.z * reach) - (h + sun.y * reach * 0.82);
            light = light.min(0.62 - over * 5.0);
        }
        let day = smooth(-0.16, 0.60, light);
        let grain = 1.0 + noise(x * 45.0, z * 45.0, seed ^ 2) * 0.03 * smooth(6.0, 1.0, z);
        let colour = land.shade.mix(land.lit, day).screen(land.sun * (smooth(0.55, 0.95, light) * 0.22));
        let far = 1.0 - (-(z - 2.0).max(0.0) * 0.045).exp();
        (colour * grain).mix(sky(0.5 * frame.aspect, eye.horizon.min(y + 0.05)), clamp01(far * 0.8))
    })
}

struct Heaven {
    sky: [V3; 3],
    sun: V3,
    bright: V3,
    dark: V3,
}

const HEAVENS: [Heaven; 4] = [
    Heaven {
        sky: [hex(0x3f6fae), hex(0x8fb4dc), hex(0xf3f1e8)],
        sun: hex(0xfffdf0),
        bright: hex(0xfffaf0),
        dark: hex(0x8f9fc4),
    },
    Heaven {
        sky: [hex(0x3f3a7c), hex(0xb07fae), hex(0xffcfae)],
        sun: hex(0xffeccf),
        bright: hex(0xffd9c0),
        dark: hex(0x6a5590),
    },
    Heaven {
        sky: [hex(0x6fa8c8), hex(0xb8d8e0), hex(0xfdf3e0)],
        sun: hex(0xffffff),
        bright: hex(0xfdf5ea),
        dark: hex(0x9fb0bf),
    },
    Heaven {
        sky: [hex(0xc8704f), hex(0xf0a86a), hex(0xffe0a4)],
        sun: hex(0xfff6d8),
        bright: hex(0xffd7a0),
        dark: hex(0x8a4a5c),
    },
];

pub fn clouds(frame: &Frame, palette: usize, rng: &mut Rng) -> Canvas {
    let air = &HEAVENS[palette % HEAVENS.len()];
    let eye = Eye { height: 1.25, horizon: rng.between(0.34, 0.42), focal: 1.0, near: 0.45, far: 34.0 };
    let (seed, shift) = (rng.seed(), rng.between(0.0, 90.0));
    let sun_x = frame.aspect * rng.between(0.25, 0.75);
    let sun_y = eye.horizon - rng.between(0.08, 0.2);
    let sun = v3((sun_x / frame.aspect - 0.5) * 1.6, 0.42, 0.85).unit();
    let puff = |x: f32, z: f32, octaves: u32| {
        let (mut sum, mut size, mut scale) = (0.0, 0.52, 0.50);
        for octave in 0..octaves {
            // Rounded above, creased below: heaps of cloud.
            let n = noise(x * scale + shift, z * scale * 1.15 + octave as f32 * 7.7, seed ^ (octave * 131));
            sum += (1.0 - (1.0 - n.abs()).powi(2) * 1.35) * size * if octave == 0 { 0.8 } else { 0.85 };
            size *= 0.40;
            scale *= 2.1;
        }
        sum + noise(x * 0.16, z * 0.16 + shift, seed ^ 77) * 0.36
    };
    let height = |x: f32, z: f32| puff(x, z, if z < 9.0 { 4 } else { 3 });
    let sky = |x: f32, y: f32| {
        let base = ramp(&air.sky, y / (eye.horizon + 0.03));
        let distance = (x - sun_x).hypot(y - sun_y);
        let glow = (-distance * 3.2).exp() * 0.85 + (-distance * 13.0).exp() * 0.55;
        let veil = smooth(0.1, 0.8, fbm(x * 1.6 + 3.0, y * 9.0, seed ^ 3, 3)) * 0.22;
        base.mix(air.sun, clamp01(glow + veil)).mix(hex(0xffffff), smooth(0.075, 0.045, distance))
    };
    draw(frame, &eye, sky, height, |x, z, h, _| {
        let e = 0.05 + z * 0.010;
        let (hx, hz) = (height(x + e, z), height(x, z + e));
        let normal = v3((h - hx) / e, 1.1, (h - hz) / e).unit();
        let facing = normal.dot(sun);
        let hollow = smooth(-0.30, 0.46, h);
        let light = clamp01(0.30 + facing * 0.48 + hollow * 0.34);
        // Light shines through the thin rims that stand against it.
        let rim = smooth(0.25, 0.9, normal.z * 0.9 + hollow * 0.4) * 0.18;
        let colour = air.dark.mix(air.bright, smooth(0.12, 0.96, light)).screen(air.sun * rim);
        let far = 1.0 - (-(z - 1.0).max(0.0) * 0.085).exp();
        let toward = (-((x / z - (sun_x - frame.aspect * 0.5)) * 1.5).powi(2)).exp();
        let haze = air.sky[2].mix(air.sun, 0.3 + toward * 0.5);
        colour.screen(air.sun * (toward * smooth(1.0, 9.0, z) * 0.35)).mix(haze, clamp01(far))
    })
}
