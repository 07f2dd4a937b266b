//! Decoding what our own encoders and hostile hands write.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs)]

use imaging::{DecodeError, Layout, Limits, Picture, decode, rendition, thumbnail};

fn gradient(width: u32, height: u32, layout: Layout) -> Picture {
    let mut data = Vec::new();
    for y in 0..height {
        for x in 0..width {
            data.extend([(x * 255 / width) as u8, (y * 255 / height) as u8, 90]);
            if layout == Layout::Rgba8 {
                data.push((x * 255 / width) as u8);
            }
        }
    }
    Picture { width, height, data, layout }
}

fn png_of(width: u32, height: u32, color: png::ColorType, depth: png::BitDepth, data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    encoder.write_header().unwrap().write_image_data(data).unwrap();
    bytes
}

#[test]
fn a_rendition_has_the_same_pixels() {
    for layout in [Layout::Rgb8, Layout::Rgba8] {
        let picture = gradient(37, 23, layout);
        let encoded = rendition(&picture).unwrap();
        assert_eq!(decode(&encoded.bytes, &Limits::default()).unwrap(), picture);
    }
}

#[test]
fn grey_and_sixteen_bits_become_eight_bit_colours() {
    let grey = png_of(2, 1, png::ColorType::Grayscale, png::BitDepth::Eight, &[10, 200]);
    assert_eq!(decode(&grey, &Limits::default()).unwrap().data, [10, 10, 10, 200, 200, 200]);
    let deep = png_of(1, 1, png::ColorType::Rgb, png::BitDepth::Sixteen, &[255, 255, 128, 0, 0, 0]);
    assert_eq!(decode(&deep, &Limits::default()).unwrap().data, [255, 128, 0]);
    let veiled = png_of(1, 1, png::ColorType::GrayscaleAlpha, png::BitDepth::Eight, &[7, 9]);
    assert_eq!(decode(&veiled, &Limits::default()).unwrap().data, [7, 7, 7, 9]);
}

#[test]
fn thumbnails_keep_the_shape_and_never_grow() {
    let wide = thumbnail(&gradient(1600, 900, Layout::Rgb8), 512).unwrap();
    assert_eq!((wide.width, wide.height, wide.mime), (512, 288, "image/jpeg"));
    let small = thumbnail(&gradient(40, 30, Layout::Rgb8), 512).unwrap();
    assert_eq!((small.width, small.height), (40, 30));
    assert_eq!(thumbnail(&gradient(900, 1600, Layout::Rgba8), 512).unwrap().mime, "image/png");
    let shown = decode(&wide.bytes, &Limits::default()).unwrap();
    let middle = ((288 / 2) * 512 + 256) * 3;
    assert!(shown.data[middle].abs_diff(127) < 8 && shown.data[middle + 2].abs_diff(90) < 8);
}

#[test]
fn every_orientation_is_turned_upright() {
    // Two by one: left red, right blue, as a lossless WebP can't carry it here; JPEG blocks keep flat colours.
    let mut data = Vec::new();
    for _ in 0..16 {
        for x in 0..32 {
            data.extend(if x < 16 { [250, 5, 5] } else { [5, 5, 250] });
        }
    }
    let upright = [(1, "lr"), (2, "rl"), (3, "rl"), (4, "lr"), (5, "tb"), (6, "tb"), (7, "bt"), (8, "bt")];
    for (tag, red) in upright {
        let mut bytes = Vec::new();
        let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
        let exif =
            [b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(), &[tag, 0, 0, 0, 0, 0, 0]]
                .concat();
        encoder.add_app_segment(1, exif).unwrap();
        encoder.encode(&data, 32, 16, jpeg_encoder::ColorType::Rgb).unwrap();
        let shown = decode(&bytes, &Limits::default()).unwrap();
        let at = |x: usize, y: usize| shown.data[(y * shown.width as usize + x) * 3] > 128;
        let (right, bottom) = (shown.width as usize - 2, shown.height as usize - 2);
        let found = match (at(1, 1), at(right, 1), at(1, bottom)) {
            (true, false, true) => "lr",
            (false, true, false) => "rl",
            (true, true, false) => "tb",
            (false, false, true) => "bt",
            other => panic!("{other:?}"),
        };
        assert_eq!(found, red, "orientation {tag}");
    }
}

#[test]
fn a_huge_header_is_refused_before_memory_is_taken() {
    let mut bytes = png_of(1, 1, png::ColorType::Rgb, png::BitDepth::Eight, &[1, 2, 3]);
    bytes[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    let crc = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    assert_eq!(decode(&bytes, &Limits::default()), Err(DecodeError::TooLarge));
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 },
        )
    })
}

#[test]
fn a_file_that_ends_early_gives_no_picture_and_no_panic() {
    let picture = gradient(64, 48, Layout::Rgb8);
    for whole in [rendition(&picture).unwrap().bytes, thumbnail(&picture, 64).unwrap().bytes] {
        for end in (0..whole.len() - 20).step_by(7) {
            let _ = decode(&whole[..end], &Limits::default());
        }
    }
    let png = rendition(&picture).unwrap().bytes;
    assert_eq!(decode(&png[..png.len() / 2], &Limits::default()), Err(DecodeError::Damaged));
}

#[test]
fn other_bytes_are_not_pictures() {
    for bytes in [b"".as_slice(), b"hello", b"GIF89a", b"<svg/>"] {
        assert_eq!(decode(bytes, &Limits::default()), Err(DecodeError::Unsupported));
    }
}
