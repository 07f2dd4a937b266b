//! Paper lanterns on a lake at night, with their light on the water.

use super::colour::{V3, clamp01, hex, ramp, smooth, v3};
use super::frame::{Canvas, Frame};
use super::noise::{Rng, noise, ridged};

const NIGHTS: [([V3; 4], [V3; 2]); 4] = [
    ([hex(0x0a1030), hex(0x1c2450), hex(0x4a3f6a), hex(0xb0705f)], [hex(0x1c1c3c), hex(0x05081a)]),
    ([hex(0x0a1a2a), hex(0x123448), hex(0x2f5f6a), hex(0xc08f5f)], [hex(0x0e2a34), hex(0x040e16)]),
    ([hex(0x1a0a24), hex(0x3a1a44), hex(0x7a3a54), hex(0xe08a5a)], [hex(0x2c1430), hex(0x0c0512)]),
    ([hex(0x08080f), hex(0x16162a), hex(0x2c2840), hex(0x7a5244)], [hex(0x14142a), hex(0x04040a)]),
];

const PAPERS: [(u32, u32); 4] =
    [(0xfff0b8, 0xf08a2c), (0xfff2c8, 0xf2a040), (0xffe6b0, 0xe8663a), (0xfff6dc, 0xf0b860)];

struct Lantern {
    x: f32,
    y: f32,
    size: f32,
    paper: (V3, V3),
    afloat: bool,
}

pub fn floating(frame: &Frame, palette: usize, rng: &mut Rng) -> Canvas {
    let (sky, water) = &NIGHTS[palette % NIGHTS.len()];
    let horizon = rng.between(0.40, 0.50);
    let (seed, land) = (rng.seed(), water[1]);
    let ridge: Vec<f32> = (0..frame.width)
        .map(|n| horizon + 0.02 - ridged(n as f32 * frame.px * 1.1, 3.0, seed, 5) * 0.13)
        .collect();
    let mut canvas = frame.shade(|x, y| {
        if y < horizon {
            let top = ridge[((x / frame.px) as usize).min(frame.width - 1)];
            let warm =
                ramp(sky, y / horizon).screen(hex(0xff9a50) * ((-(y - horizon).abs() * 16.0).exp() * 0.18));
            return warm.mix(land.mix(sky[2], 0.22), frame.cover(y - top));
        }
        let below = y - horizon;
        let depth = 0.2 / (below + 0.03);
        let ripple = noise(x * depth * 5.0, depth * 26.0, seed)
            + noise(x * depth * 13.0, depth * 50.0, seed ^ 3) * 0.5;
        let base = water[0].mix(water[1], smooth(0.0, 0.5, below));
        let mirror = ramp(sky, 1.0 - below * 1.4) * (0.34 * (-below * 3.0).exp());
        base.screen(mirror).screen(hex(0xffa860) * ((-below * 20.0).exp() * 0.22)) * (1.0 + ripple * 0.12)
    });
    for lantern in &lanterns(frame, rng, horizon) {
        if lantern.afloat {
            lantern.reflect(frame, &mut canvas, seed);
        }
        lantern.glow(frame, &mut canvas);
        lantern.body(frame, &mut canvas);
    }
    canvas
}

/// Far ones first: points of light on the shore, a few in the sky, then larger and larger on the water.
fn lanterns(frame: &Frame, rng: &mut Rng, horizon: f32) -> Vec<Lantern> {
    let mut all = Vec::new();
    let paper = |rng: &mut Rng| {
        let (bright, edge) = *rng.pick(&PAPERS);
        (hex(bright), hex(edge))
    };
    for _ in 0..(14.0 * frame.aspect) as usize {
        let far = rng.unit();
        let (x, y) = (rng.between(0.0, frame.aspect), horizon * rng.between(0.08, 0.9));
        all.push(Lantern { x, y, size: 0.004 + 0.015 * far * far, paper: paper(rng), afloat: false });
    }
    let mut depth = 0.0_f32;
    while depth < 1.0 {
        let y = horizon + 0.012 + depth.powf(1.7) * (0.90 - horizon);
        let size = 0.006 + depth.powf(1.6) * 0.075;
        let across = (frame.aspect / (size * 5.2)).ceil() as usize;
        for n in 0..across {
            if rng.unit() < 0.30 + depth * 0.28 {
                continue;
            }
            let x = (n as f32 + rng.between(0.1, 0.9)) / across as f32 * frame.aspect;
            let drift = rng.between(-0.4, 0.4) * size;
            all.push(Lantern { x, y: y + drift, size, paper: paper(rng), afloat: true });
        }
        depth += 0.035 + depth * 0.11;
    }
    all.sort_by(|a, b| a.size.total_cmp(&b.size));
    all
}

impl Lantern {
    fn glow(&self, frame: &Frame, canvas: &mut Canvas) {
        let reach = self.size * 4.6 + 0.012;
        let light = self.paper.1.mix(hex(0xffb060), 0.5);
        frame.around(canvas, (self.x, self.y - self.size * 0.5), (reach, reach), |dx, dy, was| {
            let d = dx.hypot(dy) / reach;
            let soft = smooth(1.0, 0.0, d);
            was.screen(light * (soft * soft * soft * 0.40))
        });
    }

    fn body(&self, frame: &Frame, canvas: &mut Canvas) {
        let (half, tall) = (self.size * 0.56, self.size * 0.72);
        let (bright, edge) = self.paper;
        frame.around(canvas, (self.x, self.y - tall), (half * 1.3, tall * 1.2), |dx, dy, was| {
            let (u, v) = (dx / half, dy / tall);
            // A barrel: rounder in the middle, flat above and below.
            let width = 1.0 - 0.16 * v * v;
            let corner = (v.abs() - 0.82).max(0.0) * 1.1;
            let inside = (width - corner - u.abs()).min(1.0 - v.abs()) * half.min(tall);
            let flame = (-((u * 0.9).powi(2) + (v - 0.30).powi(2) * 1.5)).exp();
            let mut paper = edge.mix(bright, clamp01(flame * 1.15)) * (0.72 + 0.42 * flame);
            if half > frame.px * 9.0 {
                let rib = (v * 17.0).sin().abs();
                paper = paper * (1.0 - smooth(0.30, 0.0, rib) * 0.13);
            }
            let rim = smooth(0.80, 0.90, v.abs()) * 0.82;
            let wood = v3(0.16, 0.07, 0.05).mix(paper, 0.16);
            was.mix(paper.mix(wood, rim), frame.cover(inside))
        });
    }

    fn reflect(&self, frame: &Frame, canvas: &mut Canvas, seed: u32) {
        let (half, tall) = (self.size * 0.62, self.size * 3.6);
        let light = self.paper.1.mix(self.paper.0, 0.45);
        frame.around(canvas, (self.x, self.y + tall * 0.5), (half * 2.6, tall * 0.56), |dx, dy, was| {
            let down = clamp01((dy + tall * 0.5) / tall);
            let wobble = noise(dy / self.size * 3.4, self.x * 40.0, seed) * half * (0.25 + down * 1.3);
            let across = (dx + wobble) / (half * (0.80 + down * 0.5));
            let broken = 0.66 + 0.34 * noise(dx / self.size * 1.2, dy / self.size * 9.0, seed ^ 11);
            let body = (-across * across * 1.9).exp() * (1.0 - down).powf(1.5) * broken;
            was.screen(light * clamp01(body * 0.74))
        });
    }
}
