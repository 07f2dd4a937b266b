//! Small pictures and vaults made by the tests themselves.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};

use crypto::{PassphraseParams, SlotOptions, SlotSecret};
use model::{Clock, Item, ItemEdit, ItemId, RawBlock, Timestamp};
use tempfile::TempDir;
use transfer::{Existing, ExportReport, ImportReport, Progress, Selection, TransferError};
use vault::{Folder, NewSlot, Vault};
use zeroize::Zeroizing;

/// A clock that goes on by a second each time it is asked.
pub struct Ticking(AtomicI64);

impl Ticking {
    pub const fn new() -> Self {
        Self(AtomicI64::new(1_795_496_400_000))
    }
}

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.fetch_add(1000, Ordering::SeqCst))
    }
}

/// A folder with pictures beside a vault.
pub struct Home {
    pub dir: TempDir,
    pub clock: Ticking,
}

impl Home {
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), clock: Ticking::new() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    pub fn vault(&self, name: &str) -> Vault {
        create_vault(&self.path(name))
    }

    pub fn import(&self, vault: &Vault, paths: &[PathBuf]) -> ImportReport {
        transfer::import(vault, paths, &self.clock, &mut |_| true, &mut |_| {}).unwrap()
    }

    pub fn export(&self, vault: &Vault, name: &str) -> PathBuf {
        self.try_export(vault, name, Existing::Refuse).unwrap();
        self.path(name)
    }

    pub fn try_export(
        &self,
        vault: &Vault,
        name: &str,
        existing: Existing,
    ) -> Result<ExportReport, TransferError> {
        let target = self.path(name);
        transfer::export(vault, &Selection::Everything, &target, existing, &self.clock, &mut |_| true)
    }

    /// A vault with pictures of every state: edited, with tags, with the heart, in the trash.
    pub fn filled_vault(&self, pictures: u32) -> Vault {
        for n in 0..pictures {
            self.write(&format!("in/{n:03} 海.png"), &picture(n));
        }
        let vault = self.vault("vault");
        let report = self.import(&vault, &[self.path("in")]);
        assert_eq!(report.added.len(), pictures as usize);
        let edit = ItemEdit {
            title: Some("<b>題名</b>".to_owned()),
            rating: Some(4),
            favourite: Some(true),
            tags: Some(vec!["夜".to_owned(), "=sum".to_owned()]),
            ..ItemEdit::default()
        };
        vault.edit(&[(report.added[0], edit)]).unwrap();
        vault.discard(report.added.get(1..2).unwrap_or_default(), self.clock.now()).unwrap();
        vault
    }
}

pub fn secret() -> SlotSecret {
    SlotSecret::Passphrase(Zeroizing::new("lantern drifts past the ridge".to_owned()))
}

pub fn create_vault(path: &Path) -> Vault {
    let options = SlotOptions { passphrase: PassphraseParams::FOR_TESTS, backend: String::new() };
    let slot = NewSlot { secret: secret(), options };
    let now = Timestamp::from_millis(1_795_496_400_000);
    Vault::create(&Folder::new(path), crypto::new_vault_id(), &[slot], now).unwrap().0
}

/// A small PNG with a prompt as AUTOMATIC1111 writes it; each number gives other bytes.
pub fn picture(n: u32) -> Vec<u8> {
    picture_with(n, &prompt(n))
}

pub fn prompt(n: u32) -> String {
    format!("無数の灯籠が静かな湖に浮かぶ夜 {n}, lantern-{n}")
}

pub fn picture_with(n: u32, prompt: &str) -> Vec<u8> {
    let parameters = format!(
        "{prompt}\nNegative prompt: blurry\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: {n}, Size: 16x16, Model: sea"
    );
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 16, 16);
    encoder.set_color(png::ColorType::Rgb);
    encoder.add_itxt_chunk("parameters".to_owned(), parameters).unwrap();
    let data: Vec<u8> = (0..16 * 16 * 3_u32).map(|byte| (byte.wrapping_mul(n + 7) >> 3) as u8).collect();
    encoder.write_header().unwrap().write_image_data(&data).unwrap();
    bytes
}

/// What a vault knows of each item, in the order of arrival.
pub fn contents(vault: &Vault) -> Vec<(Item, Vec<RawBlock>, Vec<u8>, Option<Vec<u8>>)> {
    let page = vault.page(0, 10_000).unwrap();
    page.into_iter()
        .map(|stored| {
            let id = stored.item.id;
            let thumbnail = vault.thumbnail(&id).unwrap().map(|(bytes, _)| bytes);
            (stored.item, vault.raw_blocks(&id).unwrap(), vault.original(&id).unwrap(), thumbnail)
        })
        .collect()
}

pub fn assert_whole(vault: &Vault) {
    assert!(vault.check(&mut |_| true).unwrap().is_whole());
}

pub fn ids(vault: &Vault) -> Vec<ItemId> {
    vault.page(0, 10_000).unwrap().into_iter().map(|stored| stored.item.id).collect()
}

/// Names in a folder, sorted.
pub fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// A watch that stops at its `n`-th call.
pub fn stop_at(n: usize) -> impl FnMut(Progress) -> bool {
    let mut calls = 0;
    move |_| {
        calls += 1;
        calls <= n
    }
}
