//! The way back: reading a backup with suspicion, and making a vault's folder of it.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use crypto::Sha256Hasher;
use model::VaultId;
use vault::{Folder, Rebuilt, VaultError};

use super::{ADVICE, BackupManifest, CATALOGUE, FORMAT, HEADER, IMAGES, Track, VERSION};
use crate::archive::ManifestFile;
use crate::belt::{self, Piece};
use crate::error::TransferError;
use crate::progress::Watch;
use crate::unpack::Archive;
use crate::verify::Views;

/// A header is never larger; see `docs/FORMATS.md`.
const MAX_HEADER: u64 = 64 * 1024;
/// An entry of chunks is never larger: 64 of them with what stands before each.
const MAX_FRAMES: u64 = 64 * (256 * 1024 + 16 + 24);

/// What is known of a backup that was read whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupCheck {
    /// The vault's id.
    pub vault: VaultId,
    /// RFC 3339, UTC: when it was made.
    pub created_at: String,
    /// Items in it.
    pub items: usize,
    /// Items whose sealed bytes were not all there when it was made.
    pub incomplete: usize,
    /// Bytes of all entries.
    pub bytes: u64,
}

/// A vault that was made of a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpacked {
    /// What the backup held.
    pub backup: BackupCheck,
    /// The vault's folder.
    pub folder: PathBuf,
}

/// Compares every entry of a backup with its manifest. Needs no key; that the sealed bytes open is told by the check of
/// the vault that is made of it.
///
/// # Errors
/// [`TransferError::NotOurs`], [`TransferError::Newer`], [`TransferError::ArchiveDamaged`] when anything is missing or
/// changed; or as the system says.
pub fn verify_backup(path: &Path, watch: &mut Watch<'_>) -> Result<BackupCheck, TransferError> {
    let mut opened = Opened::new(path)?;
    let mut track = Track::new(watch, opened.manifest.items, opened.bytes());
    opened.check_all(&mut track)?;
    Ok(opened.known())
}

/// The id of the vault that a backup is of; nothing else of it is looked at.
///
/// # Errors
/// As [`verify_backup`].
pub fn vault_of_backup(path: &Path) -> Result<VaultId, TransferError> {
    Ok(Opened::new(path)?.vault)
}

/// Reads a backup that has just been written.
pub(super) fn read_back(path: &Path, track: &mut Track<'_, '_>) -> Result<(), TransferError> {
    Opened::new(path)?.check_all(track)
}

/// Makes a vault's folder of a backup: in a folder beside `target` first, which gets its name when everything was read
/// back from the disk. `target` must not be there.
///
/// # Errors
/// [`TransferError::Exists`] when anything is there already; as [`verify_backup`]. Then nothing is left.
pub fn restore_backup(path: &Path, target: &Path, watch: &mut Watch<'_>) -> Result<Unpacked, TransferError> {
    let mut opened = Opened::new(path)?;
    if fs::symlink_metadata(target).is_ok() {
        return Err(TransferError::Exists);
    }
    let name = target.file_name().ok_or(TransferError::Io(std::io::ErrorKind::InvalidFilename))?;
    let mut part = name.to_owned();
    part.push(".part");
    let part = target.with_file_name(part);
    if let Some(parent) = target.parent() {
        fs::create_dir_all(parent)?;
    }
    let place = Place::claim(part)?;
    // Read, written, and read back.
    let mut track = Track::new(watch, opened.manifest.items, 2 * opened.bytes());
    opened.unpack(&Folder::new(&place.0), &mut track)?;
    fs::rename(&place.0, target)?;
    std::mem::forget(place);
    if let Some(parent) = target.parent() {
        // Where a folder can't be made durable, its content is.
        let _ = Folder::new(parent).sync();
    }
    Ok(Unpacked { backup: opened.known(), folder: target.to_path_buf() })
}

/// The folder while it is being made; gone after any failure.
struct Place(PathBuf);

impl Place {
    /// Takes the place of what an earlier attempt left, but not of one that is at work or of anything else.
    fn claim(path: PathBuf) -> Result<Self, TransferError> {
        if path.is_dir() {
            match Folder::new(&path).lock() {
                Ok(_) => fs::remove_dir_all(&path)?,
                Err(VaultError::InUse) => return Err(TransferError::Busy),
                Err(error) => return Err(error.into()),
            }
        }
        fs::create_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

struct Opened {
    archive: Archive,
    manifest: BackupManifest,
    vault: VaultId,
    header: Vec<u8>,
}

impl Opened {
    /// Reads the manifest and the header, and refuses what no backup of ours has.
    fn new(path: &Path) -> Result<Self, TransferError> {
        let mut archive = Archive::open(path)?;
        let manifest: BackupManifest = archive.manifest_of(FORMAT, VERSION)?;
        let vault = manifest.vault.parse().map_err(|_| TransferError::ArchiveDamaged)?;
        if !is_sound(&manifest) || !archive.names_besides(&manifest.files).is_empty() {
            return Err(TransferError::ArchiveDamaged);
        }
        let file = manifest.files.iter().find(|file| file.path == HEADER);
        let file = file.filter(|file| file.bytes <= MAX_HEADER).ok_or(TransferError::ArchiveDamaged)?;
        let header = archive.read(file)?.ok_or(TransferError::ArchiveDamaged)?;
        Ok(Self { archive, manifest, vault, header })
    }

    fn bytes(&self) -> u64 {
        self.manifest.files.iter().map(|file| file.bytes).fold(0, u64::saturating_add)
    }

    fn known(&self) -> BackupCheck {
        BackupCheck {
            vault: self.vault,
            created_at: self.manifest.created_at.clone(),
            items: self.manifest.items,
            incomplete: self.manifest.incomplete,
            bytes: self.bytes(),
        }
    }

    fn check_all(&mut self, track: &mut Track<'_, '_>) -> Result<(), TransferError> {
        let views = Views::new(&self.archive);
        let source = self.manifest.files.iter().map(|input| Piece { input, weight: 0 });
        let check = |file: &ManifestFile| (file.bytes, views.with(|view| view.check(file)));
        belt::run(source, check, |(bytes, whole)| match whole? {
            Some(true) => track.add(bytes).map(|()| true),
            _ => Err(TransferError::ArchiveDamaged),
        })
    }

    fn unpack(&mut self, folder: &Folder, track: &mut Track<'_, '_>) -> Result<(), TransferError> {
        let (mut rebuilt, id) = Rebuilt::begin(folder, &self.header).map_err(of_header)?;
        if id != self.vault {
            return Err(TransferError::ArchiveDamaged);
        }
        let mut chunks = 0;
        let mut digests = Vec::new();
        for file in &self.manifest.files {
            match file.path.as_str() {
                HEADER | ADVICE => {}
                CATALOGUE => write_catalogue(&mut self.archive, file, &folder.catalogue(), track)?,
                _ => {
                    let frames = self.archive.read(file)?.ok_or(TransferError::ArchiveDamaged)?;
                    let came = rebuilt.fill(&frames).map_err(of_frames)?;
                    digests.push((chunks..chunks + came, file.sha256.as_str()));
                    chunks += came;
                    track.add(file.bytes)?;
                }
            }
        }
        if chunks != self.manifest.chunks {
            return Err(TransferError::ArchiveDamaged);
        }
        rebuilt.settle()?;
        for (range, digest) in digests {
            let frames = rebuilt.read_back(range)?;
            if hex::encode(crypto::sha256(&frames)) != digest {
                return Err(TransferError::Vault(VaultError::Damaged(vault::Part::Images)));
            }
            track.add(frames.len() as u64)?;
        }
        rebuilt.finish(&self.header)?;
        Ok(folder.sync()?)
    }
}

fn of_header(error: VaultError) -> TransferError {
    match error {
        VaultError::Damaged(vault::Part::Header) => TransferError::ArchiveDamaged,
        VaultError::Newer => TransferError::Newer,
        other => other.into(),
    }
}

fn of_frames(error: VaultError) -> TransferError {
    match error {
        // Not of the right form, or the same chunk twice.
        VaultError::Damaged(_) | VaultError::Internal(_) => TransferError::ArchiveDamaged,
        other => other.into(),
    }
}

/// Writes the catalogue and reads it back from the disk.
fn write_catalogue(
    archive: &mut Archive,
    file: &ManifestFile,
    target: &Path,
    track: &mut Track<'_, '_>,
) -> Result<(), TransferError> {
    let mut written = OpenOptions::new().write(true).open(target)?;
    let whole = archive.copy(file, |piece| {
        written.write_all(piece)?;
        track.add(piece.len() as u64)
    })?;
    if whole != Some(true) {
        return Err(TransferError::ArchiveDamaged);
    }
    written.sync_all()?;
    let (mut back, mut hasher, mut buffer) = (File::open(target)?, Sha256Hasher::new(), vec![0; 1 << 20]);
    loop {
        let n = back.read(&mut buffer)?;
        if n == 0 {
            break;
        }
        hasher.update(buffer.get(..n).unwrap_or_default());
        track.add(n as u64)?;
    }
    let same = hex::encode(hasher.finish()) == file.sha256;
    if same { Ok(()) } else { Err(TransferError::Vault(VaultError::Damaged(vault::Part::Catalogue))) }
}

/// The entries are those that a backup has, each once and in their order.
fn is_sound(manifest: &BackupManifest) -> bool {
    let names: HashSet<&str> = manifest.files.iter().map(|file| file.path.as_str()).collect();
    let mut next = 0;
    let known = manifest.files.iter().all(|file| match file.path.as_str() {
        HEADER | CATALOGUE | ADVICE => true,
        path => {
            let fits = path == format!("{IMAGES}{next:07}") && file.bytes <= MAX_FRAMES;
            next += 1;
            fits
        }
    });
    let there = [HEADER, CATALOGUE].iter().all(|name| names.contains(name));
    manifest.complete && known && there && names.len() == manifest.files.len()
}
