//! Any text as a search.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| probes::query(bytes));
