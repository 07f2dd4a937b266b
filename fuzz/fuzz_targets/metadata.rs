//! Any bytes as a picture file: containers, EXIF, XMP and every generator behind them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let reading = metadata::read(bytes, None);
    let _ = metadata::to_json(&reading);
    for block in &reading.raw {
        let _ = metadata::block_text(block);
    }
});
