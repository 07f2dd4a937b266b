//! Any bytes as a vault's key file, and any text as a recovery key.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(header) = crypto::Header::parse(bytes) {
        let secret = crypto::SlotSecret::Keychain(crypto::Kek::from_bytes([7; 32]));
        assert!(header.unlock(&secret).is_err(), "a header that nobody signed has opened");
        let key = crypto::VaultKey::random();
        assert!(header.catalogue_keys(&key).is_err() && header.to_bytes(&key).is_err());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = crypto::RecoveryKey::parse(text, &model::VaultId::from_bytes([7; 16]));
    }
});
