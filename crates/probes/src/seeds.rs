//! Sound bytes to begin with: what our own code writes.

use std::fs;

use crypto::{Kek, SlotOptions, SlotSecret};
use model::{Clock, SystemClock};
use tempfile::TempDir;
use testkit::samples::{self, Options};
use transfer::{Existing, Selection};
use vault::{Folder, NewSlot, Vault};

/// Pictures of a vault that has some.
pub const PICTURES: usize = 12;

/// A vault in a folder of its own.
pub struct Home {
    dir: TempDir,
    /// The vault.
    pub vault: Vault,
}

/// What opens the vaults here.
pub fn keychain_secret() -> SlotSecret {
    SlotSecret::Keychain(Kek::from_bytes([8; 32]))
}

impl Home {
    /// One without pictures.
    pub fn empty() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let slot = NewSlot { secret: keychain_secret(), options: SlotOptions::default() };
        let folder = Folder::new(&dir.path().join("vault"));
        let made = Vault::create(&folder, crypto::new_vault_id(), &[slot], SystemClock.now());
        Self { vault: made.unwrap().0, dir }
    }

    /// One with [`PICTURES`], titles and tags in both languages.
    pub fn with_pictures() -> Self {
        let home = Self::empty();
        let folder = home.dir.path().join("outputs");
        samples::write_to(&folder, &samples::all(&Options { edge: 32 })[..PICTURES]).unwrap();
        let import =
            transfer::import(&home.vault, &[folder], &SystemClock, &mut |_| true, &mut |_| {}).unwrap();
        assert_eq!(import.added.len(), PICTURES);
        home
    }

    fn export(&self) -> Vec<u8> {
        let target = self.dir.path().join("export.zip");
        let everything = &Selection::Everything;
        transfer::export(&self.vault, everything, &target, Existing::Replace, &SystemClock, &mut |_| true)
            .unwrap();
        fs::read(target).unwrap()
    }

    fn backup(&self) -> Vec<u8> {
        let target = self.dir.path().join("backup.zip");
        transfer::backup(&self.vault, &target, Existing::Replace, &SystemClock, &mut |_| true).unwrap();
        fs::read(target).unwrap()
    }
}

/// Key files.
pub fn headers() -> Vec<Vec<u8>> {
    let home = Home::empty();
    vec![fs::read(home.vault.folder().root().join("vault.keys")).unwrap()]
}

/// Archives: an export and a backup.
pub fn archives() -> Vec<Vec<u8>> {
    let home = Home::with_pictures();
    vec![home.export(), home.backup()]
}

/// Every entry of the two archives, each behind the byte that chooses it; see [`crate::inside`].
pub fn insides() -> Vec<Vec<u8>> {
    let archives: Vec<_> = archives().iter().map(|bytes| crate::inside::entries(bytes)).collect();
    let count = archives.len();
    let of = |(number, entries): (usize, crate::inside::Entries)| {
        let chosen = entries.into_iter().enumerate().map(move |(place, (_, bytes))| {
            let choice = u8::try_from(place * count + number).unwrap_or(u8::MAX);
            [vec![choice], bytes].concat()
        });
        chosen.collect::<Vec<_>>()
    };
    archives.into_iter().enumerate().flat_map(of).collect()
}

/// One small picture of every generator in every container.
pub fn pictures() -> Vec<Vec<u8>> {
    samples::all(&Options { edge: 32 }).into_iter().map(|sample| sample.bytes).collect()
}

/// The texts in them.
pub fn texts() -> Vec<Vec<u8>> {
    let blocks = |picture: &Vec<u8>| {
        let raw = metadata::read(picture, None).raw;
        raw.iter().map(|block| metadata::block_text(block).into_bytes()).collect::<Vec<_>>()
    };
    pictures().iter().flat_map(blocks).collect()
}

/// The same behind each way to hide a message.
pub fn messages() -> Vec<Vec<u8>> {
    let texts = texts();
    (0..64).map(|way| [&[way], &texts[usize::from(way) % texts.len()][..]].concat()).collect()
}

/// Searches, those that mean something to FTS5 among them.
pub fn queries() -> Vec<Vec<u8>> {
    let texts = [
        "灯",
        "lantern night",
        "\"red panda\"",
        "-people 湖",
        "model:flux steps",
        "\"",
        "* OR NOT",
        "NEAR(a b, 5)",
        "prompt: {a b}: ^x",
        "a\u{0}b",
        "ﾗﾝﾀﾝ",
        "e\u{301}",
        "\u{202e}abc",
        "'; DROP TABLE item; --",
        "%_",
        "𠮷野家",
    ];
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}
