//! Evening sun through a window, with the shadow of leaves, on a plain wall.

use super::colour::{V3, hex, smooth, v3};
use super::frame::{Canvas, Frame};
use super::noise::{Rng, fbm, hash01, noise};

const WALLS: [(V3, V3, V3); 5] = [
    (hex(0xa9a39b), hex(0x8d8780), hex(0xfff0d2)),
    (hex(0xc9a893), hex(0x9f7f70), hex(0xffe2b8)),
    (hex(0x8fa39f), hex(0x6b7f7d), hex(0xfff4dc)),
    (hex(0xb8a9b4), hex(0x8c7d90), hex(0xffe3cf)),
    (hex(0xcfc4a8), hex(0xa2977c), hex(0xfff6d6)),
];

struct Leaf {
    x: f32,
    y: f32,
    cos: f32,
    sin: f32,
    length: f32,
}

pub fn window_light(frame: &Frame, palette: usize, rng: &mut Rng) -> Canvas {
    let (wall, dark, light) = &WALLS[palette % WALLS.len()];
    let lean = rng.between(-0.42, -0.18) * if rng.unit() < 0.5 { -1.0 } else { 1.0 };
    let size = (0.60_f32.min(frame.aspect * 0.72), rng.between(0.62, 0.74));
    let (cx, cy) = (frame.aspect * rng.between(0.44, 0.56), rng.between(0.46, 0.54));
    let leaves = twigs(rng);
    let (plaster, panes) = (rng.seed(), 2 + rng.below(2));
    frame.shade(|x, y| {
        // Window coordinates: the slanting sun shears and stretches the frame on the wall.
        let (dx, dy) = (x - cx, y - cy - (x - cx) * lean * 0.55);
        let u = (dx - dy * lean) / size.0 + 0.5;
        let v = dy / size.1 + 0.5;
        let blur = 0.010 + 0.022 * v.clamp(0.0, 1.0);
        let inside = |value: f32, low: f32, high: f32| {
            smooth(low - blur, low + blur, value) * smooth(high + blur, high - blur, value)
        };
        let mut sun = inside(u, 0.0, 1.0) * inside(v, 0.0, 1.0);
        sun *= 1.0 - inside(u, 0.485, 0.515);
        for n in 1..=panes {
            let bar = n as f32 / (panes + 1) as f32;
            sun *= 1.0 - inside(v, bar - 0.012, bar + 0.012);
        }
        if sun > 0.003 {
            sun *= 1.0 - shadow(&leaves, u, v * size.1 / size.0, blur) * 0.86;
        }
        let rough =
            noise(x * 130.0, y * 130.0, plaster) * 0.012 + fbm(x * 9.0, y * 9.0, plaster ^ 3, 3) * 0.022;
        let far = (x - cx).hypot(y - cy);
        let ambient = wall.mix(*dark, smooth(0.1, 0.95, far + (y - 0.4) * 0.25));
        // Lit plaster throws some of its warmth around.
        let bounce = smooth(0.75, 0.1, far) * 0.10;
        let base = ambient * (1.0 + rough) + *light * bounce * 0.5;
        let lit = (base * 0.55 + *light * 0.52) * (1.0 + rough * 1.6);
        base.mix(lit, sun * (0.90 - 0.22 * v.clamp(0.0, 1.0)))
            * frame.vignette(x, y, 0.15)
            * v3(1.0, 0.995, 0.985)
    })
}

/// Twigs that hang into the window from above, with leaves on both sides.
fn twigs(rng: &mut Rng) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    let seed = rng.seed();
    for twig in 0..4 {
        let (mut x, mut y) = (rng.between(-0.15, 1.0), rng.between(-0.20, 0.12));
        let mut heading = rng.between(0.5, 1.9);
        for step in 0..14 {
            heading += rng.between(-0.16, 0.16);
            (x, y) = (x + heading.cos() * 0.058, y + heading.sin() * 0.058);
            let side = if step % 2 == 0 { 0.85 } else { -0.85 };
            let turn = heading + side + (hash01(twig, step, seed) - 0.5) * 0.5;
            let length = 0.075 + hash01(twig, step, seed ^ 1) * 0.05;
            leaves.push(Leaf { x, y, cos: turn.cos(), sin: turn.sin(), length });
            leaves.push(Leaf { x, y, cos: heading.cos(), sin: heading.sin(), length: 0.03 });
        }
    }
    leaves
}

fn shadow(leaves: &[Leaf], u: f32, v: f32, blur: f32) -> f32 {
    let mut open = 1.0_f32;
    for leaf in leaves {
        let (dx, dy) = (u - leaf.x, v - leaf.y);
        if dx.abs() + dy.abs() > 0.24 {
            continue;
        }
        let along = (dx * leaf.cos + dy * leaf.sin) / leaf.length;
        let across = (dy * leaf.cos - dx * leaf.sin).abs() / leaf.length;
        let half = 0.24 * (along * (1.0 - along) * 4.0).clamp(0.0, 1.0).powf(0.8) * (1.35 - along * 0.7);
        let soft = blur / leaf.length * 1.2;
        let end = smooth(-0.03 - soft, soft, along) * smooth(1.03 + soft, 1.0 - soft, along);
        open = open.min(1.0 - smooth(soft, -soft, across - half) * end);
    }
    1.0 - open
}
