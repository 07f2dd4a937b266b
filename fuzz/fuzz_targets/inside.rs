//! Any bytes as an entry of an archive.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| probes::inside(bytes));
