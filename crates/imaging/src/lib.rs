//! Decodes pictures from untrusted bytes within limits, makes them smaller, encodes them anew.
//!
//! **Invariant:** no I/O, no panic on any bytes, and no allocation before the declared size was compared with the
//! limits. What leaves here for a screen carries no byte of the original file.

mod decode;
mod encode;
mod orientation;
mod resize;

pub use decode::{DecodeError, Limits, Reduced, decode, decode_for_thumbnail};
pub use encode::{Encoded, rendition, thumbnail};

/// How the bytes of a picture lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Red, green, blue.
    Rgb8,
    /// Red, green, blue, alpha; not premultiplied.
    Rgba8,
}

impl Layout {
    /// Bytes of one pixel.
    pub const fn bytes(self) -> usize {
        match self {
            Self::Rgb8 => 3,
            Self::Rgba8 => 4,
        }
    }
}

/// A decoded picture: rows from the top, without padding, 8 bits a channel, turned as it is to be shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// `width × height × layout.bytes()` bytes.
    pub data: Vec<u8>,
    /// How they lie.
    pub layout: Layout,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({} × {}, {:?})", self.width, self.height, self.layout)
    }
}

/// Alpha from here on is not told from opaque by any eye. Some generators hide text in its lowest bit, which must
/// not reach the screen.
const OPAQUE: u8 = 250;

impl Picture {
    /// Whether anything of it can be seen through.
    pub fn has_alpha(&self) -> bool {
        // In blocks: the least of a block is found many pixels at a time, and the first that is low ends it.
        self.layout == Layout::Rgba8
            && self.data.chunks(4096).any(|block| {
                block.as_chunks::<4>().0.iter().fold(u8::MAX, |least, [.., alpha]| least.min(*alpha)) < OPAQUE
            })
    }

    /// The colours without alpha, as they are.
    fn to_rgb(&self) -> Vec<u8> {
        let mut out = vec![0; self.data.len() / 4 * 3];
        let pixels = self.data.as_chunks::<4>().0;
        for (to, [r, g, b, _]) in out.as_chunks_mut::<3>().0.iter_mut().zip(pixels) {
            *to = [*r, *g, *b];
        }
        out
    }
}
