//! Thumbnails and renditions: shape, format, and that nothing of the original file is left in them.

use imaging::{Layout, Picture, rendition, thumbnail};

use crate::samples::{avif, chunk, decode, gradient, jpeg_of};

#[test]
fn a_rendition_has_the_same_pixels() {
    for layout in [Layout::Rgb8, Layout::Rgba8] {
        let picture = gradient(37, 23, layout);
        let encoded = rendition(&picture).unwrap();
        assert_eq!((encoded.width, encoded.height, encoded.mime), (37, 23, "image/png"));
        assert_eq!(decode(&encoded.bytes).unwrap(), picture);
    }
}

#[test]
fn thumbnails_keep_the_shape_and_never_grow() {
    let wide = thumbnail(&gradient(1600, 900, Layout::Rgb8), 512).unwrap();
    assert_eq!((wide.width, wide.height, wide.mime), (512, 288, "image/jpeg"));
    let small = thumbnail(&gradient(40, 30, Layout::Rgb8), 512).unwrap();
    assert_eq!((small.width, small.height), (40, 30));
    let sliver = thumbnail(&gradient(4000, 1, Layout::Rgb8), 512).unwrap();
    assert_eq!((sliver.width, sliver.height), (512, 1));
    assert_eq!(thumbnail(&gradient(900, 1600, Layout::Rgba8), 512).unwrap().mime, "image/png");
    let shown = decode(&wide.bytes).unwrap();
    let middle = ((288 / 2) * 512 + 256) * 3;
    assert!(shown.data[middle].abs_diff(127) < 8 && shown.data[middle + 2].abs_diff(90) < 8);
}

#[test]
fn alpha_that_nobody_can_see_is_dropped() {
    let opaque = |alpha: u8| {
        let rgb = gradient(700, 300, Layout::Rgb8);
        let data = rgb.data.chunks(3).flat_map(|p| [p[0], p[1], p[2], alpha]).collect();
        (Picture { data, layout: Layout::Rgba8, ..rgb.clone() }, rgb)
    };
    for alpha in [255, 254, 250] {
        let (picture, rgb) = opaque(alpha);
        assert!(!picture.has_alpha());
        let small = thumbnail(&picture, 512).unwrap();
        assert_eq!(small.mime, "image/jpeg");
        assert_eq!(decode(&small.bytes).unwrap(), decode(&thumbnail(&rgb, 512).unwrap().bytes).unwrap());
        assert_eq!(decode(&rendition(&picture).unwrap().bytes).unwrap(), rgb);
    }
    let (mut picture, _) = opaque(255);
    let last = picture.data.len() - 1;
    picture.data[last] = 249;
    assert!(picture.has_alpha());
    assert_eq!(decode(&rendition(&picture).unwrap().bytes).unwrap(), picture);
}

#[test]
fn colours_under_full_transparency_do_not_bleed_into_thumbnails() {
    // A black, transparent field beside a white, opaque one.
    let mut data = Vec::new();
    for _ in 0..64 {
        for x in 0..64 {
            data.extend(if x < 32 { [0, 0, 0, 0] } else { [255, 255, 255, 255] });
        }
    }
    let small = thumbnail(&Picture { width: 64, height: 64, data, layout: Layout::Rgba8 }, 31).unwrap();
    for p in decode(&small.bytes).unwrap().data.chunks(4).filter(|p| p[3] > 8) {
        assert!(p[0] > 240, "{p:?}");
    }
}

/// The chunks of a PNG or the segments of a JPEG before its data.
fn parts(file: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    if file.starts_with(b"\x89PNG") {
        let mut rest = &file[8..];
        while !rest.is_empty() {
            let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
            found.push(rest[4..8].to_vec());
            rest = &rest[12 + length..];
        }
    } else {
        let mut rest = &file[2..];
        while rest[1] != 0xda {
            found.push(rest[..2].to_vec());
            rest = &rest[2 + usize::from(u16::from_be_bytes([rest[2], rest[3]]))..];
        }
    }
    found
}

#[test]
fn nothing_of_the_file_but_its_pixels_reaches_the_screen() {
    let secret = b"the prompt nobody else may read";
    let picture = gradient(640, 480, Layout::Rgb8);
    let mut png = rendition(&picture).unwrap().bytes;
    let text = [b"parameters\0".as_slice(), secret].concat();
    for (kind, data) in [(b"tEXt", &text), (b"eXIf", &secret.to_vec()), (b"tIME", &b"1234567".to_vec())] {
        png.splice(33..33, chunk(kind, data));
    }
    png.extend_from_slice(secret);
    let jpeg = jpeg_of(&picture, |e| {
        e.add_app_segment(1, [b"Exif\0\0".as_slice(), secret].concat()).unwrap();
        e.add_app_segment(13, secret.to_vec()).unwrap();
        e.add_icc_profile(secret).unwrap();
    });
    let mut still = avif("lossless");
    still.extend_from_slice(&[&[0, 0, 0, 39], b"free".as_slice(), secret].concat());
    for file in [png, jpeg, still] {
        assert!(file.windows(secret.len()).any(|w| w == secret));
        let picture = decode(&file).unwrap();
        for encoded in [thumbnail(&picture, 512).unwrap(), rendition(&picture).unwrap()] {
            assert!(!encoded.bytes.windows(secret.len()).any(|w| w == secret));
            let allowed: &[&[u8]] = match encoded.mime {
                "image/png" => &[b"IHDR", b"IDAT", b"IEND"],
                // JFIF, quantisation, frame, Huffman tables, restarts.
                _ => &[&[0xff, 0xe0], &[0xff, 0xdb], &[0xff, 0xc0], &[0xff, 0xc4], &[0xff, 0xdd]],
            };
            for part in parts(&encoded.bytes) {
                assert!(allowed.contains(&part.as_slice()), "{}: {part:02x?}", encoded.mime);
            }
        }
    }
}
