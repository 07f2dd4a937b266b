//! Pictures and files for the tests.

use std::path::PathBuf;

use imaging::{DecodeError, Layout, Limits, Picture};

/// Two colour ramps; with alpha, a third one.
pub fn gradient(width: u32, height: u32, layout: Layout) -> Picture {
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

pub fn decode(bytes: &[u8]) -> Result<Picture, DecodeError> {
    imaging::decode(bytes, &Limits::default())
}

pub fn png_of(width: u32, height: u32, color: png::ColorType, depth: png::BitDepth, data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    encoder.write_header().unwrap().write_image_data(data).unwrap();
    bytes
}

pub fn jpeg_of(picture: &Picture, set: impl FnOnce(&mut jpeg_encoder::Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 95);
    set(&mut encoder);
    let (width, height) = (picture.width as u16, picture.height as u16);
    encoder.encode(&picture.data, width, height, jpeg_encoder::ColorType::Rgb).unwrap();
    bytes
}

pub fn webp_of(picture: &Picture) -> Vec<u8> {
    let mut bytes = Vec::new();
    let color = match picture.layout {
        Layout::Rgb8 => image_webp::ColorType::Rgb8,
        Layout::Rgba8 => image_webp::ColorType::Rgba8,
    };
    image_webp::WebPEncoder::new(&mut bytes)
        .encode(&picture.data, picture.width, picture.height, color)
        .unwrap();
    bytes
}

/// A picture from the folder of AVIF files; see its README.
pub fn avif(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/pictures/avif");
    std::fs::read(folder.join(format!("{name}.avif"))).unwrap()
}

/// One small file of every kind that is decoded.
pub fn one_of_each() -> Vec<(&'static str, Vec<u8>)> {
    let (rgb, rgba) = (gradient(61, 43, Layout::Rgb8), gradient(61, 43, Layout::Rgba8));
    let mut files = vec![
        ("png", imaging::rendition(&rgb).unwrap().bytes),
        ("png with alpha", imaging::rendition(&rgba).unwrap().bytes),
        ("jpeg", jpeg_of(&rgb, |_| {})),
        ("progressive jpeg", jpeg_of(&rgb, |e| e.set_progressive(true))),
        ("webp", webp_of(&rgb)),
        ("webp with alpha", webp_of(&rgba)),
        ("animated webp", super::webp::animation(&[rgb.clone(), rgb], true)),
    ];
    for name in ["8-bit-420-limited", "12-bit-444-smpte240", "alpha-10-bit", "grid-alpha", "lossless"] {
        files.push((name, avif(name)));
    }
    files
}

/// The largest difference of any two bytes.
pub fn distance(one: &[u8], other: &[u8]) -> u8 {
    assert_eq!(one.len(), other.len());
    one.iter().zip(other).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0)
}

pub fn pixel(picture: &Picture, x: u32, y: u32) -> &[u8] {
    let bytes = picture.layout.bytes();
    let at = (y * picture.width + x) as usize * bytes;
    &picture.data[at..at + bytes]
}

pub fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 },
        )
    })
}

/// A PNG chunk.
pub fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [kind.as_slice(), data].concat();
    [&(data.len() as u32).to_be_bytes(), body.as_slice(), &crc32(&body).to_be_bytes()].concat()
}
