//! Any text as a search.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = vault::highlight_terms(text);
    let _ = vault::fold(text);
});
