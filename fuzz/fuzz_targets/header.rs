//! Any bytes as a vault's key file, and any text as a recovery key.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| probes::header(bytes));
