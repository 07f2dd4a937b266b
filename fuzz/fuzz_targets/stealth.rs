//! Any message hidden in the lowest bits of pixels.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| probes::stealth(bytes));
