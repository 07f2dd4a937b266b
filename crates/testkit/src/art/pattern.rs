//! Patterns: the blue waves of concentric arcs, and a window of coloured glass.

use super::colour::{V3, clamp01, hex, ramp, smooth, v3};
use super::frame::{Canvas, Frame};
use super::noise::{Rng, cells, fbm, hash01, noise};

const WAVES: [([V3; 5], V3, V3); 5] = [
    (
        [hex(0xe9dfc8), hex(0xb7c4c4), hex(0x6f93a8), hex(0x35608a), hex(0x1f3f63)],
        hex(0xf4ecd8),
        hex(0xc9a45c),
    ),
    (
        [hex(0xf7e6dd), hex(0xf0b8ae), hex(0xd97f83), hex(0xa84a63), hex(0x5f2447)],
        hex(0xfff3ea),
        hex(0xe0b45f),
    ),
    (
        [hex(0xe6eee2), hex(0xa9ccb8), hex(0x5fa08f), hex(0x2c6f6b), hex(0x123f45)],
        hex(0xf3f5e8),
        hex(0xd9b560),
    ),
    (
        [hex(0x2a2f4a), hex(0x24345f), hex(0x1f3f73), hex(0x1b2f5c), hex(0x141c3a)],
        hex(0xd9c48f),
        hex(0xe8cf87),
    ),
    (
        [hex(0xf4e4b8), hex(0xf0c36a), hex(0xdf8f3f), hex(0xb0562f), hex(0x5c2a2a)],
        hex(0xfff6dd),
        hex(0xfff0c0),
    ),
];

pub fn seigaiha(frame: &Frame, palette: usize, rng: &mut Rng) -> Canvas {
    let (tones, line, gold) = &WAVES[palette % WAVES.len()];
    let radius = 1.0 / rng.between(8.5, 12.5);
    let (seed, paper, shift) = (rng.seed(), rng.seed(), rng.between(0.0, 1.0));
    let lines = 3.0 + rng.below(2) as f32;
    frame.shade(|x, y| {
        // Rows stand half a radius apart; the lower lies over the higher.
        let step = radius * 0.5;
        let lowest = ((y + radius) / step).floor() as i32;
        let mut colour = tones[0];
        for row in (lowest - 5..=lowest).rev() {
            let cy = row as f32 * step;
            let offset = if row.rem_euclid(2) == 0 { 0.0 } else { radius } + shift * radius;
            let column = ((x - offset) / (2.0 * radius)).round();
            let distance = (x - offset - column * 2.0 * radius).hypot(y - cy);
            if distance > radius {
                continue;
            }
            let drift = fbm(column * 0.31 + offset, cy * 3.1, seed, 3) * 0.42;
            let own = hash01(column as i32, row, seed) - 0.5;
            let tone = ramp(tones, clamp01(cy * 0.92 + drift + own * 0.14));
            let band = distance / radius * lines;
            let along = (band - band.floor()) - 0.5;
            let width = 0.20 - 0.03 * own;
            let stroke = clamp01((width - along.abs()) * radius / lines / frame.px + 0.5);
            let accent = hash01(column as i32, row, seed ^ 5) > 0.93;
            let ink = if accent { *gold } else { line.mix(tone, 0.12 + own.abs() * 0.3) };
            // A little light on the upper left of each wave.
            let light = 1.0 + (cy - y) / radius * 0.07;
            let edge = smooth(radius, radius - frame.px * 1.5, distance);
            let dark = 1.0 - 0.20 * smooth(radius * 0.86, radius, distance);
            let soft = tone * light * dark;
            colour = soft.mix(ink, stroke * 0.92 * edge);
            break;
        }
        let grain = noise(x * 210.0, y * 210.0, paper) * 0.022 + noise(x * 40.0, y * 90.0, paper ^ 3) * 0.02;
        colour * (1.0 + grain) * frame.vignette(x, y, 0.07)
    })
}

const GLASS: [[V3; 6]; 4] = [
    [hex(0xfff0b0), hex(0xf7b52c), hex(0xe8552f), hex(0xb01f4a), hex(0x4b2a86), hex(0x123a7a)],
    [hex(0xf7fbe8), hex(0xa8dcc0), hex(0x2fae9f), hex(0x147f9f), hex(0x1f4fa0), hex(0x2a2a72)],
    [hex(0xfff4e0), hex(0xffc2a8), hex(0xf27f8a), hex(0xb858a0), hex(0x5f4fb0), hex(0x28347f)],
    [hex(0xfdf6c8), hex(0xcfe06a), hex(0x5fae4a), hex(0x1f7f5f), hex(0x145a70), hex(0x7a1f3f)],
];

pub fn glass(frame: &Frame, palette: usize, rng: &mut Rng) -> Canvas {
    let tones = &GLASS[palette % GLASS.len()];
    let centre = (frame.aspect * rng.between(0.35, 0.65), rng.between(0.3, 0.6));
    let (seed, bubbles) = (rng.seed(), rng.seed());
    let scale = rng.between(6.5, 9.0);
    frame.shade(|x, y| {
        let (dx, dy) = (x - centre.0, y - centre.1);
        let r = dx.hypot(dy);
        let wave = noise(x * 1.5, y * 1.5, seed ^ 9) * 0.35;
        let (edge, id, inner) = cells(x * scale + wave, y * scale + wave, seed, 0.92);
        let own = (id & 0xff) as f32 / 255.0;
        let tone = ramp(tones, clamp01(r * 0.98 + (own - 0.5) * 0.42 + wave * 0.4));
        // Glass is never even: streaks within a pane, bubbles, light behind it.
        let turn = own * std::f32::consts::TAU;
        let (sx, sy) = (x * turn.cos() + y * turn.sin(), y * turn.cos() - x * turn.sin());
        let streak =
            fbm(sx * 7.0, sy * 42.0, bubbles ^ id, 2) * 0.13 + noise(x * 60.0, y * 60.0, bubbles) * 0.05;
        let behind = 0.74 + 0.50 * (-r * 2.1).exp() + (1.0 - inner) * 0.10;
        let pane = (tone * (behind + streak)).screen(tones[0] * ((-r * 3.4).exp() * 0.40));
        let lead = 0.075;
        let inside = clamp01((edge - lead) / (frame.px * scale) + 0.5);
        let round = clamp01(1.0 - edge / lead);
        let metal = v3(0.085, 0.085, 0.10) + v3(0.22, 0.22, 0.24) * (round * round * 0.55);
        let glow = tone * (0.26 * smooth(0.0, lead, edge));
        let shade = smooth(lead, lead + 0.13, edge);
        metal.screen(glow).mix(pane * (0.66 + 0.34 * shade), inside) * frame.vignette(x, y, 0.14)
    })
}
