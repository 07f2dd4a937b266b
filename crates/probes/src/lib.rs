//! What is done to everything that reads bytes from outside: each probe takes any bytes, and what it asserts holds for all
//! of them. The fuzz targets (`fuzz/`) run them with bytes that a fuzzer finds, the tests of this crate with sound bytes
//! and with thousands that are hurt.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a probe that can't go on is a test that failed"
)]

mod archive;
mod hurt;
mod inside;
pub mod seeds;
mod stealth;
mod store;

pub use archive::archive;
pub use hurt::Hurt;
pub use inside::inside;
pub use stealth::stealth;
pub use store::{query, restore};

/// What a probe is.
pub type Probe = fn(&[u8]);

/// Any bytes as a vault's key file, and any text as a recovery key.
pub fn header(bytes: &[u8]) {
    if let Ok(header) = crypto::Header::parse(bytes) {
        let secret = crypto::SlotSecret::Keychain(crypto::Kek::from_bytes([7; 32]));
        assert!(header.unlock(&secret).is_err(), "a header that nobody signed has opened");
        let key = crypto::VaultKey::random();
        assert!(header.catalogue_keys(&key).is_err() && header.to_bytes(&key).is_err());
        if let Ok((_, written)) =
            header.unlock(&seeds::keychain_secret()).map(|key| ((), header.to_bytes(&key)))
        {
            assert_eq!(written.as_deref(), Ok(bytes), "a header opens that is not as it was written");
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = crypto::RecoveryKey::parse(text, &model::VaultId::from_bytes([7; 16]));
    }
}

/// Any bytes as a picture file: containers, EXIF, XMP and every generator behind them.
pub fn metadata(bytes: &[u8]) {
    let reading = metadata::read(bytes, None);
    let _ = metadata::to_json(&reading);
    for block in &reading.raw {
        let _ = metadata::block_text(block);
    }
}

/// Any bytes as a picture to decode, within small limits.
pub fn picture(bytes: &[u8]) {
    let limits = imaging::Limits { max_edge: 1024, max_pixels: 1 << 20, max_bytes: 64 << 20 };
    if let Ok(picture) = imaging::decode(bytes, &limits) {
        let length = picture.width as usize * picture.height as usize * picture.layout.bytes();
        assert_eq!(picture.data.len(), length);
        let _ = imaging::thumbnail(&picture, 64);
    }
}

/// Any text as the settings that a PNG's `parameters`, `prompt` and `workflow` chunks hold; what is read is written again
/// and read again.
pub fn text(text: &[u8]) {
    for key in ["parameters", "prompt", "workflow", "invokeai_metadata", "Comment", "generation_data"] {
        let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
        file.extend(chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]));
        file.extend(chunk(b"tEXt", &[key.as_bytes(), b"\0", text].concat()));
        file.extend(chunk(b"IEND", b""));
        if let Some(recipe) = metadata::read(&file, None).recipe {
            let _ = metadata::parse_a1111(&metadata::write_a1111(&recipe));
        }
    }
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    // The reader looks at no checksum of a text chunk, so that the fuzzer need not find one.
    [&length.to_be_bytes()[..], kind, data, &[0; 4]].concat()
}
