//! Making a picture smaller.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use crate::{Layout, Picture};

/// The picture with its longer edge at most `edge` pixels, by Lanczos3; `None` when it is no larger than that.
/// `alpha` says whether the alpha channel, where there is one, counts.
pub fn shrink(picture: &Picture, edge: u32, alpha: bool) -> Option<Picture> {
    let longer = picture.width.max(picture.height);
    if longer <= edge {
        return None;
    }
    let scaled = |n: u32| {
        u32::try_from((u64::from(n) * u64::from(edge)).div_ceil(u64::from(longer))).unwrap_or(edge).max(1)
    };
    let (width, height) = (scaled(picture.width), scaled(picture.height));
    let kind = match picture.layout {
        Layout::Rgb8 => PixelType::U8x3,
        Layout::Rgba8 => PixelType::U8x4,
    };
    let source = ImageRef::new(picture.width, picture.height, &picture.data, kind).ok()?;
    let mut target = Image::new(width, height, kind);
    // Alpha is premultiplied for the sum and divided out after it, so that hidden colours do not bleed.
    let options =
        ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3)).use_alpha(alpha);
    Resizer::new().resize(&source, &mut target, &options).ok()?;
    Some(Picture { width, height, data: target.into_vec(), layout: picture.layout })
}
