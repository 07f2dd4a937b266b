//! Files that end early, promise too much, or are no pictures at all.

use imaging::{DecodeError, Layout, Limits, decode_for_thumbnail};
use peak_alloc::PeakAlloc;
use proptest::prelude::*;

use crate::samples::{avif, chunk, decode, gradient, jpeg_of, one_of_each, png_of, webp_of};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The most memory that this process has held, in MB.
pub fn peak() -> f32 {
    MEMORY.peak_usage_as_mb()
}

#[test]
fn other_bytes_are_not_pictures() {
    for bytes in [b"".as_slice(), b"hello", b"GIF89a", b"<svg/>"] {
        assert_eq!(decode(bytes), Err(DecodeError::Unsupported));
    }
}

#[test]
fn huge_headers_are_refused_before_memory_is_taken() {
    let header = |width: u32, height: u32| {
        [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat()
    };
    let png = |width, height| {
        let chunks = [chunk(b"IHDR", &header(width, height)), chunk(b"IDAT", &[]), chunk(b"IEND", &[])];
        [b"\x89PNG\r\n\x1a\n".as_slice(), &chunks.concat()].concat()
    };
    let mut jpeg = jpeg_of(&gradient(16, 16, Layout::Rgb8), |_| {});
    let sof = jpeg.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    jpeg[sof + 5..sof + 9].fill(0xff);
    let lossless = {
        let mut webp = webp_of(&gradient(16, 16, Layout::Rgb8));
        let at = webp.windows(5).position(|w| w[..4] == *b"VP8L").unwrap() + 9;
        webp[at..at + 4].copy_from_slice(&[0xfe, 0xbf, 0xff, 0x0f]);
        webp
    };
    let mut still = avif("lossless");
    let at = still.windows(4).position(|w| w == b"ispe").unwrap() + 8;
    still[at..at + 8].copy_from_slice(&[0, 0, 0x40, 0, 0, 0, 0x40, 0]);
    for (name, file) in [
        ("png, long", png(16_385, 1)),
        ("png, large", png(16_384, 16_384)),
        ("png, absurd", png(0x7fff_ffff, 0x7fff_ffff)),
        ("jpeg", jpeg),
        ("webp", lossless),
        ("avif", still),
    ] {
        assert_eq!(decode(&file), Err(DecodeError::TooLarge), "{name}");
        let reduced = decode_for_thumbnail(&file, &Limits::default(), 512).map(|_| ());
        assert_eq!(reduced, Err(DecodeError::TooLarge), "{name}");
    }
    // The smallest of them would have needed 800 MB.
    assert!(peak() < 256.0, "{} MB", peak());
}

#[test]
fn the_limits_are_those_that_were_given() {
    let picture = gradient(61, 43, Layout::Rgb8);
    let whole = Limits { max_edge: 61, max_pixels: 61 * 43, ..Limits::default() };
    for (name, file) in [
        ("png", imaging::rendition(&picture).unwrap().bytes),
        ("jpeg", jpeg_of(&picture, |_| {})),
        ("webp", webp_of(&picture)),
    ] {
        assert!(imaging::decode(&file, &whole).is_ok(), "{name}");
        let short = Limits { max_edge: 60, ..whole };
        let few = Limits { max_pixels: 61 * 43 - 1, ..whole };
        let small = Limits { max_bytes: 1000, ..whole };
        for limits in [short, few, small] {
            assert_eq!(imaging::decode(&file, &limits), Err(DecodeError::TooLarge), "{name}, {limits:?}");
        }
    }
}

#[test]
fn a_small_file_that_ends_anywhere_is_damaged() {
    for (name, whole) in one_of_each() {
        assert!(decode(&whole).is_ok(), "{name}");
        for end in (32..whole.len() - 16).step_by(5) {
            let found = decode(&whole[..end]);
            assert_eq!(found, Err(DecodeError::Damaged), "{name}, {end} of {} bytes", whole.len());
        }
    }
}

#[test]
fn a_file_that_ends_after_any_kilobyte_is_damaged() {
    // Noise, so that there is much to cut.
    let mut state = 1_u32;
    let mut noise = gradient(200, 160, Layout::Rgb8);
    for byte in &mut noise.data {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *byte = byte.wrapping_add((state >> 27) as u8);
    }
    for (name, whole) in [
        ("png", imaging::rendition(&noise).unwrap().bytes),
        ("jpeg", jpeg_of(&noise, |_| {})),
        ("progressive jpeg", jpeg_of(&noise, |e| e.set_progressive(true))),
        ("webp", webp_of(&noise)),
    ] {
        assert!(whole.len() > 8 * 1024, "{name}: {}", whole.len());
        for end in (1024..whole.len()).step_by(1024) {
            assert_eq!(decode(&whole[..end]), Err(DecodeError::Damaged), "{name}, {end}");
        }
    }
}

#[test]
fn a_flipped_bit_in_a_png_is_noticed() {
    let mut file = png_of(64, 64, png::ColorType::Grayscale, png::BitDepth::Eight, &[9; 64 * 64]);
    let middle = file.windows(4).position(|w| w == b"IDAT").unwrap() + 8;
    file[middle] ^= 4;
    assert_eq!(decode(&file), Err(DecodeError::Damaged));
}

/// Decodes all ways; whatever comes out must be whole.
fn exercise(bytes: &[u8]) -> Result<(), TestCaseError> {
    // Small limits keep a lucky header from costing seconds.
    let limits = Limits { max_edge: 2048, max_pixels: 1 << 20, max_bytes: 1 << 26 };
    for found in [
        imaging::decode(bytes, &limits),
        decode_for_thumbnail(bytes, &limits, 16).map(|reduced| reduced.picture),
    ] {
        let Ok(picture) = found else { continue };
        let size = picture.width as usize * picture.height as usize * picture.layout.bytes();
        prop_assert_eq!(picture.data.len(), size);
        prop_assert!(size > 0 && u64::from(picture.width) * u64::from(picture.height) <= limits.max_pixels);
        prop_assert!(imaging::thumbnail(&picture, 32).is_ok());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 384, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_behind_any_signature_are_survived(
        kind in 0..5_usize,
        bytes in proptest::collection::vec(any::<u8>(), 0..600),
    ) {
        let heads: [&[u8]; 5] = [
            b"",
            b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR",
            b"\xff\xd8\xff\xe0",
            b"RIFF\x40\0\0\0WEBPVP8 ",
            b"\0\0\0\x14ftypavif\0\0\0\0avif\0\0\x01\0meta\0\0\0\0",
        ];
        exercise(&[heads[kind], &bytes].concat())?;
    }

    #[test]
    fn any_change_to_a_good_file_is_survived(
        kind in 0..12_usize,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<Option<prop::sample::Index>>(),
    ) {
        thread_local! { static FILES: Vec<(&'static str, Vec<u8>)> = one_of_each(); }
        let mut file = FILES.with(|files| files[kind % files.len()].1.clone());
        for (at, byte) in changes {
            let at = at.index(file.len());
            file[at] = byte;
        }
        if let Some(cut) = cut {
            // Half of the files keep their length; some lose a part from the middle.
            let at = cut.index(file.len());
            file.drain(at..(at + 3).min(file.len()));
        }
        exercise(&file)?;
    }
}
