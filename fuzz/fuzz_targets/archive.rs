//! Any bytes as an exported archive and as a backup.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| probes::archive(bytes));
