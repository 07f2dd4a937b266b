//! WebP: with and without loss, animated, turned.

use imaging::{DecodeError, Layout, Picture};

use crate::samples::{decode, distance, gradient, webp_of};

fn riff(chunks: &[Vec<u8>]) -> Vec<u8> {
    let body = chunks.concat();
    [b"RIFF", ((body.len() + 4) as u32).to_le_bytes().as_slice(), b"WEBP", &body].concat()
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let padding: &[u8] = if data.len() % 2 == 1 { &[0] } else { &[] };
    [kind.as_slice(), &(data.len() as u32).to_le_bytes(), data, padding].concat()
}

fn extended(flags: u8, picture: &Picture) -> Vec<u8> {
    let (w, h) = ((picture.width - 1).to_le_bytes(), (picture.height - 1).to_le_bytes());
    chunk(b"VP8X", &[flags, 0, 0, 0, w[0], w[1], w[2], h[0], h[1], h[2]])
}

/// An animation of lossless frames that each fill the canvas.
pub fn animation(frames: &[Picture], blend: bool) -> Vec<u8> {
    let mut chunks = vec![extended(0x02, &frames[0]), chunk(b"ANIM", &[0; 6])];
    for frame in frames {
        let (w, h) = ((frame.width - 1).to_le_bytes(), (frame.height - 1).to_le_bytes());
        let head =
            [0, 0, 0, 0, 0, 0, w[0], w[1], w[2], h[0], h[1], h[2], 100, 0, 0, if blend { 0 } else { 2 }];
        let image = webp_of(frame).split_off(12);
        chunks.push(chunk(b"ANMF", &[head.as_slice(), &image].concat()));
    }
    riff(&chunks)
}

#[test]
fn lossless_files_keep_every_pixel() {
    for layout in [Layout::Rgb8, Layout::Rgba8] {
        let picture = gradient(37, 23, layout);
        assert_eq!(decode(&webp_of(&picture)).unwrap(), picture);
    }
}

#[test]
fn of_an_animation_the_first_frame_is_taken() {
    let first = gradient(40, 30, Layout::Rgb8);
    let second = Picture { data: first.data.iter().map(|n| 255 - n).collect(), ..first.clone() };
    let frames = [first.clone(), second];
    assert_eq!(decode(&animation(&frames, false)).unwrap().data, first.data);
    // Blending with the empty canvas rounds.
    assert!(distance(&decode(&animation(&frames, true)).unwrap().data, &first.data) <= 1);
}

#[test]
fn orientation_is_read_from_exif() {
    let picture = gradient(40, 30, Layout::Rgb8);
    let exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".as_slice();
    let image = webp_of(&picture).split_off(12);
    let turned = decode(&riff(&[extended(0x08, &picture), image, chunk(b"EXIF", exif)])).unwrap();
    assert_eq!((turned.width, turned.height), (30, 40));
    assert_eq!(turned.data[29 * 3..30 * 3], picture.data[..3]);
}

/// A lossy key frame of that size without any data, as a still and as an animation's frame beside an alpha plane,
/// on a canvas of 40 × 30.
fn lossy(width: u16, height: u16) -> [Vec<u8>; 2] {
    let [a, b] = width.to_le_bytes();
    let [c, d] = height.to_le_bytes();
    let frame = chunk(b"VP8 ", &[0x10, 0x02, 0, 0x9d, 0x01, 0x2a, a, b, c, d, 0, 0, 0, 0]);
    let canvas = gradient(40, 30, Layout::Rgb8);
    let head = [0, 0, 0, 0, 0, 0, 39, 0, 0, 29, 0, 0, 100, 0, 0, 0];
    let alpha = chunk(b"ALPH", &[&[0], [255; 40 * 30].as_slice()].concat());
    let inner = [head.as_slice(), &alpha, &frame].concat();
    [
        riff(&[extended(0, &canvas), frame]),
        riff(&[extended(0x12, &canvas), chunk(b"ANIM", &[0; 6]), chunk(b"ANMF", &inner)]),
    ]
}

#[test]
fn a_lossy_frame_must_have_the_size_that_is_said_of_it() {
    for file in lossy(16_383, 16_383) {
        assert_eq!(decode(&file), Err(DecodeError::TooLarge));
    }
    for (width, height) in [(40, 0), (40, 2), (39, 30), (400, 300)] {
        for file in lossy(width, height) {
            assert_eq!(decode(&file), Err(DecodeError::Damaged), "{width} × {height}");
        }
    }
}
