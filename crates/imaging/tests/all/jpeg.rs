//! JPEG: orientation, scans, inks, reduced scale.

use imaging::{DecodeError, Layout, Limits, Picture, decode_for_thumbnail};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use crate::samples::{decode, distance, gradient, jpeg_of};

fn exif(tag: u8) -> Vec<u8> {
    [b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(), &[tag, 0, 0, 0, 0, 0, 0]].concat()
}

/// Four flat quarters: red, green, blue, white.
fn quarters() -> Picture {
    let mut data = Vec::new();
    for y in 0..32 {
        for x in 0..64 {
            data.extend(match (x < 32, y < 16) {
                (true, true) => [250, 5, 5],
                (false, true) => [5, 250, 5],
                (true, false) => [5, 5, 250],
                (false, false) => [250, 250, 250],
            });
        }
    }
    Picture { width: 64, height: 32, data, layout: Layout::Rgb8 }
}

fn letters(picture: &Picture) -> String {
    let (w, h) = (picture.width as usize, picture.height as usize);
    [(1, 1), (w - 2, 1), (1, h - 2), (w - 2, h - 2)]
        .map(|(x, y)| {
            let at = (y * w + x) * 3;
            match [0, 1, 2].map(|n| picture.data[at + n] > 128) {
                [true, false, false] => 'r',
                [false, true, false] => 'g',
                [false, false, true] => 'b',
                [true, true, true] => 'w',
                other => panic!("{other:?}"),
            }
        })
        .iter()
        .collect()
}

#[test]
fn every_orientation_is_turned_upright() {
    // Exif 2.32: where the 0th row and the 0th column of the data belong.
    let upright = [
        (1, "rgbw"),
        (2, "grwb"),
        (3, "wbgr"),
        (4, "bwrg"),
        (5, "rbgw"),
        (6, "brwg"),
        (7, "wgbr"),
        (8, "gwrb"),
        (9, "rgbw"),
    ];
    for (tag, wanted) in upright {
        let bytes = jpeg_of(&quarters(), |e| e.add_app_segment(1, exif(tag)).unwrap());
        let picture = decode(&bytes).unwrap();
        assert_eq!(letters(&picture), wanted, "orientation {tag}");
        let reduced = decode_for_thumbnail(&bytes, &Limits::default(), 16).unwrap();
        assert_eq!((reduced.width, reduced.height), (picture.width, picture.height), "orientation {tag}");
        assert_eq!(letters(&reduced.picture), wanted, "orientation {tag}, reduced");
    }
}

type Setting = fn(&mut Encoder<&mut Vec<u8>>);

#[test]
fn every_kind_of_scan_gives_the_same_picture() {
    let picture = gradient(61, 43, Layout::Rgb8);
    let kinds: [(&str, Setting); 6] = [
        ("baseline", |_| {}),
        // Components in scans of their own.
        ("separate scans", |e| e.set_optimized_huffman_tables(true)),
        ("progressive", |e| e.set_progressive(true)),
        ("progressive in many scans", |e| e.set_progressive_scans(12)),
        ("restarts", |e| e.set_restart_interval(3)),
        ("whole chroma", |e| e.set_sampling_factor(SamplingFactor::F_1_1)),
    ];
    for (name, set) in kinds {
        let shown = decode(&jpeg_of(&picture, set)).unwrap();
        assert_eq!((shown.width, shown.height, shown.layout), (61, 43, Layout::Rgb8), "{name}");
        assert!(distance(&shown.data, &picture.data) <= 10, "{name}");
    }
    let separate = jpeg_of(&picture, |e| e.set_optimized_huffman_tables(true));
    let scans = separate.windows(2).filter(|w| w == &[0xff, 0xda]).count();
    assert!(scans > 1, "{scans} scans");
}

#[test]
fn grey_is_shown_grey_and_inks_as_light() {
    let encode = |color: ColorType, pixel: &[u8]| {
        let mut bytes = Vec::new();
        Encoder::new(&mut bytes, 95).encode(&pixel.repeat(256), 16, 16, color).unwrap();
        decode(&bytes).unwrap().data[..3].to_vec()
    };
    assert!(distance(&encode(ColorType::Luma, &[77]), &[77; 3]) <= 1);
    // Ink 0 is none: this is 255 − ink, darkened by black.
    for color in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        assert!(distance(&encode(color, &[0, 0, 0, 0]), &[255; 3]) <= 3, "{color:?}: paper");
        assert!(distance(&encode(color, &[0, 0, 0, 255]), &[0; 3]) <= 3, "{color:?}: black");
        assert!(distance(&encode(color, &[255, 0, 0, 0]), &[0, 255, 255]) <= 4, "{color:?}: cyan");
        assert!(distance(&encode(color, &[0, 102, 204, 51]), &[204, 122, 41]) <= 5, "{color:?}: brown");
    }
}

#[test]
fn a_reduced_picture_is_large_enough_and_knows_the_whole_size() {
    let picture = gradient(1000, 600, Layout::Rgb8);
    let bytes = jpeg_of(&picture, |_| {});
    let reduced = decode_for_thumbnail(&bytes, &Limits::default(), 256).unwrap();
    assert_eq!((reduced.width, reduced.height), (1000, 600));
    assert_eq!((reduced.picture.width, reduced.picture.height), (500, 300));
    let small = decode_for_thumbnail(&bytes, &Limits::default(), 4000).unwrap();
    assert_eq!(small.picture, decode(&bytes).unwrap());
    // The thumbnail is as good as one made from the whole.
    let from_reduced = decode(&imaging::thumbnail(&reduced.picture, 256).unwrap().bytes).unwrap();
    let from_whole = decode(&imaging::thumbnail(&decode(&bytes).unwrap(), 256).unwrap().bytes).unwrap();
    assert_eq!((from_reduced.width, from_reduced.height), (from_whole.width, from_whole.height));
    assert!(distance(&from_reduced.data, &from_whole.data) <= 12);
}

#[test]
fn a_reduced_picture_needs_the_whole_file() {
    let bytes = jpeg_of(&gradient(1000, 600, Layout::Rgb8), |_| {});
    for end in [bytes.len() / 2, bytes.len() - 2] {
        assert_eq!(
            decode_for_thumbnail(&bytes[..end], &Limits::default(), 64),
            Err(DecodeError::Damaged),
            "{end}"
        );
    }
}
