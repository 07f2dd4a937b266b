//! Any bytes as a picture to decode.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| probes::picture(bytes));
