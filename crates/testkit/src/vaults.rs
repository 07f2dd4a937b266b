//! Vaults in temporary folders, opened by a passphrase that costs next to nothing.

use crypto::{PassphraseParams, SlotOptions, SlotSecret};
use model::{Format, Item, ItemId, Origin, Provenance, RawBlock, Recipe, Sha256, Timestamp};
use tempfile::TempDir;
use vault::{Added, Folder, NewSlot, Prepared, Rendition, Vault, VaultError, prepare};
use zeroize::Zeroizing;

use crate::prompts::PromptRow;
use crate::samples::Sample;

/// The passphrase of every vault made here.
pub const PASSPHRASE: &str = "lantern drifts past the violet ridge";

/// 2026-11-24T05:00:00Z, when every vault here was made.
pub const NOW: Timestamp = Timestamp::from_millis(1_795_496_400_000);

/// Items committed in one step.
const BATCH: usize = 500;

/// A vault whose folder goes when this value goes.
pub struct TempVault {
    /// The open vault; `None` after [`TempVault::lock`].
    pub vault: Option<Vault>,
    /// Where it lies: the vault is in its folder `vault`.
    pub dir: TempDir,
}

/// The secret of [`PASSPHRASE`].
pub fn secret() -> SlotSecret {
    SlotSecret::Passphrase(Zeroizing::new(PASSPHRASE.to_owned()))
}

/// Makes a vault in a folder.
///
/// # Errors
/// As [`Vault::create`].
pub fn create_in(folder: &Folder) -> Result<Vault, VaultError> {
    let options = SlotOptions { passphrase: PassphraseParams::FOR_TESTS, backend: String::new() };
    let slot = NewSlot { secret: secret(), options };
    Vault::create(folder, crypto::new_vault_id(), &[slot], NOW).map(|(vault, _)| vault)
}

impl Default for TempVault {
    fn default() -> Self {
        Self::new()
    }
}

impl TempVault {
    /// An empty vault.
    ///
    /// # Panics
    /// When the temporary folder can't be written.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let vault = create_in(&Folder::new(&dir.path().join("vault"))).expect("a new vault");
        Self { vault: Some(vault), dir }
    }

    /// Its folder.
    pub fn folder(&self) -> Folder {
        Folder::new(&self.dir.path().join("vault"))
    }

    /// The open vault.
    ///
    /// # Panics
    /// When it is locked.
    pub fn get(&self) -> &Vault {
        self.vault.as_ref().expect("the vault is open")
    }

    /// Locks it.
    pub fn lock(&mut self) {
        self.vault = None;
    }

    /// Opens it again.
    ///
    /// # Panics
    /// When it does not open.
    pub fn unlock(&mut self) -> &Vault {
        self.vault = None;
        self.vault.insert(Vault::open(&self.folder(), &secret()).expect("the vault opens"))
    }
}

/// Puts samples into a vault, with what they say of themselves; gives how many were new.
///
/// # Errors
/// As [`Vault::add`].
pub fn fill_with_samples(
    vault: &Vault,
    samples: impl IntoIterator<Item = Sample>,
) -> Result<usize, VaultError> {
    fill(vault, samples.into_iter().map(|sample| of_sample(&sample)))
}

/// Puts rows without pictures into a vault: their originals are a few bytes, and all show one small thumbnail.
///
/// # Errors
/// As [`Vault::add`].
pub fn fill_with_rows(vault: &Vault, rows: impl IntoIterator<Item = PromptRow>) -> Result<usize, VaultError> {
    let thumbnail = shared_thumbnail();
    fill(vault, rows.into_iter().map(|row| of_row(&row, &thumbnail)))
}

fn fill(vault: &Vault, prepared: impl Iterator<Item = Prepared>) -> Result<usize, VaultError> {
    let mut new = 0;
    let mut prepared = prepared.peekable();
    while prepared.peek().is_some() {
        let batch: Vec<Prepared> = prepared.by_ref().take(BATCH).collect();
        new += vault.add(batch)?.iter().filter(|added| matches!(added, Added::New(_))).count();
    }
    Ok(new)
}

/// The smallest thumbnail that can be looked at.
///
/// # Panics
/// Never: the encoder takes every picture of this size.
pub fn shared_thumbnail() -> Rendition {
    let painting = crate::art::paint(crate::art::Motif::Sea, 4, 96, 96);
    let mut bytes = Vec::new();
    jpeg_encoder::Encoder::new(&mut bytes, 60)
        .encode(&painting.rgb, 96, 96, jpeg_encoder::ColorType::Rgb)
        .expect("a picture of 96 pixels");
    Rendition { bytes, mime: "image/jpeg" }
}

/// An item of a sample. The thumbnail is the shared one: making real ones is the import's work.
pub fn of_sample(sample: &Sample) -> Prepared {
    let item = Item {
        file_name: sample.file_name.clone(),
        format: sample.format,
        width: sample.width,
        height: sample.height,
        recipe: sample.expected.recipe.clone().unwrap_or_default(),
        provenance: Provenance { c2pa: sample.expected.c2pa.is_some(), ..Provenance::default() },
        ..item(&sample.bytes, sample.modified_ms)
    };
    prepare(item, Vec::new(), &sample.bytes, Some(&shared_thumbnail()))
}

/// An item of a row.
pub fn of_row(row: &PromptRow, thumbnail: &Rendition) -> Prepared {
    let original = format!("{} {}", row.file_name, row.seed).into_bytes();
    let recipe = Recipe {
        generator: Some(row.generator.to_owned()),
        prompt: Some(row.prompt.clone()),
        negative_prompt: Some(row.negative.clone()),
        seed: Some(row.seed.to_string()),
        steps: Some(9),
        cfg: Some(1.0),
        sampler: Some(row.sampler.to_owned()),
        model: Some(row.model.to_owned()),
        width: Some(row.width),
        height: Some(row.height),
        ..Recipe::default()
    };
    let raw = RawBlock {
        place: "png:iTXt".to_owned(),
        key: "parameters".to_owned(),
        bytes: row.prompt.clone().into_bytes(),
    };
    let item = Item {
        file_name: row.file_name.clone(),
        width: row.width,
        height: row.height,
        recipe,
        ..item(&original, row.created_ms)
    };
    prepare(item, vec![raw], &original, Some(thumbnail))
}

fn item(bytes: &[u8], created_ms: i64) -> Item {
    Item {
        id: ItemId::new(Timestamp::from_millis(created_ms)),
        sha256: Sha256(crypto::sha256(bytes)),
        file_name: String::new(),
        format: Format::Png,
        bytes: bytes.len() as u64,
        width: 0,
        height: 0,
        animated: false,
        created_at: Timestamp::from_millis(created_ms),
        added_at: NOW,
        discarded_at: None,
        origin: Origin::Imported,
        title: String::new(),
        rating: 0,
        favourite: false,
        tags: Vec::new(),
        recipe: Recipe::default(),
        provenance: Provenance::default(),
    }
}
