//! Colours and small vectors, with the arithmetic that painting needs. Colours are sRGB from 0 to 1: the palettes
//! were chosen by eye, and so they are mixed where the eye measures.

use std::ops::{Add, Mul, Sub};

/// Three numbers: a colour or a point.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct V3 {
    pub x: f32,
    pub y: f32,
    pub z: f32,
}

/// A colour written as in a style sheet.
pub const fn hex(rgb: u32) -> V3 {
    V3 {
        x: ((rgb >> 16) & 255) as f32 / 255.0,
        y: ((rgb >> 8) & 255) as f32 / 255.0,
        z: (rgb & 255) as f32 / 255.0,
    }
}

pub const fn v3(x: f32, y: f32, z: f32) -> V3 {
    V3 { x, y, z }
}

impl Add for V3 {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        v3(self.x + o.x, self.y + o.y, self.z + o.z)
    }
}

impl Sub for V3 {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        v3(self.x - o.x, self.y - o.y, self.z - o.z)
    }
}

impl Mul<f32> for V3 {
    type Output = Self;
    fn mul(self, k: f32) -> Self {
        v3(self.x * k, self.y * k, self.z * k)
    }
}

impl Mul for V3 {
    type Output = Self;
    fn mul(self, o: Self) -> Self {
        v3(self.x * o.x, self.y * o.y, self.z * o.z)
    }
}

impl V3 {
    pub fn dot(self, o: Self) -> f32 {
        self.x.mul_add(o.x, self.y.mul_add(o.y, self.z * o.z))
    }

    pub fn length(self) -> f32 {
        self.dot(self).sqrt()
    }

    pub fn unit(self) -> Self {
        self * (1.0 / self.length().max(1e-9))
    }

    /// The way from here to `o`.
    pub fn mix(self, o: Self, t: f32) -> Self {
        self + (o - self) * t
    }

    /// Light over a colour: never beyond white.
    pub fn screen(self, light: Self) -> Self {
        let one = |a: f32, b: f32| 1.0 - (1.0 - a) * (1.0 - b.clamp(0.0, 1.0));
        v3(one(self.x, light.x), one(self.y, light.y), one(self.z, light.z))
    }
}

pub fn clamp01(x: f32) -> f32 {
    x.clamp(0.0, 1.0)
}

/// From 0 at `a` to 1 at `b`, without corners.
pub fn smooth(a: f32, b: f32, x: f32) -> f32 {
    let t = clamp01((x - a) / (b - a));
    t * t * (3.0 - 2.0 * t)
}

/// A gradient of colours at even distances.
pub fn ramp(stops: &[V3], t: f32) -> V3 {
    let last = stops.len() - 1;
    let at = clamp01(t) * last as f32;
    let i = (at as usize).min(last.saturating_sub(1));
    let f = at - i as f32;
    stops[i].mix(stops[(i + 1).min(last)], f * f * (3.0 - 2.0 * f) * 0.5 + f * 0.5)
}
