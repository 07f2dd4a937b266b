//! A still life of spheres and columns in the light of a large soft window, traced ray by ray.

use super::colour::{V3, clamp01, hex, smooth, v3};
use super::frame::{Canvas, Frame};
use super::noise::Rng;

struct Palette {
    wall: V3,
    floor: V3,
    tones: [V3; 5],
}

const fn palette(wall: u32, floor: u32, tones: [u32; 5]) -> Palette {
    let [a, b, c, d, e] = tones;
    Palette { wall: hex(wall), floor: hex(floor), tones: [hex(a), hex(b), hex(c), hex(d), hex(e)] }
}

const PALETTES: [Palette; 5] = [
    palette(0xffe9dc, 0xfbdccb, [0xd8877f, 0xe9b39f, 0xb9cfc8, 0x7fa39b, 0xf7ead9]),
    palette(0xe8e3dc, 0xdcd5cb, [0x2f5f86, 0xe8593c, 0x1f2937, 0xf2b134, 0xf5f2ec]),
    palette(0xdfe8f2, 0xcfdcea, [0x7f9fd0, 0xf2c6c6, 0x4f6fae, 0xf4e2b8, 0xffffff]),
    palette(0xe6eddf, 0xd6e2cd, [0x6f9a6a, 0xe8c07a, 0x3f6f5f, 0xf0e6cf, 0xd98a5f]),
    palette(0x3a3550, 0x453f5f, [0xf08fa0, 0xf7c59a, 0x8f7fd8, 0x5fb8c0, 0xf4e9f0]),
];

enum Solid {
    Ball { centre: V3, radius: f32 },
    Column { middle: V3, half: V3, cos: f32, sin: f32 },
}

struct Thing {
    solid: Solid,
    colour: V3,
    gloss: f32,
}

struct Hit {
    t: f32,
    normal: V3,
    /// Number of the thing; the floor and the wall come after them.
    id: usize,
}

struct Scene {
    things: Vec<Thing>,
    light: V3,
    palette: &'static Palette,
}

pub fn still_life(frame: &Frame, palette: usize, rng: &mut Rng) -> Canvas {
    // Two palettes are for balls alone.
    let stair = !matches!(palette % PALETTES.len(), 2 | 4);
    let palette = &PALETTES[palette % PALETTES.len()];
    let side = if rng.unit() < 0.5 { -1.0 } else { 1.0 };
    let scene =
        Scene { things: arrange(rng, palette, stair), light: v3(side * 0.62, 0.74, -0.44).unit(), palette };
    let eye = v3(0.0, 1.75, -6.6);
    let back = 1.12 * (1.15 / frame.aspect.clamp(0.6, 1.15));
    let ray = |x: f32, y: f32| v3((x - frame.aspect * 0.5) * back / 2.0, (0.52 - y) * back / 2.0 - 0.13, 1.0);
    // Only where two things meet is a pixel asked for nine times.
    let map = frame.shade(|x, y| v3(scene.trace(eye, ray(x, y).unit()).id as f32, 0.0, 0.0));
    let id = |x: f32, y: f32| {
        let (column, row) = ((x / frame.px).max(0.0) as usize, (y / frame.px).max(0.0) as usize);
        map.pixels[row.min(frame.height - 1) * frame.width + column.min(frame.width - 1)].x as usize
    };
    frame.shade(|x, y| {
        let h = frame.px;
        let middle = id(x, y);
        if [(h, 0.0), (-h, 0.0), (0.0, h), (0.0, -h)].iter().all(|(dx, dy)| id(x + dx, y + dy) == middle) {
            return scene.colour(eye, ray(x, y).unit());
        }
        let mut sum = V3::default();
        for n in 0..9 {
            let (dx, dy) = ((n % 3) as f32 - 1.0, (n / 3) as f32 - 1.0);
            sum = sum + scene.colour(eye, ray(x + dx * frame.px / 3.0, y + dy * frame.px / 3.0).unit());
        }
        sum * (1.0 / 9.0)
    })
}

fn arrange(rng: &mut Rng, palette: &Palette, stair: bool) -> Vec<Thing> {
    let mut things = Vec::new();
    let tone = |n: usize| palette.tones[n % palette.tones.len()];
    let gloss = 0.18;
    if stair {
        // A stair of columns with a ball on one of them.
        let count = 5 + rng.below(3);
        let turn = rng.between(0.25, 0.55) * if rng.unit() < 0.5 { -1.0 } else { 1.0 };
        let rising = if rng.unit() < 0.5 { 1.0 } else { -1.0 };
        for n in 0..count {
            let at = n as f32 - (count - 1) as f32 / 2.0;
            let tall = 0.16 + (at * rising + count as f32 / 2.0) * 0.17;
            let (middle, half) = (v3(at * 0.50, tall, 0.35 + at * 0.12 * turn), v3(0.19, tall, 0.19));
            things.push(Thing {
                solid: Solid::Column { middle, half, cos: turn.cos(), sin: turn.sin() },
                colour: tone(n),
                gloss: 0.06,
            });
            let radius = 0.26;
            if n == count / 2 {
                let centre = v3(middle.x, tall * 2.0 + radius, middle.z);
                things.push(Thing { solid: Solid::Ball { centre, radius }, colour: tone(4), gloss });
            }
        }
        for n in 0..3 {
            let radius = rng.between(0.16, 0.34);
            let centre =
                v3(-1.5 + n as f32 * 1.45 + rng.between(-0.2, 0.2), radius, -1.05 - rng.between(0.0, 0.5));
            things.push(Thing { solid: Solid::Ball { centre, radius }, colour: tone(n + 1), gloss });
        }
        return things;
    }
    // Balls of several sizes that do not touch.
    let mut placed: Vec<(f32, f32, f32)> = Vec::new();
    for _ in 0..400 {
        let radius = if placed.len() < 3 { rng.between(0.5, 0.78) } else { rng.between(0.12, 0.36) };
        let (x, z) = (rng.between(-2.1, 2.1), rng.between(-1.6, 1.2));
        let free = placed.iter().all(|(px, pz, pr)| (px - x).hypot(pz - z) > pr + radius + 0.02);
        if free && placed.len() < 11 && (radius < 0.4 || z > -0.7) {
            placed.push((x, z, radius));
            let solid = Solid::Ball { centre: v3(x, radius, z), radius };
            things.push(Thing { solid, colour: tone(placed.len()), gloss: 0.42 });
        }
    }
    things
}

impl Solid {
    fn hit(&self, from: V3, way: V3) -> Option<(f32, V3)> {
        match self {
            Self::Ball { centre, radius } => {
                let o = from - *centre;
                let b = o.dot(way);
                let d = b * b - (o.dot(o) - radius * radius);
                if d < 0.0 {
                    return None;
                }
                let t = -b - d.sqrt();
                (t > 1e-3).then(|| (t, (o + way * t) * (1.0 / radius)))
            }
            Self::Column { middle, half, cos, sin } => {
                let turn = |p: V3| v3(p.x * cos - p.z * sin, p.y, p.x * sin + p.z * cos);
                let (near, far, axis, way) = slabs(turn(from - *middle), turn(way), *half);
                if near > far || near < 1e-3 {
                    return None;
                }
                let sign = -way.signum();
                let n = [v3(sign, 0.0, 0.0), v3(0.0, sign, 0.0), v3(0.0, 0.0, sign)][axis];
                Some((near, v3(n.x * cos + n.z * sin, n.y, n.z * cos - n.x * sin)))
            }
        }
    }

    /// How much of the light from `way` gets past, from 0 to 1, softer the farther the thing is.
    fn lets_by(&self, from: V3, way: V3) -> f32 {
        match self {
            Self::Ball { centre, radius } => {
                let o = *centre - from;
                let along = o.dot(way);
                if along < 0.0 {
                    return 1.0;
                }
                let off = (o.dot(o) - along * along).max(0.0).sqrt();
                let soft = 0.04 + along * 0.20;
                smooth(-soft, soft, off - radius)
            }
            Self::Column { middle, half, cos, sin } => {
                let turn = |p: V3| v3(p.x * cos - p.z * sin, p.y, p.x * sin + p.z * cos);
                let (near, far, _, _) = slabs(turn(from - *middle), turn(way), *half);
                if far < 0.0 {
                    return 1.0;
                }
                let soft = 0.03 + near.max(0.0) * 0.24;
                smooth(soft, -soft, far - near.max(0.0))
            }
        }
    }

    /// Open sky taken away from a point with this normal.
    fn darkens(&self, at: V3, normal: V3) -> f32 {
        match self {
            Self::Ball { centre, radius } => {
                let o = *centre - at;
                let d = o.length();
                clamp01(normal.dot(o) / d) * (radius / d).powi(2).min(1.0)
            }
            Self::Column { middle, half, cos, sin } => {
                let o = at - *middle;
                let local = v3(o.x * cos - o.z * sin, o.y, o.x * sin + o.z * cos);
                let away = v3(
                    (local.x.abs() - half.x).max(0.0),
                    (local.y.abs() - half.y).max(0.0),
                    (local.z.abs() - half.z).max(0.0),
                );
                (-away.length() * 4.2).exp() * 0.42 * (1.0 - normal.y.abs() * 0.15)
            }
        }
    }
}

/// Where a ray enters and leaves a box around the origin, the axis of entry and the ray's part along it.
fn slabs(from: V3, way: V3, half: V3) -> (f32, f32, usize, f32) {
    let (mut near, mut far, mut axis, mut part) = (f32::MIN, f32::MAX, 0, 0.0);
    let sides = [(from.x, way.x, half.x), (from.y, way.y, half.y), (from.z, way.z, half.z)];
    for (n, (o, d, h)) in sides.into_iter().enumerate() {
        let inverse = 1.0 / if d.abs() < 1e-6 { 1e-6 } else { d };
        let (a, b) = ((-h - o) * inverse, (h - o) * inverse);
        if a.min(b) > near {
            (near, axis, part) = (a.min(b), n, d);
        }
        far = far.min(a.max(b));
    }
    (near, far, axis, part)
}

impl Scene {
    fn trace(&self, from: V3, way: V3) -> Hit {
        let n = self.things.len();
        let floor = if way.y < -1e-4 { -from.y / way.y } else { f32::MAX };
        // Floor and wall are one sheet, bent: no line where they meet.
        let mut best = Hit { t: floor.min(60.0), normal: v3(0.0, 1.0, 0.0), id: n };
        for (id, thing) in self.things.iter().enumerate() {
            if let Some((t, normal)) = thing.solid.hit(from, way).filter(|(t, _)| *t < best.t) {
                best = Hit { t, normal, id };
            }
        }
        best
    }

    fn colour(&self, eye: V3, way: V3) -> V3 {
        let hit = self.trace(eye, way);
        let at = eye + way * hit.t;
        let back = self.wall(way);
        let Some(thing) = self.things.get(hit.id) else {
            let lit = self.light_at(at, hit.normal, usize::MAX);
            let floor =
                self.palette.floor * v3(1.04, 1.04, 1.04) * (0.46 + lit.0 * 0.58) * (1.0 - lit.1 * 0.55);
            return floor.mix(back, smooth(5.5, 15.0, at.z + 6.0));
        };
        let (sun, dark) = self.light_at(at, hit.normal, hit.id);
        let sky = 0.42 + 0.16 * hit.normal.y;
        let bounce = self.palette.floor * (clamp01(-hit.normal.y * 0.5 + 0.5) * 0.22 * (-at.y * 0.8).exp());
        let body = thing.colour * (sky * (1.0 - dark * 0.8) + sun * 0.68) + thing.colour * bounce;
        let mirror = way - hit.normal * (2.0 * way.dot(hit.normal));
        let shine = clamp01(mirror.dot(self.light)).powi(38) * thing.gloss * 1.5;
        let rim = (1.0 - clamp01(-way.dot(hit.normal))).powi(4) * thing.gloss * 0.5;
        body.screen(hex(0xffffff) * (shine * sun.min(1.0))).mix(back, rim)
    }

    fn wall(&self, way: V3) -> V3 {
        let glow = 1.0 + 0.10 * (way.x * self.light.x).clamp(-0.5, 0.5) - 0.12 * smooth(0.0, 0.5, way.y);
        self.palette.wall * glow
    }

    /// Light from the window (0 to 1) and how much of the open room is hidden.
    fn light_at(&self, at: V3, normal: V3, own: usize) -> (f32, f32) {
        let facing = smooth(-0.12, 1.0, normal.dot(self.light));
        let (mut sun, mut dark) = (1.0_f32, 0.0_f32);
        for (id, thing) in self.things.iter().enumerate() {
            if id == own {
                continue;
            }
            if facing > 0.0 {
                sun = sun.min(thing.solid.lets_by(at + normal * 0.01, self.light));
            }
            dark += thing.solid.darkens(at, normal) * (1.0 - dark);
        }
        (facing * sun, clamp01(dark))
    }
}
