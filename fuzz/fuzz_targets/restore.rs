//! Any bytes as an archive that is taken into a vault.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| probes::restore(bytes));
