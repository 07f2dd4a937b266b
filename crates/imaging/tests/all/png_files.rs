//! PNG: colour types, depths, interlacing, animation.

use imaging::Layout;

use crate::samples::{chunk, decode, gradient, png_of};

#[test]
fn grey_and_sixteen_bits_become_eight_bit_colours() {
    let grey = png_of(2, 1, png::ColorType::Grayscale, png::BitDepth::Eight, &[10, 200]);
    assert_eq!(decode(&grey).unwrap().data, [10, 10, 10, 200, 200, 200]);
    let bits = png_of(8, 1, png::ColorType::Grayscale, png::BitDepth::One, &[0b1010_0000]);
    assert_eq!(decode(&bits).unwrap().data[..9], [255, 255, 255, 0, 0, 0, 255, 255, 255]);
    let deep = png_of(1, 1, png::ColorType::Rgb, png::BitDepth::Sixteen, &[255, 255, 128, 0, 0, 0]);
    assert_eq!(decode(&deep).unwrap().data, [255, 128, 0]);
    let veiled = png_of(1, 1, png::ColorType::GrayscaleAlpha, png::BitDepth::Eight, &[7, 9]);
    assert_eq!(decode(&veiled).unwrap().data, [7, 7, 7, 9]);
    let both = png_of(1, 1, png::ColorType::GrayscaleAlpha, png::BitDepth::Sixteen, &[7, 1, 9, 1]);
    assert_eq!(decode(&both).unwrap().data, [7, 7, 7, 9]);
}

#[test]
fn palettes_and_transparent_colours_are_looked_up() {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 3, 1);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Two);
    encoder.set_palette(vec![1, 2, 3, 40, 50, 60, 7, 8, 9]);
    encoder.set_trns(vec![255, 128]);
    encoder.write_header().unwrap().write_image_data(&[0b0001_1000]).unwrap();
    let picture = decode(&bytes).unwrap();
    assert_eq!(picture.layout, Layout::Rgba8);
    assert_eq!(picture.data, [1, 2, 3, 255, 40, 50, 60, 128, 7, 8, 9, 255]);

    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 2, 1);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_trns(vec![0, 1, 0, 2, 0, 3]);
    encoder.write_header().unwrap().write_image_data(&[1, 2, 3, 1, 2, 4]).unwrap();
    assert_eq!(decode(&bytes).unwrap().data, [1, 2, 3, 0, 1, 2, 4, 255]);
}

/// An animated PNG of two frames; with `apart`, the default image is not one of them.
fn animation(apart: bool) -> (Vec<u8>, Vec<u8>) {
    let picture = gradient(20, 10, Layout::Rgb8);
    let other: Vec<u8> = picture.data.iter().map(|n| 255 - n).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 20, 10);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_animated(2, 0).unwrap();
    encoder.set_sep_def_img(apart).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&picture.data).unwrap();
    writer.write_image_data(&other).unwrap();
    if apart {
        writer.write_image_data(&other).unwrap();
    }
    writer.finish().unwrap();
    (bytes, picture.data)
}

#[test]
fn of_an_animation_the_default_image_is_taken() {
    for apart in [false, true] {
        let (bytes, wanted) = animation(apart);
        assert!(bytes.windows(4).any(|w| w == b"fdAT"), "is an animation");
        let picture = decode(&bytes).unwrap();
        assert_eq!((picture.width, picture.height), (20, 10));
        assert_eq!(picture.data, wanted, "default image apart: {apart}");
    }
}

#[test]
fn an_interlaced_file_gives_the_same_pixels() {
    // 3 × 3 grey, Adam7: passes of 1, 0, 0, 1, 1, 1 and 3 pixels, each row with a filter byte.
    let rows: [&[u8]; 6] = [&[0, 1], &[0, 3], &[0, 7, 9], &[0, 2], &[0, 8], &[0, 4, 5, 6]];
    let raw = rows.concat();
    let stored = [
        &[0x78, 0x01, 0x01],
        &(raw.len() as u16).to_le_bytes()[..],
        &(!(raw.len() as u16)).to_le_bytes(),
        &raw,
        &adler32(&raw).to_be_bytes(),
    ]
    .concat();
    let header = [0, 0, 0, 3, 0, 0, 0, 3, 8, 0, 0, 0, 1];
    let file = [
        b"\x89PNG\r\n\x1a\n".as_slice(),
        &chunk(b"IHDR", &header),
        &chunk(b"IDAT", &stored),
        &chunk(b"IEND", &[]),
    ]
    .concat();
    let found: Vec<u8> = decode(&file).unwrap().data.chunks(3).map(|p| p[0]).collect();
    assert_eq!(found, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
}

fn adler32(bytes: &[u8]) -> u32 {
    let (a, b) = bytes.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    b << 16 | a
}
