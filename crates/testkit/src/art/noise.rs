//! Randomness from a seed, and smooth noise.

/// A stream of numbers from a seed (SplitMix64).
#[derive(Debug, Clone)]
pub struct Rng(u64);

impl Rng {
    pub const fn new(seed: u64) -> Self {
        Self(seed ^ 0x5851_f42d_4c95_7f2d)
    }

    pub const fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to 1.
    pub fn unit(&mut self) -> f32 {
        (self.next_u64() >> 40) as f32 / 16_777_216.0
    }

    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// From 0 to `n` − 1.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next_u64() % n.max(1) as u64) as usize
    }

    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    pub fn seed(&mut self) -> u32 {
        self.next_u64() as u32
    }
}

/// A hash of a grid point.
pub const fn hash(x: i32, y: i32, seed: u32) -> u32 {
    let mut h = (x as u32).wrapping_mul(0x27d4_eb2d) ^ (y as u32).wrapping_mul(0x9e37_79b1) ^ seed;
    h ^= h >> 15;
    h = h.wrapping_mul(0x2c1b_3c6d);
    h ^= h >> 12;
    h = h.wrapping_mul(0x297a_2d39);
    h ^ (h >> 15)
}

/// A hash of a grid point from 0 up to 1.
pub const fn hash01(x: i32, y: i32, seed: u32) -> f32 {
    (hash(x, y, seed) >> 8) as f32 / 16_777_216.0
}

/// Rounding down, without a call into the mathematics library.
pub const fn floor(x: f32) -> i32 {
    let i = x as i32;
    if (i as f32) > x { i - 1 } else { i }
}

fn slope(x: i32, y: i32, seed: u32, fx: f32, fy: f32) -> f32 {
    let h = hash(x, y, seed);
    let gx = (h & 0xffff) as f32 / 32_768.0 - 1.0;
    let gy = (h >> 16) as f32 / 32_768.0 - 1.0;
    gx.mul_add(fx, gy * fy)
}

/// Gradient noise in the plane, about −1 to 1.
pub fn noise(x: f32, y: f32, seed: u32) -> f32 {
    let (ix, iy) = (floor(x), floor(y));
    let (fx, fy) = (x - ix as f32, y - iy as f32);
    let fade = |t: f32| t * t * t * (t * (t * 6.0 - 15.0) + 10.0);
    let (u, v) = (fade(fx), fade(fy));
    let a = slope(ix, iy, seed, fx, fy);
    let b = slope(ix + 1, iy, seed, fx - 1.0, fy);
    let c = slope(ix, iy + 1, seed, fx, fy - 1.0);
    let d = slope(ix + 1, iy + 1, seed, fx - 1.0, fy - 1.0);
    let (top, bottom) = (a + (b - a) * u, c + (d - c) * u);
    (top + (bottom - top) * v) * 1.6
}

/// Octaves of noise, about −1 to 1.
pub fn fbm(x: f32, y: f32, seed: u32, octaves: u32) -> f32 {
    let (mut sum, mut size, mut total) = (0.0, 1.0, 0.0);
    let (mut px, mut py) = (x, y);
    for octave in 0..octaves {
        sum += noise(px, py, seed.wrapping_add(octave * 977)) * size;
        total += size;
        size *= 0.5;
        // A turn between octaves, so that their grids never line up.
        (px, py) = (px * 1.62 - py * 1.18 + 3.7, px * 1.18 + py * 1.62 - 1.3);
    }
    sum / total
}

/// Octaves of creased noise from 0 to 1, high at the creases: ridges of mountains, veins.
pub fn ridged(x: f32, y: f32, seed: u32, octaves: u32) -> f32 {
    let (mut sum, mut size, mut total) = (0.0, 1.0, 0.0);
    let (mut px, mut py) = (x, y);
    for octave in 0..octaves {
        let n = 1.0 - noise(px, py, seed.wrapping_add(octave * 613)).abs();
        sum += n * n * size;
        total += size;
        size *= 0.5;
        (px, py) = (px * 1.62 - py * 1.18 + 1.9, px * 1.18 + py * 1.62 + 4.1);
    }
    sum / total
}

/// As [`cells`], quicker and rougher: half the difference between the distances of the two nearest points, and the
/// lesser distance.
pub fn web(x: f32, y: f32, seed: u32) -> (f32, f32) {
    let (ix, iy) = (floor(x), floor(y));
    let (mut first, mut second) = (f32::MAX, f32::MAX);
    for (dx, dy) in (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| (dx, dy))) {
        let h = hash(ix + dx, iy + dy, seed);
        let px = (ix + dx) as f32 + (h & 0xffff) as f32 / 65_536.0 - x;
        let py = (iy + dy) as f32 + (h >> 16) as f32 / 65_536.0 - y;
        let d = px * px + py * py;
        second = second.min(d.max(first));
        first = first.min(d);
    }
    ((second.sqrt() - first.sqrt()) * 0.5, first.sqrt())
}

/// The two nearest of points strewn over the plane: distance to the edge between their cells, hash of the cell, and
/// distance to its point.
pub fn cells(x: f32, y: f32, seed: u32, jitter: f32) -> (f32, u32, f32) {
    let (ix, iy) = (floor(x), floor(y));
    let point = |dx: i32, dy: i32| {
        let h = hash(ix + dx, iy + dy, seed);
        let jx = 0.5 + ((h & 0xffff) as f32 / 65_536.0 - 0.5) * jitter;
        let jy = 0.5 + ((h >> 16) as f32 / 65_536.0 - 0.5) * jitter;
        ((ix + dx) as f32 + jx - x, (iy + dy) as f32 + jy - y, h)
    };
    let (mut near, mut best) = (f32::MAX, (0.0, 0.0, 0));
    for (dx, dy) in (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| (dx, dy))) {
        let p = point(dx, dy);
        let d = p.0 * p.0 + p.1 * p.1;
        if d < near {
            (near, best) = (d, p);
        }
    }
    let mut edge = f32::MAX;
    for (dx, dy) in (-2..=2).flat_map(|dy| (-2..=2).map(move |dx| (dx, dy))) {
        let p = point(dx, dy);
        let (ax, ay) = (p.0 - best.0, p.1 - best.1);
        let length = (ax * ax + ay * ay).sqrt();
        if p.2 != best.2 && length > 1e-6 {
            edge = edge.min(((p.0 + best.0) * ax + (p.1 + best.1) * ay) * 0.5 / length);
        }
    }
    (edge, best.2, near.sqrt())
}
