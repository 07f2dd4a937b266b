//! Pictures to look at, painted from a seed: landscapes, flowers, patterns, still lifes.
//!
//! Every motif is a function of place, so a picture of 64 pixels and one of 1024 show the same. Edges are smoothed by
//! how much of a pixel they cover, gradients are dithered.

mod colour;
mod field;
mod flower;
mod frame;
mod interior;
mod land;
mod lanterns;
mod night;
pub(crate) mod noise;
mod pattern;
mod sea;
mod shapes;
mod water;

use frame::Frame;
use noise::Rng;

/// What a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Motif {
    /// Mountain ranges one behind the other in mist.
    Mountains,
    /// Soft hills as if cut from paper.
    PaperHills,
    /// Sun low over the sea.
    Sea,
    /// Sand dunes with long shadows.
    Dunes,
    /// A dahlia from above.
    Dahlia,
    /// The wave pattern of concentric arcs.
    Seigaiha,
    /// A sea of clouds from above.
    Clouds,
    /// Stars and moon over a lake.
    Night,
    /// Lanterns floating on a lake.
    Lanterns,
    /// A stained-glass window.
    Glass,
    /// Spheres and columns in soft light.
    Shapes,
    /// Light on the ground of a pool.
    Water,
    /// Evening sun through a window on a wall.
    Window,
    /// Ink floated on water, with veins of gold.
    Marble,
}

impl Motif {
    /// All of them, in the order in which a gallery mixes well.
    pub const ALL: [Self; 14] = [
        Self::Clouds,
        Self::PaperHills,
        Self::Dahlia,
        Self::Shapes,
        Self::Water,
        Self::Window,
        Self::Sea,
        Self::Seigaiha,
        Self::Mountains,
        Self::Dunes,
        Self::Lanterns,
        Self::Glass,
        Self::Night,
        Self::Marble,
    ];
}

/// A painted picture: 8-bit RGB, rows from the top.
#[derive(Clone, PartialEq, Eq)]
pub struct Painting {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// `width × height × 3` bytes.
    pub rgb: Vec<u8>,
}

impl std::fmt::Debug for Painting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Painting({} × {})", self.width, self.height)
    }
}

impl Painting {
    /// The same, every pixel `times` as wide and high.
    pub fn enlarged(&self, times: u32) -> Self {
        let (width, height) = (self.width * times, self.height * times);
        let old = |x: u32, y: u32| {
            let at = ((y / times * self.width + x / times) * 3) as usize;
            [self.rgb[at], self.rgb[at + 1], self.rgb[at + 2]]
        };
        let rgb = (0..height).flat_map(|y| (0..width).flat_map(move |x| old(x, y))).collect();
        Self { width, height, rgb }
    }

    /// The same with an alpha channel, opaque.
    pub fn rgba(&self) -> Vec<u8> {
        self.rgb.as_chunks::<3>().0.iter().flat_map(|[r, g, b]| [*r, *g, *b, 255]).collect()
    }
}

/// Paints a motif in colours of the seed's choice; the same arguments give the same bytes on one kind of computer.
pub fn paint(motif: Motif, seed: u64, width: u32, height: u32) -> Painting {
    let palette = Rng::new(seed).below(60);
    paint_in(motif, palette, seed, width, height)
}

/// As [`paint`], in the colours of a number; every motif has four to six palettes, and numbers beyond begin again.
pub fn paint_in(motif: Motif, palette: usize, seed: u64, width: u32, height: u32) -> Painting {
    let frame = Frame::new(width, height);
    let rng = &mut Rng::new(seed.wrapping_mul(31).wrapping_add(motif as u64));
    let motif = match motif {
        Motif::Mountains => land::mountains,
        Motif::PaperHills => land::paper_hills,
        Motif::Sea => sea::sunset,
        Motif::Dunes => field::dunes,
        Motif::Dahlia => flower::dahlia,
        Motif::Seigaiha => pattern::seigaiha,
        Motif::Clouds => field::clouds,
        Motif::Night => night::lake,
        Motif::Lanterns => lanterns::floating,
        Motif::Glass => pattern::glass,
        Motif::Shapes => shapes::still_life,
        Motif::Water => water::pool,
        Motif::Window => interior::window_light,
        Motif::Marble => water::marble,
    };
    Painting { width, height, rgb: motif(&frame, palette, rng).to_bytes() }
}
