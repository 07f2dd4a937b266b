//! AVIF files of an independent encoder; see `tests/pictures/README.md`.

use imaging::{DecodeError, Layout, Limits, Picture};

use crate::samples::{avif, decode, pixel};

const RED: [u8; 3] = [220, 30, 40];
const GREEN: [u8; 3] = [20, 200, 60];
const BLUE: [u8; 3] = [30, 60, 210];
const WHITE: [u8; 3] = [240, 240, 230];

/// Colours in the middles of the quarters: top left, top right, bottom left, bottom right.
fn quarters(picture: &Picture) -> [&[u8]; 4] {
    let (w, h) = (picture.width, picture.height);
    [(w / 4, h / 4), (w * 3 / 4, h / 4), (w / 4, h * 3 / 4), (w * 3 / 4, h * 3 / 4)]
        .map(|(x, y)| pixel(picture, x, y))
}

fn near(found: &[u8], wanted: &[u8], within: u8) -> bool {
    found.len() == wanted.len() && found.iter().zip(wanted).all(|(a, b)| a.abs_diff(*b) <= within)
}

fn check(name: &str, wanted: [[u8; 3]; 4], within: u8) -> Picture {
    let picture = decode(&avif(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    for (found, wanted) in quarters(&picture).into_iter().zip(wanted) {
        assert!(near(&found[..3], &wanted, within), "{name}: {found:?} is not {wanted:?}");
    }
    picture
}

#[test]
fn every_depth_chroma_format_range_and_matrix_gives_the_colours_that_were_drawn() {
    for name in [
        "8-bit-420-limited",
        "8-bit-444-bt709",
        "8-bit-422",
        "10-bit-420-bt2020",
        "10-bit-444-limited",
        "12-bit-444-smpte240",
        "12-bit-420-limited",
        "ycgco",
        "unspecified",
        "odd-420",
    ] {
        let picture = check(name, [RED, GREEN, BLUE, WHITE], 4);
        let size = if name == "odd-420" { (33, 17) } else { (48, 32) };
        assert_eq!((picture.width, picture.height, picture.layout), (size.0, size.1, Layout::Rgb8));
    }
}

#[test]
fn a_lossless_file_gives_every_pixel_exactly() {
    let picture = check("lossless", [RED, GREEN, BLUE, WHITE], 0);
    for y in 0..32 {
        for x in 0..48 {
            let row = if y < 16 { [RED, GREEN] } else { [BLUE, WHITE] };
            assert_eq!(pixel(&picture, x, y), row[usize::from(x >= 24)], "{x}, {y}");
        }
    }
}

#[test]
fn grey_files_are_grey() {
    // Luma of BT.601.
    let grey = |[r, g, b]: [u8; 3]| {
        [(0.299 * f64::from(r) + 0.587 * f64::from(g) + 0.114 * f64::from(b)).round() as u8; 3]
    };
    for name in ["8-bit-grey-limited", "12-bit-grey"] {
        check(name, [RED, GREEN, BLUE, WHITE].map(grey), 2);
    }
}

#[test]
fn alpha_is_taken_from_its_item_and_divided_out_where_it_was_multiplied_in() {
    for name in ["alpha", "alpha-10-bit", "alpha-premultiplied"] {
        let picture = decode(&avif(name)).unwrap();
        assert_eq!(picture.layout, Layout::Rgba8);
        let found = quarters(&picture);
        let visible = [(RED, 255), (GREEN, 153), (BLUE, 51)];
        for (found, (color, alpha)) in found.iter().zip(visible) {
            // A fifth of the levels are left where alpha is a fifth.
            let within = if name == "alpha-premultiplied" && alpha == 51 { 12 } else { 4 };
            assert!(near(&found[..3], &color, within), "{name}: {found:?} is not {color:?}");
            assert!(found[3].abs_diff(alpha) <= 1, "{name}: {found:?}, alpha {alpha}");
        }
        assert_eq!(found[3][3], 0, "{name}");
    }
}

#[test]
fn turning_mirroring_and_cropping_are_done() {
    let turned = check("turned", [GREEN, WHITE, RED, BLUE], 4);
    assert_eq!((turned.width, turned.height), (32, 48));
    check("mirrored-0", [BLUE, WHITE, RED, GREEN], 4);
    check("mirrored-1", [GREEN, RED, WHITE, BLUE], 4);
    // A quarter clockwise (three against the clock): blue red / white green; then left and right exchanged.
    let both = check("turned-mirrored", [RED, BLUE, GREEN, WHITE], 4);
    assert_eq!((both.width, both.height), (32, 48));

    let cropped = decode(&avif("cropped")).unwrap();
    assert_eq!((cropped.width, cropped.height), (16, 12));
    // From (20, 8), so that the quarters meet at (4, 8).
    assert!(near(pixel(&cropped, 1, 3), &RED, 4) && near(pixel(&cropped, 10, 3), &GREEN, 4));
    assert!(near(pixel(&cropped, 1, 10), &BLUE, 4) && near(pixel(&cropped, 10, 10), &WHITE, 4));
}

#[test]
fn grids_are_put_together() {
    let picture = check("grid", [RED, GREEN, BLUE, WHITE], 4);
    assert_eq!((picture.width, picture.height), (128, 128));
    let veiled = decode(&avif("grid-alpha")).unwrap();
    assert_eq!((veiled.width, veiled.height, veiled.layout), (128, 128, Layout::Rgba8));
    assert_eq!(quarters(&veiled).map(|p| p[3]), [255, 153, 51, 0]);
}

#[test]
fn of_a_sequence_the_primary_image_is_taken() {
    let picture = check("sequence", [RED, GREEN, BLUE, WHITE], 4);
    assert!(!picture.has_alpha());
}

/// The file with another size in its container.
fn with_size(name: &str, width: u32, height: u32) -> Vec<u8> {
    let mut file = avif(name);
    let at = file.windows(4).position(|w| w == b"ispe").unwrap() + 8;
    file[at..at + 4].copy_from_slice(&width.to_be_bytes());
    file[at + 4..at + 8].copy_from_slice(&height.to_be_bytes());
    file
}

#[test]
fn the_size_in_the_container_is_held_against_the_limits_and_the_stream() {
    let large = with_size("8-bit-420-limited", 60_000, 60_000);
    assert_eq!(decode(&large), Err(DecodeError::TooLarge));
    let none = with_size("8-bit-420-limited", 0, 32);
    assert_eq!(decode(&none), Err(DecodeError::Damaged));
    for (width, height) in [(32, 48), (47, 32), (8, 8), (4000, 4000)] {
        assert_eq!(decode(&with_size("8-bit-420-limited", width, height)), Err(DecodeError::Damaged));
    }
    let tight = Limits { max_edge: 47, ..Limits::default() };
    assert_eq!(imaging::decode(&avif("8-bit-420-limited"), &tight), Err(DecodeError::TooLarge));
    let few = Limits { max_pixels: 48 * 32 - 1, ..Limits::default() };
    assert_eq!(imaging::decode(&avif("lossless"), &few), Err(DecodeError::TooLarge));
}

#[test]
fn a_property_that_must_be_understood_and_is_not_makes_a_file_unsupported() {
    // An essential property under a name of the future.
    let mut file = avif("turned");
    let at = file.windows(4).position(|w| w == b"irot").unwrap();
    file[at..at + 4].copy_from_slice(b"iwob");
    assert_eq!(decode(&file), Err(DecodeError::Unsupported));
}
