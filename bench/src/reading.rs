//! Full pictures out of the vault and into it, beside plain SQLite and SQLCipher holding the same bytes.

use anyhow::{Result, ensure};
use crypto::{SlotOptions, SlotSecret};
use model::{Format, Item, ItemId, Origin, Provenance, Recipe, Sha256};
use testkit::vaults::NOW;
use vault::{Folder, NewSlot, Rendition, Vault};

use crate::harness::{Contender, Cost, ROUNDS, cost, settle, take_turns};
use crate::pictures::{self, Picture};
use crate::plain::{Kind, Plain, Row};
use crate::report::{Report, Target};

/// As many as an import commits in one step.
const BATCH: usize = 32;
const THUMBNAIL_EDGE: u32 = 512;

struct Subject {
    picture: Picture,
    id: ItemId,
    thumbnail: Rendition,
}

impl Subject {
    fn copy(&self) -> Self {
        let picture =
            Picture { file_name: self.picture.file_name.clone(), bytes: self.picture.bytes.clone() };
        Self { picture, id: self.id, thumbnail: self.thumbnail.clone() }
    }

    fn row(&self) -> Row<'_> {
        Row {
            id: *self.id.as_bytes(),
            file_name: &self.picture.file_name,
            prompt: PROMPT,
            original: &self.picture.bytes,
            thumbnail: &self.thumbnail.bytes,
        }
    }
}

/// Runs both.
pub fn measure() -> Result<Report> {
    let dir = tempfile::tempdir()?;
    let mut report = Report::new("reading");
    let pictures = pictures::make(BATCH)?;
    let mean = pictures::mean_bytes(&pictures) / 1e6;
    report.note(format!("{BATCH} PNG files of {mean:.2} MB on average, with their thumbnails"));
    report.note("read: by id, warm; the vault's catalogue, chunks and seals against one row of one file");
    report.note(
        "insert: one batch, durable when it returns (synchronous = FULL); sealing counts; all from bytes in memory",
    );
    let subjects = pictures.into_iter().map(subject).collect::<Result<Vec<_>>>()?;
    let stores = Stores {
        vault: create(&Folder::new(&dir.path().join("vault")))?,
        truncate: Plain::open(&dir.path().join("plain.db"), Kind::Truncate)?,
        wal: Plain::open(&dir.path().join("plain-wal.db"), Kind::Wal)?,
        cipher: Plain::open(&dir.path().join("cipher.db"), Kind::Cipher)?,
    };
    let stores = insert(stores, &subjects, &mut report)?;
    read(&stores, &subjects, &mut report)?;
    Ok(report)
}

struct Stores {
    vault: Vault,
    truncate: Plain,
    wal: Plain,
    cipher: Plain,
}

/// A vault that opens without a slow derivation.
fn create(folder: &Folder) -> Result<Vault> {
    let secret = SlotSecret::Keychain(crypto::Kek::random());
    let slot = NewSlot { secret, options: SlotOptions::default() };
    Ok(Vault::create(folder, crypto::new_vault_id(), &[slot], NOW)?.0)
}

fn subject(picture: Picture) -> Result<Subject> {
    let decoded = imaging::decode(&picture.bytes, &imaging::Limits::default())?;
    let small = imaging::thumbnail(&decoded, THUMBNAIL_EDGE)?;
    let thumbnail = Rendition { bytes: small.bytes, mime: small.mime };
    Ok(Subject { picture, id: ItemId::new(NOW), thumbnail })
}

/// A subject once more, with other bytes and another id.
fn again(subjects: &[Subject], turn: u64) -> Vec<Subject> {
    let one = |subject: &Subject| {
        let bytes = [subject.picture.bytes.as_slice(), &turn.to_be_bytes()].concat();
        let picture = Picture { file_name: subject.picture.file_name.clone(), bytes };
        Subject { picture, id: ItemId::new(NOW), thumbnail: subject.thumbnail.clone() }
    };
    subjects.iter().map(one).collect()
}

const PROMPT: &str =
    "a paper lantern floating on a quiet lake, watercolor, soft morning light, reflections on water";

fn item(subject: &Subject) -> Item {
    Item {
        id: subject.id,
        sha256: Sha256(crypto::sha256(&subject.picture.bytes)),
        file_name: subject.picture.file_name.clone(),
        format: Format::Png,
        bytes: subject.picture.bytes.len() as u64,
        width: pictures::EDGE,
        height: pictures::EDGE,
        animated: false,
        created_at: NOW,
        added_at: NOW,
        discarded_at: None,
        origin: Origin::Imported,
        title: String::new(),
        rating: 0,
        favourite: false,
        tags: Vec::new(),
        recipe: Recipe { prompt: Some(PROMPT.to_owned()), ..Recipe::default() },
        provenance: Provenance::default(),
    }
}

/// Seals and commits, beginning with the bytes in memory; the digest is the import's work.
fn add(vault: &Vault, subjects: Vec<Subject>) -> Result<Cost> {
    let n = subjects.len();
    let items: Vec<Item> = subjects.iter().map(item).collect();
    let (added, cost) = cost(|| {
        let prepare = |(item, subject): (Item, Subject)| {
            vault::prepare(item, Vec::new(), subject.picture.bytes, Some(&subject.thumbnail))
        };
        Ok(vault.add(items.into_iter().zip(subjects).map(prepare).collect())?)
    })?;
    ensure!(added.len() == n, "the vault did not take all");
    Ok(cost)
}

fn rows(subjects: &[Subject]) -> Vec<Row<'_>> {
    subjects.iter().map(Subject::row).collect()
}

fn insert(stores: Stores, subjects: &[Subject], report: &mut Report) -> Result<Stores> {
    let Stores { vault, mut truncate, mut wal, mut cipher } = stores;
    let first = subjects.iter().map(Subject::copy).collect();
    add(&vault, first)?;
    for plain in [&mut truncate, &mut wal, &mut cipher] {
        plain.insert(&rows(subjects))?;
    }
    let mut turn = 0;
    let more = move || {
        turn += 1;
        again(subjects, turn)
    };
    let (mut next, mut next_truncate, mut next_wal) = (more, more, more);
    // As the vault, it has the bytes for itself and gives their memory back.
    let into = |plain: &mut Plain, subjects: Vec<Subject>| {
        settle()?;
        let insert = || {
            plain.insert(&rows(&subjects))?;
            drop(subjects);
            Ok(())
        };
        cost(insert).map(|((), cost)| cost)
    };
    let series = take_turns(
        ROUNDS,
        &mut [
            Contender::new("insert of a batch: vault", || {
                settle()?;
                add(&vault, next())
            }),
            Contender::new("insert of a batch: plain SQLite, TRUNCATE", || {
                into(&mut truncate, next_truncate())
            }),
            Contender::new("insert of a batch: plain SQLite, WAL", || into(&mut wal, next_wal())),
        ],
    )?;
    if let [ours, truncate, wal] = series.as_slice() {
        let best = truncate.wall().min(wal.wall());
        report.row(
            "insert: speed beside the quicker plain SQLite, wall",
            best / ours.wall(),
            "×",
            Target::Least(0.9),
        );
        let best = truncate.cpu().min(wal.cpu());
        report.row(
            "insert: speed beside the quicker plain SQLite, CPU",
            best / ours.cpu(),
            "×",
            Target::None,
        );
    }
    report.keep(series);
    Ok(Stores { vault, truncate, wal, cipher })
}

fn read(stores: &Stores, subjects: &[Subject], report: &mut Report) -> Result<()> {
    let Stores { vault, truncate, cipher, .. } = stores;
    let all = |read: &dyn Fn(&Subject) -> Result<Vec<u8>>| {
        let (bytes, cost) =
            cost(|| subjects.iter().map(|subject| Ok(read(subject)?.len())).sum::<Result<usize>>())?;
        let wanted: usize = subjects.iter().map(|subject| subject.picture.bytes.len()).sum();
        ensure!(bytes == wanted, "bytes are missing");
        Ok(cost)
    };
    let series = take_turns(
        ROUNDS,
        &mut [
            Contender::new("read of all pictures: vault", || all(&|one| Ok(vault.original(&one.id)?))),
            Contender::new("read of all pictures: plain SQLite", || {
                all(&|one| truncate.original(one.id.as_bytes()))
            }),
            Contender::new("read of all pictures: SQLCipher", || {
                all(&|one| cipher.original(one.id.as_bytes()))
            }),
        ],
    )?;
    if let [ours, plain, cipher] = series.as_slice() {
        report.row(
            "read: speed beside plain SQLite, wall",
            plain.wall() / ours.wall(),
            "×",
            Target::Least(0.55),
        );
        report.row(
            "read: speed beside plain SQLite, CPU",
            plain.cpu() / ours.cpu(),
            "×",
            Target::Least(0.55),
        );
        report.row(
            "read: speed beside SQLCipher, wall",
            cipher.wall() / ours.wall(),
            "×",
            Target::Least(5.0),
        );
        report.row("read: speed beside SQLCipher, CPU", cipher.cpu() / ours.cpu(), "×", Target::Least(5.0));
    }
    report.keep(series);
    Ok(())
}
