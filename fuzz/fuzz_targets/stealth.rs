//! Any pixels: what may be hidden in their lowest bits.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((&[width, channels], data)) = data.split_first_chunk::<2>() else { return };
    let channels = if channels & 1 == 0 { 4 } else { 3 };
    let width = u32::from(width).max(1);
    let height = u32::try_from(data.len() / (width as usize * channels)).unwrap_or(0);
    let used = width as usize * height as usize * channels;
    let pixels = metadata::Pixels { width, height, data: &data[..used], channels };
    let _ = metadata::read(b"\x89PNG\r\n\x1a\n", Some(pixels));
});
