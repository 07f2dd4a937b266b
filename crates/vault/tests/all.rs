//! The vault on real files: SQLCipher, sealed chunks, refusals.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs)]

mod backup;
mod independent;
mod ledger;
mod opening;
mod orders;
#[cfg(unix)]
mod power_cut;
mod release;
mod renew;
mod salvage;
mod traces;

use std::fs;

use crypto::{PassphraseParams, SlotKind, SlotOptions, SlotSecret};
use model::{Format, Item, ItemEdit, ItemId, Origin, Provenance, RawBlock, Recipe, Sha256, Timestamp};
use tempfile::TempDir;
use vault::{Added, Folder, NewSlot, Part, Query, Rendition, Scope, Sort, Vault, VaultError, prepare};
use zeroize::Zeroizing;

const NOW: Timestamp = Timestamp::from_millis(1_795_496_400_000);

fn secret() -> SlotSecret {
    SlotSecret::Passphrase(Zeroizing::new("lantern drifts past the ridge".to_owned()))
}

fn slot(secret: SlotSecret) -> NewSlot {
    let options = SlotOptions { passphrase: PassphraseParams::FOR_TESTS, backend: String::new() };
    NewSlot { secret, options }
}

struct Home {
    dir: TempDir,
}

impl Home {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    fn folder(&self) -> Folder {
        Folder::new(&self.dir.path().join("vault"))
    }

    fn create(&self) -> Vault {
        Vault::create(&self.folder(), crypto::new_vault_id(), &[slot(secret())], NOW).unwrap().0
    }

    fn open(&self) -> Result<Vault, VaultError> {
        Vault::open(&self.folder(), &secret())
    }

    fn refusal(&self) -> VaultError {
        self.open().err().expect("the vault opened")
    }
}

fn item(n: u32, prompt: &str) -> Item {
    Item {
        id: ItemId::new(Timestamp::from_millis(NOW.millis() + i64::from(n))),
        sha256: Sha256(crypto::sha256(&picture(n))),
        file_name: format!("海の写真 {n}.png"),
        format: Format::Png,
        bytes: picture(n).len() as u64,
        width: 1024,
        height: 768,
        animated: false,
        created_at: Timestamp::from_millis(NOW.millis() + i64::from(n)),
        added_at: NOW,
        discarded_at: None,
        origin: Origin::Imported,
        title: String::new(),
        rating: 0,
        favourite: false,
        tags: vec!["夜".to_owned()],
        recipe: Recipe {
            prompt: Some(prompt.to_owned()),
            generator: Some("comfyui".to_owned()),
            model: Some("z_image_turbo_bf16.safetensors".to_owned()),
            seed: Some(u64::MAX.to_string()),
            cfg: Some(1.5),
            ..Recipe::default()
        },
        provenance: Provenance::default(),
    }
}

fn picture(n: u32) -> Vec<u8> {
    (0..600_000 + n).map(|byte| (byte.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

fn add(vault: &Vault, n: u32, prompt: &str) -> ItemId {
    let raw = vec![RawBlock { place: "png:tEXt".into(), key: "prompt".into(), bytes: b"{}\xff".to_vec() }];
    let thumbnail = Rendition { bytes: b"small".to_vec(), mime: "image/jpeg" };
    let item = item(n, prompt);
    let id = item.id;
    let added = vault.add(vec![prepare(item, raw, picture(n), Some(&thumbnail))]).unwrap();
    assert_eq!(added, [Added::New(id)]);
    id
}

fn search(vault: &Vault, text: &str) -> usize {
    vault.query(&Query { text: text.to_owned(), ..Query::default() }).unwrap().cells.len()
}

#[test]
fn what_goes_in_comes_out_after_closing_and_opening() {
    let home = Home::new();
    let vault = home.create();
    let id = add(&vault, 1, "無数の灯籠が静かな湖に浮かぶ夜");
    drop(vault);
    let vault = home.open().unwrap();
    let stored = vault.item(&id).unwrap();
    assert_eq!(stored.item, Item { id, ..item(1, "無数の灯籠が静かな湖に浮かぶ夜") });
    assert_eq!(vault.original(&id).unwrap(), picture(1));
    assert_eq!(vault.thumbnail(&id).unwrap().unwrap(), (b"small".to_vec(), "image/jpeg".to_owned()));
    assert_eq!(vault.raw_blocks(&id).unwrap()[0].bytes, b"{}\xff");
    assert!(vault.check(&mut |_| true).unwrap().is_whole());
}

#[test]
fn search_finds_japanese_of_any_length_and_the_middle_of_words() {
    let vault = Home::new().create_leaked();
    add(&vault, 1, "無数の灯籠が静かな湖に浮かぶ夜、暖かい光");
    add(&vault, 2, "a fennec fox in the snow, GLOWING light 🦊");
    for (text, hits) in [
        ("光", 1),
        ("灯籠", 1),
        ("籠灯", 0),
        ("fen", 1),
        ("ennec", 1),
        ("ＦＥＮＮＥＣ", 1),
        ("🦊", 1),
        ("海の", 2),
        ("turbo", 2),
        ("snow fox", 1),
        ("\"fox in\"", 1),
        ("light -snow", 0),
        ("-snow", 1),
        ("光 🦊", 0),
        ("glow 🦊", 1),
        ("( light", 1),
        ("\"、\"", 1),
        ("\"!!\"", 0),
        ("seed:18446744", 2),
        ("18446744", 2),
        ("model:turbo", 2),
        ("generator:comfy -fox", 1),
        ("name：海 fennec", 1),
        ("title:fox", 0),
        ("\"fenn\"", 0),
        ("mage_turb", 2),
        ("NEAR(fox", 0),
        ("fox OR 光", 0),
        ("*", 2),
        ("tag:夜 fox", 1),
        ("comfy", 2),
        ("", 2),
    ] {
        assert_eq!(search(&vault, text), hits, "{text}");
    }
}

#[test]
fn the_same_bytes_are_kept_once() {
    let vault = Home::new().create_leaked();
    let id = add(&vault, 1, "once");
    let again = vault.add(vec![prepare(item(1, "twice"), Vec::new(), picture(1), None)]).unwrap();
    assert_eq!(again, [Added::Duplicate(id)]);
    let (a, b) = (item(2, "x"), item(2, "y"));
    let batch =
        vec![prepare(a.clone(), Vec::new(), picture(2), None), prepare(b, Vec::new(), picture(2), None)];
    assert_eq!(vault.add(batch).unwrap(), [Added::New(a.id), Added::Duplicate(a.id)]);
}

#[test]
fn trash_is_a_place_to_come_back_from_and_erasing_is_not() {
    let home = Home::new();
    let vault = home.create();
    let (a, b) = (add(&vault, 1, "first"), add(&vault, 2, "second"));
    assert_eq!(vault.discard(&[a, b, a], NOW).unwrap(), 2);
    assert_eq!(vault.restore(&[b]).unwrap(), 1);
    let listing = vault.query(&Query { scope: Scope::Trash, ..Query::default() }).unwrap();
    assert_eq!((listing.library, listing.trash, listing.cells.len()), (1, 1, 1));
    assert_eq!(vault.empty_trash().unwrap(), 1);
    assert!(matches!(vault.original(&a), Err(VaultError::NoSuchItem)));
    assert_eq!(search(&vault, "first"), 0);
    drop(vault);
    assert_eq!(home.open().unwrap().original(&b).unwrap(), picture(2));
}

#[test]
fn edits_are_searchable_and_the_item_before_is_given_back() {
    let vault = Home::new().create_leaked();
    let id = add(&vault, 1, "old words");
    let edit = ItemEdit {
        prompt: Some("新しい言葉".to_owned()),
        tags: Some(vec![" b\u{202e} ".into(), "a".into(), "\na\0".into(), String::new()]),
        rating: Some(9),
        ..ItemEdit::default()
    };
    assert_eq!(vault.edit(&[(id, edit)]).unwrap()[0].item.recipe.prompt.as_deref(), Some("old words"));
    let now = vault.item(&id).unwrap().item;
    assert_eq!((now.tags, now.rating), (vec!["a".to_owned(), "b".to_owned()], 5));
    assert_eq!((search(&vault, "言葉"), search(&vault, "old")), (1, 0));
}

#[test]
fn orders_and_filters_agree_with_the_items() {
    let vault = Home::new().create_leaked();
    for n in 1..=5 {
        add(&vault, n, "row");
    }
    for (sort, expected) in
        [(Sort::Newest, [5, 4, 3, 2, 1]), (Sort::Oldest, [1, 2, 3, 4, 5]), (Sort::Name, [1, 2, 3, 4, 5])]
    {
        let listing = vault.query(&Query { sort, ..Query::default() }).unwrap();
        assert_eq!(listing.cells.iter().map(|cell| cell.seq).collect::<Vec<_>>(), expected, "{sort:?}");
    }
    let unknown = Query { generator: Some("novelai".to_owned()), ..Query::default() };
    assert!(vault.query(&unknown).unwrap().cells.is_empty());
    assert_eq!(vault.facets(Scope::Library).unwrap().tags[0].count, 5);
    // What lies in the trash is offered there and nowhere else.
    let everything = vault.query(&Query::default()).unwrap();
    let ids = vault.ids(&everything.cells.iter().map(|cell| cell.seq).collect::<Vec<_>>()).unwrap();
    vault.discard(&ids[..2], NOW).unwrap();
    let offered = |scope| vault.facets(scope).unwrap();
    assert_eq!(offered(Scope::Library).tags[0].count, 3);
    assert_eq!((offered(Scope::Trash).tags[0].count, offered(Scope::Trash).generators[0].count), (2, 2));
    vault.discard(&ids, NOW).unwrap();
    assert!(offered(Scope::Library).tags.is_empty());
}

#[test]
fn a_second_opening_is_refused_while_the_first_lives() {
    let home = Home::new();
    let vault = home.create();
    assert!(matches!(home.refusal(), VaultError::InUse));
    drop(vault);
    assert!(home.open().is_ok());
}

#[test]
fn a_vault_is_never_made_over_another() {
    let home = Home::new();
    drop(home.create());
    let again = Vault::create(&home.folder(), crypto::new_vault_id(), &[slot(secret())], NOW);
    assert!(matches!(again.err().unwrap(), VaultError::Exists));
    assert!(home.open().is_ok());
}

#[test]
fn an_empty_plain_foreign_or_missing_catalogue_is_refused_and_left_alone() {
    let (home, other) = (Home::new(), Home::new());
    drop(home.create());
    drop(other.create());
    let catalogue = home.folder().catalogue();
    let good = fs::read(&catalogue).unwrap();
    let mut plain = b"SQLite format 3\0".to_vec();
    plain.resize(8192, 0);
    let foreign = fs::read(other.folder().catalogue()).unwrap();
    for (bytes, what) in [(Vec::new(), "empty"), (plain, "plain"), (foreign, "foreign")] {
        fs::write(&catalogue, &bytes).unwrap();
        let refusal = home.refusal();
        let expected =
            matches!(refusal, VaultError::Damaged(Part::Catalogue) | VaultError::Foreign(Part::Catalogue));
        assert!(expected, "{what}: {refusal:?}");
        assert_eq!(fs::read(&catalogue).unwrap(), bytes, "{what}");
    }
    fs::remove_file(&catalogue).unwrap();
    assert!(matches!(home.refusal(), VaultError::Missing(Part::Catalogue)));
    fs::write(&catalogue, good).unwrap();
    assert!(home.open().is_ok());
}

#[test]
fn foreign_or_missing_images_are_refused() {
    let (home, other) = (Home::new(), Home::new());
    drop(home.create());
    drop(other.create());
    let images = home.folder().images();
    fs::copy(other.folder().images(), &images).unwrap();
    assert!(matches!(home.refusal(), VaultError::Foreign(Part::Images)));
    fs::write(&images, b"").unwrap();
    assert!(matches!(home.refusal(), VaultError::Damaged(Part::Images)));
    fs::remove_file(&images).unwrap();
    assert!(matches!(home.refusal(), VaultError::Missing(Part::Images)));
}

#[test]
fn a_flipped_byte_in_a_picture_is_found() {
    let home = Home::new();
    let vault = home.create();
    let id = add(&vault, 1, "whole");
    drop(vault);
    let mut bytes = fs::read(home.folder().images()).unwrap();
    // Every page gets one, so that a chunk is hit wherever SQLite put it; the first page tells the format.
    for page in bytes.chunks_mut(16_384).skip(8) {
        page[8_000] ^= 1;
    }
    fs::write(home.folder().images(), bytes).unwrap();
    let vault = home.open().unwrap();
    assert!(matches!(vault.original(&id), Err(VaultError::DamagedPicture)));
    assert_eq!(vault.check(&mut |_| true).unwrap().damaged, [id]);
}

#[test]
fn the_header_copy_opens_the_vault_when_the_header_is_gone() {
    let home = Home::new();
    drop(home.create());
    fs::remove_file(home.folder().root().join("vault.keys")).unwrap();
    assert!(home.open().is_ok());
    for name in ["vault.keys", "vault.keys.bak"] {
        fs::remove_file(home.folder().root().join(name)).unwrap();
    }
    assert!(matches!(home.refusal(), VaultError::Missing(Part::Header)));
}

#[test]
fn slots_can_be_added_replaced_and_removed_but_never_all() {
    let home = Home::new();
    let vault = home.create();
    let next = || SlotSecret::Passphrase(Zeroizing::new("another sentence to open with".to_owned()));
    vault.replace_slots(&slot(next()), NOW).unwrap();
    assert!(matches!(vault.remove_slots(SlotKind::Passphrase), Err(VaultError::LastSlot)));
    drop(vault);
    assert!(matches!(home.refusal(), VaultError::WrongSecret));
    assert!(Vault::open(&home.folder(), &next()).is_ok());
}

#[test]
fn no_prompt_stands_in_the_files_of_a_vault() {
    let home = Home::new();
    let vault = home.create();
    add(&vault, 1, "marker-7f3a-灯籠");
    for folder in [home.folder().root()] {
        for entry in fs::read_dir(folder).unwrap() {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            for needle in ["marker-7f3a".as_bytes(), "灯籠".as_bytes(), "海の写真".as_bytes()] {
                assert!(!bytes.windows(needle.len()).any(|window| window == needle));
            }
        }
    }
}

impl Home {
    /// A vault whose folder is removed when the process ends the test: the directory guard lives as long.
    fn create_leaked(self) -> Vault {
        let vault = self.create();
        std::mem::forget(self);
        vault
    }
}
