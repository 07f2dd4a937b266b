//! Any bytes as a vault's key file, and any text as a recovery key.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = crypto::Header::parse(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = crypto::RecoveryKey::parse(text, &model::VaultId::from_bytes([7; 16]));
    }
});
