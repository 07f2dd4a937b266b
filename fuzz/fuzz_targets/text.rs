//! Any text as the settings in a PNG.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| probes::text(bytes));
