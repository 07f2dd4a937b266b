//! Any bytes as a picture to decode, within small limits.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let limits = imaging::Limits { max_edge: 1024, max_pixels: 1 << 20, max_bytes: 64 << 20 };
    if let Ok(picture) = imaging::decode(bytes, &limits) {
        assert_eq!(picture.data.len(), picture.width as usize * picture.height as usize * picture.layout.bytes());
        let _ = imaging::thumbnail(&picture, 64);
    }
});
