//! Decoding one AV1 frame, by rav1d.

use re_rav1d::{Decoder, Picture, PixelLayout, PlanarImageComponent, Plane, Settings};

use super::colour::Colour;
use crate::DecodeError;

/// The samples of a frame.
pub struct Frame {
    picture: Picture,
    planes: Vec<(Plane, usize)>,
}

/// Decodes the first frame that is shown; it must have the size in pixels that the container gives, and a larger one
/// is refused before memory is taken for it.
pub fn decode(data: Vec<u8>, (width, height): (u32, u32)) -> Result<Frame, DecodeError> {
    let mut settings = Settings::new();
    // No threads of its own: pictures are imported side by side.
    settings.set_n_threads(1);
    settings.set_max_frame_delay(1);
    settings.set_all_layers(false);
    settings.set_frame_size_limit(width.saturating_mul(height));
    let mut decoder = Decoder::with_settings(&settings).map_err(|e| refusal(&e))?;
    if data.is_empty() {
        return Err(DecodeError::Damaged);
    }
    let mut sent = decoder.send_data(data, None, None, None);
    loop {
        if let Err(error) = &sent
            && !error.is_again()
        {
            return Err(refusal(error));
        }
        match decoder.get_picture() {
            Ok(picture) => return frame(picture, (width, height)),
            // Nothing is pending and nothing came out: there is no frame.
            Err(error) if error.is_again() && sent.is_ok() => return Err(DecodeError::Damaged),
            Err(error) if error.is_again() => sent = decoder.send_pending_data(),
            Err(error) => return Err(refusal(&error)),
        }
    }
}

fn frame(picture: Picture, size: (u32, u32)) -> Result<Frame, DecodeError> {
    if (picture.width(), picture.height()) != size || !matches!(picture.bit_depth(), 8 | 10 | 12) {
        return Err(DecodeError::Damaged);
    }
    let components: &[PlanarImageComponent] = match picture.pixel_layout() {
        PixelLayout::I400 => &[PlanarImageComponent::Y],
        _ => &[PlanarImageComponent::Y, PlanarImageComponent::U, PlanarImageComponent::V],
    };
    let planes = components.iter().map(|c| (picture.plane(*c), picture.stride(*c) as usize)).collect();
    Ok(Frame { picture, planes })
}

const fn refusal(error: &re_rav1d::Error) -> DecodeError {
    match error {
        re_rav1d::Error::UnsupportedBitstream => DecodeError::Unsupported,
        re_rav1d::Error::NotEnoughMemory => DecodeError::TooLarge,
        _ => DecodeError::Damaged,
    }
}

impl Frame {
    pub fn size(&self) -> (u32, u32) {
        (self.picture.width(), self.picture.height())
    }

    /// Bits of a sample.
    pub fn depth(&self) -> u32 {
        u32::try_from(self.picture.bit_depth()).unwrap_or(8)
    }

    pub fn is_grey(&self) -> bool {
        self.picture.pixel_layout() == PixelLayout::I400
    }

    /// Whether the chroma planes have half the width, and half the height.
    pub fn subsampling(&self) -> (bool, bool) {
        match self.picture.pixel_layout() {
            PixelLayout::I420 => (true, true),
            PixelLayout::I422 => (true, false),
            PixelLayout::I400 | PixelLayout::I444 => (false, false),
        }
    }

    /// What the stream itself says of its colours; for files whose container does not.
    pub fn colour(&self) -> Colour {
        Colour {
            primaries: self.picture.color_primaries() as u16,
            matrix: self.picture.matrix_coefficients() as u16,
            full_range: self.picture.color_range() == re_rav1d::pixel::YUVRange::Full,
        }
    }

    /// Copies the start of a row of plane 0, 1 or 2.
    pub fn read(&self, plane: usize, row: usize, into: &mut [u16]) {
        let Some((plane, stride)) = self.planes.get(plane) else { return };
        let bytes = plane.get(row * stride..(row + 1) * stride).unwrap_or_default();
        if self.picture.bit_depth() == 8 {
            into.iter_mut().zip(bytes).for_each(|(to, from)| *to = u16::from(*from));
        } else {
            let samples = bytes.as_chunks::<2>().0;
            into.iter_mut().zip(samples).for_each(|(to, from)| *to = u16::from_ne_bytes(*from));
        }
    }
}
